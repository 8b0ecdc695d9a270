import { assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { makeWheel, type WheelParts } from "../../../tools/wheel/wheel.ts";
import { recordOf } from "../../../tools/wheel/record.ts";
import { testApp } from "../../harness/app.ts";
import { pipCache, pipProgram } from "../../harness/pip.ts";
import { must } from "../../harness/program.ts";
import { uvProgram } from "../../harness/repository.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

const PARTS: WheelParts = {
  version: "0.1.0",
  summary: "Many repositories.",
  readme: "# HSM\n",
  tag: "py3-none-any",
  program: ["hsm", bytes("#!/bin/sh\necho ran\n")],
  license: ["MIT", bytes("ours")],
  licences: [{ of: "npm/a-1.0.0", identifier: "ISC", texts: new Map([["LICENSE", bytes("a's")]]) }],
  data: new Map([
    ["share/man/man1/hsm-sync.1", bytes("sync")],
    ["share/man/man1/hsm.1", bytes("all")],
  ]),
};

/** What Python's own reader says of an archive: path, mode, time, how it is packed. */
const LIST = `import json, sys, zipfile
archive = zipfile.ZipFile(sys.argv[1])
assert archive.testzip() is None
print(json.dumps([
    [it.filename, oct(it.external_attr >> 16), it.create_system, list(it.date_time), it.compress_type]
    for it in archive.infolist()
]))
print(archive.read("hsm_hypervisor-0.1.0.dist-info/RECORD").decode(), end="")
`;

Deno.test("makeWheel packs the same bytes each time, with fixed times, and the program to be run", async () => {
  await using app = await testApp();
  const { name, bytes: packed } = await makeWheel(PARTS);
  assertEquals(name, "hsm_hypervisor-0.1.0-py3-none-any.whl");
  const data = new Map([...PARTS.data].reverse());
  assertEquals((await makeWheel({ ...PARTS, data })).bytes, packed);
  assertNotEquals((await makeWheel({ ...PARTS, tag: "py3-none-win_amd64" })).bytes, packed);

  const path = join(app.folder, name);
  await Deno.writeFile(path, packed);
  const told = await must(["python3", "-c", LIST, path], { cwd: app.folder });
  const [list, ...record] = told.split("\n");
  const place = "hsm_hypervisor-0.1.0";
  assertEquals(
    JSON.parse(list!),
    [
      [`${place}.data/scripts/hsm`, "0o100755"],
      [`${place}.data/data/share/man/man1/hsm-sync.1`, "0o100644"],
      [`${place}.data/data/share/man/man1/hsm.1`, "0o100644"],
      [`${place}.dist-info/METADATA`, "0o100644"],
      [`${place}.dist-info/WHEEL`, "0o100644"],
      [`${place}.dist-info/licenses/LICENSE`, "0o100644"],
      [`${place}.dist-info/licenses/npm/a-1.0.0/LICENSE`, "0o100644"],
      [`${place}.dist-info/RECORD`, "0o100644"],
    ].map(([file, mode]) => [file, mode, 3, [1980, 1, 1, 0, 0, 0], 8]),
  );
  assertEquals(record.slice(0, 2), [
    // sha256sum, in the alphabet for URLs.
    `${place}.data/scripts/hsm,sha256=4jYo7ULjE1jXI0qsdTw4vlqAhGQTQ4xXMFeZuRdgBW8,19`,
    `${place}.data/data/share/man/man1/hsm-sync.1,sha256=dcde_jJ6jvNaBy8lEXlh9bmeNQNdyb2GST3Sn9e8B-s,4`,
  ]);
  assertEquals(record.slice(-2), [`${place}.dist-info/RECORD,,`, ""]);
  assertEquals(record.length, 9);
});

Deno.test("recordOf refuses a path that would need quotes", async () => {
  const files = new Map([["a,b", bytes("")]]);
  await assertRejects(() => recordOf(files, "RECORD"), Error, "Cannot name a,b in RECORD");
});

Deno.test("uv and pip install what a wheel holds, and take out all of it", async () => {
  await using app = await testApp();
  const { name, bytes: packed } = await makeWheel(PARTS);
  await Deno.writeFile(join(app.folder, name), packed);
  const run = (...argv: string[]) =>
    must(argv, { cwd: app.folder, env: { ...app.env, ...pipCache() } });
  const uv = uvProgram();
  const installers = {
    uv: [[uv, "pip", "install", "--python"], [uv, "pip", "uninstall", "--python"]],
    pip: [[await pipProgram(), "--python"], [await pipProgram(), "--python"]],
  } as const;
  for (const [installer, [install, uninstall]] of Object.entries(installers)) {
    const place = join(app.folder, installer);
    await run(uv, "venv", "--quiet", place);
    const before = await app.list(join(place, "bin"));
    const isPip = installer === "pip";
    await run(...install, place, ...isPip ? ["install", "--no-index"] : ["--offline"], `./${name}`);
    const program = join(place, "bin/hsm");
    assertEquals(await run(program), "ran\n");
    assertEquals((await Deno.stat(program)).mode! & 0o777, 0o755, installer);
    assertEquals(await Deno.readFile(program), PARTS.program[1]);
    assertEquals(await app.list(join(place, "share/man/man1")), ["hsm-sync.1", "hsm.1"]);
    await run(...uninstall, place, ...isPip ? ["uninstall", "--yes"] : [], "hsm-hypervisor");
    assertEquals(await app.list(join(place, "bin")), before);
    assertEquals(await app.exists(join(place, "share/man/man1/hsm.1")), false);
    const site = join(place, "lib", (await app.list(join(place, "lib")))[0]!, "site-packages");
    const left = (await app.list(site)).filter((it) => it.startsWith("hsm"));
    assertEquals(left, []);
  }
});
