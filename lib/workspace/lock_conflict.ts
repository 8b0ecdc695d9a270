/**
 * A merge conflict in the lock file: the package manager would tell of it in its own way, and late.
 *
 * @module
 */

import { resolve } from "@std/path";
import { HsmError } from "../errors.ts";
import { MAX_WRITTEN_BYTES, peekText } from "../files/read_file.ts";
import { shortPath } from "../platform/paths.ts";
import { withoutQuotes } from "./links_out.ts";
import { type ManagerFiles, sourceFile } from "./manager_files.ts";

/**
 * Makes sure that no merge has left its marks in a lock file.
 *
 * @throws {HsmError} `lock-invalid`
 */
export async function refuseLockConflict(
  root: string,
  files: ManagerFiles,
): Promise<void> {
  for (const path of files.lockFiles) {
    const file = shortPath(root, path);
    const conflict = await lockConflict(files, file, peekText(path, MAX_WRITTEN_BYTES));
    if (conflict === undefined) continue;
    throw await withOtherConflicts(root, files, withoutQuotes(root, [file], conflict));
  }
}

/**
 * An error that a merge has left its marks in one file, with those of the app's other files: a merge mostly stops in several.
 *
 * @returns The error as it was where it is about something else, or no other file has marks.
 */
export async function withOtherConflicts(
  root: string,
  { edited, lockFiles }: ManagerFiles,
  thrown: unknown,
): Promise<unknown> {
  const { UNRESOLVED, findConflicts, settleHint } = await import("../text/conflict.ts");
  const isOne = thrown instanceof HsmError &&
    [thrown.message, ...thrown.causes].some((it) => it.includes(UNRESOLVED));
  if (!isOne) return thrown;
  const { conflictError } = await import("../toml/syntax_error.ts");
  const locks = lockFiles.map((path) => shortPath(root, path));
  const others = new Set(["hsm.yaml", "hsm.local.yaml", "pyproject.toml", ...edited]);
  const found = [...others, ...locks].flatMap((file) => {
    const text = peekText(resolve(root, file), MAX_WRITTEN_BYTES);
    const conflicts = text?.includes("<<<<<<<") ? findConflicts(text) : [];
    if (text === undefined || conflicts.length === 0) return [];
    const error = withoutQuotes(root, [file], conflictError(file, text, conflicts)) as HsmError;
    return [{ file, conflicts, causes: error.causes.length > 0 ? error.causes : [error.message] }];
  });
  if (found.length < 2) return thrown;
  const own = found.map((it) => it.file).filter((it) => !locks.includes(it));
  const lock = found.map((it) => it.file).find((it) => locks.includes(it));
  const steps = [
    ...(own.length === 0 ? [] : [settleHint(...own)]),
    ...(lock === undefined ? [] : [`take one side of the lock file whole, ${wholeSide(lock)}`]),
  ];
  return new HsmError(
    thrown.code,
    `Cannot read ${found.map((it) => it.file).join(", ")}: ${UNRESOLVED}`,
    {
      causes: found.flatMap((it) => it.causes),
      details: { files: found.map(({ file, conflicts }) => ({ file, conflicts })) },
      hint: steps.join("; then "),
    },
  );
}

function wholeSide(file: string): string {
  return `such as \`git checkout --ours -- ${file}\`, and run \`hsm sync\``;
}

/** The error that there are conflicts in a lock file's text: a program writes it, and no such lines by itself. */
export async function lockConflict(
  { edited }: Pick<ManagerFiles, "edited">,
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
    hint: `settle ${sourceFile(edited)} first; then take one side of the lock file whole, ${
      wholeSide(file)
    }`,
  });
}
