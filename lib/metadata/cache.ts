/**
 * The metadata cache: what pinned commits say of themselves.
 *
 * @module
 */

import { Cache } from "../cache/cache.ts";
import type { SetupPy } from "../project/setup_cfg.ts";
import { tableOf } from "../table.ts";

/** No file that describes a distribution is longer, in characters; of one that is, one more is kept. */
export const MAX_TEXT = 1024 * 1024;

/** The files of a distribution that describe it, at one commit. */
export interface DistributionFiles {
  /** The text of pyproject.toml; undefined where there is none. */
  readonly pyproject: string | undefined;
  /** The text of setup.cfg; undefined where there is none. */
  readonly setupCfg: string | undefined;
  /** What kind of setup.py there is. */
  readonly setupPy: SetupPy;
  /** Whether the repository may have submodules: whether there is a .gitmodules at its top. */
  readonly gitmodules: boolean;
  /** The nearest pyproject.toml above, where the distribution is in a folder of the repository and there is one. */
  readonly above?: FileAbove;
}

/** A pyproject.toml in a folder above a distribution's: it may be the root of a uv workspace. */
export interface FileAbove {
  /** Its folder, relative to the top of the repository; `""`: the top itself. */
  readonly folder: string;
  /** Its text. */
  readonly text: string;
}

/** Which commit of which repository, and where in it. */
export interface CommitKey {
  /** The repository's URL. */
  readonly url: string;
  /** The commit, in full. */
  readonly commit: string;
  /** The folder of the distribution. */
  readonly subdirectory: string | undefined;
}

/** A name in a repository, such as `refs/tags/v1.2.0`. */
export interface RefKey {
  /** The repository's URL. */
  readonly url: string;
  /** The whole name. */
  readonly ref: string;
}

/** What is known of commits and refs. */
export class MetadataCache {
  readonly #commits: Cache<DistributionFiles>;
  readonly #refs: Cache<{ readonly commit: string }>;

  /** A cache in a folder, which is made when something is kept; without one nothing is kept. */
  constructor(folder: string | undefined) {
    this.#commits = new Cache(folder, "metadata/v2/commits", isDistribution);
    this.#refs = new Cache(folder, "metadata/v2/refs", isCommit);
  }

  /** What a commit says. */
  files(key: CommitKey): DistributionFiles | undefined {
    return this.#commits.read(filesKey(key));
  }

  /** Keeps what a commit says. */
  async keepFiles(key: CommitKey, files: DistributionFiles): Promise<void> {
    await this.#commits.write(filesKey(key), files);
  }

  /** The commit that a ref was at when it was last looked up. */
  commit({ url, ref }: RefKey): string | undefined {
    return this.#refs.read([url, ref])?.commit;
  }

  /** Keeps the commit that a ref is at. */
  async keepCommit({ url, ref }: RefKey, commit: string): Promise<void> {
    await this.#refs.write([url, ref], { commit });
  }
}

function filesKey({ url, commit, subdirectory = "" }: CommitKey): readonly string[] {
  return [url, commit, subdirectory];
}

const SETUP_PYS: readonly SetupPy[] = ["none", "bare", "program"];

function isDistribution(value: unknown): value is DistributionFiles {
  const { pyproject, setupCfg, setupPy, gitmodules, above } = tableOf(value);
  const areTexts = [pyproject, setupCfg].every((it) => it === undefined || typeof it === "string");
  const isKind = SETUP_PYS.includes(setupPy as SetupPy) && typeof gitmodules === "boolean";
  const { folder, text } = tableOf(above);
  const isAbove = typeof folder === "string" && typeof text === "string";
  return areTexts && isKind && (above === undefined || isAbove);
}

/** A whole commit, which also keeps it from being taken for an option of git. */
function isCommit(value: unknown): value is { readonly commit: string } {
  const { commit } = tableOf(value);
  return typeof commit === "string" && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(commit);
}
