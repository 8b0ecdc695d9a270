import { assert, assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { realFiles } from "../../../../../lib/files/layer.ts";
import { forge } from "../../../../../lib/adapters/uv/stand_ins/forge.ts";
import { pathIn, recordLine, withPath } from "../../../../../lib/adapters/uv/stand_ins/record.ts";
import { type Fault, faultyLayer } from "../../../../faults/layer.ts";
import { must } from "../../../../harness/program.ts";
import { uvProgram } from "../../../../harness/repository.ts";
import { tally } from "../../../../harness/tally.ts";

/** What uv has made of a checkout: its version is not the pin's. */
const INSTALLED: Readonly<Record<string, string>> = {
  "METADATA": "Metadata-Version: 2.1\nName: my-plugin\nVersion: 1.3.0.dev0\n",
  "WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
  "INSTALLER": "uv",
  "entry_points.txt": "[console_scripts]\nmy-command = my_plugin:main\n",
  "direct_url.json": '{"url":"file:///checkout","dir_info":{"editable":true}}',
  "uv_cache.json": '{"commit":null}',
  "uv_build.json": "{}",
};

const FOLDER = "my_plugin-1.3.0.dev0.dist-info";
const FORGED = "my_plugin-1.2.0.dist-info";
const DIRECT = '{"url":"file:///remote","vcs_info":{"vcs":"git","commit_id":"c0ffee"}}';
const MARK = '{"version":1,"path":"/checkout"}\n';
const IDENTITY = { version: "1.2.0", files: { "direct_url.json": DIRECT } };

/** Makes a folder of distributions with the checkout in it. */
async function makeSite(): Promise<{ readonly site: string } & AsyncDisposable> {
  const site = await Deno.makeTempDir({ prefix: "hsm-test-" });
  await Deno.mkdir(join(site, FOLDER));
  const lines = [`${FOLDER}/RECORD,,`];
  const write = async (path: string, text: string) => {
    await Deno.writeTextFile(join(site, path), text);
    lines.push(recordLine(path, new TextEncoder().encode(text)));
  };
  for (const [name, text] of Object.entries(INSTALLED)) await write(`${FOLDER}/${name}`, text);
  await write("my_plugin.pth", "/checkout/src");
  await Deno.writeTextFile(join(site, FOLDER, "RECORD"), `${lines.join("\n")}\n`);
  return { site, [Symbol.asyncDispose]: () => Deno.remove(site, { recursive: true }) };
}

/** What lies in a folder of distributions: the files, with what they hold. */
function filesIn(site: string): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const { name, isDirectory } of Deno.readDirSync(site)) {
    const inside = isDirectory ? filesIn(join(site, name)) : undefined;
    if (inside === undefined) found[name] = Deno.readTextFileSync(join(site, name));
    for (const [file, text] of Object.entries(inside ?? {})) found[`${name}/${file}`] = text;
  }
  return found;
}

function forgeIn(site: string, layer = realFiles()): string {
  return forge(layer, { site, folder: FOLDER, identity: IDENTITY, mark: MARK });
}

Deno.test("forge() gives an install the identity of another, and nothing else", async () => {
  await using made = await makeSite();
  const { site } = made;
  assertEquals(forgeIn(site), FORGED);
  const { [`${FORGED}/RECORD`]: record = "", ...files } = filesIn(site);
  const { "direct_url.json": _, "uv_cache.json": __, "uv_build.json": ___, ...kept } = INSTALLED;
  const expected = { ...kept, "direct_url.json": DIRECT, "hsm.json": MARK };
  assertEquals(files, {
    ...Object.fromEntries(Object.entries(expected).map(([it, text]) => [`${FORGED}/${it}`, text])),
    "my_plugin.pth": "/checkout/src",
  });
  const lines = Object.entries(files).map(([it, text]) =>
    recordLine(it, new TextEncoder().encode(text))
  );
  assertEquals(record.trim().split("\n"), [...lines, `${FORGED}/RECORD,,`].sort());
});

Deno.test("forge() leaves a file alone that has a second name, as those of uv's cache have", async () => {
  await using made = await makeSite();
  const { site } = made;
  const names = [...Object.keys(INSTALLED), "RECORD"];
  await using cache = await makeSite();
  for (const name of names) {
    await Deno.remove(join(cache.site, FOLDER, name));
    await Deno.link(join(site, FOLDER, name), join(cache.site, FOLDER, name));
  }
  const before = filesIn(cache.site);
  forgeIn(site);
  assertEquals(filesIn(cache.site), before);
});

Deno.test("forge() that is killed, or fails, at any call leaves what can be uninstalled whole", async () => {
  const { calls } = await count();
  await using python = await makeSite();
  const uv = (...args: string[]) => must([uvProgram(), ...args, "--quiet"], { cwd: python.site });
  await uv("venv", "venv");
  const uninstall = (args: string[]) => uv("pip", "uninstall", "--python", "venv", ...args);
  const kinds = ["kill", "ENOSPC", "EACCES"] as const;
  for (let at = 1; at <= calls; at++) {
    for (const kind of kinds) {
      await using made = await makeSite();
      const { site } = made;
      const fault: Fault = { at, kind, extent: kind === "ENOSPC" ? "from" : "once" };
      assertThrows(() => forgeIn(site, faultyLayer(fault).layer), Error);
      tally(kind === "kill" ? { kills: 1 } : { errors: 1 });
      // At each moment uv takes it for one package, whichever, and RECORD names all there is.
      const [folder = "", ...others] = [...Deno.readDirSync(site)].filter((it) => it.isDirectory)
        .map((it) => it.name);
      assertEquals(others, [], `${kind} at ${at}`);
      const { "_hsm.tmp": _, ".lock": __, ...files } = filesIn(site);
      const named = new Set((files[`${folder}/RECORD`] ?? "").split("\n").map(pathIn));
      assertEquals(Object.keys(files).filter((it) => !named.has(it)), [], `${kind} at ${at}`);
      await uninstall(["--target", site, "my-plugin"]);
      const left = Object.keys(filesIn(site));
      assertEquals(left.filter((it) => ![".lock", "_hsm.tmp"].includes(it)), []);
      assertEquals([...Deno.readDirSync(site)].filter((it) => it.isDirectory), []);
    }
  }
});

/** How many calls it makes. */
async function count(): Promise<{ readonly calls: number }> {
  await using made = await makeSite();
  const { layer, calls } = faultyLayer({ at: Infinity, kind: "kill", extent: "once" });
  forgeIn(made.site, layer);
  assert(calls() > 10);
  return { calls: calls() };
}

Deno.test("lines of RECORD are CSV", () => {
  const line = `"a ""b"", c.py",sha256=x,1`;
  assertEquals(pathIn(line), `a "b", c.py`);
  assertEquals(withPath(line, "d.py"), "d.py,sha256=x,1");
  assertEquals(withPath("d.py,,", `a "b", c.py`), `"a ""b"", c.py",,`);
  // As uv writes it for a file that holds "uv".
  assertEquals(
    recordLine("INSTALLER", new TextEncoder().encode("uv")),
    "INSTALLER,sha256=5hhM4Q4mYTT9z6QB6PGpUAW81PGNFrYrdXMj4oM_6ak,2",
  );
});
