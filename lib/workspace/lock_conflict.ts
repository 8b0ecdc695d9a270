/**
 * A merge conflict in the lock file: the package manager would tell of it in its own way, and late.
 *
 * @module
 */

import type { Adapter } from "../adapters/adapter.ts";
import type { HsmError } from "../errors.ts";
import { MAX_WRITTEN_BYTES, peekText } from "../read_file.ts";
import { shortPath } from "../transaction/content.ts";
import { withoutQuotes } from "./links_out.ts";

/**
 * Makes sure that no merge has left its marks in a lock file.
 *
 * @throws {HsmError} `lock-invalid`
 */
export async function refuseLockConflict(root: string, adapter: Adapter): Promise<void> {
  for (const path of await adapter.lockFiles(root)) {
    const file = shortPath(root, path);
    const conflict = await lockConflict(file, peekText(path, MAX_WRITTEN_BYTES));
    if (conflict !== undefined) throw withoutQuotes(root, [file], conflict);
  }
}

/** The error that there are conflicts in a lock file's text: a program writes it, and no such lines by itself. */
export async function lockConflict(
  file: string,
  text: string | undefined,
): Promise<HsmError | undefined> {
  if (!text?.includes("<<<<<<<")) return undefined;
  const [{ findConflicts }, { conflictError }] = await Promise.all([
    import("../text/conflict.ts"),
    import("../toml/syntax_error.ts"),
  ]);
  const conflicts = findConflicts(text);
  if (conflicts.length === 0) return undefined;
  return conflictError(file, text, conflicts, {
    code: "lock-invalid",
    hint: `settle pyproject.toml first; then take one side of the lock file whole, such as ` +
      `\`git checkout --ours -- ${file}\`, and run \`hsm sync\``,
  });
}
