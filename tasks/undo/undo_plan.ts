/**
 * What undoing committed transactions puts back.
 *
 * @module
 */

import { HsmError } from "../../lib/errors.ts";
import { hashOf } from "../../lib/transaction/content.ts";
import type { HistoryDetails } from "../../lib/transaction/history.ts";

/**
 * Finds out what undoing some transactions puts back, and which files somebody else has changed since. Pure.
 *
 * @param undone The transactions, the latest first, without a gap.
 * @param current The bytes of a file as it is now.
 * @returns `files`: the bytes by file, relative to the root, null for no file; `modes`: their permission bits; `changed`: those that are not as the undone
 * transactions left them, for somebody else changed them since.
 */
export async function planUndo(
  undone: readonly HistoryDetails[],
  current: (file: string) => Uint8Array | null,
): Promise<{
  readonly files: ReadonlyMap<string, Uint8Array | null>;
  readonly modes: ReadonlyMap<string, number | null>;
  readonly changed: readonly string[];
}> {
  const files = new Map<string, Uint8Array | null>();
  const modes = new Map<string, number | null>();
  const changed = new Set<string>();
  for (const { files: touched } of undone) {
    for (const { file, before, mode, after } of touched) {
      // What a transaction left is what the one after it found, or what is there now.
      const found = files.has(file) ? files.get(file)! : current(file);
      if (await hashOf(found) !== after) changed.add(file);
      files.set(file, before);
      modes.set(file, mode);
    }
  }
  return { files, modes, changed: [...changed] };
}

/** The error that undoing would overwrite what somebody else changed. */
export function changedSince(command: string, files: readonly string[]): HsmError {
  const many = files.length > 1;
  return new HsmError(
    "file-changed",
    `Cannot undo \`${command}\`: ${files.join(", ")} ${many ? "were" : "was"} changed since`,
    {
      hint: `nothing was changed; \`--force\` puts ${
        many ? "them" : "it"
      } back all the same, and \`hsm undo\` after that brings the present state back`,
      details: { files },
    },
  );
}
