/**
 * What a folder holds, to compare it with what it held.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { join } from "@std/path";

/**
 * Every entry below a folder, and the folder itself: kind, permissions, and content or target, by path.
 *
 * @param skip The paths that do not count, relative to the folder.
 */
export function treeOf(folder: string, skip: RegExp = /^\b$/): Record<string, string> {
  const entries: Record<string, string> = {};
  const walk = (path: string) => {
    if (skip.test(path)) return;
    const full = join(folder, path);
    const stat = Deno.lstatSync(full);
    const mode = (stat.mode ?? 0).toString(8);
    if (stat.isSymlink) entries[path] = `link to ${Deno.readLinkSync(full)}`;
    else if (stat.isFile) {
      const hash = createHash("sha256").update(Deno.readFileSync(full)).digest("hex");
      entries[path] = `${mode} ${hash}`;
    } else if (!stat.isDirectory) entries[path] = `${mode} special`;
    else {
      entries[path] = mode;
      for (const { name } of Deno.readDirSync(full)) {
        const inside = path === "." ? name : `${path}/${name}`;
        // Deno (2.9) names what is not UTF-8 with characters that lead nowhere.
        if (name.includes("\uFFFD")) entries[inside] = "no text as its name";
        else walk(inside);
      }
    }
  };
  walk(".");
  return entries;
}
