/**
 * The files that a commit would hold: the index, read without touching it.
 *
 * @module
 */

import { dirname, join, normalize } from "@std/path";
import { HsmError } from "../errors.ts";
import { askGit, type GitContext, tellGit } from "./ask.ts";
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

/** What a commit would hold. Paths are relative to the top of the repository, with `/`. */
export class CommitIndex {
  /** The files of the names asked for that the commit would have, or would take away. */
  readonly paths: ReadonlySet<string>;
  readonly #git: (...args: readonly string[]) => Promise<string>;
  readonly #entries: Map<string, Entry | undefined>;
  readonly #changed: ReadonlySet<string> | undefined;
  readonly #texts = new Map<string, Promise<string>>();

  /** Use {@linkcode readCommitIndex}. */
  constructor(
    git: (...args: readonly string[]) => Promise<string>,
    entries: Map<string, Entry | undefined>,
    changed: ReadonlySet<string> | undefined,
    names: readonly string[],
  ) {
    this.#git = git;
    this.#entries = entries;
    this.#changed = changed;
    const isNamed = (path: string) => names.includes(path.slice(path.lastIndexOf("/") + 1));
    this.paths = new Set([...entries.keys(), ...[...changed ?? []].filter(isNamed)]);
  }

  /** Whether the commit would change any of the {@linkcode paths}, or what they are links to. */
  async isConcerned(): Promise<boolean> {
    for (const path of this.paths) {
      if (this.#hasChanged(path)) return true;
      if (this.#entries.get(path)?.mode === LINK && (await this.file(path)).isChanged) return true;
    }
    return false;
  }

  /** A file, through links as far as these stay in the repository. */
  async file(path: string): Promise<IndexedFile> {
    let isChanged = false;
    let at = path;
    for (let links = 0; links <= MAX_LINKS; links++) {
      isChanged ||= this.#hasChanged(at);
      const entry = await this.#entry(at);
      if (entry === undefined) break;
      const text = entry.isUnmerged ? undefined : await this.#text(entry.id);
      if (entry.mode !== LINK || text === undefined) {
        return { text, isChanged, isUnmerged: entry.isUnmerged };
      }
      at = normalize(join(dirname(at), text)).replaceAll("\\", "/");
      // What lies elsewhere is in no commit.
      if (text.startsWith("/") || at.startsWith("../")) break;
    }
    return { text: undefined, isChanged, isUnmerged: false };
  }

  #hasChanged(path: string): boolean {
    return this.#changed?.has(path) ?? this.#entries.get(path) !== undefined;
  }

  async #entry(path: string): Promise<Entry | undefined> {
    if (!this.#entries.has(path)) {
      const listed = parseEntries(
        await this.#git("ls-files", "--stage", "-z", "--", `:(top,literal)${path}`),
      );
      this.#entries.set(path, listed.get(path));
    }
    return this.#entries.get(path);
  }

  #text(id: string): Promise<string> {
    const known = this.#texts.get(id);
    if (known !== undefined) return known;
    const text = this.#git("cat-file", "blob", id);
    this.#texts.set(id, text);
    return text;
  }
}

const LINK = "120000";

/**
 * Reads what a commit would hold of the files of some names, wherever they are. Changes nothing, and asks no remote.
 *
 * @param names The last parts of their paths.
 * @throws {HsmError} `git-failed`
 */
export async function readCommitIndex(
  context: GitContext,
  { top, variables }: CommitPlace,
  names: readonly string[],
): Promise<CommitIndex> {
  const options = { cwd: top, env: variables };
  const git = (...args: readonly string[]) =>
    tellGit(context, [...READING, ...args], { ...options, action: "read what is staged" });
  const [listed, differing] = await Promise.all([
    git("ls-files", "--stage", "-z", "--", ...names.map((name) => `:(top,glob)**/${name}`)),
    askGit(context, [...READING, ...DIFFERENCE], options),
  ]);
  if (!differing.success && await hasCommit(context, options)) {
    throw new HsmError("git-failed", "Cannot compare what is staged with the last commit", {
      causes: differing.stderr.split("\n").filter((line) => line !== ""),
    });
  }
  // The first commit changes all that it holds.
  const changed = differing.success ? new Set(differing.stdout.split("\0")) : undefined;
  return new CommitIndex(git, parseEntries(listed), changed, names);
}

const DIFFERENCE = ["diff-index", "--cached", "--name-only", "--no-renames", "-z", "HEAD", "--"];

async function hasCommit(
  context: GitContext,
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Promise<boolean> {
  const args = [...READING, "rev-parse", "--verify", "--quiet", "HEAD"];
  return (await askGit(context, args, options)).success;
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
