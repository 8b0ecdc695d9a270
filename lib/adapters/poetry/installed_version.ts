/**
 * Poetry's version without Poetry: to start it takes a second or two, and that only for its number.
 *
 * @module
 */

import { dirname, join, resolve } from "@std/path";
import { attempt } from "../../attempt.ts";
import { isFile } from "../../files/is_there.ts";
import { peekText } from "../../files/read_file.ts";
import { entriesOf, sitePackagesOf } from "../../files/site_packages.ts";
import { programFolders } from "../../platform/program.ts";
import type { AdapterProject } from "../reader.ts";

/**
 * Reads the version from beside the program, where its installer has put its metadata. Touches nothing.
 *
 * @param program Its path, or its name on PATH.
 * @returns undefined where Poetry has to be asked: it is behind a script of somebody else's, for example.
 */
export async function installedVersion(
  program: string,
  { root, env }: Pick<AdapterProject, "root" | "env">,
): Promise<string | undefined> {
  const path = /[\\/]/.test(program)
    ? resolve(root, program)
    : programFolders(env).map((it) => join(it, program)).find(isFile);
  const script = path === undefined ? undefined : attempt(() => Deno.realPathSync(path));
  if (script === undefined || !/\bpoetry\.console\b/.test(peekText(script) ?? "")) return undefined;
  try {
    const folders = await sitePackagesOf(dirname(dirname(script)));
    const names = (await Promise.all(folders.map(entriesOf))).flat();
    const versions = names.flatMap((it) => /^poetry-(\d[^-]*)\.dist-info$/.exec(it)?.[1] ?? []);
    return versions.length === 1 ? versions[0] : undefined;
  } catch {
    // What may not be looked at says nothing.
    return undefined;
  }
}
