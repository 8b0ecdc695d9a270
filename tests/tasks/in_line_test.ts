import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import type { DiffResult, StatusResult } from "../../mod.ts";
import { type TestApp, testApp } from "../harness/app.ts";

/** What each command that tells whether all is in line says of it. */
async function answers(app: TestApp): Promise<Record<string, boolean>> {
  const before = await app.list(".");
  const found: Record<string, boolean> = {};
  await app.untouched(async () => {
    for (const command of ["status", "diff"]) {
      const run = await app.hsm(command, "--exit-code");
      assertEquals(run.code > 1, false, run.stderr);
      found[command] = run.code === 0;
    }
    const status = (await app.hsm("status", "--json")).json() as { agrees: boolean };
    assertEquals(status.agrees, found["status"], "status --json");
    const diff = (await app.hsm("diff", "--json")).json() as { different: boolean };
    assertEquals(!diff.different, found["diff"], "diff --json");
    const told = /^(?:warning|error) +(?:checkouts|pyproject\.toml|uv\.lock|environment) /m;
    found["doctor"] = !told.test((await app.hsm("doctor")).stdout);
    found["overview"] = !(await app.hsm()).stdout.includes("Next: `hsm sync`");
  });
  assertEquals(await app.list("."), before);
  return found;
}

async function assertInLine(app: TestApp, expected: boolean, scene: string): Promise<void> {
  const all = { status: expected, diff: expected, doctor: expected, overview: expected };
  assertEquals(await answers(app), all, scene);
}

const APP = (more: string) =>
  `[project]\nname = "app"\nversion = "0.1.0"\nrequires-python = ">=3.9"\n${more}`;

Deno.test("everything is in line once it is synced, whatever markers, groups and other names of a commit say", async () => {
  await using app = await testApp({
    plugins: ["elsewhere", "grouped", "renamed"],
    pyproject: APP(
      `dependencies = ["elsewhere; sys_platform == 'nowhere'"]\n[dependency-groups]\ndocs = ["grouped"]\n`,
    ),
    manifest: "git: {remotes}/{name}\npackages:\n  elsewhere: v1.0.0\n  grouped: v1.0.0\n" +
      "  renamed: rc1\n",
  });
  await app.plugin("renamed").git("tag", "rc1");
  (await app.hsm("sync")).expect({ code: 0 });
  await assertInLine(app, true, "a marker, a group");
  assertMatch((await app.hsm("status")).stdout, /^elsewhere +prod +v1\.0\.0 +- +- +ok$/m);

  await app.write("hsm.yaml", (await app.read("hsm.yaml")).replace("rc1", "v1.0.0"));
  await assertInLine(app, false, "another tag in hsm.yaml");
  (await app.hsm("sync")).expect({ code: 0 });
  await assertInLine(app, true, "another tag of the same commit");
});

Deno.test("a fresh clone, in which nothing is installed yet, is in line for nobody", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  (await app.hsm("sync")).expect({ code: 0 });
  await assertInLine(app, true, "synced");
  await Deno.remove(join(app.root, ".venv"), { recursive: true });

  await assertInLine(app, false, "no environment");

  (await app.hsm("status")).expect({ code: 0, stdout: /^my-plugin .* not installed$/m });
  (await app.hsm("diff")).expect({
    code: 0,
    stdout: /^ \+ my-plugin(?:==1\.0\.0| @ ).*$/m,
    stderr: "",
  });
  assertStringIncludes((await app.hsm()).stdout, "not installed yet");
});

Deno.test("where the lock file alone is stale, everybody says so", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  (await app.hsm("sync")).expect({ code: 0 });
  const pyproject = await app.read("pyproject.toml");

  await app.write("pyproject.toml", pyproject.replace(">=3.9", ">=3.10"));
  await assertInLine(app, false, "other Python versions");
  (await app.hsm("status")).expect({
    code: 0,
    stdout: /^my-plugin .* ok\n\nuv\.lock does not match pyproject\.toml\n$/m,
  });
  (await app.hsm("diff")).expect({
    code: 0,
    stdout: "uv.lock does not match pyproject.toml\n",
    stderr: "",
  });

  await app.write("pyproject.toml", pyproject);
  await assertInLine(app, true, "as it was");
  await Deno.remove(join(app.root, "uv.lock"));
  await assertInLine(app, false, "no lock file");
});

Deno.test("where only the environment differs, everybody says so", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  (await app.hsm("sync")).expect({ code: 0 });
  const site = join(app.root, ".venv/lib");
  const [python] = [...Deno.readDirSync(site)].map((it) => it.name);
  const folder = join(site, python!, "site-packages/stray-1.0.dist-info");
  await Deno.mkdir(folder);
  await Deno.writeTextFile(
    join(folder, "METADATA"),
    "Metadata-Version: 2.1\nName: stray\nVersion: 1.0\n",
  );
  await Deno.writeTextFile(
    join(folder, "RECORD"),
    "stray-1.0.dist-info/METADATA,,\nstray-1.0.dist-info/RECORD,,\n",
  );

  await assertInLine(app, false, "a distribution that nobody asks for");

  (await app.hsm("status")).expect({
    code: 0,
    stdout: /ok\n\nin the environment, a sync would uninstall stray==1\.0\n$/,
  });
  (await app.hsm("diff")).expect({ code: 0, stdout: " - stray==1.0\n", stderr: "" });
  assertEquals(
    ((await app.hsm("diff", "--json")).json() as { installs: unknown }).installs,
    [{ action: "uninstall", package: "stray", what: "stray==1.0" }],
  );
  (await app.hsm("sync")).expect({ code: 0 });
  await assertInLine(app, true, "synced");
});

Deno.test("hsm diff shows what a sync would install once it has written pyproject.toml", async () => {
  await using app = await testApp({ plugins: ["moves", "stays"] });
  await app.plugin("moves").release({ name: "moves", version: "1.1.0" });
  (await app.hsm("sync")).expect({ code: 0 });
  await app.write(
    "hsm.yaml",
    (await app.read("hsm.yaml")).replace("moves: v1.0.0", "moves: v1.1.0"),
  );

  await app.untouched(async () => {
    const run = (await app.hsm("diff")).expect({ code: 0, stderr: "" });
    const [plan, patch, installs] = run.stdout.split("\n\n");
    assertEquals(plan, "moves  prod v1.0.0 → prod v1.1.0");
    assertMatch(patch ?? "", /^--- a\/pyproject\.toml\n/);
    assertMatch(
      installs ?? "",
      /^ - moves==1\.0\.0 \(from git\+file:.*\)\n \+ moves @ git\+file:\S+@[0-9a-f]{40}\n$/,
    );
  });
});

Deno.test("what a checkout newly needs in pyproject.toml, everybody says", async () => {
  await using app = await testApp({ plugins: ["plug-a", "plug-b"] });
  (await app.hsm("sync")).expect({ code: 0 });
  (await app.hsm("dev", "plug-a", "--yes")).expect({ code: 0 });
  const file = "packages/plug-a/pyproject.toml";
  const text = await app.read(file);

  await app.write(
    file,
    `${text.replace("dependencies = []", 'dependencies = ["plug-b"]')}
[tool.uv.sources]
plug-b = { path = "../elsewhere" }
`,
  );

  await assertInLine(app, false, "a source of its own");
  const { packages, app: own } = (await app.hsm("status", "--json"))
    .json() as unknown as StatusResult;
  const { differences } = (await app.hsm("diff", "--json")).json() as unknown as DiffResult;
  const told = [
    ...packages.flatMap((it) => it.drift.map((its) => ({ ...its, package: it.package }))),
    ...own ?? [],
  ];
  const ofFiles = (them: typeof told) => them.filter((it) => it.kind === "pyproject");
  assertEquals(ofFiles(told), ofFiles([...differences ?? []]));
  assertMatch((await app.hsm("doctor")).stdout, /^error +pyproject\.toml .* about plug-b$/m);
});
