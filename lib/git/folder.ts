/**
 * Where git keeps what belongs to one checkout.
 *
 * @module
 */

import { join, resolve } from "@std/path";
import { peekText } from "../files/read_file.ts";

/**
 * git's own folder of a checkout; a worktree's and a submodule's `.git` is a file that names it (gitrepository-layout).
 *
 * @throws where there is none
 */
export function gitFolder(directory: string): string {
  const path = join(directory, ".git");
  if (Deno.statSync(path).isDirectory) return path;
  const [, folder = ""] = /^gitdir: (.+)$/m.exec(peekText(path) ?? "") ?? [];
  return resolve(directory, folder);
}
