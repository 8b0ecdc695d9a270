/**
 * Putting files back: what rollback and recovery have in common.
 *
 * Each file is brought back by renaming its original, which lies ready in the journal with the right bytes,
 * mode and owner. That needs no room on the disk, and an original that is gone from the journal says that its
 * file was brought back already, so the whole may stop and be repeated at any point.
 *
 * @module
 */

import { basename, dirname, join, resolve } from "@std/path";
import { attempt } from "../attempt.ts";
import { HsmError } from "../errors.ts";
import { ABSENT, createLike, hashOf, readContent, resolveTarget, sameBytes } from "./content.ts";
import type { FileLayer } from "../files/layer.ts";
import { describeFailure, errnoOf, wayOut } from "../files/system_error.ts";
import {
  type FileBefore,
  type FileRecord,
  type JournalEvent,
  type JournalRecord,
  type Journals,
  OPEN,
} from "./journal.ts";
import { describePlace, isSameState, type RepositoryState } from "../git/repository_state.ts";
import { removeUnfinished } from "./unfinished.ts";

/** Which contents of a file are the transaction's own work. */
interface OwnWork {
  /** Hashes of what it wrote, and of what its programs left. */
  readonly hashes: Set<string>;
  /** A program that may change the file was not seen to end: whatever is there counts as its work. */
  running: boolean;
}

/** The name of the file that a write goes to first, beside its target. */
export function temporaryPath(id: string, target: string): string {
  return join(dirname(target), `.hsm-${id}-${basename(target)}`);
}

/** Reads where the app's repository is; undefined where that cannot be told. */
export type ReadRepository = () => Promise<RepositoryState | undefined>;

/** What putting files back came to. */
export interface Restored {
  /** The files brought back, relative to the root. */
  readonly restored: readonly string[];
  /** Where the app's repository is, if the transaction has moved it, and the files are those that belong there. */
  readonly moved: RepositoryState | undefined;
}

/**
 * Rolls back as far as it is HSM's to do. Where the transaction was to move the app's repository, that decides: where it
 * is now, there the files become what they were with it there; and where it is nowhere that is known, git or somebody
 * else is at work, and they are left alone.
 *
 * @param repository Asked only if the transaction was to move it.
 * @throws {HsmError} `rollback-failed` as `Rollback.restoreFiles()`, and where the files are left alone.
 */
export async function rollBack(
  journals: Journals,
  record: JournalRecord,
  repository: ReadRepository | undefined,
): Promise<Restored> {
  const events = journals.events();
  const rollback = new Rollback(journals, record, events);
  const noted = events.filter((it) => it.event === "repository");
  const [first] = noted;
  if (first === undefined) {
    return { restored: await rollback.restoreFiles(record.files), moved: undefined };
  }
  const now = await repository?.();
  const there = noted.findLast((it) => isSameState(now, it.state));
  if (there === undefined) throw rollback.leaveAlone(first.files, first.state, now);
  const restored = await rollback.restoreFiles(there.files);
  return { restored, moved: isSameState(first.state, there.state) ? undefined : now };
}

/** Reads from the log what the transaction did to which file. */
function ownWork(events: readonly JournalEvent[]): Map<string, OwnWork> {
  const work = new Map<string, OwnWork>();
  const of = (file: string): OwnWork => {
    const own = work.get(file) ?? { hashes: new Set(), running: false };
    work.set(file, own);
    return own;
  };
  for (const event of events) {
    if (event.event === "write") of(event.file).hashes.add(event.hash);
    if (event.event === "starting") { for (const file of event.files) of(file).running = true; }
    if (event.event === "ended") {
      for (const [file, hash] of Object.entries(event.hashes)) {
        if (hash !== null) of(file).hashes.add(hash);
        of(file).running = false;
      }
    }
  }
  return work;
}

/** What became of a file: it is as it was, it was put back, or it is somebody else's and its original lies beside it. */
type Outcome = "same" | "restored" | { readonly beside: string | null };

/** A file at stake, with the places of what belongs to it. */
interface Place {
  /** Where it is seen. */
  readonly path: string;
  /** Where it is, behind all links. */
  readonly target: string;
  /** Where its original lies; null: it was not there. */
  readonly image: string | null;
}

/** One transaction on its way back. */
class Rollback {
  readonly #journals: Journals;
  readonly #layer: FileLayer;
  readonly #record: JournalRecord;
  readonly #events: readonly JournalEvent[];
  readonly #work: ReadonlyMap<string, OwnWork>;

  constructor(journals: Journals, record: JournalRecord, events: readonly JournalEvent[]) {
    this.#journals = journals;
    this.#layer = journals.layer;
    this.#record = record;
    this.#events = events;
    this.#work = ownWork(events);
  }

  /** Leaves the files as they are, puts what they held beside them, and closes the journal. */
  leaveAlone(
    files: readonly FileRecord[],
    before: RepositoryState,
    now: RepositoryState | undefined,
  ): HsmError {
    const layer = this.#layer;
    const originals: string[] = [];
    for (const entry of files) {
      if (!this.#work.has(entry.file)) continue;
      const { path, target, image } = this.#placeOf(entry);
      this.#removeTemporary(target);
      if (image === null || layer.facts(image)?.kind !== "file") continue;
      const current = layer.facts(target)?.kind === "file" ? layer.read(target) : null;
      if (sameBytes(current, layer.read(image))) continue;
      originals.push(this.#putBeside(image, path));
    }
    removeUnfinished(this.#journals, this.#record, this.#events);
    this.#journals.discard();
    const state = now === undefined ? "where its repository is cannot be told" : now.busy ??
      (now.commit === before.commit && now.branch === before.branch
        ? "its index is not what it was"
        : `its repository is on ${describePlace(now)}`);
    const beside = originals.length === 0
      ? ""
      : `; what the files held before lies beside them (${originals.join(", ")}): ` +
        "take from there what you miss, then remove it";
    const { command } = this.#record;
    return new HsmError(
      "rollback-failed",
      `Cannot take back \`${command}\`: ${state}, and was on ${describePlace(before)}`,
      {
        hint:
          `no file was touched; look at \`git status\`, bring to an end what git was at, then ` +
          `run \`hsm sync\`${beside}`,
        details: { before, now: now ?? null, originals },
      },
    );
  }

  /**
   * Puts every file back that the transaction changed, and closes its journal.
   *
   * A file that somebody else changed meanwhile is left alone; its original is put beside it. Files that the
   * transaction never touched are not looked at.
   *
   * @param files What they are to be.
   * @returns The files brought back, relative to the root.
   * @throws {HsmError} `rollback-failed` when somebody else changed a file (the journal is closed then), or when
   * the disk refuses (the journal stays, and the next command tries again).
   */
  async restoreFiles(files: readonly FileRecord[]): Promise<readonly string[]> {
    const restored: string[] = [];
    const strangers: Stranger[] = [];
    const failures: Failure[] = [];
    const folders = new Set<string>();
    for (const [file, own] of this.#work) {
      const entry = files.find((entry) => entry.file === file);
      if (entry === undefined) continue;
      const place = this.#placeOf(entry);
      try {
        this.#removeTemporary(place.target);
        const outcome = await this.#restoreFile(entry, place, own);
        if (outcome === "restored") restored.push(file);
        else if (outcome !== "same") strangers.push({ file, ...outcome });
        if (outcome !== "same") {
          folders.add(dirname(outcome === "restored" ? place.target : place.path));
        }
      } catch (cause) {
        failures.push({ file, cause, hint: instruction(file, place, cause) });
      }
    }
    try {
      removeUnfinished(this.#journals, this.#record, this.#events);
      for (const folder of folders) this.#layer.syncFolder(folder);
      if (failures.length === 0) this.#journals.discard();
    } catch (cause) {
      const way = wayOut(this.#journals.root, cause) ??
        "make the disk writable again, then run any hsm command";
      failures.push({ file: "the journal", cause, hint: `every file is back; ${way}` });
    }
    if (failures.length > 0) throw refusedByDisk(failures, restored);
    if (strangers.length > 0) throw changedByOthers(strangers, restored);
    return restored;
  }

  #placeOf({ file, target, before }: FileRecord): Place {
    const { root } = this.#journals;
    const image = before && this.#journals.path(OPEN, before.image);
    return { path: resolve(root, file), target: resolve(root, target), image };
  }

  /** What a write that was cut off has left. */
  #removeTemporary(target: string): void {
    this.#layer.unlink(temporaryPath(this.#record.id, target));
  }

  async #restoreFile(
    { before }: FileRecord,
    { path, target, image }: Place,
    own: OwnWork,
  ): Promise<Outcome> {
    const layer = this.#layer;
    if (image !== null && layer.facts(image) === null) return "restored";
    const now = resolveTarget(layer, path) === target ? layer.facts(target)?.kind ?? null : "other";
    const content = now === "file" ? readContent(layer, target) : null;
    const hash = now === "file" || now === null ? await hashOf(content?.bytes ?? null) : "other";
    if (hash === (before?.hash ?? ABSENT)) {
      const mode = before?.mode ?? null;
      if (mode === null || content?.facts.mode === mode) return "same";
      layer.chmod(target, mode);
      return "restored";
    }
    if (hash === "other" || !(own.running || own.hashes.has(hash))) {
      return { beside: image && this.#putBeside(image, path) };
    }
    if (before === null || image === null) layer.unlink(target);
    else await this.#putBack(image, before, target);
    return "restored";
  }

  async #putBack(image: string, before: FileBefore, target: string): Promise<void> {
    const layer = this.#layer;
    const bytes = layer.read(image);
    if (bytes === null || await hashOf(bytes) !== before.hash) {
      throw new HsmError("io", `Cannot read ${image}: it is damaged`, { details: { path: image } });
    }
    try {
      layer.rename(image, target);
    } catch (error) {
      if (errnoOf(error) !== "EXDEV") throw error;
      // A link led to another disk: no rename from here to there.
      const temporary = temporaryPath(this.#record.id, target);
      try {
        createLike(layer, temporary, bytes, before);
        layer.rename(temporary, target);
      } catch (error) {
        attempt(() => layer.unlink(temporary));
        throw error;
      }
      layer.unlink(image);
    }
  }

  /** Puts an original beside the file that somebody else changed, under the first free name, which it returns. */
  #putBeside(image: string, path: string): string {
    const layer = this.#layer;
    const bytes = layer.read(image);
    for (let i = 1;; i++) {
      const beside = `${path}.hsm-original${i === 1 ? "" : `-${i}`}`;
      const there = layer.facts(beside);
      if (there?.kind === "file" && sameBytes(layer.read(beside), bytes)) return basename(beside);
      if (there !== null) continue;
      try {
        layer.link(image, beside);
      } catch {
        // Another disk, or one that knows no second names.
        try {
          createLike(layer, beside, bytes ?? new Uint8Array(), layer.facts(image));
        } catch (error) {
          attempt(() => layer.unlink(beside));
          throw error;
        }
      }
      return basename(beside);
    }
  }
}

/** A file that somebody else changed; `beside`: the name of its original beside it. */
interface Stranger {
  readonly file: string;
  readonly beside: string | null;
}

/** A file that the disk did not let go back. */
interface Failure {
  readonly file: string;
  readonly cause: unknown;
  readonly hint: string;
}

function instruction(file: string, { target, image }: Place, cause: unknown): string {
  const byHand = image === null
    ? `${file} did not exist before: remove ${target}`
    : `the original of ${file} is ${image}: move it to ${target}`;
  const way = wayOut(target, cause) ??
    "make room or make the disk writable, then run any hsm command";
  return `${way}: it tries again. By hand: ${byHand}`;
}

function changedByOthers(strangers: readonly Stranger[], restored: readonly string[]): HsmError {
  const names = strangers.map(({ file }) => file).join(", ");
  const hints = strangers.map(({ file, beside }) =>
    beside === null
      ? `${file} did not exist before: keep it or remove it`
      : `compare ${file} with the original beside it, ${beside}, keep what you want, then remove that one`
  );
  return new HsmError(
    "rollback-failed",
    `Cannot roll back ${names}: somebody else changed it while hsm ran`,
    {
      hint: hints.join("; "),
      restored,
      details: { changed: strangers.map(({ file, beside }) => ({ file, original: beside })) },
    },
  );
}

function refusedByDisk(failures: readonly Failure[], restored: readonly string[]): HsmError {
  const [first] = failures;
  const files = failures.map(({ file }) => file).join(", ");
  return new HsmError(
    "rollback-failed",
    `Cannot roll back ${files}: ${describeFailure(first?.cause)}`,
    {
      hint: failures.map(({ hint }) => hint).join("; "),
      cause: first?.cause,
      restored,
      details: { failed: failures.map(({ file }) => file) },
    },
  );
}
