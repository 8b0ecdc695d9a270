import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { walk } from "@std/fs";
import { join } from "@std/path";
import { parse } from "@std/yaml";
import {
  APP_PYPROJECT,
  type AppOptions,
  hsmCommand,
  type TestApp,
  testApp,
} from "../harness/app.ts";
import { commitAll, documentedHook, installHook, runGit } from "../harness/hook.ts";
import { start } from "../harness/program.ts";

/** An app in sync and in prod mode, committed, with the hook. */
async function committedApp(options: AppOptions = {}): Promise<TestApp> {
  const app = await testApp({ plugins: ["plug"], ...options });
  (await app.hsm("sync")).expect({ code: 0 });
  await commitAll(app);
  return app;
}

const FIX = "run `hsm prod plug`, and stage what has changed";

/** A commit that the hook must refuse, with these words. */
async function assertRefused(app: TestApp, words: string, folder: string, ...args: string[]) {
  const before = await app.git(folder, "rev-parse", "HEAD");
  const run = await runGit(app, folder, "commit", "-m", "Leak", ...args);
  assertEquals(run.code, 1, `git commit ${args.join(" ")}\n${run.stdout}${run.stderr}`);
  assertStringIncludes(run.stdout + run.stderr, words);
  assertEquals(await app.git(folder, "rev-parse", "HEAD"), before);
}

let commits = 0;

/** A commit that the hook must let pass. */
async function assertPasses(app: TestApp, folder: string, ...args: string[]) {
  const before = await app.git(folder, "rev-parse", "HEAD");
  const run = await runGit(app, folder, "commit", "-m", `Work ${++commits}`, ...args);
  assertEquals(run.code, 0, `git commit ${args.join(" ")}\n${run.stdout}${run.stderr}`);
  assert(await app.git(folder, "rev-parse", "HEAD") !== before);
}

Deno.test("the documented hook refuses a staged dev source, whatever lies in the folder", async () => {
  await using app = await committedApp();
  (await app.hsm("dev", "plug", "--yes")).expect({ code: 0 });
  await app.git(".", "add", "-A");
  const line = (await app.read("pyproject.toml")).split("\n")
    .findIndex((it) => it.startsWith("plug = {")) + 1;
  const lock = (await app.read("uv.lock")).split("\n")
    .findIndex((it) => it === 'source = { editable = "packages/plug" }') + 1;
  (await app.hsm("prod", "plug")).expect({ code: 0 });

  (await app.hsm("check", "--prod", "--staged")).expect({
    code: 2,
    stdout: `error: plug comes from the path packages/plug
  plug  pyproject.toml:${line}  plug = { path = "packages/plug", editable = true }
  plug  uv.lock:${lock}        source = { editable = "packages/plug" }
  fix: ${FIX}
`,
    stderr: "",
  });
  await assertRefused(app, "plug comes from the path packages/plug", ".");
  await assertRefused(app, "plug comes from the path packages/plug", ".", "--amend");
  await app.git(".", "add", "-A");
  await app.write("new.py", "");
  await app.git(".", "add", "new.py");
  await assertPasses(app, ".");
});

Deno.test("the documented hook judges the files of each kind of commit", async () => {
  await using app = await committedApp({ files: { "work.py": "" } });
  (await app.hsm("dev", "plug", "--yes")).expect({ code: 0 });
  const words = "plug comes from the path packages/plug";

  // Nothing is staged, and each kind of commit takes other files from the folder.
  await app.write("work.py", "a = 1\n");
  await assertPasses(app, ".", "work.py");
  await assertRefused(app, words, ".", "-a");
  await assertRefused(app, words, ".", "pyproject.toml");
  await assertRefused(app, words, ".", "uv.lock");
  await assertRefused(app, words, ".", "--include", "pyproject.toml");
  await app.git(".", "add", "pyproject.toml");
  await app.write("work.py", "a = 2\n");
  await assertPasses(app, ".", "--only", "work.py");
  await app.git(".", "reset", "-q");
  await app.write("work.py", "a = 3\n");
  await app.git(".", "add", "work.py");
  await assertPasses(app, ".");
  await assertPasses(app, ".", "--amend", "--allow-empty");
  await assertPasses(app, ".", "--allow-empty");
});

Deno.test("the documented hook works in a linked worktree, and with a repository elsewhere", async () => {
  await using app = await committedApp({ files: { "work.py": "" } });
  const prod = await app.git(".", "show", "HEAD:pyproject.toml");
  (await app.hsm("dev", "plug", "--yes")).expect({ code: 0 });
  const dev = await app.read("pyproject.toml");
  await app.git(".", "worktree", "add", "-q", "../linked", "-b", "linked");
  const words = "plug comes from the path packages/plug";

  // The work tree beside it is in dev mode: it is not the one that is committed.
  await app.write("../linked/work.py", "a = 1\n");
  await assertPasses(app, "../linked", "-a");
  await app.write("../linked/pyproject.toml", dev);
  await assertRefused(app, words, "../linked", "-a");
  await assertRefused(app, words, "../linked", "pyproject.toml");
  await app.git("../linked", "add", "pyproject.toml");
  await app.write("../linked/pyproject.toml", prod);
  await assertRefused(app, words, "../linked");

  // A repository beside its work tree.
  await Deno.rename(join(app.root, ".git"), join(app.folder, "elsewhere.git"));
  const elsewhere = ["--git-dir=../elsewhere.git", "--work-tree=."];
  await app.git(".", ...elsewhere, "config", "core.bare", "false");
  await app.git(".", ...elsewhere, "add", "work.py");
  for (const [args, code] of [[["-a"], 1], [["work.py"], 0], [["pyproject.toml"], 1]] as const) {
    await app.write("work.py", `a = ${args[0]!.length}\n`);
    const run = await runGit(app, ".", ...elsewhere, "commit", "-m", `Work ${++commits}`, ...args);
    assertEquals(run.code, code, `${args}\n${run.stdout}${run.stderr}`);
  }
});

Deno.test("the documented hook judges what a merge and a rebase bring", async () => {
  await using app = await committedApp({ files: { "work.py": "a = 1\n" } });
  const prod = await app.read("pyproject.toml");
  await app.git(".", "checkout", "-q", "-b", "leaky");
  (await app.hsm("dev", "plug", "--yes")).expect({ code: 0 });
  await app.write("work.py", "a = 2\n");
  await app.git(".", "commit", "-q", "--no-verify", "-a", "-m", "Leak");
  await app.git(".", "checkout", "-q", "main");
  await app.write("work.py", "a = 3\n");
  await assertPasses(app, ".", "-a");

  assertEquals((await runGit(app, ".", "merge", "leaky")).code, 1);
  await app.write("work.py", "a = 4\n");
  await app.git(".", "add", "work.py");
  await assertRefused(app, "plug comes from the path packages/plug", ".");
  await app.git(".", "checkout", "HEAD", "--", "pyproject.toml", "uv.lock");
  await assertPasses(app, ".");

  // A merge without a conflict has a hook of another name.
  const hooks = join(app.root, ".git/hooks");
  await Deno.symlink("pre-commit", join(hooks, "pre-merge-commit"));
  await app.git(".", "checkout", "-q", "-b", "behind", "main~2");
  await app.write("else.py", "");
  await app.git(".", "add", "else.py");
  await assertPasses(app, ".");
  const merged = (await runGit(app, ".", "merge", "leaky")).expect({ code: 1 });
  assertStringIncludes(merged.stdout + merged.stderr, "plug comes from the path packages/plug");
  await app.git(".", "merge", "--abort");
  await app.git(".", "checkout", "-q", "main");

  // A rebase that stops for an edit.
  await app.git(".", "checkout", "-q", "-b", "topic");
  await app.write("more.py", "");
  await app.git(".", "add", "more.py");
  await assertPasses(app, ".");
  const edit = ["-c", "sequence.editor=sed -i s/^pick/edit/", "rebase", "-q", "-i", "HEAD~1"];
  (await runGit(app, ".", ...edit)).expect({ code: 0 });
  await app.write("pyproject.toml", await app.git(".", "show", "leaky:pyproject.toml"));
  await assertRefused(app, "plug comes from the path packages/plug", ".", "-a");
  await app.write("pyproject.toml", prod);
  (await runGit(app, ".", "rebase", "--continue")).expect({ code: 0 });
});

Deno.test("a file that a merge left in several versions is told, another one is not asked", async () => {
  await using app = await committedApp({ files: { "work.py": "a = 1\n" } });
  await app.git(".", "checkout", "-q", "-b", "other");
  await app.write("pyproject.toml", (await app.read("pyproject.toml")).replace("0.1.0", "0.2.0"));
  await app.write("work.py", "a = 2\n");
  await assertPasses(app, ".", "-a");
  await app.git(".", "checkout", "-q", "main");
  await app.write("work.py", "a = 3\n");
  await assertPasses(app, ".", "-a");

  assertEquals((await runGit(app, ".", "merge", "other")).code, 1);
  (await app.hsm("check", "--prod", "--staged")).expect({
    code: 0,
    stdout: "nothing that is staged is in dev mode\n",
  });
  await app.git(".", "merge", "--abort");
  await app.write("pyproject.toml", (await app.read("pyproject.toml")).replace("0.1.0", "0.3.0"));
  await assertPasses(app, ".", "-a");
  assertEquals((await runGit(app, ".", "merge", "other")).code, 1);
  (await app.hsm("check", "--prod", "--staged")).expect({
    code: 2,
    stdout: `error: a merge has left pyproject.toml in several versions
  app  pyproject.toml
  fix: settle the conflict, then \`git add\` the file
`,
  });
  // Added as it is, it holds the marks.
  await app.git(".", "add", "pyproject.toml", "work.py");
  await assertRefused(app, "pyproject.toml: unresolved merge conflict", ".");
});

Deno.test("an unrelated commit passes the documented hook, whatever is wrong in the folder", async () => {
  await using app = await committedApp({ files: { "work.py": "" } });
  let count = 0;
  const passes = async (...args: string[]) => {
    await app.write("work.py", `a = ${++count}\n`);
    await assertPasses(app, ".", "-m", "Work", ...args, "work.py");
  };
  (await app.hsm("dev", "plug", "--yes")).expect({ code: 0 });
  await passes();
  // What is committed is as wrong as can be.
  await app.git(".", "commit", "-q", "--no-verify", "-a", "-m", "Leak");
  await passes();
  // No remote, no readable setting, no manifest.
  await Deno.rename(join(app.folder, "remotes"), join(app.folder, "away"));
  await app.write("hsm.local.yaml", "packages: [");
  await passes();
  await app.write("hsm.yaml", "packages: [");
  await passes();
  await Deno.remove(join(app.root, "hsm.yaml"));
  await Deno.remove(join(app.root, "pyproject.toml"));
  await passes();
  // A crash of HSM's own, and a hsm that runs.
  await app.write(".hsm/journal/open/entry", "damaged");
  await passes();
  await app.write("uv.lock", "version = 99\n");
  await passes();
});

Deno.test("hsm check --prod --staged writes nothing, and waits for nobody", async () => {
  await using app = await committedApp();
  (await app.hsm("dev", "plug", "--yes")).expect({ code: 0 });
  await app.git(".", "add", "-A");
  await app.write(".hsm/journal/open/entry", "damaged");
  await Deno.remove(join(app.folder, "home/.cache/hsm"), { recursive: true });
  const before = await snapshot(app.folder);

  using lock = await Deno.open(join(app.root, ".hsm/lock"), { read: true });
  await lock.lock(true);
  (await app.hsm("check", "--prod", "--staged")).expect({ code: 2, stderr: "" });
  assertEquals(await snapshot(app.folder), before);
});

/** Every file below a folder, with its time of change. */
async function snapshot(folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { path } of walk(folder)) {
    if (path !== folder) found.push(`${path} ${(await Deno.lstat(path)).mtime?.getTime()}`);
  }
  return found.sort();
}

const RECORD = '\n[tool.hsm]\npackages.plug = { requirement = "plug" }\n';
const PROD = `plug = { git = "file:///srv/plug", tag = "v1.0.0" }`;

/** The pyproject.toml of an app with a managed package. */
function project(source: string, dependency = '"plug"'): string {
  return APP_PYPROJECT.replace("[]", `[${dependency}]`) + `\n${source}\n${RECORD}`;
}

const SOURCES = `[tool.uv.sources]\n${PROD}`;

/** Every way to write that a managed package comes from one developer's machine. */
const FORMS: Readonly<Record<string, string>> = {
  "a path": project('[tool.uv.sources]\nplug = { path = "packages/plug", editable = true }'),
  "a path to an archive": project('[tool.uv.sources]\nplug = { path = "dist/plug.whl" }'),
  "a workspace member": project("[tool.uv.sources]\nplug = { workspace = true }"),
  "a file URL": project('[tool.uv.sources]\nplug = { url = "file:///srv/plug.whl" }'),
  "a table": project('[tool.uv.sources.plug]\neditable = true\npath = "../plug"'),
  "dotted keys": project('[tool]\nuv.sources.plug.path = "../plug"'),
  "quoted keys": project('["tool"."uv".\'sources\']\n"p\\u006cug" = { "path" = "../plug" }'),
  "another spelling": project('[tool.uv.sources]\nPlug = { path = "../plug" }'),
  "a list with markers": project(
    `[tool.uv.sources]\nplug = [\n  { git = "file:///srv/plug", tag = "v1.0.0", marker = "python_version < '3'" },\n` +
      `  { path = "../plug", marker = "python_version >= '3'" },\n]`,
  ),
  "a list with a group": project(
    '[tool.uv.sources]\nplug = [{ path = "../plug", group = "dev" }]\n[dependency-groups]\ndev = ["plug"]',
  ),
  "an array of tables": project(
    `[[tool.uv.sources.plug]]\ngit = "file:///srv/plug"\ntag = "v1.0.0"\nextra = "a"\n` +
      `[[tool.uv.sources.plug]]\npath = "../plug"\nextra = "b"`,
  ),
  "a requirement": project(SOURCES, '"plug @ file:///srv/plug"'),
  "a requirement with extras and a marker": project(
    SOURCES,
    `"plug[fast] @ file://\${PROJECT_ROOT}/../plug ; python_version > '3'"`,
  ),
  "an extra": project(
    `[project.optional-dependencies]\na = ["plug @ file:///srv/plug"]\n${SOURCES}`,
  ),
  "a group": project(`[dependency-groups]\na = ["plug @ file:///srv/plug"]\n${SOURCES}`),
  "an override": project(
    `[tool.uv]\noverride-dependencies = [\n  "plug @ file:///srv/plug",\n]\n${SOURCES}`,
  ),
  "a constraint": project(
    `[tool.uv]\nconstraint-dependencies = ["plug @ file:///srv/plug"]\n${SOURCES}`,
  ),
  "dev-dependencies": project(
    `[tool.uv]\ndev-dependencies = ["plug @ file:///srv/plug"]\n${SOURCES}`,
  ),
  "a requirement of the build": project(
    `[build-system]\nrequires = ["plug @ file:///srv/plug"]\n${SOURCES}`,
  ),
  "a requirement of another's build": project(
    `[tool.uv.extra-build-dependencies]\na = ["plug @ file:///srv/plug"]\n${SOURCES}`,
  ),
  "a requirement of another's build in a table": project(
    `[tool.uv.extra-build-dependencies]\n` +
      `a = [{ requirement = "plug @ file:///srv/plug", match-runtime = false }]\n${SOURCES}`,
  ),
};

const LOCK = `version = 1
requires-python = ">=3.9"

[[package]]
name = "app"
version = "0.1.0"
source = { virtual = "." }
dependencies = [{ name = "plug" }]

[[package]]
name = "plug"
version = "1.0.0"
source = { git = "file:///srv/plug?tag=v1.0.0#0123456789012345678901234567890123456789" }
`;

/** What a lock file says where a package comes from one developer's machine. */
const LOCKED: Readonly<Record<string, string>> = {
  "an editable folder in the lock file": '{ editable = "packages/plug" }',
  "a folder in the lock file": '{ directory = "../plug" }',
  "a virtual folder in the lock file": '{ virtual = "plug" }',
  "an archive in the lock file": '{ path = "plug.whl" }',
  "a file URL in the lock file": '{ url = "file:///srv/plug.whl" }',
};

Deno.test("hsm check --prod --staged finds a dev source however it is written, and tells its line", async () => {
  await using app = await testApp({
    manifest: "packages:\n  plug: { git: file:///srv/plug, tag: v1.0.0 }\n",
    pyproject: project(SOURCES),
    files: { "uv.lock": LOCK },
  });
  await commitAll(app);
  const judge = async (form: string, file: string, text: string) => {
    const prod = await app.read(file);
    await app.write(file, text);
    await app.git(".", "add", file);
    await app.write(file, prod);
    const run = await app.hsm("check", "--prod", "--staged", "--json");
    assertEquals(run.code, 2, `${form}\n${run.stdout}${run.stderr}`);
    const { problems } = run.json() as { problems: { code: string; sides: Side[] }[] };
    const side = problems.flatMap((it) => it.sides).find((it) => it.file === file)!;
    assertEquals(problems.map((it) => it.code), ["dev-source"], form);
    const line = text.split("\n")[side.line! - 1]!;
    assert(/path|file:|workspace|packages|"\.\.|virtual/.test(line), `${form}: line ${side.line}`);
    assertEquals(side.requirement, line.trim(), form);
    await app.git(".", "add", file);
  };
  for (const [form, text] of Object.entries(FORMS)) await judge(form, "pyproject.toml", text);
  for (const [form, source] of Object.entries(LOCKED)) {
    await judge(form, "uv.lock", LOCK.replace(/\{ git = .* \}/, source));
  }
  await judge("CRLF", "pyproject.toml", FORMS["a path"]!.replaceAll("\n", "\r\n"));
  await judge("a byte order mark", "pyproject.toml", `\uFEFF${FORMS["a path"]}`);
});

interface Side {
  readonly file: string;
  readonly line?: number;
  readonly requirement?: string;
}

Deno.test("hsm check --prod --staged goes by the staged hsm.yaml", async () => {
  await using app = await testApp({
    manifest: "mode: prod\npackages:\n  plug: { git: file:///srv/plug, tag: v1.0.0 }\n",
    pyproject: project(SOURCES),
    files: { "uv.lock": LOCK },
  });
  await commitAll(app);
  const staged = async (file: string, text: string) => {
    const committed = await app.read(file);
    await app.write(file, text);
    await app.git(".", "add", file);
    await app.write(file, committed);
    return await app.hsm("check", "--prod", "--staged");
  };
  const manifest = await app.read("hsm.yaml");
  (await staged("hsm.yaml", manifest.replace("tag: v1.0.0", "tag: v1.1.0"))).expect({
    code: 2,
    stdout: `error: plug is v1.1.0 in hsm.yaml, pyproject.toml uses v1.0.0
  plug  hsm.yaml:3        plug: { git: file:///srv/plug, tag: v1.1.0 }
  plug  pyproject.toml:8  plug = { git = "file:///srv/plug", tag = "v1.0.0" }
  fix: run \`hsm sync\`, and stage hsm.yaml, pyproject.toml and the lock file together
`,
  });
  // Two of three.
  const moved = (await app.read("pyproject.toml")).replace('"v1.0.0"', '"v1.1.0"');
  (await staged("pyproject.toml", moved)).expect({
    code: 2,
    stdout: `error: plug comes from file:///srv/plug?tag=v1.0.0#${
      LOCK.match(/#(\w+)/)![1]
    } in the lock file, not from where pyproject.toml says
  plug  pyproject.toml:8  plug = { git = "file:///srv/plug", tag = "v1.1.0" }
  plug  uv.lock:13        source = { git = "file:///srv/plug?tag=v1.0.0#${
      LOCK.match(/#(\w+)/)![1]
    }" }
  fix: run \`hsm sync\`, and stage hsm.yaml, pyproject.toml and the lock file together
`,
  });
  (await staged("uv.lock", LOCK.replace("tag=v1.0.0", "tag=v1.1.0"))).expect({
    code: 0,
    stderr: "",
  });
  (await staged("hsm.yaml", manifest.replace("tag: v1.0.0", "tag: v1.1.0, mode: dev"))).expect({
    code: 2,
    stdout: `error: plug is in dev mode
  plug  hsm.yaml:3  plug: { git: file:///srv/plug, tag: v1.1.0, mode: dev }
  fix: run \`hsm prod --shared plug\`, and stage what has changed
`,
  });
  (await staged("hsm.yaml", manifest.replace("mode: prod", "mode: dev"))).expect({
    code: 2,
    stdout: /^error: plug is in dev mode\n  plug  hsm.yaml:1  mode: dev\n/,
  });
  (await staged("hsm.yaml", "packages: [")).expect({ code: 2, stderr: /Cannot read hsm.yaml/ });
  // A source that was taken out leaves the package to whoever has its name on an index.
  await app.git(".", "reset", "-q");
  (await staged("pyproject.toml", project(""))).expect({
    code: 2,
    stdout: /plug is v1.0.0 in hsm.yaml, pyproject.toml has no source for it/,
  });
  (await staged("pyproject.toml", "a = [")).expect({
    code: 2,
    stderr: /Cannot read pyproject.toml/,
  });
});

Deno.test("hsm check --prod --staged tells where a source stands that has lines of its own", async () => {
  const source = '[tool.uv.sources.Plug]\ngit = "file:///srv/plug"\ntag = "v0.9.0"';
  await using app = await testApp({
    manifest: "packages:\n  plug: { git: file:///srv/plug, tag: v1.0.0 }\n",
    pyproject: project(source),
  });
  await commitAll(app);
  await app.write("pyproject.toml", `${await app.read("pyproject.toml")}\n`);
  await app.git(".", "add", "pyproject.toml");
  (await app.hsm("check", "--prod", "--staged")).expect({
    code: 2,
    stdout: /^  plug  pyproject\.toml:8  git = "file:\/\/\/srv\/plug"$/m,
  });
});

Deno.test("hsm check --prod --staged judges the first commit, and one that has no lock file", async () => {
  await using app = await testApp({
    manifest: "packages:\n  plug: { git: file:///srv/plug, tag: v1.0.0 }\n",
    pyproject: FORMS["a path"]!,
  });
  await app.git(".", "init", "-q");
  (await app.hsm("check", "--prod", "--staged")).expect({
    code: 0,
    stdout: "",
    stderr: "Nothing is staged that hsm looks at\n",
  });
  await app.git(".", "add", "-A");
  (await app.hsm("check", "--prod", "--staged")).expect({ code: 2, stdout: /packages\/plug/ });
  // HSM's own word in pyproject.toml is enough.
  await app.git(".", "rm", "-q", "--cached", "hsm.yaml");
  (await app.hsm("check", "--prod", "--staged")).expect({ code: 2, stdout: /packages\/plug/ });
  await app.write("pyproject.toml", project(SOURCES));
  await app.git(".", "add", "-A");
  (await app.hsm("check", "--prod", "--staged")).expect({ code: 0, stderr: "" });
});

Deno.test("hsm check --prod --staged finds a dev source in a commit that takes hsm.yaml away", async () => {
  await using app = await testApp({
    manifest: "packages:\n  plug: { git: file:///srv/plug, tag: v1.0.0 }\n",
    pyproject: project(SOURCES),
  });
  await commitAll(app);
  // In the repository, and so in nobody's way but for what HSM has written down.
  await app.write("pyproject.toml", project('[tool.uv.sources]\nplug = { path = "vendor/plug" }'));
  await app.git(".", "rm", "-q", "--cached", "hsm.yaml");
  await app.git(".", "add", "pyproject.toml");
  (await app.hsm("check", "--prod", "--staged")).expect({ code: 2, stdout: /vendor\/plug/ });
});

Deno.test("hsm check --prod --staged knows apps below the repository's top, and locks above them", async () => {
  await using app = await testApp({
    manifest: "packages: {}\n",
    pyproject:
      '[project]\nname = "top"\nversion = "1"\n[tool.uv.workspace]\nmembers = ["apps/*"]\n',
    files: {
      "uv.lock": LOCK,
      "libs/own/pyproject.toml": '[project]\nname = "own"\n',
      "apps/one/hsm.yaml": "packages:\n  plug: { git: file:///srv/plug, tag: v1.0.0 }\n",
      "apps/one/pyproject.toml": project(`${SOURCES}\nown = { path = "../../libs/own" }`),
      "apps/two/hsm.yaml": "packages: {}\n",
      "apps/two/pyproject.toml": APP_PYPROJECT,
    },
  });
  await Deno.remove(join(app.root, "hsm.yaml"));
  await commitAll(app);
  const judge = (folder = ".") => app.hsm("-C", folder, "check", "--prod", "--staged");

  await app.write("apps/two/pyproject.toml", `${APP_PYPROJECT}# more\n`);
  await app.git(".", "add", "-A");
  (await judge()).expect({ code: 0, stdout: "nothing that is staged is in dev mode\n" });
  await app.write(
    "apps/one/pyproject.toml",
    `${await app.read("apps/one/pyproject.toml")}# more\n`,
  );
  await app.git(".", "add", "-A");
  // What the repository holds beside the app is everybody's.
  (await judge()).expect({ code: 0, stderr: "" });
  await app.write(
    "uv.lock",
    LOCK.replace(/\{ git = .* \}/, '{ editable = "apps/one/packages/plug" }'),
  );
  await app.git(".", "add", "-A");
  (await judge()).expect({
    code: 2,
    stdout: `error: plug comes from the path apps/one/packages/plug
  plug  uv.lock:13  source = { editable = "apps/one/packages/plug" }
  fix: ${FIX}
`,
  });
  (await judge("apps/one")).expect({ code: 2 });
  await app.git(".", "checkout", "HEAD", "--", "uv.lock");
  await app.write("apps/one/pyproject.toml", FORMS["a path"]!);
  await app.git(".", "add", "-A");
  (await judge()).expect({ code: 2, stdout: /apps\/one\/pyproject\.toml:\d+ / });
  (await judge("apps/two")).expect({ code: 0 });
  await Deno.mkdir(join(app.root, "apps/one/src"));
  (await judge("apps/one/src")).expect({ code: 2 });
  // The hook is started at the top, and may go into the app's folder.
  await assertRefused(app, "plug comes from the path packages/plug", ".");
  await installHook(app, "#!/bin/sh\ncd apps/one && exec hsm check --prod --staged\n");
  await app.git(".", "worktree", "add", "-q", "--detach", "../linked");
  await app.write("../linked/apps/one/pyproject.toml", FORMS["a path"]!);
  await assertRefused(app, "plug comes from the path packages/plug", "../linked", "-a");
});

Deno.test("hsm check --prod --staged lets pass what the repository itself holds", async () => {
  const own = '[project]\nname = "own"\nversion = "1"\n';
  await using app = await testApp({
    manifest: "packages:\n  plug: { git: file:///srv/plug, tag: v1.0.0 }\n",
    pyproject: project(
      `${SOURCES}\nown = { workspace = true }\nlib = { path = "lib" }\n` +
        `[tool.uv.workspace]\nmembers = ["packages/*"]`,
    ),
    files: {
      "packages/own/pyproject.toml": own,
      "lib/pyproject.toml": own.replace("own", "lib"),
      "uv.lock": LOCK + '\n[[package]]\nname = "own"\nversion = "1"\n' +
        'source = { editable = "packages/own" }\n\n[[package]]\nname = "lib"\nversion = "1"\n' +
        'source = { directory = "lib" }\n',
    },
  });
  await app.git(".", "init", "-q");
  await app.git(".", "add", "-A");
  (await app.hsm("check", "--prod", "--staged")).expect({
    code: 0,
    stdout: "nothing that is staged is in dev mode\n",
    stderr: "",
  });
  // Nobody else has it.
  await app.git(".", "rm", "-q", "--cached", "packages/own/pyproject.toml");
  (await app.hsm("check", "--prod", "--staged")).expect({
    code: 2,
    stdout: /^error: own comes from the path packages\/own\n {2}own {2}uv\.lock:\d+ /,
  });
});

Deno.test("hsm check --prod --staged follows links in the repository", async () => {
  await using app = await testApp({
    manifest: "packages:\n  plug: { git: file:///srv/plug, tag: v1.0.0 }\n",
    files: { "config/app.toml": project(SOURCES) },
  });
  await Deno.remove(join(app.root, "pyproject.toml"));
  await Deno.symlink("config/app.toml", join(app.root, "pyproject.toml"));
  await commitAll(app);
  await app.write("config/app.toml", FORMS["a path"]!);
  await assertRefused(app, "plug comes from the path packages/plug", ".", "-a");
  await app.write("config/app.toml", project(SOURCES));
  await app.write("config/other.toml", "");
  await app.git(".", "add", "-A");
  await assertPasses(app, ".");
});

Deno.test("git's variables for a hook are heeded for the repository that is asked about alone", async () => {
  await using app = await committedApp({ files: { "work.py": "" } });
  (await app.hsm("dev", "plug", "--yes")).expect({ code: 0 });
  await app.git(".", "add", "-A");
  const other = join(app.folder, "other");
  await Deno.mkdir(other);
  await app.git("../other", "init", "-q");
  await Deno.writeTextFile(join(other, "file"), "");
  await app.git("../other", "add", "file");
  const judge = async (folder: string, env: Record<string, string>, cwd = folder) => {
    const words = [...hsmCommand(), "-C", folder, "check", "--prod", "--staged"];
    return (await start(words, { cwd, env: { ...app.env, ...env } }).ended).code;
  };
  assertEquals(await judge(app.root, { GIT_LITERAL_PATHSPECS: "1" }), 2);
  // Another repository's.
  assertEquals(await judge(app.root, { GIT_INDEX_FILE: join(other, ".git/index") }), 2);
  assertEquals(await judge(app.root, { GIT_INDEX_FILE: ".git/none" }, other), 2);
  assertEquals(await judge(app.root, { GIT_DIR: join(other, ".git") }, other), 2);
  assertEquals(await judge(other, { GIT_INDEX_FILE: join(app.root, ".git/index") }), 0);
  assertEquals(await judge(other, { GIT_DIR: join(app.root, ".git") }, app.root), 0);
  // What `git commit work.py` gives, and what a script may.
  await app.git(".", "read-tree", "--index-output=.git/next-index-1.lock", "HEAD");
  const index = join(app.root, ".git/next-index-1.lock");
  assertEquals(await judge(app.root, { GIT_INDEX_FILE: ".git/next-index-1.lock" }), 0);
  assertEquals(await judge(app.root, { GIT_INDEX_FILE: index }), 0);
  await Deno.copyFile(index, join(app.folder, "index"));
  assertEquals(await judge(app.root, { GIT_INDEX_FILE: join(app.folder, "index") }), 0);
  // `deno task` goes into the folder of its configuration first.
  assertEquals(await judge(app.root, { GIT_INDEX_FILE: index }, other), 0);
});

Deno.test("the hook of pre-commit is the documented one, and one that pre-commit takes", async () => {
  const text = await Deno.readTextFile(new URL("../../.pre-commit-hooks.yaml", import.meta.url));
  const hooks = parse(text) as readonly Readonly<Record<string, unknown>>[];
  assertEquals(hooks.map((it) => it["id"]), ["hsm-check-prod"]);
  for (const { id: _, entry, ...hook } of hooks) {
    assertEquals(`#!/bin/sh\nexec ${entry}\n`, await documentedHook());
    const { name, description, minimum_pre_commit_version: version, ...rest } = hook;
    for (const it of [name, description, version]) assert(typeof it === "string" && it !== "");
    // `stages` has these names since 3.2.0.
    assertMatch(`${version}`, /^3\.([2-9]|\d\d)\./);
    assertEquals(rest, {
      language: "system",
      always_run: true,
      pass_filenames: false,
      stages: ["pre-commit", "pre-merge-commit"],
    });
  }
  const guide = await Deno.readTextFile(new URL("../../docs/guides/ci.md", import.meta.url));
  assertStringIncludes(guide, "- id: hsm-check-prod\n");
});

Deno.test("hsm check --prod --staged says where it cannot look, and what goes with it", async () => {
  await using app = await testApp();
  const run = (await app.hsm("check", "--prod", "--staged")).expect({ code: 1, stdout: "" });
  assertStringIncludes(run.stderr, "error: Cannot look at what is staged in [DIR]/app\n");
  assertStringIncludes(run.stderr, "cause: fatal: not a git repository");
  assertStringIncludes(run.stderr, "\nhint: ");
  for (
    const args of [["--staged"], ["--staged", "--prod", "--resolve"], ["--staged", "--prod", "x"]]
  ) {
    (await app.hsm("check", ...args)).expect({
      code: 2,
      stderr: /hint: run `hsm check --prod --staged`/,
    });
  }
  await app.git(".", "init", "-q");
  const { apps, problems } = (await app.hsm("check", "--prod", "--staged", "--json")).json();
  assertEquals([apps, problems], [[], []]);
  (await app.hsm("check", "--prod", "--staged", "--offline")).expect({ code: 0 });
});
