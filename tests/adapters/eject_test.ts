/** What is left of an app without hsm, for each package manager: it works by that alone. */

import { assertEquals, assertMatch } from "@std/assert";
import { dirname, join } from "@std/path";
import type { TestApp } from "../harness/app.ts";
import { testApp } from "../harness/app.ts";
import { WAY_BACK } from "../harness/managers.ts";
import { pipCache, pipProgram } from "../harness/pip.ts";
import { must } from "../harness/program.ts";
import { uvProgram } from "../harness/repository.ts";

const PLUGINS = [
  { name: "plug-a" },
  { name: "plug-c", dependencies: ["plug-t>=1"] },
  { name: "plug-t" },
] as const;

const PACKAGES = `packages:
  plug-a: v1.0.0
  plug-c: { tag: v1.0.0, mode: dev }
  plug-t: { tag: v1.0.0, require: false }
`;

/** What says in a file that anything in it is hsm's. */
const MARKS = /\[tool\.hsm\]|by hsm|hsm sync/i;

const run = ({ root: cwd, env }: TestApp, ...command: string[]) => must(command, { cwd, env });

/** How the package manager brings a new environment to what is locked, without hsm. */
const ALONE: Readonly<Record<string, (app: TestApp) => Promise<void>>> = {
  uv: async (app) => void await run(app, uvProgram(), "sync", "--locked", "--quiet"),
  poetry: async (app) => {
    await run(app, "poetry", "check", "--lock");
    await run(app, "poetry", "sync", "--quiet");
  },
  pip: async (app) => {
    const [uv, python] = [uvProgram(), join(app.root, ".venv")];
    await run(app, uv, "venv", "--quiet", python);
    const args = ["--preview-features", "pylock", "--no-sources", "--quiet", "-p", python];
    await run(app, uv, "pip", "sync", ...args, "pylock.hsm.toml");
  },
};

for (const { label, name, app: make } of WAY_BACK.filter((it) => it.environment === undefined)) {
  Deno.test(`${label}: hsm eject leaves an app that works without hsm, and undo takes it back`, async () => {
    await using app = await make({
      dependencies: ["idna"],
      plugins: PLUGINS,
      manifest: PACKAGES,
    });
    (await app.hsm("sync", "--yes")).expect({ code: 0 });
    await app.write("packages/plug-c/src/plug_c/__init__.py", 'VALUE = "edited"\n');
    const before = await app.texts();
    const frozen = await app.freeze();

    (await app.hsm("eject")).expect({ code: 0 });

    const after = await app.texts();
    const marked = Object.entries(after).filter(([, it]) => MARKS.test(it ?? ""));
    assertEquals(marked, []);
    assertEquals([after["hsm.yaml"], after["hsm.local.yaml"]], [null, null]);
    assertEquals(await app.freeze(), frozen);
    await Deno.remove(join(app.root, ".venv"), { recursive: true });
    await ALONE[name]!(app);
    assertEquals(await app.freeze(), frozen);
    assertEquals(await app.python("import plug_c; print(plug_c.VALUE)"), "edited");

    (await app.hsm("undo")).expect({ code: 0 });
    assertEquals(await app.texts(), before);
    (await app.hsm("status", "--exit-code")).expect({ code: 0 });
    (await app.hsm("undo")).expect({ code: 0 });
    assertEquals(await app.texts(), after);
    assertEquals(await app.freeze(), frozen);
  });
}

for (const { label, app: make } of WAY_BACK.filter((it) => it.environment === undefined)) {
  Deno.test(`${label}: hsm init takes over what hsm eject has left, and changes none of it`, async () => {
    await using app = await make({
      dependencies: ["idna"],
      plugins: PLUGINS,
      manifest: PACKAGES,
    });
    (await app.hsm("sync", "--yes")).expect({ code: 0 });
    const frozen = await app.freeze();
    (await app.hsm("eject")).expect({ code: 0 });
    const left = await app.texts();

    (await app.hsm("init", "--yes")).expect({
      code: 0,
      stdout: /^plug-a +prod +v1\.0\.0 .*\nplug-c +dev +branch main .*\nplug-t +prod +v1\.0\.0 /,
    });
    (await app.hsm("sync", "--yes")).expect({ code: 0, stdout: "" });

    assertMatch(
      await app.read("hsm.yaml"),
      /\n {2}plug-t:\n {4}tag: v1\.0\.0\n {4}require: false\n/,
    );
    (await app.hsm("status", "--exit-code")).expect({ code: 0 });
    assertEquals(await app.freeze(), frozen);
    (await app.hsm("eject")).expect({ code: 0 });
    assertEquals(await app.texts(), left);
  });
}

Deno.test("pip: hsm sync overwrites nothing that hsm init could not take over", async () => {
  await using app = await testApp({
    pyproject: "",
    plugins: PLUGINS,
    manifest: `adapter: pip\ngit: {remotes}/{name}\n${PACKAGES}`,
    files: { "requirements.txt": "idna\n" },
  });
  (await app.hsm("sync", "--yes")).expect({ code: 0 });
  const manifest = await app.read("hsm.yaml");
  (await app.hsm("eject")).expect({ code: 0 });
  const left = await app.read("requirements-hsm.txt");
  for (
    const [text, packages] of [
      [`${left}attrs\n`, manifest],
      [`# ours\n${left}`, manifest],
      [left, manifest.replace("  plug-a: v1.0.0\n", "")],
    ] as const
  ) {
    await app.write("requirements-hsm.txt", text);
    await app.write("hsm.yaml", packages);
    await app.unchanged(async () => {
      (await app.hsm("sync", "--yes")).expect({
        code: 2,
        stderr: /^error: Cannot write requirements-hsm\.txt: it is none of hsm's\n/,
      });
    });
  }
});

Deno.test("pip: hsm eject leaves what was set aside as comments, and plain pip installs the same", async () => {
  await using app = await testApp({
    pyproject: "",
    plugins: PLUGINS,
    manifest: `adapter: pip\ngit: {remotes}/{name}\n${PACKAGES}`,
    files: {
      "requirements.txt": "-c constraints.txt\r\nplug-a>=1",
      "constraints.txt": "idna==3.7\nplug-t==0.1 ; python_version > '3' \\\n  # why\nplug-a==0.9\n",
    },
  });
  (await app.hsm("sync", "--yes")).expect({ code: 0 });
  const frozen = await app.freeze();

  (await app.hsm("eject")).expect({ code: 0 });

  assertEquals(
    await app.read("constraints.txt"),
    "idna==3.7\n# plug-t==0.1 ; python_version > '3'\n#   # why\n# plug-a==0.9\n",
  );
  assertEquals(
    (await app.read("requirements-hsm.txt")).replaceAll(app.folder, ""),
    `-c constraints-hsm.txt
plug-a @ git+file:///remotes/plug-a@v1.0.0
-e ./packages/plug-c  # plug-c
-r requirements.txt
`,
  );
  assertMatch(
    await app.read("pylock.hsm.toml"),
    /^#    uv pip compile --universal --no-sources --no-annotate --format pylock\.toml --python-version [\d.]+ -o pylock\.hsm\.toml -- requirements-hsm\.txt$/m,
  );
  const locked = await app.read("pylock.hsm.toml");
  const [, line = ""] = /^# {4}(uv pip compile .+)$/m.exec(locked) ?? [];
  await run(app, ...line.replace("uv", uvProgram()).split(" "));
  assertEquals(strip(await app.read("pylock.hsm.toml")), strip(locked));

  const venv = join(app.folder, "plain");
  await run(app, uvProgram(), "venv", "--quiet", venv);
  const pip = await pipProgram();
  const python = ["--python", join(venv, "bin/python")];
  await must([pip, ...python, "install", "-q", "-r", "requirements-hsm.txt"], {
    cwd: app.root,
    env: { ...app.env, ...pipCache(), PATH: `${dirname(pip)}:${Deno.env.get("PATH")}` },
  });
  const plain = await run(app, uvProgram(), "pip", "freeze", "-q", ...python);
  assertEquals(plain.replaceAll(app.folder, "[DIR]"), frozen);
});

/** A lock file without its head. */
function strip(text: string): string {
  return text.replace(/^(?:#.*\n)+/, "");
}
