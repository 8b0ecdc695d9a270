/**
 * Where a virtual environment has its distributions.
 *
 * @module
 */

import { join } from "@std/path";
import { SYSTEM, type System } from "../platform/system.ts";
import { isMissing, peekText } from "./read_file.ts";
import { ioError } from "./system_error.ts";

/** The folders that hold distributions: `Lib/site-packages` on Windows, `lib/python3.X/site-packages` elsewhere. */
export async function sitePackagesOf(
  environment: string,
  system: System = SYSTEM,
): Promise<readonly string[]> {
  if (system === "windows") return [join(environment, "Lib", "site-packages")];
  const versions = (await entriesOf(join(environment, "lib"))).filter((it) => /^[a-z]+\d/.test(it));
  const config = versions.length < 2 ? "" : peekText(join(environment, "pyvenv.cfg")) ?? "";
  // A Python that was there before leaves its folder behind.
  const version = /^version(?:_info)?\s*=\s*(\d+\.\d+)/m.exec(config)?.[1];
  const current = versions.filter((it) => version !== undefined && it.endsWith(version));
  return (current.length > 0 ? current : versions)
    .map((it) => join(environment, "lib", it, "site-packages"));
}

/** The names in a folder, sorted; none where there is no folder. */
export async function entriesOf(folder: string): Promise<readonly string[]> {
  const names = [];
  try {
    for await (const { name } of Deno.readDir(folder)) names.push(name);
  } catch (error) {
    if (isMissing(error)) return [];
    throw ioError(`look into ${folder}`, folder, error);
  }
  return names.sort();
}
