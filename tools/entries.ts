/**
 * The entries of the package in deno.json: one for each task, made of what lies in tasks/.
 *
 * @module
 */

import { exists, walk } from "@std/fs";
import { basename, fromFileUrl, join } from "@std/path";

const ROOT = fromFileUrl(new URL("..", import.meta.url));

/** deno.json, with an entry for each task that has a command, and none for a file that is gone. */
export async function withEntries(text: string): Promise<string> {
  const settings = JSON.parse(text) as { exports: Record<string, string> };
  const entries = { ...settings.exports };
  for await (const { path } of walk(join(ROOT, "tasks"), { maxDepth: 1, exts: ["ts"] })) {
    if (!/^export .*\b\w+Command\b/m.test(await Deno.readTextFile(path))) continue;
    const file = basename(path);
    entries[`./tasks/${file.slice(0, -3).replaceAll("_", "-")}`] = `./tasks/${file}`;
  }
  settings.exports = {};
  for (const entry of Object.keys(entries).sort()) {
    if (await exists(join(ROOT, entries[entry]!))) settings.exports[entry] = entries[entry]!;
  }
  return JSON.stringify(settings, null, 2);
}
