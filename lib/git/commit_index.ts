/**
 * The files that a commit would hold: the index, read without touching it.
 *
 * @module
 */

import { dirname, join, normalize } from "@std/path";
import { HsmError } from "../errors.ts";
import type { Commands } from "../process/commands.ts";
import { isInside, withSlashes } from "../platform/paths.ts";
import { once } from "../process/once.ts";
import type { RunResult } from "../process/run.ts";
import type { Context } from "../process/context.ts";
import { failedProgram } from "../process/failed_program.ts";
import type { CommitPlace } from "./commit_place.ts";
import { READING } from "./reading.ts";

/** A file as it would be committed. */
export interface IndexedFile {
  /** What it holds; undefined: the commit would not have it. */
  readonly text: string | undefined;
  /** Whether the commit would change it. */
  readonly isChanged: boolean;
  /** Whether a merge has left it in several versions. */
  readonly isUnmerged: boolean;
}

/** What the index has under a path. */
interface Entry {
  readonly mode: string;
  readonly id: string;
  readonly isUnmerged: boolean;
}

/** Its link leads through so many others at most. */
const MAX_LINKS = 10;

/** Where a path leads, through links. */
interface Target {
  /** What the index has there; undefined: nothing, or it leads out of the repository. */
  readonly entry: Entry | undefined;
  /** Whether the commit would change that, or a link on the way. */
  readonly isChanged: boolean;
}

/** What a commit would hold. Paths are relative to the top of the repository, with `/`. */
export class CommitIndex {
  /** The files of the names asked for that the commit would have, or would take away. */
  readonly paths: ReadonlySet<string>;
  readonly #$: Commands;
  readonly #entries: ReadonlyMap<string, Entry>;
  readonly #changed: ReadonlySet<string> | undefined;
  readonly #isNamed: (path: string) => boolean;

  /** Use {@linkcode readCommitIndex}. */
  constructor(
    $: Commands,
    entries: ReadonlyMap<string, Entry>,
    changed: ReadonlySet<string> | undefined,
    names: readonly string[],
  ) {
    this.#$ = $;
    this.#entries = entries;
    this.#changed = changed;
    this.#isNamed = (path) => names.includes(path.slice(path.lastIndexOf("/") + 1));
    this.paths = new Set([...entries.keys(), ...[...changed ?? []].filter(this.#isNamed)]);
  }

  /** Those of the {@linkcode paths} that the commit would change, or what they are links to. */
  async changes(): Promise<readonly string[]> {
    const changes: string[] = [];
    for (const path of this.paths) {
      const isLink = this.#entries.get(path)?.mode === LINK;
      if (isLink ? (await this.#follow(path)).isChanged : this.#hasChanged(path)) {
        changes.push(path);
      }
    }
    return changes;
  }

  /** Whether the commit would change anything in a folder, as far as that is known without following links. */
  changesIn(folder: string): boolean {
    return this.#changed === undefined || [...this.#changed].some((it) => isInside(it, folder));
  }

  /** A file, through links as far as these stay in the repository. */
  async file(path: string): Promise<IndexedFile> {
    const { entry, isChanged } = await this.#follow(path);
    const isUnmerged = entry?.isUnmerged ?? false;
    const isFile = entry !== undefined && entry.mode !== SUBMODULE && !isUnmerged;
    const text = isFile ? await this.#text(entry.id) : undefined;
    // What the last commit has already may be missing, in a partial clone; of what is new git has made an object itself.
    if (isFile && isChanged && text === undefined) {
      throw new HsmError(
        "git-failed",
        `Cannot read ${path} as it is staged: git has no such object`,
      );
    }
    return { text, isChanged, isUnmerged };
  }

  /** Whether the commit would have a file or a folder at a path, through links, or a submodule that it is in. */
  async holds(path: string): Promise<boolean> {
    let at: string | undefined = path;
    for (let links = 0; at !== undefined && links <= MAX_LINKS; links++) {
      if (at === "." || this.#entries.has(`${at}/pyproject.toml`)) return true;
      const found = await this.#look(at);
      if (found === FOLDER || (found !== undefined && found.mode !== LINK)) return true;
      at = await this.#throughLinks(at);
      if (at === IN_SUBMODULE) return true;
    }
    return false;
  }

  async #follow(path: string): Promise<Target> {
    let isChanged = false;
    let at: string | undefined = path;
    for (let links = 0; at !== undefined && at !== IN_SUBMODULE && links <= MAX_LINKS; links++) {
      isChanged ||= this.#hasChanged(at);
      const found = await this.#look(at);
      if (found !== undefined && found !== FOLDER && found.mode !== LINK) {
        return { entry: found, isChanged };
      }
      // The folders on the way to what is asked for first are no links.
      if (found === undefined && links === 0) break;
      at = await this.#throughLinks(at);
    }
    return { entry: undefined, isChanged };
  }

  /** Where a path leads if it, or a folder on its way, is a link; undefined: out of the repository, or there is none. */
  async #throughLinks(path: string): Promise<string | undefined> {
    const segments = path.split("/");
    for (const index of segments.keys()) {
      const at = segments.slice(0, index + 1).join("/");
      const found = await this.#look(at);
      if (found === FOLDER) continue;
      if (found?.mode === SUBMODULE) return IN_SUBMODULE;
      const target = found?.mode === LINK ? await this.#text(found.id) : undefined;
      if (target === undefined || target.startsWith("/")) return undefined;
      const rest = segments.slice(index + 1);
      const real = withSlashes(normalize(join(dirname(at), target, ...rest)));
      return real.startsWith("../") ? undefined : real;
    }
    return undefined;
  }

  #hasChanged(path: string): boolean {
    return this.#changed?.has(path) ?? this.#entries.get(path) !== undefined;
  }

  readonly #look = once(async (path: string): Promise<Entry | typeof FOLDER | undefined> => {
    const known = this.#entries.get(path);
    // All of these have been listed.
    if (known !== undefined || this.#isNamed(path)) return known;
    // Of a folder it would list all that is in it.
    const $ = this.#$.with({ limit: MAX_LISTED });
    const listed = await $`git ${OPTIONS} ls-files --stage -z -- ${`:(top,literal)${path}`}`
      .noThrow();
    if (!listed.success && !listed.isCut) throw failure(listed);
    return parseEntries(listed.stdout).get(path) ?? (listed.stdout === "" ? undefined : FOLDER);
  });

  readonly #text = once(async (id: string) => {
    const { success, stdout } = await this.#$`git ${OPTIONS} cat-file blob ${id}`.noThrow();
    return success ? stdout : undefined;
  });
}

/** How much of what git lists is read where only the first entry counts. */
const MAX_LISTED = 64 * 1024;

const LINK = "120000";
const SUBMODULE = "160000";
const FOLDER = "folder";
/** No path has a closing `/`. */
const IN_SUBMODULE = "submodule/";

/**
 * Reads what a commit would hold of the files of some names, wherever they are. Changes nothing, and asks no remote.
 *
 * @param names The last parts of their paths.
 * @throws {HsmError} `git-failed`
 */
export async function readCommitIndex(
  context: Context,
  { top, variables }: CommitPlace,
  names: readonly string[],
): Promise<CommitIndex> {
  const $ = context.$.with({ cwd: top, env: variables });
  const globs = names.map((name) => `:(top,glob)**/${name}`);
  const [listed, differing] = await Promise.all([
    $`git ${OPTIONS} ls-files --stage -z -- ${globs}`.noThrow(),
    $`git ${OPTIONS} diff-index --cached --name-only --no-renames -z HEAD --`.noThrow(),
  ]);
  if (!listed.success) throw failure(listed);
  if (!differing.success && await $`git ${OPTIONS} rev-parse --verify --quiet HEAD`.succeeds()) {
    throw failure(differing);
  }
  // The first commit changes all that it holds.
  const changed = differing.success ? new Set(differing.stdout.split("\0")) : undefined;
  return new CommitIndex($, parseEntries(listed.stdout), changed, names);
}

/** What a developer has put in an object's place (`git replace`) is in no commit. */
const OPTIONS = ["--no-replace-objects", ...READING];

function failure(result: RunResult): HsmError {
  return failedProgram(result, "read what is staged");
}

/** What `ls-files --stage -z` lists; a path that a merge left in several versions comes once for each. */
function parseEntries(listed: string): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  for (const line of listed.split("\0")) {
    const [, mode, id, stage, path] = /^(\d+) ([0-9a-f]+) (\d)\t(.*)$/s.exec(line) ?? [];
    if (path === undefined) continue;
    entries.set(path, { mode: mode!, id: id!, isUnmerged: stage !== "0" });
  }
  return entries;
}
