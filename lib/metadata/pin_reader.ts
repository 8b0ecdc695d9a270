/**
 * Reading what pins say, from the cache and else from their remotes.
 *
 * @module
 */

import { cacheFolder } from "../cache/cache.ts";
import type { Context } from "../context.ts";
import { withoutPrompts } from "../git/commands.ts";
import { given } from "../given.ts";
import { lazy, once } from "../process/once.ts";
import type { GitSource } from "../source.ts";
import { type DistributionFiles, MetadataCache } from "./cache.ts";
import { type CommitFiles, fetchDistribution, lookUpRefs } from "./fetch.ts";
import type { FetchOutcome } from "./fetched_commit.ts";

/** What reading a pin came to. */
export type PinnedFiles =
  | {
    readonly kind: "read";
    readonly commit: string;
    readonly files: DistributionFiles;
    /** Whether the remote was asked and did not answer: it is the commit that the tag or branch was at before. */
    readonly isSilent?: true;
  }
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
export interface PinContext extends Context {
  /** The folder whose git configuration counts. */
  readonly root: string;
}

/** A tag, branch or commit of a repository. */
interface Pin {
  /** The repository's URL. */
  readonly url: string;
  /** The whole name of the tag or branch; undefined for a commit. */
  readonly ref: string | undefined;
  /** That name, else the commit. */
  readonly want: string;
  /** The folders of the distributions that are read of it. */
  readonly folders: Set<string | undefined>;
}

/** What is known of a pin's commit; undefined: it is not known without a fetch; null: the remote does not have it. */
interface Lookup {
  readonly commit: string | undefined | null;
  readonly isSilent?: true;
}

/** Reads pins through the user's cache. A remote is asked once for each, however many distributions are read of it. */
export class PinReader {
  readonly #cache: MetadataCache;
  readonly #context: PinContext;
  readonly #pins = new Map<string, Pin>();

  /**
   * A reader.
   *
   * @param sources What will be read: distributions of one commit then need one fetch.
   */
  constructor(context: PinContext, sources: readonly GitSource[]) {
    this.#cache = new MetadataCache(cacheFolder(context.env));
    this.#context = context;
    for (const it of sources) {
      const own = pinOf(it);
      const pin = this.#pins.get(placeOf(own)) ?? own;
      pin.folders.add(it.subdirectory);
      this.#pins.set(placeOf(pin), pin);
    }
  }

  /** The files that describe the distribution at a pin. */
  async read(source: GitSource, options: ReadPinOptions): Promise<PinnedFiles> {
    const { git: url, subdirectory, rev } = source;
    const own = pinOf(source);
    const shared = this.#pins.get(placeOf(own));
    const pin = shared?.folders.has(subdirectory) ? shared : own;
    if (pin.ref === undefined && !isCommit(rev)) {
      return { kind: "unchecked", reason: `${rev} is not a whole commit` };
    }
    const { commit, isSilent } = await this.#commitOf(pin, options);
    if (commit === null) return { kind: "missing" };
    if (commit !== undefined) {
      const files = this.#cache.files({ url, commit, subdirectory });
      if (files !== undefined) return { kind: "read", commit, files, ...given({ isSilent }) };
    }
    if (!options.online) return { kind: "unchecked", reason: "offline, and not in the cache" };
    return await this.#keep(pin, subdirectory, await this.#fetch(pin));
  }

  async #commitOf(pin: Pin, { online }: ReadPinOptions): Promise<Lookup> {
    const { url, ref, want } = pin;
    if (ref === undefined) return { commit: want };
    const known = this.#cache.commit({ url, ref });
    return known === undefined || !online ? { commit: known } : await this.#lookUp(pin);
  }

  /** Looks up the tag or branch of a pin whose commit is known already. */
  readonly #lookUp = once(async ({ url, want: ref }: Pin): Promise<Lookup> => {
    const known = this.#cache.commit({ url, ref });
    const now = await lookUpRefs(this.#context, url, [ref], await this.#prompts());
    // A remote that is away leaves what is known: a tag hardly ever moves.
    if (now === undefined) return { commit: known, isSilent: true };
    const commit = now.get(ref) ?? null;
    if (commit !== null && commit !== known) await this.#cache.keepCommit({ url, ref }, commit);
    return { commit };
  });

  /** Fetches the distributions of a pin. */
  readonly #fetch = once(async ({ url, want, folders }: Pin) =>
    await fetchDistribution(this.#context, {
      url,
      want,
      subdirectories: folders,
      environment: await this.#prompts(),
    })
  );

  /** Keeps what was fetched of a distribution. */
  async #keep(
    { url, ref }: Pin,
    subdirectory: string | undefined,
    outcome: FetchOutcome<CommitFiles>,
  ): Promise<PinnedFiles> {
    if (outcome.kind === "missing") return outcome;
    const files = outcome.kind === "fetched" ? outcome.files.get(subdirectory) : undefined;
    if (outcome.kind === "failed" || files === undefined) {
      const reason = outcome.kind === "failed" ? outcome.reason : "it was not fetched";
      return { kind: "unchecked", reason: `${url} could not be read: ${reason}` };
    }
    const { commit } = outcome;
    await this.#cache.keepFiles({ url, commit, subdirectory }, files);
    if (ref !== undefined) await this.#cache.keepCommit({ url, ref }, commit);
    return { kind: "read", commit, files };
  }

  readonly #prompts = lazy(() => withoutPrompts(this.#context, this.#context.root));
}

function pinOf(source: GitSource): Pin {
  const ref = refOf(source);
  const folders = new Set([source.subdirectory]);
  return { url: source.git, ref, want: ref ?? source.rev ?? "", folders };
}

function placeOf({ url, want }: Pin): string {
  return `${url}\0${want}`;
}

/** The whole name of a tag or branch; undefined for a commit. */
export function refOf({ tag, branch }: GitSource): string | undefined {
  if (tag !== undefined) return `refs/tags/${tag}`;
  return branch === undefined ? undefined : `refs/heads/${branch}`;
}

function isCommit(rev: string | undefined): boolean {
  return rev !== undefined && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i.test(rev);
}
