/**
 * Reading what pins say, from the cache and else from their remotes.
 *
 * @module
 */

import { Cache, cacheFolder } from "../files/cache.ts";
import type { Context } from "../process/context.ts";
import { listRefs } from "../git/remote_refs.ts";
import { given } from "../given.ts";
import { lazy } from "../process/once.ts";
import type { GitSource } from "../source.ts";
import { type DistributionFiles, isCommit, isDistribution, isWholeCommit } from "./cache.ts";
import { fetchDistributions } from "./fetch.ts";

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

/** A tag, branch or commit of a repository; its remote is asked once, however many distributions are read of it. */
interface Pin {
  /** The whole name of the tag or branch; undefined for a commit. */
  readonly ref: string | undefined;
  /** The folders of the distributions that are read of it. */
  readonly folders: Set<string | undefined>;
  /** Asks where the tag or branch is now; undefined: there is no answer; null: the remote does not have it. */
  readonly lookUp: () => Promise<string | undefined | null>;
  /** Fetches the distributions. */
  readonly fetch: () => ReturnType<typeof fetchDistributions>;
}

/** Reads pins through the user's cache. */
export class PinReader {
  readonly #files: Cache<DistributionFiles>;
  readonly #commits: Cache<{ readonly commit: string }>;
  readonly #context: Context;
  readonly #pins = new Map<string, Pin>();

  /**
   * A reader.
   *
   * @param sources What will be read: distributions of one commit then need one fetch.
   */
  constructor(context: Context, sources: readonly GitSource[]) {
    const folder = cacheFolder(context.env);
    this.#files = new Cache(folder, "metadata/v2/commits", isDistribution);
    this.#commits = new Cache(folder, "metadata/v2/refs", isCommit);
    this.#context = context;
    for (const it of sources) {
      const pin = this.#pins.get(placeOf(it)) ?? this.#newPin(it);
      pin.folders.add(it.subdirectory);
      this.#pins.set(placeOf(it), pin);
    }
  }

  /**
   * The files that describe the distribution at a pin.
   *
   * @param options `online`: whether the remote may be asked. A tag or branch is then looked up again, though the cache
   * knows it; a commit never.
   */
  async read(
    source: GitSource,
    { online }: { readonly online: boolean },
  ): Promise<PinnedFiles> {
    const { git: url, subdirectory, rev } = source;
    const shared = this.#pins.get(placeOf(source));
    const pin = shared?.folders.has(subdirectory) ? shared : this.#newPin(source);
    const { ref } = pin;
    if (ref === undefined && !isWholeCommit(rev)) {
      return { kind: "unchecked", reason: `${rev} is not a whole commit` };
    }
    const known = ref === undefined ? rev : this.#commits.read([url, ref])?.commit;
    const isAsked = ref !== undefined && known !== undefined && online;
    const now = isAsked ? await pin.lookUp() : known;
    if (now === null) return { kind: "missing" };
    // A remote that is away leaves what is known: a tag hardly ever moves.
    const commit = now ?? known;
    const files = commit && this.#files.read([url, commit, subdirectory ?? ""]);
    if (commit && files) {
      const isSilent = isAsked && now === undefined || undefined;
      return { kind: "read", commit, files, ...given({ isSilent }) };
    }
    if (!online) return { kind: "unchecked", reason: "offline, and not in the cache" };
    return await this.#keep(source, pin);
  }

  /** Keeps what is fetched of a distribution. */
  async #keep({ git: url, subdirectory }: GitSource, pin: Pin): Promise<PinnedFiles> {
    const outcome = await pin.fetch();
    if (outcome.kind === "missing") return outcome;
    const files = outcome.kind === "fetched" ? outcome.files.get(subdirectory) : undefined;
    if (outcome.kind === "failed" || files === undefined) {
      const reason = outcome.kind === "failed" ? outcome.reason : "it was not fetched";
      return { kind: "unchecked", reason: `${url} could not be read: ${reason}` };
    }
    const { commit } = outcome;
    await this.#files.write([url, commit, subdirectory ?? ""], files);
    if (pin.ref !== undefined) await this.#commits.write([url, pin.ref], { commit });
    return { kind: "read", commit, files };
  }

  #newPin(source: GitSource): Pin {
    const { git: url, tag, branch = "", rev = "" } = source;
    const ref = refOf(source);
    const folders = new Set([source.subdirectory]);
    return {
      ref,
      folders,
      lookUp: lazy(async () => {
        const refs = await listRefs(this.#context, url, ref);
        if (!("tags" in refs)) return undefined;
        const commit = tag === undefined ? refs.branches.get(branch) : refs.tags.get(tag);
        if (commit === undefined) return null;
        const key = [url, ref ?? ""];
        if (commit !== this.#commits.read(key)?.commit) await this.#commits.write(key, { commit });
        return commit;
      }),
      fetch: lazy(() => fetchDistributions(this.#context, folders, { url, want: ref ?? rev })),
    };
  }
}

function placeOf(source: GitSource): string {
  return `${source.git}\0${refOf(source) ?? source.rev}`;
}

/** The whole name of a tag or branch; undefined for a commit. */
export function refOf({ tag, branch }: GitSource): string | undefined {
  if (tag !== undefined) return `refs/tags/${tag}`;
  return branch === undefined ? undefined : `refs/heads/${branch}`;
}
