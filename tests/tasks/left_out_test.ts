import { assertEquals, assertStringIncludes } from "@std/assert";
import { APP_PYPROJECT, testApp } from "../harness/app.ts";

const dependencies = (...texts: string[]) =>
  APP_PYPROJECT.replace("dependencies = []", `dependencies = ${JSON.stringify(texts)}`);

Deno.test("hsm sync warns of a package in a group that uv leaves out, each time", async () => {
  await using app = await testApp({
    plugins: ["plug-a"],
    manifest: "git: {remotes}/{name}\npackages:\n  plug-a: { tag: v1.0.0, group: docs }\n",
  });
  const warning = "warning: plug-a is not installed: only the group docs requires it; " +
    "`hsm sync -- --group docs` installs it\n";

  for (let run = 0; run < 2; run++) {
    assertStringIncludes((await app.hsm("sync")).expect({ code: 0 }).stderr, warning);
  }

  const asked = (await app.hsm("sync", "--", "--group", "docs")).expect({ code: 0 });
  assertEquals(asked.stderr.includes("warning"), false, asked.stderr);
  assertEquals(await app.python("import plug_a; print(plug_a.VALUE)"), "1.0.0");
});

Deno.test("hsm sync warns of a package that only an extra of the app requires", async () => {
  await using app = await testApp({
    plugins: ["plug-a"],
    pyproject: `${APP_PYPROJECT}\n[project.optional-dependencies]\nall = ["plug-a>=1"]\n`,
  });

  // A choice of this run's is none of the next one's.
  const chosen = (await app.hsmWith({ UV_NO_DEV: "1" }, "sync")).expect({ code: 0 });
  assertEquals(chosen.stderr.includes("warning"), false, chosen.stderr);
  assertStringIncludes(
    (await app.hsm("sync")).expect({ code: 0 }).stderr,
    "warning: plug-a is not installed: only the extra all requires it; " +
      "`hsm sync -- --extra all` installs it\n",
  );
});

Deno.test("hsm sync warns of an extra that the user's own requirement lacks", async () => {
  await using app = await testApp({
    plugins: [{ name: "plug-a", extras: { fast: ["plug-b"] } }, "plug-b"],
    pyproject: dependencies("plug-a"),
    manifest: `git: {remotes}/{name}
packages:
  plug-a: { tag: v1.0.0, extras: [fast] }
  plug-b: { tag: v1.0.0, require: false }
`,
  });

  assertStringIncludes(
    (await app.hsm("sync")).expect({ code: 0 }).stderr,
    "warning: plug-a[fast] is not installed: pyproject.toml requires plug-a without it, " +
      "and hsm leaves your own requirements alone\n",
  );

  await app.write("pyproject.toml", dependencies("plug-a[fast]"));
  const run = (await app.hsm("sync")).expect({ code: 0 });
  assertEquals(run.stderr.includes("warning"), false, run.stderr);
});

Deno.test("hsm sync warns of nothing that is installed all the same", async () => {
  const pyproject = `${dependencies("plug-d", "plug-e; sys_platform == 'none'")}
[project.optional-dependencies]
rest = ["plug-c"]

[dependency-groups]
dev = [{ include-group = "more" }]
more = ["plug-a"]
never = ["plug-f; sys_platform == 'none'"]
`;
  await using app = await testApp({
    plugins: [
      "plug-a",
      { name: "plug-b", dependencies: ["plug-c", "plug-d[fast]"] },
      "plug-c",
      { name: "plug-d", extras: { fast: ["plug-c"] } },
      "plug-e",
      "plug-f",
    ],
    pyproject,
    manifest: `git: {remotes}/{name}
packages:
  plug-a: v1.0.0
  plug-b: v1.0.0
  plug-c: v1.0.0
  plug-d: { tag: v1.0.0, extras: [fast] }
  plug-e: v1.0.0
  plug-f: v1.0.0
`,
  });

  const run = (await app.hsm("sync")).expect({ code: 0 });

  assertEquals(run.stderr.includes("warning"), false, run.stderr);
});
