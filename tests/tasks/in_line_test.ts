import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import type { DiffResult } from "../../tasks/diff.ts";
import type { StatusResult } from "../../tasks/status.ts";
import { type TestApp, testApp } from "../harness/app.ts";

/** What each command that tells whether all is in line says of it. */
async function answers(
  app: TestApp,
  env: Readonly<Record<string, string>> = {},
): Promise<Record<string, boolean>> {
  const before = await app.list(".");
  const found: Record<string, boolean> = {};
  await app.untouched(async () => {
    for (const command of ["status", "diff"]) {
      const { code } = await app.hsmWith(env, command, "--exit-code");
      const told = (await app.hsmWith(env, command, "--json")).json() as
        & { error?: unknown }
        & Partial<StatusResult & DiffResult>;
      found[command] = code === 0;
      // What keeps a sync from working is no difference that it would make.
      assertEquals(code > 1, told.error !== undefined, `${command}: ${code}`);
      const isTold = command === "status" ? told.agrees : told.different === false;
      assertEquals(isTold ?? false, code === 0, `${command} --json`);
    }
    const told = /^(?:warning|error) +(?:checkouts|pyproject\.toml|uv\.lock|environment) /m;
    found["doctor"] = !told.test((await app.hsmWith(env, "doctor")).stdout);
    found["overview"] = !/^Next: (?!`hsm (?:dev|status))/m.test((await app.hsmWith(env)).stdout);
  });
  assertEquals(await app.list("."), before);
  return found;
}

async function assertInLine(
  app: TestApp,
  expected: boolean,
  scene: string,
  env?: Readonly<Record<string, string>>,
): Promise<void> {
  const all = { status: expected, diff: expected, doctor: expected, overview: expected };
  assertEquals(await answers(app, env), all, scene);
}

/** A state of a workspace, and what is to be said of it. */
interface Scene {
  readonly name: string;
  readonly make: () => Promise<unknown>;
  readonly env?: Readonly<Record<string, string>>;
  /** Whether it is in line. */
  readonly isInLine: boolean;
  /** What `hsm sync --locked` fails with; where it does not, all is in line after it. */
  readonly locked?: string;
  /** The exit status of `hsm check`, which asks whether everything fits, and not whether it is there. */
  readonly check?: number;
}

/** Takes a distribution out of the environment. */
async function uninstall(app: TestApp, name: string): Promise<void> {
  const [python] = await app.list(".venv/lib");
  const site = `.venv/lib/${python}/site-packages`;
  const [folder] = (await app.list(site)).filter((it) => it.startsWith(`${name}-`));
  await Deno.remove(join(app.root, site, folder!), { recursive: true });
}

/** Makes each scene, asks everybody, and makes it as it was. */
async function assertOneAnswer(app: TestApp, scenes: readonly Scene[]): Promise<void> {
  await assertInLine(app, true, "synced");
  const texts = await app.texts();
  for (const { name, make, env = {}, isInLine, locked, check = 0 } of scenes) {
    await make();
    await assertInLine(app, isInLine, name, env);
    assertEquals((await app.hsmWith(env, "check")).code, check, `${name}: check`);
    const run = await app.hsmWith(env, "sync", "--locked", "--json");
    const { error } = run.json() as { error?: { code: string } };
    assertEquals(error?.code, locked, `${name}: sync --locked`);
    if (locked === undefined) await assertInLine(app, true, `${name}, after sync --locked`, env);
    for (const [file, text] of Object.entries(texts)) {
      if (text !== null) await app.write(file, text);
    }
    (await app.hsm("sync", "--yes")).expect({ code: 0 });
  }
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

Deno.test("whatever the files and the environment say, everybody has one answer, and --locked goes by it", async () => {
  await using app = await testApp({
    plugins: ["elsewhere", "plug-a", "plug-b"],
    pyproject: APP(`dependencies = ["elsewhere; sys_platform == 'nowhere'"]\n`),
  });
  const remote = app.plugin("plug-b");
  await remote.commit("later.txt", "", "again");
  await remote.release({ name: "plug-b", version: "1.1.0" });
  (await app.hsm("sync")).expect({ code: 0 });
  const replace = async (file: string, from: string, to: string) =>
    app.write(file, (await app.read(file)).replaceAll(from, to));
  const [commit, other] = await Promise.all(
    ["v1.0.0", "again"].map((tag) => remote.git("rev-parse", `${tag}^{commit}`)),
  );

  await assertOneAnswer(app, [
    { name: "nothing", make: () => Promise.resolve(), isInLine: true },
    {
      name: "another tag in hsm.yaml",
      make: () => replace("hsm.yaml", "plug-b: v1.0.0", "plug-b: v1.1.0"),
      isInLine: false,
      locked: "out-of-date",
    },
    {
      name: "a source by hand",
      make: () => replace("pyproject.toml", `plug-b", tag = "v1.0.0"`, `plug-b", branch = "main"`),
      isInLine: false,
      locked: "out-of-date",
    },
    {
      name: "other Python versions than in uv.lock",
      make: () => replace("pyproject.toml", ">=3.9", ">=3.10"),
      isInLine: false,
      locked: "out-of-date",
    },
    {
      name: "no uv.lock",
      make: () => Deno.remove(join(app.root, "uv.lock")),
      isInLine: false,
      locked: "out-of-date",
    },
    {
      name: "another commit of the same tag in uv.lock",
      make: () => replace("uv.lock", commit!.trim(), other!.trim()),
      isInLine: false,
    },
    {
      name: "no environment",
      make: () => Deno.remove(join(app.root, ".venv"), { recursive: true }),
      isInLine: false,
    },
    {
      name: "a package that is gone from the environment",
      make: () => uninstall(app, "plug_a"),
      isInLine: false,
    },
    {
      name: "a tag that has moved at the remote, which only check asks",
      make: () => remote.git("tag", "--force", "v1.0.0", "again^{commit}"),
      isInLine: true,
    },
  ]);
});

Deno.test("whatever lies at the place of a checkout, everybody has one answer", async () => {
  await using app = await testApp({
    plugins: ["plug-a", "plug-b"],
    manifest: "git: {remotes}/{name}\npackages:\n  plug-a: { tag: v1.0.0, mode: dev }\n" +
      "  plug-b: v1.0.0\n",
  });
  (await app.hsm("sync", "--yes")).expect({ code: 0 });
  const place = join(app.root, "packages/plug-a");
  const [git, aside] = [join(place, ".git"), join(app.folder, "aside")];
  const commit = ["commit", "--quiet", "--allow-empty", "--message=x"];

  await assertOneAnswer(app, [
    {
      name: "a commit of its own, on the same branch",
      make: () => app.git("packages/plug-a", ...commit),
      isInLine: true,
    },
    {
      name: "somebody else's",
      make: () => Promise.resolve(),
      env: { GIT_TEST_ASSUME_DIFFERENT_OWNER: "1" },
      isInLine: false,
      locked: "checkout-mismatch",
    },
  ]);
  if (Deno.build.os !== "windows" && Deno.uid() === 0) {
    // git looks at both folders, whosoever the other is.
    for (const folder of [place, git]) {
      await Deno.chown(folder, 12345, 12345);
      await assertInLine(app, false, `${folder} is somebody else's`);
      const run = await app.hsm("sync");
      run.expect({ code: 2, stderr: /it is somebody else's/ });
      await Deno.chown(folder, 0, 0);
    }
    await assertInLine(app, true, "mine again");
  }
  for (const part of ["HEAD", "objects", "refs"]) {
    await Deno.rename(join(git, part), aside);
    await assertInLine(app, false, `no ${part}`);
    const run = await app.hsm("sync", "--locked");
    run.expect({ code: 2, stderr: /it is a folder that is no git checkout\n/ });
    await Deno.rename(aside, join(git, part));
  }
  await Deno.rename(place, aside);
  await assertInLine(app, false, "missing");
  assertEquals((await app.hsm("check")).code, 2);
  (await app.hsm("sync", "--locked")).expect({ code: 2, stderr: /packages\/plug-a is missing/ });
  await Deno.rename(aside, place);
  await assertInLine(app, true, "back");
});
