import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { basename, fromFileUrl } from "@std/path";
import {
  type Adapter,
  add,
  check,
  checkStaged,
  dev,
  diff,
  doctor,
  exec,
  graph,
  history,
  HsmError,
  init,
  inject,
  install,
  list,
  map,
  newPackage,
  openWorkspace,
  type OpenWorkspaceOptions,
  outdated,
  pin,
  prod,
  pullApp,
  remove,
  type Reporter,
  silentReporter,
  status,
  sync,
  undo,
  updateEach,
  type Workspace,
} from "../../../mod.ts";
import { readMetadata } from "../../../lib/adapters/uv/read_metadata.ts";
import { overview } from "../../../tasks/overview.ts";
import { type TestApp, testApp } from "../../harness/app.ts";
import { must, start } from "../../harness/program.ts";
import type { PluginOptions } from "../../harness/repository.ts";
import { toyManager } from "../../harness/toy_manager.ts";

const FILES = ["pyproject.toml", "hsm.yaml", "hsm.local.yaml", "sources.json", "toy.lock"];

const PACKAGES = 'git: "{remotes}/{name}"\npackages:\n  plug-a: v1.0.0\n  plug-b: v1.0.0\n';

/** An app of two plugins whose package manager is a script's own. */
async function toyApp({ manifest = PACKAGES, more, plugins = [] }: ToyOptions = {}) {
  const app = await testApp({ plugins: ["plug-a", "plug-b", ...plugins], manifest });
  const adapter = await toyManager(app.folder, more);
  const warnings: string[] = [];
  const reporter = { ...silentReporter(), warn: (text: string) => void warnings.push(text) };
  const open = (options: OpenWorkspaceOptions = {}) =>
    openWorkspace({ directory: app.root, env: app.env, adapter, reporter, ...options });
  return { app, adapter, open, warnings, [Symbol.asyncDispose]: () => app[Symbol.asyncDispose]() };
}

/** What {@linkcode toyApp} makes. */
interface ToyOptions {
  readonly manifest?: string;
  /** More of the adapter. */
  readonly more?: Partial<Adapter>;
  /** More plugins. */
  readonly plugins?: readonly (string | PluginOptions)[];
}

/** The texts of the files that the manager and HSM write, and what is installed. */
async function textsOf(app: TestApp): Promise<Record<string, string | null>> {
  const texts: Record<string, string | null> = {};
  for (const file of FILES) texts[file] = await app.read(file).catch(() => null);
  texts[".toy"] = (await installed(app)).join("\n");
  return texts;
}

/** Where what is installed is from. */
async function installed(app: TestApp): Promise<readonly string[]> {
  const folders = await app.list(".toy").catch(() => []);
  return await Promise.all(folders.map(async (it) => {
    const text = await app.read(`.toy/${it}/direct_url.json`);
    return `${it} ${text.trim().replaceAll(app.folder, "[DIR]")}`;
  }));
}

const PINNED = [
  'plug-a-1.0.dist-info {"url":"file://[DIR]/remotes/plug-a",' +
  '"vcs_info":{"commit_id":"","requested_revision":"v1.0.0"}}',
  'plug-b-1.0.dist-info {"url":"file://[DIR]/remotes/plug-b",' +
  '"vcs_info":{"commit_id":"","requested_revision":"v1.0.0"}}',
];

Deno.test("a package manager of a script's own syncs, takes packages into dev and back, and has a status", async () => {
  await using toy = await toyApp();
  const { app } = toy;
  const pyproject = await app.read("pyproject.toml");
  {
    await using workspace = await toy.open();
    assertEquals(
      (await status(workspace)).packages.flatMap((it) => it.drift.map(({ message }) => message)),
      ["sources.json has no source for it", "sources.json has no source for it"],
    );
    const { injected, synced } = await sync(workspace);
    assertEquals(injected.changes, [
      { package: "plug-a", what: "source", action: "add" },
      { package: "plug-b", what: "source", action: "add" },
    ]);
    assertStringIncludes(injected.diff, "+++ b/sources.json");
    assertEquals(synced?.adapter, "toy");
    assertEquals((await status(workspace)).agrees, true);
  }
  assertEquals(await installed(app), PINNED);
  const pinned = await textsOf(app);
  {
    await using workspace = await toy.open();
    await dev(workspace, { packages: ["plug-a"] });
    const [planned] = (await diff(workspace)).packages;
    assertEquals([planned?.from.mode, planned?.from.place], ["prod", "v1.0.0"]);
    assertEquals([planned?.to.mode, planned?.to.place], ["dev", "packages/plug-a"]);
    await sync(workspace, { yes: true });
    assertEquals((await status(workspace)).packages.map((it) => it.drift), [[], []]);
  }
  assertEquals(await installed(app), [
    'plug-a-1.0.dist-info {"url":"file://[DIR]/app/packages/plug-a","dir_info":{"editable":true}}',
    PINNED[1]!,
  ]);
  assertEquals(await app.read("toy.lock"), await app.read("sources.json"));
  {
    await using workspace = await toy.open();
    await prod(workspace, { packages: ["plug-a"] });
    assertEquals(
      (await status(workspace)).packages.flatMap((it) => it.drift.map(({ kind }) => kind)),
      ["pyproject"],
    );
    await sync(workspace);
    assertEquals((await status(workspace)).agrees, true);
  }
  assertEquals(await textsOf(app), pinned);
  assertEquals(await app.read("pyproject.toml"), pyproject);
  assertEquals(toy.warnings, []);
  assertEquals(await app.exists("uv.lock"), false);
  assertEquals(await app.exists(".venv"), false);
});

Deno.test("a package manager of a script's own syncs with --locked only what is locked, and takes out what has left", async () => {
  await using toy = await toyApp();
  const { app } = toy;
  {
    await using workspace = await toy.open();
    await sync(workspace);
    await sync(workspace, { locked: true });
  }
  await app.write("hsm.yaml", 'git: "{remotes}/{name}"\npackages:\n  plug-a: v1.0.0\n');
  const before = await textsOf(app);
  {
    await using workspace = await toy.open({ locked: true });
    const error = await assertRejects(() => sync(workspace, { locked: true }), HsmError);
    assertEquals(error.code, "out-of-date");
    assertEquals(error.message, "Cannot sync the app: sources.json does not match hsm.yaml");
  }
  assertEquals(await textsOf(app), before);
  {
    await using workspace = await toy.open();
    const { injected } = await sync(workspace);
    assertEquals(injected.changes, [{ package: "plug-b", what: "source", action: "remove" }]);
  }
  assertEquals(await installed(app), PINNED.slice(0, 1));
  await app.write("hsm.yaml", "");
  await using workspace = await toy.open();
  const error = await assertRejects(() => sync(workspace), HsmError);
  assertEquals(
    error.message,
    "Cannot go by an empty hsm.yaml: sources.json has plug-a from it",
  );
});

for (const step of ["lock", "sync"]) {
  Deno.test(`a package manager of a script's own that fails at its ${step} leaves everything as it was`, async () => {
    await using toy = await toyApp();
    const { app } = toy;
    {
      await using workspace = await toy.open();
      await sync(workspace);
    }
    const before = await textsOf(app);
    await app.write("fails", `${step}\n`);
    {
      await using workspace = await toy.open();
      await dev(workspace, { packages: ["plug-a"] });
      const error = await assertRejects(() => sync(workspace, { yes: true }), HsmError);
      assertEquals(error.code, "adapter-failed");
      assertStringIncludes(error.message, `\`toy ${step}`);
      assertStringIncludes(error.message, "exited with code 3");
      await Deno.remove(`${app.root}/fails`);
    }
    assertEquals(await textsOf(app), before);
    assertEquals(await app.exists("packages/plug-a"), true);
  });
}

Deno.test("a package manager of a script's own is judged by the check as far as packages say what they need", async () => {
  await using toy = await toyApp();
  await toy.app.write(
    "pyproject.toml",
    '[project]\nname = "app"\nversion = "0.1.0"\nrequires-python = ">=3.9"\ndependencies = ["plug-a>=2"]\n',
  );
  await using workspace = await toy.open({ readonly: true });
  const { problems, fitting } = await check(workspace);
  assertEquals(problems.map((it) => [it.code, it.severity, it.message]), [
    ["requirement-unmet", "error", "the app needs plug-a>=2, plug-a is 1.0.0"],
  ]);
  assertEquals(fitting, ["plug-b"]);
  const error = await assertRejects(() => check(workspace, { resolve: true }), HsmError);
  assertEquals(error.message, "Cannot do that here: toy cannot resolve without installing");
});

Deno.test("openWorkspace() goes by its own option, then by the manifest, then takes uv", async () => {
  await using toy = await toyApp({ manifest: `adapter: toy\n${PACKAGES}` });
  const { app, adapter } = toy;
  {
    await using workspace = await toy.open({ readonly: true });
    assertEquals([workspace.adapter.name, workspace.manifest.adapter], ["toy", "toy"]);
    assertEquals((await map(workspace)).sources.length, 2);
  }
  (await app.hsm("list")).expect({
    code: 2,
    stdout: "",
    stderr: "error: Cannot read hsm.yaml: 1 problem\n" +
      "  hsm.yaml:1:10: expected `uv`, `poetry` or `pip`, got `toy`\n" +
      "    1 | adapter: toy\n" +
      "      |          ^^^\n",
  });
  const unknown = await assertRejects(() => toy.open({ adapter: "nosuch" }), HsmError);
  assertEquals([unknown.code, unknown.message, unknown.hint], [
    "usage",
    "Cannot use the package manager nosuch: hsm has none of that name",
    "hsm has uv, poetry, pip; for another, give `openWorkspace()` an adapter",
  ]);
  await app.write("hsm.yaml", (await app.read("hsm.yaml")).replace("toy", "uv"));
  {
    await using workspace = await toy.open();
    assertEquals(workspace.adapter.name, "toy");
    await inject(workspace, await map(workspace));
    await install(workspace);
  }
  assertEquals(await installed(app), PINNED);
  await using workspace = await openWorkspace({ directory: app.root, env: app.env });
  assertEquals([workspace.adapter.name, basename(adapter.program)], ["uv", "toy"]);
});

Deno.test("a package manager that does not see what a checkout needs locks anew with anything in dev", async () => {
  for (const seesDevChanges of [true, false]) {
    await using toy = await toyApp({ more: { can: { seesDevChanges } } });
    const { app } = toy;
    const syncs = async () => {
      await using workspace = await toy.open();
      await sync(workspace, { yes: true });
    };
    await syncs();
    await app.write("fails", "lock\n");
    await syncs();
    await Deno.remove(`${app.root}/fails`);
    await app.write("hsm.local.yaml", "packages:\n  plug-a: { mode: dev }\n");
    await syncs();
    await app.write("fails", "lock\n");
    if (seesDevChanges) await syncs();
    else assertStringIncludes((await assertRejects(syncs, HsmError)).message, "`toy lock`");
  }
});

Deno.test("who uses a package manager of a script's own never reads of another one", async () => {
  await using toy = await toyApp({ manifest: "adapter: toy\n" + PACKAGES, plugins: ["plug-c"] });
  const { app, adapter } = toy;
  const computed = '[project]\nname = "plug-b"\ndynamic = ["version", "dependencies"]\n';
  await app.plugin("plug-b").commit("pyproject.toml", computed, "v1.1.0");
  await app.plugin("plug-b").commit(".gitmodules", "# none\n", "v1.2.0");
  const lines: string[] = [];
  const note = (text: string) => void lines.push(text);
  const program = { output: note, ended() {}, [Symbol.dispose]() {} };
  const reporter: Reporter = {
    ...silentReporter(),
    ...{ info: note, detail: note, warn: note, output: note, program: () => program },
  };
  const run = async (what: (workspace: Workspace) => unknown, options?: OpenWorkspaceOptions) => {
    try {
      await using workspace = await toy.open({ reporter, ...options });
      const result = await what(workspace);
      note(JSON.stringify(result, (_, it) => it instanceof Map ? [...it] : it));
    } catch (error) {
      if (!(error instanceof HsmError)) throw error;
      note(JSON.stringify([error.code, error.message, error.hint, error.causes, error.details]));
    }
  };
  const look = async () => {
    for (const task of [status, diff, check, list, map, graph, outdated, overview, history]) {
      await run((it) => task(it), { readonly: true });
    }
    const { findings } = await doctor({ directory: app.root, env: app.env, adapter });
    note(JSON.stringify(findings));
    const checks = ["toy", "sources.json"];
    assertEquals(findings.map((it) => it.check).filter((it) => checks.includes(it)), checks);
  };
  const all = ["plug-a", "plug-b"];
  await look();
  await run((it) => sync(it, { yes: true }));
  await run(async (it) => await sync(it, { yes: true, packages: await devOf(it, all) }));
  await look();
  await run((it) => sync(it, { locked: true }));
  await run((it) => prod(it, { packages: all }));
  await app.write("hsm.local.yaml", "packages: {}\n");
  await run((it) => sync(it, { locked: true }));
  await run((it) => updateEach(it));
  await run(async (it) => [await pin(it, { package: "plug-b", tag: "v1.1.0" }), await it.commit()]);
  await app.write("hsm.local.yaml", "packages:\n  plug-b: { submodules: false }\n");
  await look();
  await run((it) => check(it, { resolve: true }), { readonly: true });
  for (const step of ["lock", "sync"]) {
    await app.write("fails", `${step}\n`);
    await run((it) => sync(it));
  }
  await Deno.remove(`${app.root}/fails`);
  await run((it) => sync(it));
  await run((it) => undo(it));
  await run(async (it) => [await add(it, { packages: ["plug-c"] }), await it.commit()]);
  await run((it) => newPackage(it, { package: "plug-d" }));
  await run((it) => exec(it, { command: ["true"] }));
  await run((it) => remove(it, { packages: ["plug-c"] }));
  await app.write("toy.lock", "<<<<<<< one\n=======\n>>>>>>> other\n");
  await run((it) => sync(it));
  await Deno.remove(`${app.root}/pyproject.toml`);
  await run((it) => sync(it));
  const read = lines.join("\n");
  for (const it of ["let toy judge it", "toy lock", "toy sync", "toy makes no libraries"]) {
    assertStringIncludes(read, it);
  }
  assertEquals(lines.filter((it) => /(?<![\w-])uv(?![\w])/i.test(it)), []);
});

Deno.test("init goes by the package manager that it is given, and hsm.yaml names it", async () => {
  await using toy = await toyApp();
  const { app, adapter } = toy;
  await Deno.remove(`${app.root}/hsm.yaml`);
  const asked: string[] = [];
  const packagesIn: Adapter["packagesIn"] = (file) => {
    asked.push(file);
    const from = {
      git: app.plugin("plug-a").url,
      version: { tag: "v1.0.0" },
      mode: "prod",
    } as const;
    return Promise.resolve({ file, packages: [{ name: "plug-a", ...from }], skipped: [] });
  };
  const { manifest } = await init({
    directory: app.root,
    env: app.env,
    adapter: { ...adapter, packagesIn },
    takeOver: true,
  });
  assertEquals(asked, ["pyproject.toml"]);
  assertEquals(
    manifest.replace(app.folder, "[DIR]"),
    "# yaml-language-server: $schema=.hsm/schema.json\nadapter: toy\n" +
      "git: file://[DIR]/remotes/{name}\npackages:\n  plug-a: v1.0.0\n",
  );
  await using workspace = await toy.open();
  await sync(workspace);
  assertEquals(await installed(app).then((it) => it.length), 1);
});

Deno.test("pullApp() refuses an app that goes over to another package manager, which it could not sync", async () => {
  await using toy = await toyApp({ manifest: `adapter: toy\n${PACKAGES}` });
  const { app } = toy;
  const git = (...args: string[]) => must(["git", ...args], { cwd: app.root, env: app.env });
  {
    await using workspace = await toy.open();
    await sync(workspace);
  }
  await git("init", "-q", "-b", "main");
  await git("add", "-A");
  await git("commit", "-qm", "Begin");
  const remote = `${app.folder}/app.git`;
  await git("clone", "-q", "--bare", ".", remote);
  await git("remote", "add", "origin", remote);
  const pushed = async (from: string, to: string) => {
    await app.write("hsm.yaml", (await app.read("hsm.yaml")).replace(from, to));
    await git("commit", "-qam", "Change hsm.yaml");
    await git("push", "-q", "-u", "origin", "main");
    await git("reset", "-q", "--hard", "HEAD~");
  };
  await pushed("  plug-b: v1.0.0\n", "");
  {
    await using workspace = await toy.open();
    assertEquals((await pullApp(workspace)).state, "updated");
    assertEquals((await status(workspace)).agrees, true);
  }
  assertEquals((await installed(app)).length, 1);
  await git("commit", "-qam", "Sync");
  {
    await using workspace = await toy.open();
    await sync(workspace, { yes: true, packages: await devOf(workspace, ["plug-a"]) });
  }
  await git("commit", "-qam", "Leave a checkout in it");
  await pushed("adapter: toy", "adapter: uv");
  const before = await textsOf(app);
  await using workspace = await toy.open();
  const error = await assertRejects(() => pullApp(workspace), HsmError);
  assertEquals([error.code, error.message, error.hint], [
    "pull-refused",
    "Cannot pull the app: origin/main goes over from toy to uv",
    "`git pull` it by hand, then run `hsm sync`",
  ]);
  assertEquals(await textsOf(app), before);
  assertEquals(toy.warnings, [
    "a dev source is committed: plug-a comes from the path packages/plug-a in sources.json; " +
    "`hsm check --prod` tells",
  ]);
});

Deno.test("what a package manager of a script's own takes from a checkout is found in its files, staged or not", async () => {
  await using toy = await toyApp({ manifest: `adapter: toy\n${PACKAGES}` });
  const { app, adapter } = toy;
  const git = (...args: string[]) => must(["git", ...args], { cwd: app.root, env: app.env });
  const staged = () => checkStaged({ directory: app.root, cwd: app.root, env: app.env, adapter });
  await git("init", "-q", "-b", "main");
  const syncs = async (what: (workspace: Workspace) => unknown = () => {}) => {
    await using workspace = await toy.open();
    await what(workspace);
    await sync(workspace, { yes: true });
  };
  await syncs();
  await git("add", "-A");
  assertEquals(await staged(), { apps: ["."], problems: [] });
  await git("commit", "-qm", "Begin");
  assertEquals(await staged(), { apps: [], problems: [] });

  await syncs((it) => dev(it, { packages: ["plug-a"] }));
  const checkouts = await app.read("sources.json");
  await git("add", "-A");
  await syncs((it) => prod(it, { packages: ["plug-a"] }));
  const [, line = ""] = checkouts.split("\n").map((it) => it.trim());
  assertEquals(await staged(), {
    apps: ["."],
    problems: [{
      code: "dev-source",
      severity: "error",
      message: "plug-a comes from the path packages/plug-a",
      sides: [{ component: "plug-a", file: "sources.json", line: 2, requirement: line }],
      fix: "run `hsm prod plug-a`, and stage what has changed",
    }],
  });

  const stranger = ' "plug-d": {"kind":"path","path":"../plug-d"},';
  await app.write("sources.json", checkouts.replace("\n", `\n${stranger}\n`));
  {
    await using workspace = await toy.open({ readonly: true });
    assertEquals(
      (await check(workspace, { prod: true })).problems.map((it) => [it.message, it.fix]),
      [
        [
          "plug-d comes from the path ../plug-d in sources.json",
          "take its source out of sources.json, or name plug-d in hsm.yaml",
        ],
        ["plug-a comes from the path packages/plug-a in sources.json", "run `hsm prod plug-a`"],
      ],
    );
  }

  await git("checkout", "-q", "HEAD", "sources.json", "toy.lock");
  await app.write("hsm.yaml", (await app.read("hsm.yaml")).replace("b: v1.0.0", "b: v1.1.0"));
  await git("add", "hsm.yaml");
  assertEquals((await staged()).problems.map((it) => [it.message, it.sides.length, it.fix]), [[
    "plug-b is v1.1.0 in hsm.yaml, sources.json uses v1.0.0",
    2,
    "run `hsm sync`, and stage hsm.yaml, sources.json and the lock file together",
  ]]);
});

Deno.test("what a merge left in the files of a package manager of a script's own is told of each of them", async () => {
  await using toy = await toyApp();
  const { app } = toy;
  {
    await using workspace = await toy.open();
    await sync(workspace);
  }
  const conflict = "<<<<<<< one\n=======\n>>>>>>> other\n";
  const told = async (files: readonly string[]) => {
    for (const file of files) await app.write(file, conflict);
    const error = await assertRejects(() => toy.open({ readonly: true }), HsmError);
    return [error.code, error.message, error.hint];
  };
  const whole =
    "take one side of the lock file whole, such as `git checkout --ours -- toy.lock`, " +
    "and run `hsm sync`";
  assertEquals(await told(["toy.lock"]), [
    "lock-invalid",
    "Cannot read toy.lock: unresolved merge conflict",
    `settle sources.json first; then ${whole}`,
  ]);
  assertEquals(await told(["sources.json"]), [
    "lock-invalid",
    "Cannot read sources.json, toy.lock: unresolved merge conflict",
    "keep what is to be in sources.json, take out the lines with the marks, then `git add` it; " +
    `then ${whole}`,
  ]);
});

Deno.test("a lock file outside of the app's folder is read as its package manager has it", async () => {
  const readLock: Adapter["readLock"] = (text) =>
    Promise.resolve(text.startsWith("{") ? [] : undefined);
  await using toy = await toyApp({ more: { readLock } });
  const { app } = toy;
  {
    await using workspace = await toy.open();
    await sync(workspace);
  }
  await Deno.rename(`${app.root}/toy.lock`, `${app.folder}/toy.lock`);
  await Deno.symlink("../toy.lock", `${app.root}/toy.lock`);
  {
    await using workspace = await toy.open({ readonly: true });
    assertEquals((await status(workspace)).agrees, true);
  }
  await app.write("../toy.lock", "token = secret\n");
  const error = await assertRejects(() => toy.open({ readonly: true }), HsmError);
  assertEquals([error.code, error.message, error.causes], [
    "lock-invalid",
    "Cannot read toy.lock: it does not hold what it should",
    [],
  ]);
});

Deno.test("what a package manager of a script's own is asked of the app's files it is given all of them for", async () => {
  let refuses = false;
  const given: (string | undefined)[] = [];
  const kept = { environment: "kept", steps: undefined } as const;
  await using toy = await toyApp();
  const adapter: Adapter = {
    ...toy.adapter,
    async write(files, wanted) {
      if (refuses) throw new HsmError("pyproject-unsupported", "Cannot write that");
      return await toy.adapter.write(files, wanted);
    },
    async strangers(_locked, files) {
      given.push(await files.read("sources.json"));
      return [];
    },
    wouldInstall(_context, candidate) {
      given.push(candidate?.get("sources.json"));
      return Promise.resolve(kept);
    },
  };
  {
    await using workspace = await toy.open({ adapter });
    await sync(workspace);
  }
  const pinned = await toy.app.read("sources.json");
  assertEquals(given.length > 0 && given.every((it) => it === pinned), true);
  await toy.app.write(
    "hsm.yaml",
    PACKAGES.replace("b: v1.0.0", "b: v1.1.0").replace(
      "{remotes}",
      `file://${toy.app.folder}/remotes`,
    ),
  );
  given.length = 0;
  await using workspace = await toy.open({ adapter, readonly: true });
  await diff(workspace);
  assertStringIncludes(given.at(-1) ?? "", "v1.1.0");
  refuses = true;
  assertEquals((await check(workspace)).problems.slice(1).map((it) => [it.sides, it.fix]), [
    [[{ component: "app", file: "sources.json" }], "change sources.json"],
  ]);
});

Deno.test("what was in line is looked at again once a file of the package manager's has changed", async () => {
  const quick = { name: "toy", sync: () => Promise.resolve(true) };
  await using toy = await toyApp({ more: { quick } });
  const { app } = toy;
  const agrees = async () => {
    await using workspace = await toy.open({ readonly: true });
    return (await status(workspace)).agrees;
  };
  {
    await using workspace = await toy.open();
    await sync(workspace);
  }
  assertEquals([await app.exists(".hsm/synced.json"), await agrees()], [true, true]);
  await app.write("sources.json", "{}\n");
  assertEquals(await agrees(), false);
});

/** Takes packages into dev. */
async function devOf(workspace: Workspace, packages: readonly string[]) {
  await dev(workspace, { packages });
  return packages;
}

Deno.test("a sync asks a package manager once which its lock files are, and once what takes sources away", async () => {
  await using toy = await toyApp();
  const asked: string[] = [];
  const { lockFiles } = toy.adapter;
  const adapter: Adapter = {
    ...toy.adapter,
    lockFiles(...args) {
      asked.push("lockFiles");
      return lockFiles(...args);
    },
    sourcesOff() {
      asked.push("sourcesOff");
      return Promise.resolve([]);
    },
  };
  for (const _ of ["everything", "nothing"]) {
    await using workspace = await toy.open({ adapter });
    await sync(workspace);
    assertEquals(asked.splice(0).sort(), ["lockFiles", "sourcesOff"]);
  }
});

Deno.test("a package manager that wants all checkouts in the app's folder is not told of others", async () => {
  await using toy = await toyApp({
    manifest: PACKAGES.replace("plug-a: v1.0.0", "plug-a: { mode: dev, path: ../plug-a }"),
    more: { can: { pathOutsideRoot: false } },
  });
  await using workspace = await toy.open();
  const error = await assertRejects(() => sync(workspace, { yes: true }), HsmError);
  assertEquals([error.code, error.message, error.hint], [
    "manifest-invalid",
    "Cannot map plug-a: toy takes no checkout outside of the app's folder, such as ../plug-a",
    "take `path` of plug-a out of the manifest, or name a folder of the app",
  ]);
  assertEquals(await toy.app.exists("sources.json"), false);
});

Deno.test("a package manager that fetches nothing of Git LFS is not told to", async () => {
  await using toy = await toyApp({
    manifest: PACKAGES.replace("plug-a: v1.0.0", "plug-a: { tag: v1.0.0, lfs: true }"),
    more: { can: { fetchesLfs: false } },
  });
  await using workspace = await toy.open();
  const error = await assertRejects(() => sync(workspace, { yes: true }), HsmError);
  assertEquals([error.code, error.message, error.hint], [
    "manifest-invalid",
    "Cannot map plug-a: toy fetches nothing that Git LFS keeps",
    "take `lfs` of plug-a out of the manifest, or run `hsm dev plug-a`",
  ]);
  assertEquals(await toy.app.exists("sources.json"), false);
});

Deno.test("a package manager to which the sources of components say nothing has no conflict with them", async () => {
  const plugins = ["one", "two"].map((name) => ({
    name,
    dependencies: ["thing"],
    pyproject: `[tool.uv.sources]\nthing = { git = "https://example.com/${name}" }\n`,
  }));
  const asUv: Partial<Adapter> = {
    readMetadata: (file, setupPy) => Promise.resolve(readMetadata(file, setupPy)),
  };
  for (const more of [{}, asUv]) {
    await using toy = await toyApp({
      manifest: `${PACKAGES}  one: v1.0.0\n  two: v1.0.0\n`,
      plugins,
      more,
    });
    await using workspace = await toy.open({ readonly: true });
    const { problems } = await check(workspace);
    assertEquals(problems.map((it) => it.code), more === asUv ? ["requirements-conflict"] : []);
  }
});

Deno.test("what a script with a package manager of its own left at its crash goes back with the next command, be it one without", async () => {
  await using toy = await toyApp({ manifest: `adapter: toy\n${PACKAGES}` });
  const { app } = toy;
  const script = `
    import { inject, map, openWorkspace } from "@hsm/hsm";
    import { toyManager } from "${import.meta.resolve("../../harness/toy_manager.ts")}";
    const adapter = await toyManager("..");
    await using workspace = await openWorkspace({ adapter, command: "deno run nightly.ts" });
    await inject(workspace, await map(workspace));
    Deno.kill(Deno.pid, "SIGKILL");
  `;
  await app.write("nightly.ts", script);
  assertEquals((await runScript(app, "nightly.ts")).code, 137);
  assertEquals(await app.exists("sources.json"), true);
  // The journal says which files it was about; whose they are nobody has to know.
  (await app.hsm("status")).expect({
    code: 2,
    stdout: "",
    stderr:
      /^warning: `deno run nightly\.ts` of \S+ did not end well; restored sources\.json\nerror: Cannot read hsm\.yaml: 1 problem\n/,
  });
  assertEquals(await app.exists("sources.json"), false);
  assertEquals((await runScript(app, "nightly.ts")).code, 137);
  await using workspace = await toy.open();
  assertEquals(await app.exists("sources.json"), false);
  assertEquals(toy.warnings.map((it) => it.replace(/ of \S+ /, " ")), [
    "`deno run nightly.ts` did not end well; restored sources.json",
  ]);
  assertEquals(workspace.manifest.packages.length, 2);
});

Deno.test("a package manager of a script's own may ask for an environment, for no pyproject.toml, and find what it has edited", async () => {
  const seen = new Set<string>();
  const see = (who: string, environment: string | undefined) => seen.add(`${who}: ${environment}`);
  await using toy = await toyApp({
    manifest: `adapter: toy\nenvironment: .toy\n${PACKAGES}`,
    more: {
      can: { takesEnvironment: true, appWithoutPyproject: true },
      edited: (files) => {
        see("edited", files.environment);
        return Promise.resolve(["sources.json"]);
      },
      environment: ({ root, environment }) => {
        see("environment", environment);
        const folder = `${root}/.toy`;
        return Promise.resolve({ folder, sitePackages: [folder] });
      },
      ready: (context) => Promise.resolve(void see("ready", context.environment)),
    },
  });
  const { app } = toy;
  await Deno.remove(`${app.root}/pyproject.toml`);
  await app.write("hsm.local.yaml", "environment: $TOY\n");
  {
    await using workspace = await toy.open();
    await sync(workspace);
    assertEquals((await status(workspace)).agrees, true);
  }
  assertEquals(await installed(app), PINNED);
  assertEquals([...seen].sort(), ["edited: $TOY", "environment: $TOY", "ready: $TOY"]);
  const { adapter } = toy;
  const { findings } = await doctor({ directory: app.root, env: app.env, adapter });
  assertEquals(findings.filter((it) => it.state === "error"), []);
  // What another one has no use for is a mistake.
  await app.write("hsm.yaml", `environment: .toy\n${PACKAGES}`);
  (await app.hsm("status")).expect({
    code: 2,
    stderr:
      /^error: Cannot read hsm\.yaml and hsm\.local\.yaml: 2 problems\n.*`environment`, uv has /,
  });
});

/** Runs a file of the app. */
async function runScript(app: TestApp, file: string) {
  const args = ["run", "--quiet", "--no-prompt", "--cached-only", "--allow-all"];
  const config = `--config=${fromFileUrl(import.meta.resolve("../../../deno.json"))}`;
  const options = { cwd: app.root, env: app.env };
  return await start([Deno.execPath(), ...args, config, file], options).ended;
}
