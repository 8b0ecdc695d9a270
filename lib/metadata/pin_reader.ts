/**
 * Reading what pins say, from the cache and else from their remotes.
 *
 * @module
 */

import type { GitContext } from "../git/ask.ts";
import { withoutPrompts } from "../git/commands.ts";
import type { GitSource } from "../source.ts";
import type { DistributionFiles, MetadataCache, RefKey } from "./cache.ts";
import { type CommitFiles, fetchDistribution, lookUpRefs } from "./fetch.ts";
import type { FetchOutcome } from "./fetched_commit.ts";

/** What reading a pin came to. */
export type PinnedFiles =
  | { readonly kind: "read"; readonly commit: string; readonly files: DistributionFiles }
  /** The remote has no such tag, branch or commit. */
  | { readonly kind: "missing" }
  /** Nobody knows: there is no answer, and nothing in the cache. */
  | { readonly kind: "unchecked"; readonly reason: string };

/** How {@linkcode PinReader.read} reads. */
export interface ReadPinOptions {
  /** Whether the remote may be asked. A tag or branch is then looked up again, though the cache knows it; a commit never. */
  readonly online: boolean;
}

/** What git runs in; a workspace is one. */
export interface PinContext extends GitContext {
  /** The folder whose git configuration counts. */
  readonly root: string;
}

/** Reads pins through a cache. */
export class PinReader {
  readonly #cache: MetadataCache;
  readonly #context: PinContext;
  readonly #sources: readonly GitSource[];
  /** What was read or is being read, by pin, and by whether the remote may be asked. */
  readonly #reads = new Map<
    string,
    { readonly git: string; readonly files: Promise<PinnedFiles> }
  >();
  /** The URLs of remotes that did not answer where the cache did. */
  readonly #silent = new Set<string>();
  /** Fetches, by URL and ref or commit. */
  readonly #fetches = new Map<string, Promise<FetchOutcome<CommitFiles>>>();
  /** What is looked up on remotes, by URL and ref: packages of one repository share it. */
  readonly #lookups = new Map<string, Promise<string | null>>();
  #environment: Promise<Readonly<Record<string, string>>> | undefined;

  /**
   * A reader with its cache.
   *
   * @param sources What will be read: distributions of one commit then need one fetch.
   */
  constructor(cache: MetadataCache, context: PinContext, sources: readonly GitSource[]) {
    this.#sources = sources;
    this.#cache = cache;
    this.#context = context;
  }

  /** The files that describe the distribution at a pin; a pin is read but once. */
  read(source: GitSource, options: ReadPinOptions): Promise<PinnedFiles> {
    const { git, tag, rev, branch, subdirectory } = source;
    const place = JSON.stringify([git, tag, rev, branch, subdirectory, options.online]);
    const known = this.#reads.get(place);
    if (known !== undefined) return known.files;
    const files = this.#read(source, options);
    this.#reads.set(place, { git, files });
    return files;
  }

  /** Whether a remote did not answer where the cache did. */
  isSilent(url: string): boolean {
    return this.#silent.has(url);
  }

  /**
   * Forgets reads whose remote gave no answer, once all have ended: meanwhile somebody may have given a password, or it
   * may be back.
   */
  async forgetUnanswered(): Promise<void> {
    for (const [place, { git, files }] of [...this.#reads]) {
      const isTold = await files.then(({ kind }) => kind !== "unchecked", () => false);
      if (!isTold || this.#silent.has(git)) this.#reads.delete(place);
    }
    this.#fetches.clear();
    this.#lookups.clear();
    this.#silent.clear();
  }

  async #read(source: GitSource, options: ReadPinOptions): Promise<PinnedFiles> {
    const { git: url, subdirectory, rev } = source;
    const ref = refOf(source);
    if (ref === undefined && !isCommit(rev)) {
      return { kind: "unchecked", reason: `${rev} is not a whole commit` };
    }
    const commit = ref === undefined ? rev : await this.#commitOf({ url, ref }, options);
    if (commit === null) return { kind: "missing" };
    if (commit !== undefined) {
      const files = this.#cache.files({ url, commit, subdirectory });
      if (files !== undefined) return { kind: "read", commit, files };
    }
    if (!options.online) return { kind: "unchecked", reason: "offline, and not in the cache" };
    return await this.#fetch(source, ref, commit);
  }

  /** The commit of a tag or branch; undefined: not known without a fetch; null: the remote does not have it. */
  async #commitOf(key: RefKey, options: ReadPinOptions): Promise<string | undefined | null> {
    const known = this.#cache.commit(key);
    if (known === undefined || !options.online) return known;
    const place = `${key.url}\0${key.ref}`;
    const lookup = this.#lookups.get(place) ?? this.#lookUp(key, known);
    this.#lookups.set(place, lookup);
    return await lookup;
  }

  async #lookUp(key: RefKey, known: string): Promise<string | null> {
    const environment = await this.#prompts();
    const now = await lookUpRefs(this.#context, key.url, [key.ref], environment);
    // A remote that is away leaves what is known: a tag hardly ever moves.
    if (now === undefined) {
      this.#silent.add(key.url);
      return known;
    }
    const commit = now.get(key.ref) ?? null;
    if (commit !== null && commit !== known) await this.#cache.keepCommit(key, commit);
    return commit;
  }

  async #fetch(
    source: GitSource,
    ref: string | undefined,
    commit: string | undefined,
  ): Promise<PinnedFiles> {
    const { git: url, subdirectory } = source;
    const want = ref ?? commit ?? "";
    const place = `${url}\0${want}\0${this.#sources.includes(source) ? "" : subdirectory}`;
    const fetch = this.#fetches.get(place) ?? this.#fetchWith(source, want);
    this.#fetches.set(place, fetch);
    const outcome = await fetch;
    if (outcome.kind === "missing") return outcome;
    const files = outcome.kind === "fetched" ? outcome.files.get(subdirectory) : undefined;
    if (outcome.kind === "failed" || files === undefined) {
      const reason = outcome.kind === "failed" ? outcome.reason : "it was not fetched";
      return { kind: "unchecked", reason: `${url} could not be read: ${reason}` };
    }
    await this.#cache.keepFiles({ url, commit: outcome.commit, subdirectory }, files);
    if (ref !== undefined) await this.#cache.keepCommit({ url, ref }, outcome.commit);
    return { kind: "read", commit: outcome.commit, files };
  }

  /** Fetches a distribution, and the others that will be read from the same commit. */
  async #fetchWith(source: GitSource, want: string): Promise<FetchOutcome<CommitFiles>> {
    const { git: url } = source;
    const same = this.#sources.filter((it) => it.git === url && (refOf(it) ?? it.rev) === want);
    return await fetchDistribution(this.#context, {
      url,
      want,
      subdirectories: new Set([source, ...same].map((it) => it.subdirectory)),
      environment: await this.#prompts(),
    });
  }

  #prompts(): Promise<Readonly<Record<string, string>>> {
    return this.#environment ??= withoutPrompts(this.#context, this.#context.root);
  }
}

/** The whole name of a tag or branch; undefined for a commit. */
export function refOf({ tag, branch }: GitSource): string | undefined {
  if (tag !== undefined) return `refs/tags/${tag}`;
  return branch === undefined ? undefined : `refs/heads/${branch}`;
}

function isCommit(rev: string | undefined): boolean {
  return rev !== undefined && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i.test(rev);
}
