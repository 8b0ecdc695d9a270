/**
 * What `git status` says, as data.
 *
 * @module
 */

/** git's command, whose output {@linkcode parseStatuses} reads. */
export const STATUS: readonly string[] = [
  "status",
  "--porcelain=v2",
  "--branch",
  "--show-stash",
  "--untracked-files=normal",
  "-z",
];

/** A submodule that differs from what the index records, and not for being staged. */
export interface SubmoduleChange {
  /** Its folder, relative to the checkout, with `/`. */
  readonly path: string;
  /** The commit that the index records. */
  readonly recorded: string;
  /** Whether it is at another commit. */
  readonly isMoved: boolean;
  /** Whether files in it, untracked ones included, or its own submodules differ from its commit. */
  readonly isChanged: boolean;
}

/** What git says of a checkout. */
export interface ParsedStatus {
  /** The commit at HEAD; undefined before the first one. */
  readonly commit: string | undefined;
  /** The branch; undefined where HEAD is detached. */
  readonly branch: string | undefined;
  /** The branch it follows, such as `origin/main`. */
  readonly upstream: string | undefined;
  /** How many commits it has that the upstream has not; undefined where that is not known. */
  readonly ahead: number | undefined;
  /** How many commits the upstream has that it has not, as far as was fetched; undefined where that is not known. */
  readonly behind: number | undefined;
  /** The tracked files that differ from the commit, staged or not. */
  readonly changed: readonly string[];
  /** Those of the changed ones that are submodules with nothing staged. */
  readonly submodules: readonly SubmoduleChange[];
  /** The files, and folders with a closing `/`, that are neither tracked nor ignored, but for what builds leave. */
  readonly untracked: readonly string[];
  /** How many stashes there are. */
  readonly stashes: number;
}

/** Reads what {@linkcode STATUS} prints of checkouts, one after the other; each begins with its commit. */
export function parseStatuses(text: string): readonly ParsedStatus[] {
  const statuses: ParsedStatus[] = [];
  let one = new StatusReader();
  const entries = text.split("\0").values();
  for (const entry of entries) {
    if (entry.startsWith(FIRST) && one.isBegun) {
      statuses.push(one.status());
      one = new StatusReader();
    }
    one.take(entry);
    // Behind a renamed or copied file stands the name that it had before, an entry of its own.
    if (entry[0] === "2") entries.next();
  }
  return one.isBegun ? [...statuses, one.status()] : statuses;
}

const FIRST = "# branch.oid ";

class StatusReader {
  readonly #headers = new Map<string, string>();
  readonly #changed: string[] = [];
  readonly #submodules: SubmoduleChange[] = [];
  readonly #untracked: string[] = [];

  get isBegun(): boolean {
    return this.#headers.size > 0;
  }

  take(entry: string): void {
    const kind = entry[0];
    if (kind === "#") {
      const [, key = "", value = ""] = /^# (\S+) (.*)$/s.exec(entry) ?? [];
      this.#headers.set(key, value);
    } else if (kind === "?") this.#untracked.push(entry.slice(2));
    else if (kind === "1") {
      const path = fieldsFrom(entry, 8);
      this.#changed.push(path);
      // `1 XY S<c><m><u> mH mI mW hH hI path`, with an X where something is staged.
      const [, moved, changed, untracked, recorded = ""] =
        /^1 \.\S S(.)(.)(.) (?:\S+ ){4}(\S+) /.exec(entry) ?? [];
      if (moved === undefined) return;
      const isChanged = changed === "M" || untracked === "U";
      this.#submodules.push({ path, recorded, isMoved: moved === "C", isChanged });
    } else if (kind === "2") this.#changed.push(fieldsFrom(entry, 9));
    else if (kind === "u") this.#changed.push(fieldsFrom(entry, 10));
  }

  status(): ParsedStatus {
    const headers = this.#headers;
    const oid = headers.get("branch.oid");
    const head = headers.get("branch.head");
    const counts = /^\+(\d+) -(\d+)$/.exec(headers.get("branch.ab") ?? "");
    return {
      commit: oid === "(initial)" ? undefined : oid,
      branch: head === "(detached)" ? undefined : head,
      upstream: headers.get("branch.upstream"),
      ahead: counts ? Number(counts[1]) : undefined,
      behind: counts ? Number(counts[2]) : undefined,
      changed: this.#changed,
      submodules: this.#submodules,
      untracked: this.#untracked,
      stashes: Number(headers.get("stash") ?? 0),
    };
  }
}

/** What stands behind the first fields of an entry: a path may hold spaces. */
function fieldsFrom(entry: string, count: number): string {
  let at = 0;
  for (let field = 0; field < count; field++) at = entry.indexOf(" ", at) + 1;
  return entry.slice(at);
}
