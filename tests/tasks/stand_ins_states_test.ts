import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { TestApp } from "../harness/app.ts";
import { must } from "../harness/program.ts";
import { uvProgram } from "../harness/repository.ts";
import { StandInApp } from "../harness/stand_ins.ts";

const STANDING = {
  "my-plugin": { kind: "stand-in", path: "[DIR]/app/packages/my-plugin", for: "v1.0.0" },
};

const VALUE = "import my_plugin; print(my_plugin.VALUE)";

/** What may be the matter with a stand-in, made by hand in the folder of its metadata. */
const STATES: Readonly<
  Record<string, (site: string, info: string, it: StandInApp) => Promise<unknown>>
> = {
  "its mark is gone": (_, info) => Deno.remove(join(info, "hsm.json")),
  "its mark is none": (_, info) => Deno.writeTextFile(join(info, "hsm.json"), "{"),
  "its mark is a newer HSM's": async (_, info) => {
    const mark = JSON.parse(await Deno.readTextFile(join(info, "hsm.json")));
    await Deno.writeTextFile(join(info, "hsm.json"), JSON.stringify({ ...mark, version: 99 }));
  },
  "its mark names another folder": async (_, info) => {
    const mark = JSON.parse(await Deno.readTextFile(join(info, "hsm.json")));
    await Deno.writeTextFile(join(info, "hsm.json"), JSON.stringify({ ...mark, path: "/other" }));
  },
  "it stands in for another commit": async (_, info) => {
    const direct = await Deno.readTextFile(join(info, "direct_url.json"));
    const other = direct.replace(/[\da-f]{40}/, "0123456789012345678901234567890123456789");
    await Deno.writeTextFile(join(info, "direct_url.json"), other);
  },
  "it stands in for another version": (site, info) =>
    Deno.rename(info, join(site, "my_plugin-0.9.dist-info")),
  "there is another one": async (site) => {
    await Deno.mkdir(join(site, "my_plugin-0.9.dist-info"));
    await Deno.writeTextFile(
      join(site, "my_plugin-0.9.dist-info/METADATA"),
      "Metadata-Version: 2.1\nName: my-plugin\nVersion: 0.9\n",
    );
    await Deno.writeTextFile(join(site, "my_plugin-0.9.dist-info/RECORD"), "");
  },
  "its metadata folder is gone": (_, info) => Deno.remove(info, { recursive: true }),
  "the checkout has other metadata": async (_site, _info, { app }) => {
    const file = "packages/my-plugin/setup.cfg";
    await app.write(file, "[metadata]\n");
  },
};

Deno.test("whatever is the matter with a stand-in, hsm status tells it and hsm sync mends it", async () => {
  await using it = await StandInApp.make();
  const { app } = it;
  await it.dev("my-plugin");
  const site = await it.site();
  for (const [where, make] of Object.entries(STATES)) {
    assertEquals(await it.status(), STANDING, `before ${where}`);
    await make(site, join(site, "my_plugin-1.0.0.dist-info"), it);
    assertEquals(await it.status(), { "my-plugin": ["environment"] }, where);
    (await app.hsm("sync")).expect({ code: 0 });
    await it.assertStanding("my-plugin", where);
    assertEquals(await it.status(), STANDING, where);
    assertEquals(
      await it.installed(),
      ["_hsm.pth", "my_plugin-1.0.0.dist-info", "my_plugin.pth"],
      where,
    );
    await it.assertClean(where);
  }
  (await app.hsm("prod", "my-plugin")).expect({ code: 0 });
  await it.assertFresh();
});

Deno.test("hsm prod finds a stand-in that has no guard any more, and hsm sync writes that again", async () => {
  await using it = await StandInApp.make();
  const { app } = it;
  await it.dev("my-plugin");
  const guard = join(await it.site(), "_hsm.pth");
  await Deno.remove(guard);
  assertEquals(await it.status(), STANDING);
  (await app.hsm("sync", "--", "--inexact")).expect({ code: 0 });
  assertEquals((await Deno.stat(guard)).isFile, true);
  await Deno.remove(guard);
  (await app.hsm("prod", "my-plugin")).expect({ code: 0 });
  assertEquals(await it.imported("my-plugin"), "1.0.0 1.0.0");
  await it.assertFresh();
});

Deno.test("a checkout that is gone is told, and cloned again; one that is moved is found", async () => {
  await using it = await StandInApp.make();
  const { app } = it;
  await it.dev("my-plugin");
  const checkout = join(app.root, "packages/my-plugin");
  await Deno.remove(checkout, { recursive: true });
  assertEquals(await it.status(), { "my-plugin": ["checkout"] });
  (await app.hsm("sync")).expect({ code: 2, stderr: /packages\/my-plugin is missing/ });
  (await app.hsm("sync", "--yes")).expect({ code: 0 });
  await it.assertStanding("my-plugin", "cloned again");

  const local = await app.read("hsm.local.yaml");
  await app.write("hsm.local.yaml", `${local}    path: elsewhere\n`);
  await Deno.rename(checkout, join(app.root, "elsewhere"));
  assertEquals(await it.status(), { "my-plugin": ["environment"] });
  (await app.hsm("sync")).expect({ code: 0 });
  await it.assertStanding("my-plugin", "moved");
  assertEquals(await it.status(), {
    "my-plugin": { ...STANDING["my-plugin"], path: "[DIR]/app/elsewhere" },
  });
});

Deno.test("in an app that was copied or moved the stand-ins are the old folder's, which is told and mended", async () => {
  await using it = await StandInApp.make();
  const { app } = it;
  await it.dev("my-plugin");
  const copy = new TestApp(app.folder, app.env);
  Object.defineProperty(copy, "root", { value: join(app.folder, "copy") });
  await must(["cp", "-a", app.root, copy.root], { cwd: app.folder, env: app.env });
  await copy.write("packages/my-plugin/src/my_plugin/__init__.py", 'VALUE = "copied"\n');
  assertEquals(await copy.python(VALUE), "1.3.0.dev0");
  const drift = async (where: TestApp) => {
    const { packages } = (await where.hsm("status", "--json")).json() as {
      readonly packages: readonly { readonly drift: readonly { readonly kind: string }[] }[];
    };
    return packages[0]!.drift.map(({ kind }) => kind);
  };
  assertEquals(await drift(copy), ["environment"]);
  (await copy.hsm("sync")).expect({ code: 0 });
  assertEquals(await copy.python(VALUE), "copied");
  assertEquals(await drift(copy), []);
  // The one that it was copied from is as it was.
  assertEquals(await it.status(), STANDING);
  await it.assertStanding("my-plugin");

  const moved = join(app.folder, "moved");
  await Deno.rename(copy.root, moved);
  Object.defineProperty(copy, "root", { value: moved });
  assertEquals(await drift(copy), ["environment"]);
  (await copy.hsm("sync")).expect({ code: 0 });
  assertEquals(await copy.python(VALUE), "copied");
  assertEquals(await drift(copy), []);
  (await copy.hsm("prod", "my-plugin")).expect({ code: 0 });
  assertEquals(await copy.python(VALUE), "1.0.0");
});

Deno.test("checkouts stand in in the environment that UV_PROJECT_ENVIRONMENT names", async () => {
  const env = { UV_PROJECT_ENVIRONMENT: "environments/one" };
  await using it = await StandInApp.make({ plugins: ["my-plugin"], env });
  const { app } = it;
  await app.write(".gitignore", `${await app.read(".gitignore")}environments/\n`);
  await it.commit("Ignore environments");
  await it.dev("my-plugin");
  assertEquals(await app.exists(".venv"), false);
  await it.assertStanding("my-plugin");
  await it.uv("sync");
  await it.assertStanding("my-plugin");
  assertEquals(await it.status(), STANDING);
  // In another one nothing stands in yet.
  const two = { UV_PROJECT_ENVIRONMENT: "environments/two" };
  (await app.hsmWith(two, "status", "--exit-code")).expect({ code: 1 });
  (await app.hsmWith(two, "sync")).expect({ code: 0 });
  const python = join(app.root, "environments/two/bin/python");
  assertEquals(await must([python, "-c", VALUE], { cwd: app.root }), "1.3.0.dev0\n");
  (await app.hsm("prod", "my-plugin")).expect({ code: 0 });
  await it.assertFresh();
  // Nor does it leave there before a sync.
  assertEquals(await must([python, "-c", VALUE], { cwd: app.root }), "1.3.0.dev0\n");
  (await app.hsmWith(two, "status", "--exit-code")).expect({ code: 1 });
  (await app.hsmWith(two, "sync")).expect({ code: 0 });
  assertEquals(await must([python, "-c", VALUE], { cwd: app.root }), "1.0.0\n");
});

Deno.test("a new environment with another Python is one in which the checkout stands in", async () => {
  await using it = await StandInApp.make();
  const { app } = it;
  await it.dev("my-plugin");
  const listed = await must(
    [uvProgram(), "python", "list", "--only-installed", "--output-format", "json"],
    { cwd: app.root, env: { ...app.env, UV_PYTHON_INSTALL_DIR: join(app.folder, "none") } },
  );
  const versions = new Set(
    (JSON.parse(listed) as readonly { readonly version: string }[])
      .map(({ version }) => /^3\.\d+/.exec(version)?.[0])
      .filter((it) => it !== undefined && Number(it.slice(2)) >= 9),
  );
  const current = await app.python("import sys; print('%d.%d' % sys.version_info[:2])");
  versions.delete(current);
  const [other] = versions;
  if (other === undefined) return console.log("another Python: skipped, there is only one");
  const env = { UV_PYTHON: other };
  assert((await app.hsmWith(env, "status", "--exit-code")).code === 1);
  (await app.hsmWith(env, "sync")).expect({ code: 0 });
  assertStringIncludes(await app.python("import sys; print(sys.version)"), `${other}.`);
  await it.assertStanding("my-plugin");
  await it.assertClean();
  (await app.hsmWith(env, "prod", "my-plugin")).expect({ code: 0 });
  assertEquals(await it.imported("my-plugin"), "1.0.0 1.0.0");
});
