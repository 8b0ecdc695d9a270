import { assertEquals } from "@std/assert";
import { ensureDir } from "@std/fs";
import { join } from "@std/path";
import { realFiles } from "../../../../../lib/files/layer.ts";
import {
  guardText,
  peekExtras,
  writeGuard,
} from "../../../../../lib/adapters/uv/stand_ins/guard.ts";
import { must, start } from "../../../../harness/program.ts";

/** An environment of Python's own, without anything in it. */
async function makeEnvironment(): Promise<
  { readonly folder: string; readonly site: string } & AsyncDisposable
> {
  const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "hsm-tést, 🐍-" }));
  await must(["python3", "-m", "venv", "--without-pip", join(folder, "venv")], { cwd: folder });
  const find = 'import sysconfig; print(sysconfig.get_path("purelib"))';
  const site = (await must([join(folder, "venv/bin/python"), "-c", find], { cwd: folder })).trim();
  return { folder, site, [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }) };
}

async function write(path: string, text = ""): Promise<void> {
  await ensureDir(join(path, ".."));
  await Deno.writeTextFile(path, text);
}

/** Runs Python, in any locale. */
async function python(folder: string, code: string): Promise<string> {
  const argv = [join(folder, "venv/bin/python"), "-W", "error", "-c", code];
  return (await must(argv, { cwd: "/", env: { LC_ALL: "C", PYTHONUTF8: "0" } })).trim();
}

Deno.test("the guard puts a checkout before what is installed, behind the standard library", async () => {
  await using made = await makeEnvironment();
  const { folder, site } = made;
  const [root, extras] = [join(folder, "check'out/src"), join(folder, "extras")];
  for (
    const [place, name] of [[site, "installed"], [root, "checkout"], [extras, "extra"]] as const
  ) {
    if (place !== extras) await write(join(place, "my_plugin.py"), `WHICH = "${name}"\n`);
    await write(join(place, `${name}_only.py`));
    if (place !== root) await write(join(place, "needed.py"), `WHICH = "${name}"\n`);
  }
  // Whatever lies beside a package in its checkout, Python's own modules stay what they are.
  await write(join(root, "json.py"), "raise SystemExit('not the standard library')\n");
  const which = "import json, my_plugin, needed; print(my_plugin.WHICH, needed.WHICH)";
  const guarded = [{ key: "my-plugin", roots: [root] }, { key: "other", roots: [folder] }];
  writeGuard(realFiles(), site, {
    guarded,
    extras: { key: "1a2b", basis: "3c", folders: [extras] },
  });
  assertEquals(peekExtras(site), { key: "1a2b", basis: "3c", isEmpty: false });
  assertEquals(await python(folder, which), "installed installed");
  await write(join(site, "My.Plugin-1.0.dist-info/METADATA"));
  assertEquals(await python(folder, which), "checkout extra");
  const path = "import sys; print(len([it for it in sys.path if 'hsm' in ascii(it)]))";
  assertEquals(await python(folder, path), "3");
  // Where the app's folder was moved, there is nothing to see to.
  await Deno.rename(join(folder, "check'out"), join(folder, "moved"));
  assertEquals(await python(folder, which), "installed extra");
  writeGuard(realFiles(), site, { guarded: [], extras: undefined });
  assertEquals(await python(folder, which), "installed installed");
  assertEquals([...Deno.readDirSync(site)].filter((it) => /hsm/.test(it.name)), []);
});

Deno.test("the guard sees to nothing, and says nothing, in an environment that was copied", async () => {
  await using made = await makeEnvironment();
  const { folder, site } = made;
  await write(join(site, "my_plugin-1.0.dist-info/METADATA"));
  const guarded = [{ key: "my-plugin", roots: [join(folder, "checkout")] }];
  writeGuard(realFiles(), site, { guarded, extras: undefined });
  await must(["cp", "-R", "venv", "copy"], { cwd: folder });
  const argv = [join(folder, "copy/bin/python"), "-c", "import sys; print(sys.path)"];
  const run = await start(argv, { cwd: "/" }).ended;
  assertEquals([run.stderr, run.stdout.includes("checkout")], ["", false]);
});

Deno.test("the guard is one line that any Python reads, whatever the folders are called", () => {
  const root = '/tmp/a "b" \\ é\u2028🐍\n';
  const text = guardText("/site", { guarded: [{ key: "a-b", roots: [root] }], extras: undefined });
  assertEquals(text.match(/\n/g)?.length, 1);
  // deno-lint-ignore no-control-regex
  assertEquals(/[^\x00-\x7e]/.test(text), false);
  assertEquals(text.startsWith("import "), true);
});
