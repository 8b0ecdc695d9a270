/**
 * What rg, fd, ruff and the like are to look into though git ignores it: the checkouts. They read `.ignore`, which counts
 * more than .gitignore, and which git does not read.
 *
 * @module
 */

import { resolve } from "@std/path";
import type { Context } from "../process/context.ts";
import { READING } from "../git/reading.ts";
import { readText } from "../files/read_text.ts";
import { realFiles } from "../files/layer.ts";
import { ignoreLine, type IgnoreRules, placeInside, type Places } from "./ignored.ts";

/** The file, relative to the root. */
export const SEARCH_FILE = ".ignore";

/**
 * Finds out which lines `.ignore` lacks. Where it says anything of a place, that is left as it is; so is one that is a link,
 * or no file. Changes nothing.
 *
 * @param places Where checkouts are; `packagesDir` itself counts where it is hidden as a whole.
 * @param hidden Folders that git is about to be told to ignore.
 * @throws {HsmError} `io`, `tool-missing`
 */
export async function findSearchRules(
  context: Context,
  { packagesDir, checkouts }: Places,
  hidden: readonly string[] = [],
): Promise<IgnoreRules> {
  const { root } = context;
  const text = isOwn(root)
    ? await readText(resolve(root, SEARCH_FILE), SEARCH_FILE, "io")
    : undefined;
  const lines = text?.split(/\r?\n/) ?? [];
  const told = new Set(lines.map((line) => line.trim().replace(/^!?\/?|\/$/g, "")));
  const ways = [packagesDir, ...checkouts.flatMap((it) => placeInside(root, it) ?? [])]
    .filter((it) => it !== ".").map(wayTo);
  const ignored = new Set([...hidden, ...await ignoredFolders(context, [...new Set(ways.flat())])]);
  // Nobody looks into a folder that is hidden, so the first one on the way is the one to name.
  const first = ways.flatMap((way) => way.find((it) => ignored.has(it)) ?? []);
  const missing = [...new Set(first)].filter((it) => isOwn(root) && !told.has(it))
    .map((it) => `!${ignoreLine(it)}/`);
  return { file: SEARCH_FILE, text, missing };
}

/** Whether there is no such file, or one that HSM may extend. */
function isOwn(root: string): boolean {
  return ["file", undefined].includes(realFiles().facts(resolve(root, SEARCH_FILE))?.kind);
}

/** The files that HSM may write to so that checkouts are seen. */
export function searchAtStake(root: string): readonly string[] {
  return isOwn(root) ? [SEARCH_FILE] : [];
}

/** `a/b` leads through `a`. */
function wayTo(place: string): readonly string[] {
  const parts = place.split("/");
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}

async function ignoredFolders(
  context: Context,
  folders: readonly string[],
): Promise<readonly string[]> {
  if (folders.length === 0) return [];
  // What git still quotes, a name with `"` in it, stays hidden.
  const options = [...READING, "-c", "core.quotePath=false"];
  const places = folders.map((it) => `${it}/`);
  const ignored = await context.$`git ${options} check-ignore --no-index -- ${places}`
    .noThrow().lines();
  return ignored.map((it) => it.replace(/\/$/, ""));
}
