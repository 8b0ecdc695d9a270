/**
 * What Python has compiled of modules that an editable install put beside its metadata, such as those by which setuptools
 * finds a checkout's modules: no RECORD names it, and whoever uninstalls leaves it there.
 *
 * @module
 */

import { join } from "@std/path";
import { attempt } from "../../../attempt.ts";
import { exists, isFile } from "../../../files/is_there.ts";
import { peekText } from "../../../files/read_file.ts";
import { entriesOf } from "../../../files/site_packages.ts";
import { MARK } from "../../stand_in.ts";
import { pathIn } from "./record.ts";

/** Where Python puts it. */
const COMPILED = "__pycache__";

/** The modules beside the metadata of all that stands in, by name. */
export async function modulesBeside(site: string): Promise<readonly string[]> {
  const folders = (await entriesOf(site)).filter((it) => isFile(join(site, it, MARK)));
  const records = folders.map((it) => peekText(join(site, it, "RECORD")) ?? "");
  return records.flatMap((it) => it.split(/\r?\n/).map(pathIn))
    .flatMap((it) => /^([^/]+)\.py$/.exec(it)?.[1] ?? []);
}

/** Removes what was compiled of modules that are gone. */
export async function removeCompiled(site: string, modules: readonly string[]): Promise<void> {
  const gone = new Set(modules.filter((it) => !exists(join(site, `${it}.py`))));
  if (gone.size === 0) return;
  const folder = join(site, COMPILED);
  // It does no harm where it stays.
  for (const file of await entriesOf(folder)) {
    const [, module = ""] = /^(.+?)\.[^.]+(?:\.opt-\d)?\.pyc$/.exec(file) ?? [];
    if (gone.has(module)) attempt(() => Deno.removeSync(join(folder, file)));
  }
  if ((await entriesOf(folder)).length === 0) attempt(() => Deno.removeSync(folder));
}
