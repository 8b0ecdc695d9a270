/**
 * Wheels, for an index in a folder.
 *
 * @module
 */

import { join } from "@std/path";
import { pack } from "../../tools/wheel/archive.ts";

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
  const entries = Object.entries({ ...files, ...record })
    .map(([path, text]) => [path, new TextEncoder().encode(text)] as const);
  const packed = pack(new Map(entries));
  await Deno.writeFile(join(folder, `${stem}-py3-none-any.whl`), packed);
}
