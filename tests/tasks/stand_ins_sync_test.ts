import { assertEquals } from "@std/assert";
import { ensureDir } from "@std/fs";
import { dirname, join } from "@std/path";
import { sitePackagesOf } from "../../lib/files/site_packages.ts";
import { openWorkspace, silentReporter, sync } from "../../mod.ts";
import { APP_PYPROJECT, type AppOptions, type TestApp, testApp } from "../harness/app.ts";
import { must } from "../harness/program.ts";
import { uvProgram } from "../harness/repository.ts";

const RENEW = ["sync", "--stand-ins"];
const IN_LINE = { code: 0, stdout: "", stderr: "1 package is in line\n" };

/** An app whose checkout of my-plugin, another version than any pin, stands in for v1.0.0; `other` is at its pin. */
async function standingApp(options: AppOptions = {}): Promise<TestApp> {
  const plugins = options.plugins ?? ["my-plugin", "other"];
  const app = await testApp({ ...options, plugins });
  (await app.hsm("sync")).expect({ code: 0 });
  (await app.hsm("dev", "my-plugin", "--inject", "environment", "--yes")).expect({ code: 0 });
  await app.write("packages/my-plugin/src/my_plugin/__init__.py", `VALUE = "checkout"\n`);
  assertEquals(await standing(app), ["checkout", "my_plugin-1.0.0"]);
  return app;
}

/** Has the lock file have all plugins at a release that nobody has fetched yet, and hsm.yaml name it. */
async function movePins(app: TestApp, version: string): Promise<void> {
  for (const file of ["hsm.yaml", "pyproject.toml", "uv.lock"]) {
    const text = await app.read(file);
    await app.write(file, text.replaceAll("1.0.0", version));
  }
  const lock = await app.read("uv.lock");
  const moved = [...app.plugins].map(async ([name, repository]) => {
    await repository.release({ name, version });
    const commit = await repository.git("rev-parse", `v${version}^{commit}`);
    const old = await repository.git("rev-parse", "v1.0.0^{commit}");
    return [old.trim(), commit.trim()] as const;
  });
  const commits = await Promise.all(moved);
  await app.write("uv.lock", commits.reduce((text, [from, to]) => text.replace(from, to), lock));
}

/** What is installed. */
async function distributions(app: TestApp): Promise<readonly string[]> {
  const [site = ""] = await sitePackagesOf(join(app.root, ".venv"));
  return (await app.list(site)).filter((it) => it.endsWith(".dist-info"));
}

/** What Python imports, and what my-plugin is taken for, with `(pin)` where it is that itself. */
async function standing(app: TestApp): Promise<readonly string[]> {
  const [site = ""] = await sitePackagesOf(join(app.root, ".venv"));
  const found = (await distributions(app)).filter((it) => it.startsWith("my_plugin-"));
  const names = found.map(async (it) => {
    const isMarked = await app.exists(join(site, it, "hsm.json"));
    return `${it.replace(".dist-info", "")}${isMarked ? "" : " (pin)"}`;
  });
  const imported = app.python("import my_plugin; print(my_plugin.VALUE)").catch(() => "nothing");
  return await Promise.all([imported, ...names]);
}

/** Runs uv in the app. */
function uv(app: TestApp, ...args: string[]): Promise<string> {
  return must([uvProgram(), ...args], { cwd: app.root, env: app.env });
}

/** A uv that must not be run: it says so in a file. */
async function noUv(app: TestApp): Promise<Record<string, string>> {
  const program = join(app.folder, "bin/no-uv");
  await ensureDir(dirname(program));
  const script = `#!/bin/sh\necho "$@" >> '${app.folder}/asked'\nexit 1\n`;
  await Deno.writeTextFile(program, script, { mode: 0o755 });
  return { HSM_UV: program };
}

Deno.test("hsm sync --stand-ins runs no uv and touches no file where all stands in", async () => {
  await using app = await standingApp();
  const env = await noUv(app);

  await app.untouched(async () => {
    (await app.hsmWith(env, ...RENEW)).expect(IN_LINE);
    (await app.hsmWith(env, ...RENEW, "--quiet")).expect({ ...IN_LINE, stderr: "" });
    const run = (await app.hsmWith(env, ...RENEW, "--json")).expect({ code: 0 });
    assertEquals(run.json(), {
      checkouts: [],
      sources: [{
        package: "my-plugin",
        mode: "dev",
        source: { kind: "path", path: "packages/my-plugin" },
      }],
      injected: { changed: false, changes: [], diff: "" },
    });
  });

  assertEquals(await app.exists("../asked"), false);
});

Deno.test("hsm sync --stand-ins does nothing where nothing stands in", async () => {
  await using app = await testApp({ plugins: ["my-plugin", "other"] });
  await app.write("hsm.local.yaml", "packages:\n  other: { mode: dev }\n");

  await app.untouched(async () => {
    (await app.hsmWith(await noUv(app), ...RENEW)).expect({
      code: 0,
      stdout: "",
      stderr: "No checkout stands in for anything\n",
    });
  });

  assertEquals(await app.list("."), [".hsm", "hsm.local.yaml", "hsm.yaml", "pyproject.toml"]);
  assertEquals(await app.exists("../asked"), false);
});

Deno.test("hsm sync --stand-ins renews what a moved pin undid, without a network, and nothing else", async () => {
  await using app = await standingApp();
  await app.write("stray/pyproject.toml", APP_PYPROJECT.replace('"app"', '"stray"'));
  await app.write("stray/src/stray/__init__.py", "");
  await uv(app, "pip", "install", "-q", "./stray");
  await app.write(
    "hsm.yaml",
    `${await app.read("hsm.yaml")}verify: [python -c 'raise SystemExit(1)']\n`,
  );
  await movePins(app, "1.1.0");
  await Deno.rename(join(app.folder, "remotes"), join(app.folder, "away"));
  const others = (await distributions(app)).filter((it) => !it.startsWith("my_plugin"));
  assertEquals(others, ["other-1.0.0.dist-info", "stray-0.1.0.dist-info"]);

  await app.untouched(async () => {
    (await app.hsmWith({ UV_OFFLINE: "1" }, ...RENEW, "--quiet")).expect({
      ...IN_LINE,
      stderr: "",
    });
  });

  assertEquals(await standing(app), ["checkout", "my_plugin-1.1.0"]);
  assertEquals(await distributions(app), ["my_plugin-1.1.0.dist-info", ...others]);
  (await app.hsmWith(await noUv(app), ...RENEW)).expect(IN_LINE);
});

Deno.test("hsm sync --stand-ins renews what --reinstall and other metadata undid, and says it in uv's words", async () => {
  await using app = await standingApp();
  await uv(app, "sync", "-q", "--reinstall");
  assertEquals((await standing(app)).at(-1), "my_plugin-1.0.0 (pin)");

  (await app.hsm(...RENEW)).expect({
    ...IN_LINE,
    stderr: /my-plugin[^]*\n1 package is in line\n$/,
  });

  assertEquals(await standing(app), ["checkout", "my_plugin-1.0.0"]);
  const file = "packages/my-plugin/pyproject.toml";
  await app.write(
    file,
    `${await app.read(file)}\n[project.scripts]\nmy-command = "my_plugin:main"\n`,
  );
  (await app.hsm(...RENEW)).expect({ code: 0 });
  assertEquals(await app.exists(".venv/bin/my-command"), true);
  const run = (await app.hsm(...RENEW, "--json")).expect({ code: 0 });
  assertEquals(Object.keys(run.json()), ["checkouts", "sources", "injected"]);
});

Deno.test("hsm sync --stand-ins installs what is required by now, and not what nobody has asked for", async () => {
  const manifest = "git: {remotes}/{name}\npackages:\n  my-plugin: v1.0.0\n";
  const pyproject = `${APP_PYPROJECT}
[project.optional-dependencies]
more = ["my-plugin"]
`;
  await using app = await testApp({ plugins: ["my-plugin"], manifest, pyproject });
  (await app.hsm("sync")).expect({ code: 0 });
  await app.write("hsm.local.yaml", "packages:\n  my-plugin: { mode: dev, inject: environment }\n");
  (await app.hsm("clone", "--yes")).expect({ code: 0 });
  await app.write("packages/my-plugin/src/my_plugin/__init__.py", `VALUE = "checkout"\n`);
  assertEquals(await standing(app), ["nothing"]);

  (await app.hsm(...RENEW)).expect(IN_LINE);

  assertEquals(await standing(app), ["nothing"]);
  const required = (await app.read("pyproject.toml"))
    .replace("dependencies = []", 'dependencies = ["my-plugin"]');
  await app.write("pyproject.toml", required);
  await uv(app, "lock", "-q");
  (await app.hsm(...RENEW)).expect({ code: 0 });
  assertEquals(await standing(app), ["checkout", "my_plugin-1.0.0"]);
});

Deno.test("hsm sync --stand-ins makes no environment", async () => {
  await using app = await standingApp();
  await Deno.remove(join(app.root, ".venv"), { recursive: true });

  (await app.hsm(...RENEW)).expect(IN_LINE);

  assertEquals(await app.exists(".venv"), false);
});

Deno.test("hsm sync --stand-ins clones nothing: it says what is missing, and renews the others", async () => {
  await using app = await standingApp();
  (await app.hsm("dev", "other", "--inject", "environment", "--yes")).expect({ code: 0 });
  await Deno.remove(join(app.root, "packages/other"), { recursive: true });
  await uv(app, "sync", "-q", "--reinstall-package", "my-plugin");

  (await app.hsm(...RENEW)).expect({
    code: 0,
    stderr: /^warning: .*packages\/other.*\n[^]*1 package is in line\n$/,
  });

  assertEquals(await standing(app), ["checkout", "my_plugin-1.0.0"]);
  assertEquals(await app.list("packages"), ["my-plugin"]);
});

Deno.test("what contradicts hsm sync --stand-ins is refused", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  for (
    const [words, what] of [
      [["my-plugin"], "NAME"],
      [["--locked"], "--locked"],
      [["--dry-run"], "--dry-run"],
      [["--no-check"], "--no-check"],
      [["--no-verify"], "--no-verify"],
      [["--filter", "blob:none"], "--filter"],
      [["--", "--extra", "dev"], "what stands behind `--`"],
    ] as const
  ) {
    const { stderr } = (await app.hsm(...RENEW, ...words)).expect({ code: 2, stdout: "" });
    assertEquals(stderr.includes(`--stand-ins and ${what} exclude each other`), true, stderr);
  }
});

Deno.test("hsm sync --stand-ins fails in uv's words where the checkout does not build", async () => {
  await using app = await standingApp();
  await app.write("packages/my-plugin/pyproject.toml", `[project]\nname = "my-plugin"\n`);

  const run = await app.hsm(...RENEW, "--quiet");

  run.expect({ code: 1, stdout: "", stderr: /^[^]*error: Cannot sync the app: `uv lock` exited/ });
});

Deno.test("a script renews what stands in by sync()", async () => {
  await using app = await standingApp();
  await uv(app, "sync", "-q", "--reinstall");
  await using workspace = await openWorkspace({
    directory: app.root,
    env: { ...Deno.env.toObject(), ...app.env },
    reporter: silentReporter(),
  });

  const { synced } = await sync(workspace, { standIns: true });
  const again = await sync(workspace, { standIns: true });

  assertEquals([synced?.adapter, again.synced], ["uv", undefined]);
  assertEquals(await standing(app), ["checkout", "my_plugin-1.0.0"]);
});
