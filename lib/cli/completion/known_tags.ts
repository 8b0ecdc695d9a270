/**
 * The tags of a package, as far as they can be had at a press of the tab key.
 *
 * @module
 */

import { REMOTE } from "../../git/fetch_checkout.ts";
import { join } from "@std/path";
import { type Context, createContext } from "../../process/context.ts";
import { withoutRepository } from "../../git/ask.ts";
import { READING } from "../../git/reading.ts";
import { parseRefs } from "../../git/remote_refs.ts";
import { remoteAddress } from "../../git/url.ts";
import type { ManifestPackage } from "../../manifest/model.ts";
import { tagProblem } from "../../manifest/rules.ts";
import { tagOf } from "../../packages/describe_pin.ts";
import { isForeignRelease, releaseTags } from "../../packages/release_tags.ts";
import { createTell } from "../../events/tell.ts";
import type { Candidate } from "../../command/option.ts";

/** How long a checkout is waited for, in milliseconds; it may lie on another machine. */
const CHECKOUT_MS = 10_000;

/** git is not waited for: when its time is over, it has these milliseconds to end. */
const SHORT = { detached: true, grace: 200 };

/**
 * The tags that a package could be pinned to: its releases, the newest first, then the others, without other packages'
 * releases. From its checkout, and where that has none from its remote, which is not waited for if it does not answer soon.
 *
 * Touches nothing, asks for no password, and never fails.
 *
 * @param options `root` of the workspace, the environment of git, and how many milliseconds the remote is waited for.
 */
export async function knownTags(
  it: ManifestPackage,
  { root, env, limit = 1500 }: {
    readonly root: string;
    readonly env: Readonly<Record<string, string>>;
    readonly limit?: number;
  },
): Promise<readonly Candidate[]> {
  const within = (milliseconds: number) =>
    createContext({
      root,
      env: withoutRepository(env),
      signal: AbortSignal.timeout(milliseconds),
      tell: createTell(),
    });
  const nothing = () => undefined;
  const dates = await tagsOfCheckout(within(CHECKOUT_MS), join(root, it.path)).catch(nothing) ??
    await tagsOfRemote(within(limit), it, root).catch(nothing) ?? new Map<string, string>();
  const tags = [...dates.keys()].filter((tag) =>
    tagProblem(tag) === undefined && !isForeignRelease(tag, it)
  );
  const releases = releaseTags(tags, it).map(({ tag }) => tag);
  const others = tags.filter((tag) => !releases.includes(tag)).sort().reverse();
  const pinned = tagOf(it);
  return [...releases, ...others].map((value) => ({
    value,
    description: [dates.get(value) ?? "", value === pinned ? "the pin now" : ""]
      .filter((text) => text !== "").join(", "),
  }));
}

/** The tags of a checkout with their dates; undefined where it has none. */
async function tagsOfCheckout(
  context: Context,
  folder: string,
): Promise<ReadonlyMap<string, string> | undefined> {
  // In any other folder git would look further up, and find the app's own tags.
  Deno.lstatSync(join(folder, ".git"));
  const env = { GIT_CEILING_DIRECTORIES: Deno.realPathSync(join(folder, "..")) };
  const format = "--format=%(refname:lstrip=2)%09%(creatordate:short)";
  const $ = context.$.with({ ...SHORT, cwd: folder });
  const lines = await $`git ${READING} for-each-ref ${format} refs/tags`.env(env).lines();
  if (lines.length === 0) return undefined;
  return new Map(lines.map((line) => [line.split("\t")[0] ?? "", line.split("\t")[1] ?? ""]));
}

async function tagsOfRemote(
  context: Context,
  { git }: ManifestPackage,
  root: string,
): Promise<ReadonlyMap<string, string> | undefined> {
  if (git === undefined) return undefined;
  const $ = context.$.with(SHORT);
  const url = remoteAddress(git, root);
  const listed = await $`git ${REMOTE} ls-remote --quiet --tags -- ${url}`.text();
  return new Map(Array.from(parseRefs(listed).tags.keys(), (tag) => [tag, ""]));
}
