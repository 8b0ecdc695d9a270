/**
 * What git is in the middle of, by what it leaves in its folder while it waits for a person.
 *
 * @module
 */

import { join } from "@std/path";
import { attempt } from "../attempt.ts";
import { exists } from "../files/is_there.ts";
import { gitFolder } from "./folder.ts";

/** What git is in the middle of. */
export type GitOperation = "rebase" | "am" | "merge" | "cherry-pick" | "revert" | "bisect";

/** The files that git leaves in its folder while it waits for a person; the outermost operation first. */
const OPERATIONS: readonly (readonly [string, GitOperation])[] = [
  ["rebase-merge", "rebase"],
  ["rebase-apply", "rebase"],
  ["MERGE_HEAD", "merge"],
  ["CHERRY_PICK_HEAD", "cherry-pick"],
  ["REVERT_HEAD", "revert"],
  ["BISECT_LOG", "bisect"],
];

/** What git is in the middle of in a checkout. */
export function operationIn(directory: string): GitOperation | undefined {
  // Whatever is wrong with it, git itself says that.
  return attempt(() => {
    const folder = gitFolder(directory);
    const names = new Set(Array.from(Deno.readDirSync(folder), (it) => it.name));
    const [name, operation] = OPERATIONS.find(([name]) => names.has(name)) ?? [];
    const isAm = name === "rebase-apply" && exists(join(folder, name, "applying"));
    return isAm ? "am" : operation;
  });
}

/** An operation as it stands in a sentence: `a rebase`. */
export function withArticle(operation: GitOperation): string {
  return operation === "am" ? "`git am`" : `a ${operation}`;
}
