import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { APP_PYPROJECT, testApp } from "../harness/app.ts";
import { fakeUv } from "../harness/fake_uv.ts";
import { wrapGit } from "../harness/wrap_git.ts";

Deno.test("a file changed by somebody else while uv runs stays, the original lies beside it, exit 3", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  const uv = await fakeUv(app, "echo '# theirs' >> pyproject.toml; echo x > uv.lock; exit 1");

  const run = await app.hsmWith(uv, "sync");

  run.expect({ code: 3, stdout: "" });
  assertStringIncludes(
    run.stderr,
    "error: Cannot roll back pyproject.toml: somebody else changed it while hsm ran\n",
  );
  assertStringIncludes(
    run.stderr,
    "hint: compare pyproject.toml with the original beside it, pyproject.toml.hsm-original, " +
      "keep what you want, then remove that one\n",
  );
  assertMatch(await app.read("pyproject.toml"), /\[tool\.uv\.sources\][^]*\n# theirs\n$/);
  assertEquals(await app.read("pyproject.toml.hsm-original"), APP_PYPROJECT);
  assertEquals(await app.exists("uv.lock"), false);
  assertEquals(await app.exists(".hsm/journal/open"), false);
});

Deno.test("hsm.local.yaml changed by somebody else while uv runs stays too", async () => {
  await using app = await testApp({
    plugins: ["my-plugin"],
    files: { "hsm.local.yaml": "# mine\n" },
  });
  const uv = await fakeUv(app, "echo '# theirs' >> hsm.local.yaml; exit 1");

  const run = await app.hsmWith(uv, "dev", "my-plugin", "--yes", "--json");

  run.expect({ code: 3 });
  const { error } = run.json() as { error: Record<string, unknown> };
  assertEquals(error["code"], "rollback-failed");
  assertEquals(error["restored"], [".gitignore", "pyproject.toml"]);
  assertEquals(error["details"], {
    changed: [{ file: "hsm.local.yaml", original: "hsm.local.yaml.hsm-original" }],
  });
  assertMatch(await app.read("hsm.local.yaml"), /mode: dev\n# theirs\n$/);
  assertEquals(await app.read("hsm.local.yaml.hsm-original"), "# mine\n");
  assertEquals(await app.read("pyproject.toml"), APP_PYPROJECT);
});

Deno.test("uv.lock changed by somebody else before uv runs is what comes back", async () => {
  await using app = await testApp({ plugins: ["my-plugin"], files: { "uv.lock": "old\n" } });
  const git = await wrapGit(app, { clone: `echo theirs > ${app.root}/uv.lock` });
  const uv = await fakeUv(app, "echo new > uv.lock; exit 1");

  (await app.hsmWith({ ...git, ...uv }, "dev", "my-plugin", "--yes")).expect({ code: 1 });

  assertEquals(await app.read("uv.lock"), "theirs\n");
});

Deno.test("a file changed by somebody else between reading and writing: exit 1, nothing is lost", async () => {
  await using app = await testApp({
    plugins: ["my-plugin"],
    files: { "hsm.local.yaml": "# mine\n" },
  });
  const git = await wrapGit(app, { clone: `echo '# theirs' >> ${app.root}/hsm.local.yaml` });

  const run = await app.hsmWith(git, "dev", "my-plugin", "--yes");

  run.expect({ code: 1, stdout: "" });
  assertStringIncludes(
    run.stderr,
    "error: Cannot write hsm.local.yaml: it was changed meanwhile\n",
  );
  assertEquals(await app.read("hsm.local.yaml"), "# mine\n# theirs\n");
  assertEquals(await app.read("pyproject.toml"), APP_PYPROJECT);
  assertEquals(await app.exists(".hsm/journal/open"), false);
});

Deno.test("pyproject.toml changed by somebody else while hsm looks for sources: exit 1, nothing is lost", async () => {
  await using app = await testApp({
    plugins: [{ name: "my-plugin", folder: "python" }],
    files: { "hsm.local.yaml": "mode: dev\n" },
  });
  (await app.hsm("clone", "--yes")).expect({ code: 0 });
  const git = await wrapGit(app, { "ls-files": `echo '# theirs' >> ${app.root}/pyproject.toml` });

  const run = await app.hsmWith(git, "sync");

  run.expect({ code: 1, stdout: "" });
  assertStringIncludes(
    run.stderr,
    "error: Cannot write pyproject.toml: it was changed meanwhile\n",
  );
  assertEquals(await app.read("pyproject.toml"), `${APP_PYPROJECT}# theirs\n`);
});
