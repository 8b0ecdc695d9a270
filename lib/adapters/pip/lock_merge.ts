/**
 * Merging two versions of a pylock.toml. It is made anew anyway, from what the app's files say: what counts in it are the
 * versions that were chosen of what comes from elsewhere. Pure.
 *
 * @module
 */

import { normalizeName } from "../../names.ts";
import type { MergedLock } from "../adapter.ts";
import { readLock } from "./lock.ts";

/**
 * Puts the versions that were chosen in `mine` into `theirs`.
 *
 * @param managed The packages that HSM has locked as the manifest says, by normalized name: nobody has chosen those.
 * @returns `theirs` with them, and the packages of which both have chosen a version, each its own: those are as in `theirs`.
 */
export function mergePylocks(
  { base, mine, theirs }: Readonly<Record<"base" | "mine" | "theirs", string>>,
  managed: ReadonlySet<string>,
): MergedLock {
  if ([base, mine, theirs].some((it) => readLock(it) === undefined)) {
    return { text: theirs, conflicts: [] };
  }
  const [before, own, others] = [base, mine, theirs].map(entriesOf);
  const merged = new Map(others);
  const conflicts: string[] = [];
  for (const [name, text] of own!) {
    const [was, theirs] = [before!.get(name), others!.get(name)];
    const isChosen = text !== was && text !== theirs && !managed.has(name);
    // What lies in a folder has no version to choose, and what is gone from theirs nobody needs there.
    if (!isChosen || LOCAL.test(text) || (was !== undefined && theirs === undefined)) continue;
    if (theirs === was) merged.set(name, text);
    else conflicts.push(name);
  }
  const isSame = [...merged].every(([name, text]) => others!.get(name) === text);
  if (isSame) return { text: theirs, conflicts };
  const [head = ""] = blocksOf(theirs);
  const texts = [head, ...merged.values()].map((it) => it.trimEnd());
  return { text: `${texts.join("\n\n")}\n`, conflicts };
}

const LOCAL = /^directory = /m;

/** The text before the first package, and that of each. */
function blocksOf(text: string): readonly string[] {
  return text.replaceAll("\r\n", "\n").split(/^(?=\[\[packages\]\])/m);
}

/** What it has of each package: several versions where markers tell them apart. */
function entriesOf(text: string): ReadonlyMap<string, string> {
  const entries = new Map<string, string>();
  for (const block of blocksOf(text).slice(1)) {
    const name = normalizeName(/^name = "(.*)"$/m.exec(block)?.[1] ?? "");
    const known = entries.get(name);
    const own = block.trimEnd();
    entries.set(name, known === undefined ? own : `${known}\n\n${own}`);
  }
  return entries;
}
