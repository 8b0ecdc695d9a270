/**
 * Recovery: finishes what a crash left behind.
 *
 * @module
 */

import { HsmError } from "../errors.ts";
import { stakeName } from "./content.ts";
import { type FileLayer, ioError, realFiles } from "./files.ts";
import {
  attempt,
  hasJournalFolder,
  type JournalEvent,
  journalPath,
  OPEN,
  readEvents,
  readRecord,
  removeJournal,
} from "./journal.ts";
import { endProcess, executableOf, findProcesses, isAlive } from "./process.ts";
import { restoreFiles } from "./restore.ts";

/** How recovery is done. */
export interface RecoverOptions {
  /** The files that may be at stake, relative to the root or absolute: nothing else is touched, whatever a journal says. */
  readonly files: readonly string[];
  /** Told when a program of the crashed command still runs and is waited for. */
  readonly onWait?: (orphan: { readonly pid: number; readonly program: string }) => void;
  /**
   * Milliseconds that such a program is given to end by itself, then again after SIGTERM, then after SIGKILL.
   * @default {[2000, 10000, 5000]}
   */
  readonly patience?: readonly [number, number, number];
  /** Ends the waiting. */
  readonly signal?: AbortSignal;
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
}

/**
 * Whether a transaction is open in the root: one that runs now, or one that crashed.
 *
 * @throws {HsmError} `io` when the disk refuses.
 */
export function hasJournal(root: string, layer: FileLayer = realFiles()): boolean {
  try {
    return layer.facts(journalPath(root, OPEN)) !== null;
  } catch (error) {
    throw ioError("look for a journal", root, error);
  }
}

/**
 * Rolls back what a crashed command left behind. Call it while holding the lock.
 *
 * A program of that command that still runs is waited for, and ended if need be; then the files go back as in
 * `Transaction.rollback()`. It may itself be killed at any point, and repeated.
 *
 * @throws {HsmError} `rollback-failed` as `Transaction.rollback()`, and when the journal is damaged or did not
 * come about here; `workspace-locked` when a program of the crashed command does not end; `io`.
 */
export async function recover(root: string, options: RecoverOptions): Promise<RecoverResult> {
  const layer = options.layer ?? realFiles();
  try {
    root = layer.realPath(root);
    // A link that came with the repository must not lead the way out of the root.
    if (!hasJournalFolder(layer, root)) return NOTHING;
    // Strays harm nobody, and the next command tries again.
    attempt(() => removeJournal(layer, journalPath(root, "new")));
    attempt(() => removeJournal(layer, journalPath(root, "old")));
    const record = readRecord(layer, root, OPEN);
    if (record === null) return NOTHING;
    const known = new Set(options.files.map((path) => stakeName(layer, root, path)));
    const foreign = record.files.find(({ file }) => !known.has(file));
    if (foreign !== undefined) {
      const folder = journalPath(root, OPEN);
      throw new HsmError(
        "rollback-failed",
        `Cannot recover from ${folder}: it names ${foreign.file}, which HSM does not write`,
        { hint: `look at it, then remove ${folder}`, details: { path: folder } },
      );
    }
    const events = readEvents(layer, root);
    await endOrphans(root, events, options);
    const restored = await restoreFiles(layer, root, record, events);
    return { recovered: true, restored, command: record.command, since: record.since };
  } catch (error) {
    throw ioError("recover", root, error);
  }
}

const NOTHING: RecoverResult = { recovered: false, restored: [], command: null, since: null };

/** Waits for the program that the crashed command ran, and ends it if it takes too long. */
async function endOrphans(
  root: string,
  events: readonly JournalEvent[],
  options: RecoverOptions,
): Promise<void> {
  const started = events.findLastIndex(({ event }) => event === "starting");
  const start = events[started];
  if (start?.event !== "starting") return;
  const later = events.slice(started + 1);
  if (later.some(({ event }) => event === "ended")) return;
  const noted = later.find((event) => event.event === "started");
  const { program } = start;
  const orphans = async (): Promise<readonly number[]> => {
    if (noted === undefined) return findProcesses(program, root);
    if (await isAlive(noted.pid) !== true) return [];
    // The number may belong to another process by now: compare the program where the system tells.
    const same = noted.executable === null || executableOf(noted.pid) === noted.executable;
    return same ? [noted.pid] : [];
  };
  const [orphan] = await orphans();
  if (orphan === undefined) return;
  options.onWait?.({ pid: orphan, program });
  const sure = noted === undefined || noted.executable !== null;
  for (const [step, patience] of (options.patience ?? [2000, 10_000, 5000]).entries()) {
    if (step > 0 && sure) {
      for (const pid of await orphans()) endProcess(pid, step === 1 ? "SIGTERM" : "SIGKILL");
    }
    const deadline = performance.now() + patience;
    while ((await orphans()).length > 0 && performance.now() < deadline) {
      options.signal?.throwIfAborted();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  const [pid] = await orphans();
  if (pid === undefined) return;
  throw new HsmError(
    "workspace-locked",
    `Cannot recover: ${program} (process ${pid}), started by a command that crashed, still runs`,
    { hint: `end process ${pid}, then run the command again`, details: { pid, program } },
  );
}
