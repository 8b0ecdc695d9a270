import { assertEquals } from "@std/assert";
import { inject, install, map, openWorkspace, silentReporter } from "../../mod.ts";
import { APP_PYPROJECT, type TestApp } from "../harness/app.ts";
import { appWithStandIn, foundBy, statusOf, uvIn } from "../harness/stand_in.ts";
import { writeWheel } from "../harness/wheel.ts";

Deno.test("every command tells of a checkout that stands in what it is and what it is for", async () => {
  await using app = await appWithStandIn();
  const commit = (await app.git("packages/my-plugin", "rev-parse", "HEAD")).trim();
  const other = (await app.plugin("plug-b").git("rev-parse", "HEAD")).trim().slice(0, 7);
  const remote = `file://[DIR]/remotes/my-plugin`;
  const expect = async (words: string, stdout: string, stderr = "") => {
    const args = words.split(" ").filter((it) => it !== "");
    (await app.hsm(...args)).expect({ code: 0, stdout, stderr });
  };
  await app.untouched(async () => {
    await expect(
      "status",
      `package    mode  pin     checkout                  installed                       state
my-plugin  dev   v1.0.0  main 1.3.0.dev0, 1 ahead  packages/my-plugin, for v1.0.0  ok
plug-b     prod  v1.0.0  -                         1.0.0 ${other}                   ok
`,
    );
    await expect(
      "map",
      `my-plugin  dev   packages/my-plugin, for ${remote} @ v1.0.0
plug-b     prod  file://[DIR]/remotes/plug-b @ v1.0.0
`,
    );
    await expect(
      "graph",
      `app
├── my-plugin  dev: packages/my-plugin, for v1.0.0
└── plug-b  prod: v1.0.0
`,
    );
    await expect("diff", "", "A sync would change nothing\n");
    await expect("sync --dry-run", "", "pyproject.toml matches hsm.yaml\n");
    await expect("check", "2 packages fit\n");
    await expect("outdated", "", "Every package is at its newest release\n");
    await expect(
      "check --prod",
      `warning: packages/my-plugin stands in for my-plugin; the app's files stay at v1.0.0
  my-plugin  hsm.local.yaml
  fix: nothing is to be done for others

1 warning, 2 packages fit
`,
    );
    await expect(
      "",
      `2 packages: 1 in prod, 1 in dev (my-plugin)
standing in for what pyproject.toml says: my-plugin
pyproject.toml matches hsm.yaml

Next: \`hsm status\` shows the state of each package
`,
    );
  });
  assertEquals(await foundBy(app), [
    { check: "environment", state: "ok", message: "it is what uv.lock says, but for stand-ins" },
    { check: "stand-ins", state: "ok", message: "1 checkout: my-plugin for v1.0.0" },
  ]);
  const [status] = ((await app.hsm("status", "--json", "my-plugin")).json() as {
    packages: readonly unknown[];
  }).packages;
  assertEquals(status, {
    package: "my-plugin",
    mode: "dev",
    pin: { tag: "v1.0.0" },
    checkout: {
      path: "packages/my-plugin",
      state: "present",
      commit,
      branch: "main",
      upstream: "origin/main",
      ahead: 1,
      behind: 0,
      dirty: 0,
      stashes: 0,
    },
    installed: {
      version: "1.3.0.dev0",
      origin: { kind: "stand-in", path: "[DIR]/app/packages/my-plugin", for: "v1.0.0" },
    },
    drift: [],
  });
  const source = { kind: "git", git: remote, tag: "v1.0.0" };
  assertEquals((await app.hsm("map", "--json", "my-plugin")).json(), {
    sources: [{ package: "my-plugin", mode: "dev", source }],
    standIns: [{ package: "my-plugin", path: "packages/my-plugin", for: source }],
  });
  assertEquals((await app.hsm("list", "--json", "my-plugin")).json(), {
    packages: [{
      package: "my-plugin",
      mode: "dev",
      inject: "environment",
      pin: { tag: "v1.0.0" },
      git: remote,
      path: "packages/my-plugin",
    }],
  });
  const { nodes } = (await app.hsm("graph", "--json")).json() as { nodes: readonly unknown[] };
  assertEquals(nodes[1], {
    name: "my-plugin",
    mode: "dev",
    from: "packages/my-plugin",
    for: "v1.0.0",
  });
  assertEquals((await app.hsm("--json")).json(), {
    root: "[DIR]/app",
    prod: ["plug-b"],
    dev: ["my-plugin"],
    standIns: ["my-plugin"],
    missing: [],
    upToDate: true,
    installed: true,
  });
});

/** An app that requires a package from an index, which the manifest names without a pin. */
const WITHOUT_PIN = {
  plugins: ["my-plugin", "plug-none"],
  manifest: `git: {remotes}/{name}\npackages:\n  my-plugin: { inject: environment }\n`,
  pyproject: `${APP_PYPROJECT.replace("[]", '["my-plugin==0.9.0"]')}
[[tool.uv.index]]
name = "local"
url = "../index"
format = "flat"
default = true
`,
  env: { UV_NO_CONFIG: "0" },
};

Deno.test("a package without a pin is the app's own affair: a checkout stands in for what is locked", async () => {
  const prepare = async (app: TestApp) => {
    await Deno.mkdir(`${app.folder}/index`);
    await writeWheel(`${app.folder}/index`, "my-plugin", "0.9.0");
  };
  await using app = await appWithStandIn({ ...WITHOUT_PIN, prepare });
  const place = "packages/my-plugin";
  assertEquals(await app.read("pyproject.toml"), WITHOUT_PIN.pyproject);
  assertEquals(await statusOf(app), [
    ...["dev", "-", "main 1.3.0.dev0, 1 ahead", `${place}, for 0.9.0`, "ok"],
  ]);
  (await app.hsm("map")).expect({
    code: 0,
    stdout: `my-plugin  dev  ${place}, for what is locked\n`,
  });
  assertEquals((await app.hsm("map", "--json")).json(), {
    sources: [],
    standIns: [{ package: "my-plugin", path: place }],
  });
  (await app.hsm("graph")).expect({
    code: 0,
    stdout: `app\n└── my-plugin ==0.9.0  dev: ${place}, for what is locked\n`,
  });
  (await app.hsm("sync")).expect({ code: 0, stderr: "1 package is in line\n" });
  (await app.hsm("check", "--prod")).expect({
    code: 0,
    stdout: `warning: ${place} stands in for my-plugin; the app's files stay as they are without it
  my-plugin  hsm.local.yaml
  fix: nothing is to be done for others

1 warning, 1 package fits
`,
  });

  (await app.hsm("prod", "my-plugin")).expect({ code: 0, stdout: "my-plugin  dev → prod\n" });

  assertEquals(await app.read("pyproject.toml"), WITHOUT_PIN.pyproject);
  assertEquals(await statusOf(app), ["prod", "-", "-", "0.9.0", "ok"]);
  (await app.hsm("map")).expect({ code: 0, stdout: "my-plugin  prod  what is locked\n" });
  (await app.hsm("graph")).expect({ code: 0, stdout: "app\n└── my-plugin ==0.9.0  prod: 0.9.0\n" });
  (await app.hsm("outdated")).expect({
    code: 0,
    stdout: "my-plugin  -  left alone: the app's own files say its version\n",
  });
  // Nobody brings this one.
  await app.write("hsm.yaml", `${WITHOUT_PIN.manifest}  plug-none: { inject: environment }\n`);
  const nowhere = "has no pin, and nothing is locked of it: run `hsm check`";
  assertEquals((await statusOf(app, "plug-none")).at(-1), nowhere);
  await app.untouched(async () => {
    (await app.hsm("dev", "plug-none", "--yes")).expect({
      code: 2,
      stderr:
        /\n {2}error: packages\/plug-none is to stand in for plug-none, which has no pin and is not in uv\.lock\n {4}plug-none {2}hsm\.yaml\n {4}fix: let the app require plug-none, or run `hsm dev plug-none --inject pyproject`\n/,
    });
  });
  await app.unchanged(async () => {
    (await app.hsm("dev", "plug-none", "--no-check")).expect({
      code: 1,
      stderr:
        /^error: Cannot let packages\/plug-none stand in for plug-none: it has no pin, and nothing is locked of it$/m,
    });
  });
  (await app.hsm("dev", "plug-none", "--inject", "pyproject")).expect({ code: 0 });
  (await app.hsm("remove", "my-plugin")).expect({ code: 0, stderr: /^(?!.*still required)/m });
});

Deno.test("a script maps, injects and installs with a checkout that stands in", async () => {
  await using app = await appWithStandIn();
  await uvIn(app, "sync", "--reinstall");
  await app.unchanged(async () => {
    await using workspace = await openWorkspace({
      directory: app.root,
      env: { ...Deno.env.toObject(), ...app.env },
      reporter: silentReporter(),
    });
    const { sources, standIns } = await map(workspace);
    const { changed } = await inject(workspace, { sources });
    const installed = await install(workspace);
    assertEquals(standIns?.map((it) => it.path), ["packages/my-plugin"]);
    assertEquals(changed, false);
    assertEquals(installed.standIns?.map((it) => it.reason), ["reinstalled"]);
  });
});
