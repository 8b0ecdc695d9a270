import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { testApp } from "../harness/app.ts";

Deno.test("hsm clone clones the dev packages, and only those", async () => {
  await using app = await testApp({
    plugins: ["plug-a", "plug-b", "plug-c"],
    manifest: `git: {remotes}/{name}
mode: dev
packages:
  plug-a: v1.0.0
  plug-b: { tag: v1.0.0, mode: prod }
  plug-c: { checkout: next }
`,
  });
  await app.plugin("plug-c").git("branch", "next");

  (await app.hsm("clone", "--yes")).expect({
    code: 0,
    stdout: "plug-a  packages/plug-a  cloned\nplug-c  packages/plug-c  cloned\n",
    stderr: /^(?:Cloned plug-[ac] into packages\/plug-[ac]\n){2}$/,
  });

  assertEquals(await app.list("packages"), ["plug-a", "plug-c"]);
  assertEquals(await app.git("packages/plug-a", "branch", "--show-current"), "main\n");
  assertEquals(await app.git("packages/plug-c", "branch", "--show-current"), "next\n");
  (await app.hsm("clone", "--json")).expect({ code: 0, stderr: "" });
  assertEquals((await app.hsm("clone", "plug-a", "--json")).json(), {
    checkouts: [{ package: "plug-a", path: "packages/plug-a", state: "present" }],
  });
});

Deno.test("hsm clone --dry-run says what it would clone", async () => {
  await using app = await testApp({
    plugins: ["plug-a"],
    files: { "hsm.local.yaml": "mode: dev\n" },
  });

  (await app.hsm("clone", "--dry-run")).expect({
    code: 0,
    stdout: "plug-a  packages/plug-a  missing\n",
    stderr: "",
  });

  assertEquals(await app.list("."), ["hsm.local.yaml", "hsm.yaml", "pyproject.toml"]);
});

Deno.test("hsm clone clones all others when one fails, and names that one", async () => {
  const names = Array.from({ length: 12 }, (_, index) => `plug-${index}`);
  await using app = await testApp({ plugins: names, files: { "hsm.local.yaml": "mode: dev\n" } });
  await Deno.remove(join(app.folder, "remotes/plug-7"), { recursive: true });

  const run = await app.hsm("clone", "--yes");

  run.expect({ code: 1, stdout: "" });
  assertStringIncludes(
    run.stderr,
    "error: Cannot clone plug-7: the other 11 are there\n  plug-7: fatal: ",
  );
  assertEquals(await app.list("packages"), names.filter((it) => it !== "plug-7").sort());
});

Deno.test("hsm clone refuses a package in prod mode", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });

  (await app.hsm("clone", "plug-a", "--yes")).expect({
    code: 2,
    stdout: "",
    stderr: `error: Cannot clone plug-a: in prod mode nothing is cloned
hint: run \`hsm dev plug-a\`
`,
  });
});

Deno.test("hsm clone never prints a token, nor asks for one", async () => {
  await using app = await testApp({ plugins: [], manifest: "packages: {}\n" });
  // git itself puts the token in: hsm.yaml may not hold one.
  await app.write(
    "../home/.gitconfig",
    `[url "http://me:s3cret@127.0.0.1:1/"]\n  insteadOf = https://example.invalid/\n`,
  );
  await app.write(
    "hsm.yaml",
    "mode: dev\ngit: https://example.invalid/{name}\npackages:\n  plug-a: v1\n",
  );

  const run = await app.hsm("clone", "--yes", "-v");

  run.expect({ code: 1, stderr: /error: Cannot clone plug-a/ });
  assertEquals(run.stderr.includes("s3cret"), false, run.stderr);
  assertEquals(await app.list("packages"), []);
});

Deno.test("hsm clone clones a repository once that holds two packages", async () => {
  await using app = await testApp({
    plugins: [{ name: "plug-a", folder: "a" }],
    manifest: `mode: dev
git: {remotes}/plug-a
packages:
  plug-a: { path: packages/both, subdirectory: a }
  plug-b: { path: packages/both, subdirectory: b }
`,
  });
  await app.plugin("plug-a").release({ name: "plug-b", folder: "b", version: "1.1.0" });

  (await app.hsm("sync", "--yes")).expect({
    code: 0,
    stderr: /^Cloned plug-a into packages\/both\n(?!Cloned)/,
  });

  assertEquals(await app.python("import plug_a, plug_b; print(plug_b.VALUE)"), "1.1.0");
});

Deno.test("hsm clone clones a checkout that lies in another one after it", async () => {
  await using app = await testApp({
    plugins: ["plug-a", "plug-b"],
    manifest: `mode: dev
git: {remotes}/{name}
packages:
  plug-b: { path: packages/plug-a/inner }
  plug-a: {}
`,
  });

  (await app.hsm("clone", "--yes")).expect({
    code: 0,
    stdout: "plug-b  packages/plug-a/inner  cloned\nplug-a  packages/plug-a        cloned\n",
    stderr: "Cloned plug-a into packages/plug-a\nCloned plug-b into packages/plug-a/inner\n",
  });

  assertEquals(
    await app.git("packages/plug-a/inner", "remote", "get-url", "origin"),
    `${app.plugin("plug-b").url}\n`,
  );
});

Deno.test("hsm clone leaves a checkout out that lies in one that cannot be cloned", async () => {
  await using app = await testApp({
    plugins: ["plug-a", "plug-b"],
    manifest: `mode: dev
git: {remotes}/{name}
packages:
  plug-a: {}
  plug-b: { path: packages/plug-a/inner }
`,
  });
  await Deno.remove(join(app.folder, "remotes/plug-a"), { recursive: true });

  const run = await app.hsm("clone", "--yes");

  run.expect({ code: 1, stdout: "" });
  assertStringIncludes(run.stderr, "error: Cannot clone plug-a, plug-b\n  plug-a: fatal: ");
  assertStringIncludes(
    run.stderr,
    "plug-b: packages/plug-a/inner lies in the checkout of plug-a\n",
  );
  assertEquals(await app.list("packages"), []);
});

Deno.test("hsm clone refuses a place that the repository around it has taken", async () => {
  await using app = await testApp({
    plugins: ["plug-a", "plug-b"],
    manifest: `mode: dev
git: {remotes}/{name}
packages:
  plug-a: {}
  plug-b: { path: packages/plug-a/src }
`,
  });

  (await app.hsm("clone", "--yes")).expect({
    code: 1,
    stdout: "",
    stderr:
      /error: Cannot clone plug-b: the other one is there\n {2}cause: plug-b: Cannot use packages\/plug-a\/src as the checkout of plug-b: /,
  });

  assertEquals(await app.list("packages/plug-a/src"), ["plug_a"]);
});
