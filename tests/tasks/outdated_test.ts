import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { testApp } from "../harness/app.ts";

Deno.test("hsm outdated compares pins with the newest release tags, in the order of versions", async () => {
  await using app = await testApp({
    plugins: ["plug-a", "plug-b", "plug-c", "plug-d", "plug-e", "plug-f"],
    manifest: `git: {remotes}/{name}
packages:
  plug-a: v1.0.0
  plug-b: v1.0.0
  plug-c: { branch: main }
  plug-d: { rev: 0123456789012345678901234567890123456789 }
  plug-e: nightly
  plug-f: {}
`,
  });
  for (const version of ["1.9.0", "1.10.0", "2.0.0rc1"]) {
    await app.plugin("plug-a").release({ name: "plug-a", version });
  }
  await app.plugin("plug-b").git("tag", "v0.9.0");
  await app.plugin("plug-b").git("tag", "other-3.0.0");

  await app.untouched(async () => {
    (await app.hsm("outdated")).expect({
      code: 0,
      stdout: `plug-a  v1.0.0            → v1.10.0
plug-c  branch main                  left alone: it is pinned to branch main: \`hsm sync -- -P plug-c\` takes its newest commit
plug-d  rev 012345678901             left alone: it is pinned to rev 012345678901: \`hsm update plug-d --to TAG\` takes a release
plug-e  nightly                      left alone: its tag is no version
plug-f  -                            left alone: it has no pin yet: \`hsm pin plug-f TAG\` gives it one
`,
      stderr: "",
    });
    (await app.hsm("outdated", "--pre", "plug-a")).expect({
      code: 0,
      stdout: "plug-a  v1.0.0  → v2.0.0rc1\n",
      stderr: "",
    });
    (await app.hsm("outdated", "--pre", "--exit-code", "plug-[ab]")).expect({
      code: 1,
      stdout: "plug-a  v1.0.0  → v2.0.0rc1\n",
      stderr: "",
    });
    (await app.hsm("outdated", "--exit-code", "plug-b", "plug-c")).expect({ code: 0 });
    (await app.hsm("outdated", "plug-b")).expect({
      code: 0,
      stdout: "",
      stderr: "Every package is at its newest release\n",
    });
  });
  assertEquals((await app.hsm("outdated", "--json", "plug-a", "plug-c")).json(), {
    packages: [
      { package: "plug-a", pin: { tag: "v1.0.0" }, newest: "v1.10.0", state: "outdated" },
      {
        package: "plug-c",
        pin: { branch: "main" },
        state: "left",
        reason: "it is pinned to branch main: `hsm sync -- -P plug-c` takes its newest commit",
      },
    ],
  });
  assertEquals(await app.list("."), ["hsm.yaml", "pyproject.toml"]);
});

Deno.test("hsm outdated names the remotes that are away, and shows the others", async () => {
  await using app = await testApp({ plugins: ["plug-a", "plug-b", "plug-c"] });
  await app.plugin("plug-b").release({ name: "plug-b", version: "1.1.0" });
  await Deno.remove(join(app.folder, "remotes/plug-a"), { recursive: true });

  const run = await app.hsm("outdated");
  run.expect({
    code: 1,
    stdout: "plug-a  v1.0.0  not known\nplug-b  v1.0.0  → v1.1.0\n",
    stderr:
      /^error: Cannot ask the remote of plug-a: file:\/\/\[DIR\]\/remotes\/plug-a does not answer\n {2}cause: fatal: /,
  });
  assertStringIncludes(
    run.stderr,
    "\nhint: run `git ls-remote file://[DIR]/remotes/plug-a` to see",
  );
  const json = (await app.hsm("outdated", "--json")).expect({ code: 1, stderr: "" }).json();
  assertEquals((json["packages"] as { state: string }[]).map((it) => it.state), [
    "failed",
    "outdated",
    "current",
  ]);
  assertEquals((json["error"] as { code: string }).code, "git-failed");

  await Deno.remove(join(app.folder, "remotes/plug-c"), { recursive: true });
  (await app.hsm("outdated")).expect({
    code: 1,
    stderr: /^error: Cannot ask the remotes of plug-a, plug-c\n/,
  });
});

Deno.test("hsm outdated says where a pinned tag has gone, and refuses names that are not there", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  await app.plugin("plug-a").release({ name: "plug-a", version: "1.1.0" });
  await app.plugin("plug-a").git("tag", "-d", "v1.0.0");

  (await app.hsm("outdated")).expect({
    code: 0,
    stdout: "plug-a  v1.0.0  → v1.1.0  its remote has no tag v1.0.0\n",
    stderr: "",
  });
  (await app.hsm("outdated", "plug-x")).expect({ code: 2, stdout: "", stderr: /did you mean/ });
});

Deno.test("hsm outdated asks one repository once, and knows the tags of each package in it", async () => {
  await using app = await testApp({
    plugins: ["mono"],
    manifest: `git: {remotes}/mono
packages:
  plug-a: plug-a-1.0.0
  plug-b: plug-b/v1.0.0
`,
  });
  for (const tag of ["plug-a-1.0.0", "plug-a-1.1.0", "plug-b/v1.0.0", "plug-b/v3.0.0", "v9.0.0"]) {
    await app.plugin("mono").git("tag", tag);
  }

  const run = await app.hsm("outdated", "-v");

  run.expect({
    code: 0,
    stdout: "plug-a  plug-a-1.0.0   → plug-a-1.1.0\nplug-b  plug-b/v1.0.0  → plug-b/v3.0.0\n",
  });
  assertEquals(run.stderr.match(/ls-remote/g)?.length, 1);
});
