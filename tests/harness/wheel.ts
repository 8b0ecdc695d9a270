/**
 * Wheels, for an index in a folder.
 *
 * @module
 */

import { join } from "@std/path";

/** What a wheel has beside its name and version. */
export interface WheelOptions {
  /** What it requires. @default {[]} */
  readonly requires?: readonly string[];
  /** Its files, by path. @default {{}} */
  readonly files?: Readonly<Record<string, string>>;
}

/** Writes a wheel of a pure Python distribution. */
export async function writeWheel(
  folder: string,
  name: string,
  version: string,
  { requires = [], files: own = {} }: WheelOptions = {},
): Promise<void> {
  const stem = `${name.replaceAll("-", "_")}-${version}`;
  const info = `${stem}.dist-info`;
  const needs = requires.map((it) => `Requires-Dist: ${it}\n`).join("");
  const files = {
    ...own,
    [`${info}/METADATA`]: `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n${needs}`,
    [`${info}/WHEEL`]: "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    [`${info}/RECORD`]: "",
  };
  // By it a package is uninstalled.
  const record = { [`${info}/RECORD`]: Object.keys(files).map((it) => `${it},,\n`).join("") };
  await Deno.writeFile(join(folder, `${stem}-py3-none-any.whl`), zip({ ...files, ...record }));
}

/** A zip archive of files that are not compressed. */
function zip(files: Readonly<Record<string, string>>): Uint8Array {
  const encoder = new TextEncoder();
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const [path, text] of Object.entries(files)) {
    const name = encoder.encode(path);
    const data = encoder.encode(text);
    // Needs version 2.0, no flags, stored, the first day that a zip knows, checksum, both sizes, the name's length.
    const facts: readonly Field[] = [
      [2, 20],
      [2, 0],
      [2, 0],
      [2, 0],
      [2, 0x21],
      [4, crc32(data)],
      [
        4,
        data.length,
      ],
      [4, data.length],
      [2, name.length],
      [2, 0],
    ];
    const local = concat(fields([4, 0x04034b50], ...facts), name, data);
    parts.push(local);
    directory.push(concat(
      fields([4, 0x02014b50], [2, 20], ...facts, [2, 0], [2, 0], [2, 0], [4, 0], [4, offset]),
      name,
    ));
    offset += local.length;
  }
  const index = concat(...directory);
  const count = directory.length;
  const end = fields(
    [4, 0x06054b50],
    [2, 0],
    [2, 0],
    [2, count],
    [2, count],
    [4, index.length],
    [4, offset],
    [2, 0],
  );
  return concat(...parts, index, end);
}

/** A number, and how many bytes it takes, the lowest first. */
type Field = readonly [bytes: number, value: number];

function fields(...list: readonly Field[]): Uint8Array {
  return Uint8Array.from(
    list.flatMap(([bytes, value]) =>
      Array.from({ length: bytes }, (_, index) => (value >>> (8 * index)) & 0xff)
    ),
  );
}

function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((it) => [...it]));
}

function crc32(data: Uint8Array): number {
  let crc = ~0;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
