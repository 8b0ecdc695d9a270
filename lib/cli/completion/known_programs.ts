/**
 * The programs on PATH.
 *
 * @module
 */

import { isAbsolute, join } from "@std/path";
import { attempt } from "../../attempt.ts";
import { type Environment, programEndings, programFolders } from "../../platform/program.ts";

/**
 * The programs whose names begin with a word, in the order of their names.
 *
 * @param env The environment, of which PATH counts.
 */
export function knownPrograms(
  beginning: string,
  env: Readonly<Record<string, string>>,
): readonly string[] {
  // What is looked for in the folder that one happens to be in is another program in each checkout.
  const folders = programFolders(env).filter(isAbsolute);
  const names = folders.flatMap((folder) =>
    namesIn(folder).filter((name) =>
      name.startsWith(beginning) && isProgram(join(folder, name), env)
    )
  );
  return [...new Set(names)].sort();
}

function namesIn(folder: string): readonly string[] {
  return attempt(() => Array.from(Deno.readDirSync(folder), (it) => it.name)) ?? [];
}

function isProgram(path: string, env: Environment): boolean {
  const endings = programEndings(env);
  if (endings.length > 0) return endings.some((it) => path.toLowerCase().endsWith(it));
  const info = attempt(() => Deno.statSync(path));
  return info !== undefined && info.isFile && ((info.mode ?? 0) & 0o111) !== 0;
}
