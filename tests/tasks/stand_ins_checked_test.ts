import { assertEquals } from "@std/assert";
import { apply, openWorkspace, plan, silentReporter } from "../../mod.ts";
import { type AppOptions, type TestApp, testApp } from "../harness/app.ts";
import { appWithCheckout, appWithStandIn, foundBy, statusOf, uvIn } from "../harness/stand_in.ts";

const LOCAL = "packages:\n  my-plugin: { mode: dev, inject: environment }\n";

/** An app whose checkout of my-plugin is to stand in, and that nobody has synced yet. */
async function unsynced(options: AppOptions, dependencies: readonly string[]): Promise<TestApp> {
  const app = await testApp({ ...options, files: { "hsm.local.yaml": LOCAL } });
  await app.git(".", "clone", "-q", app.plugin("my-plugin").url, "packages/my-plugin");
  const file = "packages/my-plugin/pyproject.toml";
  const text = (await app.read(file)).replace('version = "1.0.0"', 'version = "1.3.0"')
    .replace("dependencies = []", `dependencies = ${JSON.stringify(dependencies)}`);
  await app.write(file, text);
  return app;
}

/** What a check finds, one line each. */
async function problemsOf(app: TestApp, ...words: string[]): Promise<readonly string[]> {
  const { problems, fitting } = (await app.hsm("check", "--json", ...words)).json() as {
    problems: readonly { readonly severity: string; readonly message: string }[];
    fitting: readonly string[];
  };
  return [...problems.map((it) => `${it.severity}: ${it.message}`), `fits: ${fitting.join(", ")}`];
}

Deno.test("hsm check looks at what is locked and at what stands in for it, and tells once what is so in both", async () => {
  const needing = (dependency: string) => ({
    plugins: ["my-plugin", { name: "plug-b", dependencies: [dependency] }],
  });
  {
    await using app = await unsynced(needing("my-plugin>=2"), []);
    assertEquals(await problemsOf(app), [
      "error: plug-b 1.0.0 needs my-plugin>=2, my-plugin is 1.0.0",
      "fits: ",
    ]);
  }
  await using app = await unsynced(needing("my-plugin<1.2"), ["third<1"]);
  await app.write(
    "pyproject.toml",
    (await app.read("pyproject.toml")).replace("[]", '["third>=1"]'),
  );
  const [first, second] = [
    "error: plug-b 1.0.0 needs my-plugin<1.2, my-plugin is 1.3.0",
    "error: the app needs third>=1, my-plugin 1.3.0 needs third<1",
  ];
  assertEquals((await problemsOf(app)).toSorted(), [first, "fits: ", second].toSorted());
  // Others get what is locked.
  assertEquals(await problemsOf(app, "--prod"), [
    "warning: packages/my-plugin stands in for my-plugin; the app's files stay at v1.0.0",
    "fits: my-plugin, plug-b",
  ]);
});

Deno.test("hsm check --prod still sees what one developer's settings make of the app's files", async () => {
  await using app = await unsynced({ plugins: ["my-plugin"] }, []);
  await app.write("hsm.local.yaml", LOCAL.replace(" }", ", extras: [more] }"));
  assertEquals(await problemsOf(app, "--prod"), [
    "error: hsm.yaml asks for my-plugin[more], my-plugin 1.0.0 has no extras",
    "error: hsm.local.yaml gives my-plugin other extras",
    "warning: packages/my-plugin stands in for my-plugin; the app's files stay at v1.0.0",
    "fits: ",
  ]);
});

Deno.test("hsm check --prod --staged takes a checkout that stands in for everybody for no failure", async () => {
  await using app = await appWithCheckout();
  await app.git(".", "init", "-q");
  const shared = "  my-plugin: { tag: v1.0.0, mode: dev, inject: environment }";
  await app.write("hsm.yaml", (await app.read("hsm.yaml")).replace("  my-plugin: v1.0.0", shared));
  await app.git(".", "add", "-A");
  const note = "packages/my-plugin stands in for my-plugin; the app's files stay at v1.0.0";
  (await app.hsm("check", "--prod", "--staged")).expect({
    code: 0,
    stdout: `warning: ${note}\n  my-plugin  hsm.yaml\n  fix: nothing is to be done for others\n`,
    stderr: "",
  });
});

Deno.test("a plan says what it would do about checkouts that stand in, and is applied only as long as that is so", async () => {
  await using app = await appWithStandIn();
  await uvIn(app, "sync", "--reinstall");
  const open = () =>
    openWorkspace({
      directory: app.root,
      env: { ...Deno.env.toObject(), ...app.env },
      reporter: silentReporter(),
    });
  const planned = await (async () => {
    await using workspace = await open();
    return await plan(workspace);
  })();
  const change = { package: "my-plugin", path: "packages/my-plugin", for: "v1.0.0" };
  assertEquals(planned.standIns, [{ ...change, action: "renew", reason: "reinstalled" }]);
  assertEquals(planned.installs, []);
  {
    await using workspace = await open();
    const { synced } = await apply(workspace, planned);
    assertEquals(synced?.standIns, planned.standIns);
  }
  await using workspace = await open();
  const error = await apply(workspace, planned).catch((it) => it);
  assertEquals(error.causes, [
    "my-plugin is used, or would be used, in another way than it says",
    "a checkout stands in for my-plugin, or would, in another way than it says",
  ]);
});

/** A build backend whose editable installs are found by code, as those of setuptools may be. */
const FINDER = `import pathlib, zipfile
NAME, VERSION = "my_plugin", "1.3.0.dev0"
FILES = {
    "my_plugin_finder.pth": "import my_plugin_finder\\n",
    "my_plugin_finder.py": "",
    "my_plugin-1.3.0.dev0.dist-info/METADATA":
        "Metadata-Version: 2.1\\nName: my-plugin\\nVersion: 1.3.0.dev0\\n",
    "my_plugin-1.3.0.dev0.dist-info/WHEEL":
        "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
}

def build_editable(folder, settings=None, metadata=None):
    name = "my_plugin-1.3.0.dev0-py3-none-any.whl"
    record = "my_plugin-1.3.0.dev0.dist-info/RECORD"
    with zipfile.ZipFile(pathlib.Path(folder, name), "w") as wheel:
        for file, text in FILES.items():
            wheel.writestr(file, text)
        wheel.writestr(record, "".join(file + ",,\\n" for file in [*FILES, record]))
    return name
`;

Deno.test("a checkout whose folder nobody knows that Python imports from is told to be without a guard", async () => {
  await using app = await appWithCheckout();
  const place = "packages/my-plugin";
  await app.write(`${place}/backend.py`, FINDER);
  await app.write(
    `${place}/pyproject.toml`,
    `[project]
name = "my-plugin"
version = "1.3.0.dev0"

[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
`,
  );
  (await app.hsm("dev", "my-plugin", "--inject", "environment")).expect({ code: 0 });

  assertEquals((await statusOf(app)).slice(-2), [`${place}, for v1.0.0, without a guard`, "ok"]);
  const { packages: [it] } = (await app.hsm("status", "--json")).json() as {
    packages: readonly { readonly installed: { readonly origin: unknown } }[];
  };
  const origin = { kind: "stand-in", path: `[DIR]/app/${place}`, for: "v1.0.0", unguarded: true };
  assertEquals(it?.installed.origin, origin);
  assertEquals((await foundBy(app)).slice(1), [
    { check: "stand-ins", state: "ok", message: "1 checkout: my-plugin for v1.0.0" },
    {
      check: "stand-ins",
      state: "note",
      message: "my-plugin has no guard: what is installed in its place is imported",
      fix: "run `hsm sync` after whatever installs without hsm",
    },
  ]);
});
