import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { apply, diff, HsmError, openWorkspace, pin, plan, silentReporter } from "../../mod.ts";
import type { SyncPlan } from "../../mod.ts";
import type { ApplyOptions } from "../../tasks/apply.ts";
import { uvAdapter } from "../../lib/adapters/uv/adapter.ts";
import { APP_PYPROJECT, type TestApp, testApp } from "../harness/app.ts";
import { SETTINGS } from "../harness/namesake.ts";
import { must, type Running, start } from "../harness/program.ts";
import { fakeUv, waitForFile } from "../harness/fake_uv.ts";
import { uvProgram } from "../harness/repository.ts";
import { toyManager } from "../harness/toy_manager.ts";
import { writeWheel } from "../harness/wheel.ts";
import { wrapGit } from "../harness/wrap_git.ts";

type Variables = Readonly<Record<string, string>>;

/** Opens the app's workspace in this very process. */
function open(app: TestApp, readonly: boolean, env: Variables = {}) {
  return openWorkspace({
    directory: app.root,
    env: { ...Deno.env.toObject(), ...app.env, ...env },
    readonly,
    reporter: silentReporter(),
    tellsRestored: false,
  });
}

/** A plan as JSON keeps it. */
async function planned(app: TestApp, packages?: readonly string[], env?: Variables) {
  await using workspace = await open(app, true, env);
  const made = await plan(workspace, { packages });
  return JSON.parse(JSON.stringify(made)) as SyncPlan;
}

async function applied(app: TestApp, it: SyncPlan, options?: ApplyOptions, env?: Variables) {
  await using workspace = await open(app, false, env);
  return await apply(workspace, it, options);
}

/** Runs the example, which keeps its plan in plan.json in the app's folder. */
function example(app: TestApp, task: "plan" | "apply", env: Variables = {}): Running {
  return start([
    ...[Deno.execPath(), "run", "--quiet", "--cached-only", "-A"],
    `--config=${new URL("../../deno.json", import.meta.url).pathname}`,
    new URL("../../examples/plan.ts", import.meta.url).pathname,
    ...[task, "plan.json"],
  ], { cwd: app.root, env: { ...app.env, ...env } });
}

/** All that an apply may have changed. */
async function everything(app: TestApp) {
  const isThere = await app.exists(".venv");
  const checkouts = await app.exists("packages") ? await app.list("packages") : [];
  return { stakes: await app.stakes(), checkouts, freeze: isThere ? await app.freeze() : "" };
}

const MANIFEST = "git: {remotes}/{name}\npackages:\n";

Deno.test("plan() is all that hsm diff knows, and what it rests on, as data", async () => {
  await using app = await testApp({ plugins: ["moves", "dev-one", "new-one", "goes", "works"] });
  await app.plugin("moves").release({ name: "moves", version: "1.1.0" });
  const works = "  works: { tag: v1.0.0, mode: dev }\n";
  await app.write(
    "hsm.yaml",
    `${MANIFEST}  moves: v1.0.0\n  dev-one: v1.0.0\n  goes: v1.0.0\n${works}`,
  );
  (await app.hsm("sync", "--yes")).expect({ code: 0 });
  await app.write(
    "hsm.yaml",
    `${MANIFEST}  moves: v1.1.0\n  dev-one: { tag: v1.0.0, mode: dev }\n  new-one: v1.0.0\n${works}`,
  );
  const head = async (name: string, ref = "HEAD") =>
    (await app.plugin(name).git("rev-parse", `${ref}^{commit}`)).trim();

  await app.untouched(async () => {
    const found = await planned(app);
    const { selection, clones, packages, files, restsOn, problems, ...rest } = found;
    assertEquals(selection, ["moves", "dev-one", "new-one", "works"]);
    assertEquals(clones, [{
      path: "packages/dev-one",
      packages: ["dev-one"],
      git: app.plugin("dev-one").url,
      branch: "main",
      commit: await head("dev-one"),
    }]);
    await using workspace = await open(app, true);
    const shown = JSON.parse(JSON.stringify(await diff(workspace)));
    assertEquals({ ...rest, packages, diff: files.map((it) => it.diff).join("") }, {
      ...shown,
      version: 1,
    });
    assertEquals(rest.unknown, "dev-one is not cloned yet");
    assertStringIncludes(files[0]?.text ?? "", 'dev-one = { path = "packages/dev-one"');
    assertEquals(problems.map((it) => it.message), [
      "dev-one was not checked: it is not cloned yet",
    ]);
    const { files: digests, ...basis } = restsOn;
    assertEquals(basis, {
      hsm: basis.hsm,
      adapter: `uv ${
        (await must([uvProgram(), "--version"], { cwd: app.root })).split(" ")[1]!.trim()
      }`,
      root: app.root,
      pins: [
        { package: "moves", pin: "v1.1.0", commit: await head("moves", "v1.1.0") },
        { package: "new-one", pin: "v1.0.0", commit: await head("new-one") },
      ],
      checkouts: [{ path: "packages/works", commit: await head("works") }],
    });
    for (const file of ["hsm.yaml", "uv.lock", "packages/works/pyproject.toml"]) {
      assertMatch(digests[file] ?? "", /^[0-9a-f]{64}$/, file);
    }
    assertEquals(digests["hsm.local.yaml"], null);
  });
  assertEquals(await app.list("packages"), ["works"]);
});

/** Scenes in which a sync has something to do: what makes them of an app that is in line, or new. */
const SCENES: Readonly<Record<string, (app: TestApp) => Promise<unknown>>> = {
  "a first sync": () => Promise.resolve(),
  "a clone": async (app) => {
    await app.hsm("sync");
    await app.write("hsm.local.yaml", "packages:\n  plug-a: { mode: dev }\n");
  },
  "a checkout that is there": async (app) => {
    await app.hsm("sync");
    await app.git(".", "clone", "-q", app.plugin("plug-a").url, "packages/plug-a");
    await app.write("hsm.local.yaml", "packages:\n  plug-a: { mode: dev }\n");
  },
  "the way back to a pin": async (app) => {
    await app.write("hsm.local.yaml", "packages:\n  plug-a: { mode: dev }\n");
    await app.hsm("sync", "--yes");
    await Deno.remove(join(app.root, "hsm.local.yaml"));
  },
  "a pin that has moved": async (app) => {
    await app.hsm("sync");
    await app.plugin("plug-a").release({ name: "plug-a", version: "1.1.0" });
    await app.write("hsm.yaml", `${MANIFEST}  plug-a: v1.1.0\n  plug-b: v1.0.0\n`);
  },
  "a package that has left": async (app) => {
    await app.hsm("sync");
    await app.write("hsm.yaml", `${MANIFEST}  plug-b: v1.0.0\n`);
  },
  "an app that is a package": async (app) => {
    await app.write(
      "pyproject.toml",
      APP_PYPROJECT + '\n[build-system]\nrequires = ["uv_build"]\nbuild-backend = "uv_build"\n',
    );
    await app.write("src/app/__init__.py", "");
    await app.hsm("sync");
    await app.write("hsm.yaml", `${MANIFEST}  plug-b: v1.0.0\n`);
    await Deno.remove(join(app.root, ".venv"), { recursive: true });
  },
  "an environment that is gone": async (app) => {
    await app.hsm("sync");
    await Deno.remove(join(app.root, ".venv"), { recursive: true });
  },
  "nothing at all": (app) => app.hsm("sync"),
};

for (const [name, make] of Object.entries(SCENES)) {
  Deno.test(`a plan that another process applies comes to what hsm sync comes to: ${name}`, async () => {
    await using app = await testApp({ plugins: ["plug-a", "plug-b"] });
    await make(app);
    const kept = join(app.folder, "kept");
    await must(["cp", "-a", app.root, kept], { cwd: app.folder });
    const come = async () => {
      const { stakes: _, ...rest } = await everything(app);
      const heads = await Promise.all(
        rest.checkouts.map((it) => app.git(`packages/${it}`, "rev-parse", "HEAD")),
      );
      return { ...rest, heads, texts: await app.texts() };
    };

    const script = (task: "plan" | "apply") =>
      example(app, task).ended.then((it) => it.expect({ code: 0 }));
    await script("plan");
    await app.unchanged(() => name === "nothing at all" ? script("apply") : Promise.resolve());
    if (name !== "nothing at all") await script("apply");
    const byPlan = await come();
    const after = await planned(app);
    await Deno.remove(app.root, { recursive: true });
    await Deno.rename(kept, app.root);
    (await app.hsm("sync", "--yes")).expect({ code: 0 });

    assertEquals(byPlan, await come());
    assertEquals([after.different, after.files, after.installs], [false, [], []]);
  });
}

/** What an error said; whatever else is thrown is an error of the test. */
async function refusal(work: () => Promise<unknown>): Promise<HsmError> {
  const error = await work().then(() => undefined, (thrown) => thrown);
  if (!(error instanceof HsmError)) throw error ?? new Error("it was applied");
  return error;
}

function namesIn(error: HsmError): readonly string[] {
  const changes = error.details["changes"] as readonly { readonly what: string }[] | undefined;
  return [error.code, `${error.exitStatus}`, ...(changes ?? []).map((it) => it.what)];
}

/** An app with something of everything to do. */
async function busyApp(): Promise<TestApp> {
  const app = await testApp({ plugins: ["plug-a", "plug-b", "plug-c", "plug-d"] });
  const others = "  plug-b: { tag: v1.0.0, mode: dev }\n";
  await app.write("hsm.yaml", `${MANIFEST}  plug-a: v1.0.0\n${others}`);
  (await app.hsm("sync", "--yes")).expect({ code: 0 });
  await app.plugin("plug-a").release({ name: "plug-a", version: "1.1.0" });
  await app.write(
    "hsm.yaml",
    `${MANIFEST}  plug-a: v1.1.0\n${others}  plug-c: { branch: main }\n` +
      "  plug-d: { tag: v1.0.0, mode: dev }\n",
  );
  return app;
}

/** What a plan rests on: what changes it, and what apply() then names. */
const CHANGES: Readonly<Record<string, readonly [Change, ...string[]]>> = {
  "hsm.yaml is edited": [append("hsm.yaml", "# more\n"), "hsm.yaml"],
  "a package leaves hsm.yaml": [
    (app) => app.write("hsm.yaml", `${MANIFEST}  plug-a: v1.1.0\n`),
    "hsm.yaml",
  ],
  "hsm.yaml is gone wrong": [append("hsm.yaml", "nonsense: 1\n"), "manifest-invalid"],
  "hsm.local.yaml is new": [append("hsm.local.yaml", "packages: {}\n"), "hsm.local.yaml"],
  "pyproject.toml is edited": [append("pyproject.toml", "[tool.other]\n"), "pyproject.toml"],
  "HSM's lines in pyproject.toml are edited": [
    async (app) =>
      app.write(
        "pyproject.toml",
        (await app.read("pyproject.toml")).replace('tag = "v1.0.0"', 'tag = "v1.1.0"'),
      ),
    "pyproject.toml",
  ],
  "uv.lock is edited": [append("uv.lock", "# more\n"), "uv.lock"],
  "uv.lock is gone": [(app) => Deno.remove(join(app.root, "uv.lock")), "uv.lock"],
  ".gitignore is edited": [append(".gitignore", "/more/\n"), ".gitignore"],
  "a setting of uv is new": [append("uv.toml", "offline = false\n"), "uv.toml"],
  "a tag moves": [
    async (app) => {
      await app.plugin("plug-a").commit("more", "");
      await app.plugin("plug-a").git("tag", "-f", "v1.1.0");
    },
    "plug-a",
  ],
  "a tag is gone": [(app) => app.plugin("plug-a").git("tag", "-d", "v1.1.0"), "plug-a"],
  "a branch moves": [(app) => app.plugin("plug-c").commit("more", ""), "plug-c"],
  "what is to be cloned moves": [
    (app) => app.plugin("plug-d").commit("more", ""),
    "packages/plug-d",
  ],
  "what is to be cloned is there": [
    (app) => app.git(".", "clone", "-q", app.plugin("plug-d").url, "packages/plug-d"),
    ...["packages/plug-d/.git/config", "packages/plug-d/pyproject.toml", "packages/plug-d"],
  ],
  "a checkout has a new commit": [
    (app) => app.git("packages/plug-b", "commit", "-q", "--allow-empty", "-m", "more"),
    "packages/plug-b",
  ],
  "a checkout's pyproject.toml is edited": [
    append("packages/plug-b/pyproject.toml", "[tool.other]\n"),
    "packages/plug-b/pyproject.toml",
  ],
  "a checkout is gone": [
    (app) => Deno.remove(join(app.root, "packages/plug-b"), { recursive: true }),
    ...["packages/plug-b/pyproject.toml", "packages/plug-b/.git/config", "packages/plug-b"],
  ],
};

type Change = (app: TestApp) => unknown;

function append(file: string, text: string): Change {
  return async (app) =>
    app.write(file, (await app.exists(file) ? await app.read(file) : "") + text);
}

Deno.test("apply() names what has changed since the plan was made, and leaves all as it was", async (t) => {
  await using app = await busyApp();
  const it = await planned(app);
  const kept = join(app.folder, "kept");
  const folders = ["app", "remotes"];
  await Deno.mkdir(kept);
  await must(["cp", "-a", ...folders, kept], { cwd: app.folder });
  const bringBack = async () => {
    await must(["rm", "-rf", ...folders], { cwd: app.folder });
    await must(["cp", "-a", ...folders.map((it) => join(kept, it)), "."], { cwd: app.folder });
  };

  for (const [name, [change, ...names]] of Object.entries(CHANGES)) {
    await t.step(name, async () => {
      await using _ = { [Symbol.asyncDispose]: bringBack };
      await change(app);
      const before = await everything(app);
      const error = await refusal(() => applied(app, it));
      const [first] = names;
      const expected = first?.endsWith("-invalid")
        ? [first, "2"]
        : ["plan-outdated", "2", ...names];
      assertEquals(namesIn(error), expected, `${error.message}\n${error.causes.join("\n")}`);
      assertEquals(await everything(app), before);
    });
  }

  await t.step("who makes it is another", async () => {
    const before = await everything(app);
    const old = await fakeUv(app, "exit 1");
    const manager = await refusal(() => applied(app, it, {}, old));
    assertEquals(namesIn(manager), ["plan-outdated", "2", "the package manager"]);
    assertMatch(manager.causes[0] ?? "", /^the package manager is uv 99\.0\.0 now, not uv \d/);
    await using mine = await openWorkspace({
      directory: app.root,
      env: { ...Deno.env.toObject(), ...app.env },
      adapter: { ...uvAdapter(Deno.env.toObject()), name: "mine" },
      reporter: silentReporter(),
    });
    const adapter = await refusal(() => apply(mine, it));
    assertEquals(namesIn(adapter), ["plan-outdated", "2", "the package manager"]);
    await mine[Symbol.asyncDispose]();
    const restsOn = { ...it.restsOn, hsm: "0.0.1" };
    const hsm = await refusal(() => applied(app, { ...it, restsOn }));
    assertEquals(namesIn(hsm), ["plan-outdated", "2", "hsm"]);
    await must(["cp", "-a", "app", "other"], { cwd: app.folder });
    const other = await openWorkspace({
      directory: join(app.folder, "other"),
      env: { ...Deno.env.toObject(), ...app.env },
      reporter: silentReporter(),
    });
    await using _ = other;
    const root = await refusal(() => apply(other, it));
    assertEquals(namesIn(root), ["plan-outdated", "2", "the app's folder"]);
    assertEquals(await everything(app), before);
  });

  await t.step("nothing is: it is applied, and told of once", async () => {
    const mapped: string[] = [];
    await using workspace = await openWorkspace({
      directory: app.root,
      env: { ...Deno.env.toObject(), ...app.env },
      reporter: silentReporter(),
      onEvent: (event) => event.kind === "mapped" && mapped.push(event.package),
    });
    const { injected } = await apply(workspace, it);
    assertEquals(mapped, it.selection);
    assertEquals(injected.changes.length > 0, true);
    assertMatch(await app.freeze(), /plug-a @ .*\n-e .*plug-b\nplug-c @ .*\n-e .*plug-d\n/);
  });
});

Deno.test("apply() takes no plan for one that says something else", async (t) => {
  await using app = await testApp({ plugins: ["plug-a"] });
  const it = await planned(app);
  const shown = JSON.parse((await app.hsm("diff", "--json")).stdout);
  const [file] = it.files;
  const values: Readonly<Record<string, readonly [unknown, readonly string[]]>> = {
    "nothing": [null, ["plan-invalid", "2"]],
    "a list": [[it], ["plan-invalid", "2"]],
    "what hsm diff prints": [shown, ["plan-invalid", "2"]],
    "half a plan": [{ ...it, restsOn: {} }, ["plan-invalid", "2"]],
    "a format that is none": [{ ...it, version: "1" }, ["plan-invalid", "2"]],
    "a newer format": [{ version: 2 }, ["newer-format", "2"]],
    "a text": [
      { ...it, files: [{ ...file, text: `${file?.text}# more\n` }] },
      ["plan-outdated", "2", "pyproject.toml", ".gitignore"],
    ],
    "a file more": [
      { ...it, files: [...it.files, { file: "../more", text: "", diff: "" }] },
      ["plan-outdated", "2", "../more"],
    ],
    "what is not to be seen": [{ ...it, packages: [] }, ["plan-outdated", "2", "plug-a"]],
    "a clone": [
      { ...it, clones: [{ path: "../more", git: app.plugin("plug-a").url, commit: null }] },
      ["plan-outdated", "2", "../more"],
    ],
    "what is installed": [{ ...it, installs: [] }, ["plan-outdated", "2", "plug-a"]],
    "lists of nothing": [
      { ...it, files: [null, 1], packages: [null], clones: ["x"] },
      ["plan-outdated", "2", "undefined"],
    ],
  };
  for (const [name, [value, names]] of Object.entries(values)) {
    await t.step(name, () =>
      app.untouched(async () => {
        const error = await refusal(() => applied(app, value as SyncPlan));
        assertEquals(namesIn(error), names, error.causes.join("\n"));
      }));
  }
  await t.step("another order of its keys is no other plan", async () => {
    const turned = JSON.parse(
      JSON.stringify(
        it,
        (_, value) =>
          value === null || Array.isArray(value) || typeof value !== "object"
            ? value
            : Object.fromEntries(Object.entries(value).toReversed()),
      ),
    );
    await applied(app, turned);
    assertMatch(await app.freeze(), /^plug-a @ /m);
  });
});

Deno.test("apply() is told to apply a plan with errors, or does not", async () => {
  const plugin = { name: "plug-a", dependencies: ["plug-b>=2"] };
  await using app = await testApp({ plugins: [plugin, "plug-b"] });
  const it = await planned(app);
  assertEquals(it.problems.map((problem) => [problem.severity, problem.code]), [[
    "error",
    "requirement-unmet",
  ]]);

  await app.untouched(async () => {
    const error = await refusal(() => applied(app, it));
    assertEquals([error.code, error.exitStatus], ["packages-incompatible", 2]);
  });
  // uv is of the same opinion.
  await app.unchanged(async () => {
    const other = await refusal(() => applied(app, it, { noCheck: true }));
    assertEquals(other.code, "uv-failed");
  });
});

/** The real uv, but for what a shell script does before it locks. */
async function beforeLocking(app: TestApp, script: string): Promise<Variables> {
  const path = join(app.folder, "locking-uv");
  const text = `#!/bin/sh
case "$*" in
  "lock --"*) ;;
  lock*) ${script};;
esac
exec ${uvProgram()} "$@"
`;
  await Deno.writeTextFile(path, text, { mode: 0o755 });
  return { HSM_UV: path };
}

/** An app with a requirement that comes from a folder of wheels. */
async function appWithWheel(): Promise<TestApp> {
  const app = await testApp({
    plugins: ["plug-a"],
    pyproject: APP_PYPROJECT.replace("[]", '["alpha"]') +
      '\n[tool.uv]\nno-index = true\nfind-links = ["../links"]\n',
  });
  // What pyproject.toml says of indexes counts as well.
  Object.assign(app.env, SETTINGS);
  await Deno.mkdir(join(app.folder, "links"));
  await writeWheel(join(app.folder, "links"), "alpha", "1.0");
  return app;
}

Deno.test("apply() installs what the plan says and nothing else", async () => {
  await using app = await appWithWheel();
  const links = join(app.folder, "links");
  const later = join(app.folder, "later");
  await Deno.mkdir(later);
  await writeWheel(later, "alpha", "2.0");
  const comes = await beforeLocking(app, `cp ${later}/* ${links}`);
  const it = await planned(app, undefined, comes);
  assertEquals([it.environment, it.unknown], ["made", undefined]);
  assertEquals(it.installs?.map((step) => step.what.split(" ")[0]), ["alpha==1.0", "plug-a"]);

  // It comes once everything has been looked at.
  await app.unchanged(async () => {
    const error = await refusal(() => applied(app, it, {}, comes));
    assertEquals(namesIn(error), ["plan-outdated", "1", "alpha", "alpha"]);
    assertEquals(error.causes, [
      "a sync would now install alpha==2.0",
      "a sync would no longer install alpha==1.0",
    ]);
  });
  assertEquals(await app.exists(".venv"), false);

  // It has come before.
  await app.unchanged(async () => {
    const error = await refusal(() => applied(app, it, {}, comes));
    assertEquals(namesIn(error), ["plan-outdated", "2", "alpha", "alpha"]);
  });

  await Deno.remove(join(links, "alpha-2.0-py3-none-any.whl"));
  await applied(app, it, {}, await beforeLocking(app, ":"));
  assertMatch(await app.freeze(), /^alpha==1\.0$/m);

  // Somebody else has installed something.
  await Deno.remove(join(app.root, "hsm.yaml"));
  await app.write("hsm.yaml", "packages: {}\n");
  const without = await planned(app);
  assertEquals(without.installs?.map((step) => step.action), ["uninstall"]);
  await must([uvProgram(), "pip", "uninstall", "-q", "plug-a"], { cwd: app.root, env: app.env });
  await app.untouched(async () => {
    const error = await refusal(() => applied(app, without));
    assertEquals(namesIn(error), ["plan-outdated", "2", "plug-a", "plug-a"]);
  });
});

Deno.test("apply() ends where a clone is another than the plan says, and says that it stays", async () => {
  await using app = await testApp({
    plugins: ["plug-a"],
    manifest: `${MANIFEST}  plug-a: { tag: v1.0.0, mode: dev }\n`,
  });
  const it = await planned(app);
  const remote = app.plugin("plug-a").path;
  const commit = `'${Deno.env.get("PATH")}' git -C ${remote} commit -q --allow-empty -m more`;
  const moves = await wrapGit(app, { clone: `PATH=${commit}` });

  await app.unchanged(async () => {
    const error = await refusal(() => applied(app, it, {}, moves));
    assertEquals(namesIn(error), ["plan-outdated", "1", "packages/plug-a"]);
    assertMatch(error.causes[0] ?? "", /^the clone in packages\/plug-a is at \w{7}, not at \w{7}$/);
    assertEquals(error.details["clones"], ["packages/plug-a"]);
  });
  assertEquals(await app.exists("packages/plug-a/.git"), true);
});

Deno.test("apply() that is ended or killed leaves all as it was, and the plan as good as before", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  const begun = join(app.folder, "begun");
  const slow = await beforeLocking(app, `touch ${begun}; sleep 3`);
  (await example(app, "plan", slow).ended).expect({ code: 0 });

  for (const signal of ["SIGINT", "SIGKILL"] as const) {
    await app.unchanged(async () => {
      const run = example(app, "apply", slow);
      await waitForFile(begun);
      assertStringIncludes(await app.read("pyproject.toml"), "[tool.hsm]");
      run.kill(signal);
      const { code, stderr } = await run.ended;
      assertEquals(code, signal === "SIGINT" ? 130 : 137, stderr);
      await Deno.remove(begun);
      // Whoever comes next brings back what a killed run could not.
      (await app.hsm("diff")).expect({ code: 0 });
    });
  }

  const first = example(app, "apply", slow);
  await waitForFile(begun);
  const kept = JSON.parse(await app.read("plan.json"));
  const second = await refusal(() => applied(app, kept, {}, slow));
  assertEquals([second.code, second.exitStatus], ["workspace-locked", 1]);
  (await first.ended).expect({ code: 0, stdout: "0 cloned, 2 changes\n" });
});

Deno.test("a plan of some packages, and of what is staged, is of just that", async () => {
  await using app = await testApp({ plugins: ["plug-a", "plug-b"] });
  (await app.hsm("sync")).expect({ code: 0 });
  for (const name of ["plug-a", "plug-b"]) {
    await app.plugin(name).release({ name, version: "1.1.0" });
  }
  await app.write("hsm.yaml", `${MANIFEST}  plug-a: v1.1.0\n  plug-b: v1.1.0\n`);

  const some = await planned(app, ["plug-a"]);
  assertEquals([some.selection, some.packages.map((it) => it.package)], [["plug-a"], ["plug-a"]]);
  await applied(app, some);
  assertMatch(await app.read("uv.lock"), /name = "plug-a"\nversion = "1\.1\.0"/);
  assertMatch(await app.read("uv.lock"), /name = "plug-b"\nversion = "1\.0\.0"/);

  await app.write("hsm.yaml", `${MANIFEST}  plug-a: v1.1.0\n  plug-b: v1.0.0\n`);
  await using workspace = await open(app, false);
  await pin(workspace, { package: "plug-a", tag: "v1.0.0" });
  const staged = await plan(workspace);
  await app.untouched(async () => {
    await using other = await open(app, true);
    const error = await refusal(() => apply(other, staged));
    assertEquals(namesIn(error), ["plan-outdated", "2", "hsm.yaml"]);
  });
  await apply(workspace, staged);
  assertMatch(await app.read("hsm.yaml"), /plug-a: v1\.0\.0/);
  assertMatch(await app.read("uv.lock"), /name = "plug-a"\nversion = "1\.0\.0"/);
});

Deno.test("a plan with a package manager that tells nothing in advance says so, and is applied", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  const adapter = await toyManager(app.folder);
  const told: string[] = [];
  const of = (readonly: boolean) =>
    openWorkspace({
      directory: app.root,
      env: { ...Deno.env.toObject(), ...app.env },
      readonly,
      adapter,
      reporter: { ...silentReporter(), info: (message) => told.push(message) },
    });
  let it: SyncPlan;
  {
    await using workspace = await of(true);
    it = JSON.parse(JSON.stringify(await plan(workspace)));
  }
  assertEquals([it.restsOn.adapter, it.environment, it.installs], ["toy", undefined, undefined]);
  assertEquals(it.files.map((planned) => planned.file), ["sources.json", ".gitignore"]);
  await using workspace = await of(false);
  await apply(workspace, it);
  assertEquals(await app.read("sources.json"), it.files[0]?.text);
  assertEquals(told, ["The plan does not say what is installed"]);
});
