/**
 * Recovery: finishes what a crash left behind.
 *
 * @module
 */

import { isAbsolute } from "@std/path";
import { HsmError } from "../errors.ts";
import { stakeName } from "./content.ts";
import { type FileLayer, realFiles } from "../files/layer.ts";
import { STATE_FOLDER } from "../files/state_folder.ts";
import { ioError } from "../files/system_error.ts";
import { type ForeignJournal, Journals, lookForJournal, newerJournal, OPEN } from "./journal.ts";
import { endOrphans, type OrphanOptions } from "./orphans.ts";
import { type ReadRepository, rollBack } from "./restore.ts";
import type { RepositoryState } from "../git/repository_state.ts";

/** How recovery is done. */
export interface RecoverOptions extends OrphanOptions {
  /**
   * The files that may be at stake beside those in the root, relative to it or absolute: nothing else outside of it is
   * touched, and nothing of git's and HSM's own, whatever a journal says.
   */
  readonly files: readonly string[];
  /** Reads where the app's repository is; asked only where the crashed command was to move it. */
  readonly repository?: ReadRepository;
  /**
   * The file layer.
   * @default {realFiles()}
   */
  readonly layer?: FileLayer;
}

/** What recovery found and did. */
export interface RecoverResult {
  /** Whether there was something to recover from. */
  readonly recovered: boolean;
  /** The files brought back, relative to the root. */
  readonly restored: readonly string[];
  /** The command that did not end well. */
  readonly command: string | null;
  /** When that one began, in ISO 8601. */
  readonly since: string | null;
  /** Where the app's repository is, if that one has moved it; null: it has not. */
  readonly moved: RepositoryState | null;
  /** What lay where a journal would and was not obeyed, and where it lies now; `aside` null: nothing is left of it. */
  readonly refused: ForeignJournal & { readonly aside: string | null } | null;
}

/**
 * Rolls back what a crashed command left behind. Call it while holding the lock.
 *
 * A program of that command that still runs is waited for, and ended if need be; then the files go back as in
 * `Transaction.rollback()`. It may itself be killed at any point, and repeated. A journal that is damaged or did not come
 * about here is not obeyed: it is set aside.
 *
 * @throws {HsmError} `rollback-failed` as `Transaction.rollback()`, and when a newer HSM wrote the journal;
 * `program-running` when a program of the crashed command does not end; `io`.
 */
export async function recover(root: string, options: RecoverOptions): Promise<RecoverResult> {
  const layer = options.layer ?? realFiles();
  try {
    root = layer.realPath(root);
    const journals = new Journals(root, layer);
    const found = lookForJournal(root, layer);
    if (found.kind === "foreign" && found.path !== journals.path(OPEN)) {
      // No folder, so no journal is in it; a link is not followed.
      journals.makeFolder();
      return { ...NOTHING, refused: { ...found, aside: null } };
    }
    if (found.kind === "newer") throw newerJournal(found.path, found.format);
    journals.removeStrays();
    if (found.kind === "none") return NOTHING;
    if (found.kind === "foreign") {
      return { ...NOTHING, refused: { ...found, aside: journals.setAside() } };
    }
    const { record } = found;
    const known = new Set(options.files.map((path) => stakeName(layer, root, path)));
    const foreign = record.files.find(({ file }) => !known.has(file) && !isOrdinary(file));
    if (foreign !== undefined) {
      const folder = journals.path(OPEN);
      throw new HsmError(
        "rollback-failed",
        `Cannot recover from ${folder}: it names ${foreign.file}, which HSM does not write`,
        {
          hint:
            `it is of \`${record.command}\`: if that brings a package manager of its own, run it ` +
            `again; else look at it, then remove ${folder}`,
          details: { path: folder },
        },
      );
    }
    await endOrphans(root, journals.events(), options);
    const { restored, moved } = await rollBack(journals, record, options.repository);
    const { command, since } = record;
    return { recovered: true, restored, command, since, moved: moved ?? null, refused: null };
  } catch (error) {
    throw ioError("recover", root, error);
  }
}

/** Whether a package manager may have it edited: which files one asks for depends on what they say. */
function isOrdinary(file: string): boolean {
  const parts = file.split("/");
  return !isAbsolute(file) &&
    !parts.some((it) => ["..", ".git", STATE_FOLDER].includes(it.toLowerCase()));
}

const NOTHING: RecoverResult = {
  recovered: false,
  restored: [],
  command: null,
  since: null,
  moved: null,
  refused: null,
};
