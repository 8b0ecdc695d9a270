/**
 * A commit of a remote, to be looked into without a checkout.
 *
 * @module
 */

import { join } from "@std/path";
import { HsmError } from "../errors.ts";
import type { Context } from "../process/context.ts";
import { NO_BACKGROUND, REMOTE } from "../git/fetch_checkout.ts";
import { makeTemporary } from "../files/make_temporary.ts";
import type { Commands } from "../process/commands.ts";
import { redact } from "../text/redact.ts";
import { MAX_TEXT } from "./cache.ts";

/** Which commit is fetched. */
export interface FetchCommitOptions {
  /** The repository's URL. */
  readonly url: string;
  /** A full ref, a full commit, or `HEAD`. */
  readonly want: string;
}

/** What a fetch came to. */
export type FetchOutcome<T> =
  | { readonly kind: "fetched" } & T
  /** The remote answered, and has no such ref or commit. */
  | { readonly kind: "missing" }
  /** The remote did not answer as it should. */
  | { readonly kind: "failed"; readonly reason: string };

/** The length of a text that is kept: one character more than any file that describes a distribution may have. */
const MAX_LENGTH = MAX_TEXT + 1;

/** A commit that was fetched, `FETCH_HEAD` to git. */
export class FetchedCommit {
  readonly #$: Commands;
  readonly #options: readonly string[];

  /** Use {@linkcode fetchCommit}. */
  constructor($: Commands, options: readonly string[]) {
    this.#$ = $;
    this.#options = options;
  }

  /** Its whole name; an annotated tag is followed to its commit. */
  async name(): Promise<string> {
    return (await this.#tell("rev-parse", "--verify", "FETCH_HEAD^{commit}")).trim();
  }

  /** The ids of some files, by path, as far as they are there. Links are not, for they hold a path and no text. */
  async files(paths: Iterable<string>): Promise<ReadonlyMap<string, string>> {
    const listed = await this.#tell("ls-tree", "-z", "FETCH_HEAD", "--", ...paths);
    return new Map(
      listed.split("\0").flatMap((entry) => {
        const [, id = "", path = ""] = /^100\d+ blob (\w+)\t(.*)$/s.exec(entry) ?? [];
        return path === "" ? [] : [[path, id]];
      }),
    );
  }

  /** Whether a link or a submodule, of which git does not tell what is in it, is one of the paths or on the way to them. */
  async isHidden(paths: readonly string[]): Promise<boolean> {
    const listed = await this.#tell("ls-tree", "-r", "-z", "FETCH_HEAD");
    return listed.split("\0").some((entry) => {
      const [, hidden] = /^1[26]0000 \w+ \w+\t(.*)$/s.exec(entry) ?? [];
      return hidden !== undefined && paths.some((path) => `${path}/`.startsWith(`${hidden}/`));
    });
  }

  /** The text of a file, by its id; neither git nor HSM holds more of it than is kept. */
  async text(id: string): Promise<string> {
    const options = [...this.#options, "-c", "core.bigFileThreshold=1m"];
    const shown = await this.#$.with({ limit: MAX_TEXT })`git ${options} cat-file blob ${id}`
      .noThrow();
    if (!shown.success && !shown.isCut) throw new Error(shown.stderr);
    return shown.stdout.slice(0, MAX_LENGTH);
  }

  /**
   * The paths of the files that have a name, wherever they are, and a line that matches. What was not fetched of them yet,
   * git fetches in one go.
   *
   * @param name The last part of their paths.
   * @param pattern An extended regular expression of POSIX; letter case makes no difference.
   */
  async matching(name: string, pattern: string): Promise<readonly string[]> {
    const how = ["--root", "--no-commit-id", "-r", "-z", "--name-only", "--no-renames"];
    const reading = ["--text", "--no-textconv", "--no-ext-diff", "--regexp-ignore-case"];
    const found = await this.#tell(
      ...["diff-tree", ...how, ...reading, `-G${pattern}`, "FETCH_HEAD", "--", `:(glob)**/${name}`],
    );
    return found.split("\0").filter((path) => path !== "");
  }

  async #tell(...args: readonly string[]): Promise<string> {
    const { success, stdout, stderr } = await this.#$`git ${this.#options} ${args}`.noThrow();
    if (!success) throw new Error(stderr);
    return stdout;
  }
}

/**
 * Fetches one commit, shallow and without its files' contents, into a temporary repository. The repository goes away again
 * once the commit has been looked into.
 *
 * @param look Looks into it; that git fails there is the remote's failure, for it gives what was left out.
 */
export async function fetchCommit<T extends object>(
  context: Context,
  { url, want }: FetchCommitOptions,
  look: (commit: FetchedCommit) => Promise<T>,
): Promise<FetchOutcome<T>> {
  await using temporary = await makeTemporary("hsm-metadata-");
  const folder = temporary.path;
  try {
    await makeRepository(folder);
    const remote = [...REMOTE, "-c", `remote.origin.url=${url}`];
    const options = [`--git-dir=${folder}`, ...remote, ...NO_BACKGROUND];
    const $ = context.$.with({ cwd: folder });
    const how = ["--quiet", "--depth=1", "--filter=blob:none", "--no-tags"];
    const fetched = await $`git ${options} fetch ${how} -- origin ${want}`.noThrow();
    if (!fetched.success) return failure(fetched.stderr);
    return { kind: "fetched", ...await look(new FetchedCommit($, options)) };
  } catch (error) {
    // An interruption is no answer of the remote's.
    if (error instanceof HsmError && error.code === "interrupted") throw error;
    return failure(error instanceof Error ? error.message : String(error));
  }
}

/** An empty bare repository (gitrepository-layout), whose `origin` gives it the contents that a fetch has left out. */
async function makeRepository(folder: string): Promise<void> {
  await Promise.all([
    Deno.mkdir(join(folder, "objects")),
    Deno.mkdir(join(folder, "refs")),
    Deno.writeTextFile(join(folder, "HEAD"), "ref: refs/heads/main\n"),
    Deno.writeTextFile(
      join(folder, "config"),
      "[core]\n\trepositoryformatversion = 1\n\tbare = true\n" +
        "[extensions]\n\tpartialClone = origin\n" +
        '[remote "origin"]\n\tpromisor = true\n\tpartialclonefilter = blob:none\n',
    ),
  ]);
}

function failure(stderr: string): FetchOutcome<never> {
  if (/couldn't find remote ref|not our ref|unadvertised object/.test(stderr)) {
    return { kind: "missing" };
  }
  const reason = redact(stderr).trim().split("\n").filter((it) => !it.startsWith("warning: "))[0];
  return { kind: "failed", reason: reason ?? "git did not say why" };
}
