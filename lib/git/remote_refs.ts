/**
 * What a remote has, asked without cloning anything.
 *
 * @module
 */

import type { Context } from "../process/context.ts";
import type { RunResult } from "../process/run.ts";
import { REMOTE } from "./fetch_checkout.ts";

/** The tags and branches of a remote. */
export interface RemoteRefs {
  /** The commit of each tag. */
  readonly tags: ReadonlyMap<string, string>;
  /** The commit of each branch. */
  readonly branches: ReadonlyMap<string, string>;
}

/**
 * Asks a remote for its tags and branches.
 *
 * @param ref The whole name of the one that is asked for; default: all.
 * @returns What git said where it does not answer.
 */
export async function listRefs(
  { $ }: Context,
  url: string,
  ref?: string,
): Promise<RemoteRefs | RunResult> {
  const patterns = ref === undefined ? [] : [ref, `${ref}^{}`];
  const listed = await $`git ${REMOTE} ls-remote --quiet --heads --tags -- ${url} ${patterns}`
    .noThrow();
  return listed.success ? parseRefs(listed.stdout) : listed;
}

/** Reads what `git ls-remote` prints. */
export function parseRefs(text: string): RemoteRefs {
  const tags = new Map<string, string>();
  const branches = new Map<string, string>();
  for (
    const [, commit = "", kind, name = "", peeled] of text.matchAll(
      /^([0-9a-f]+)\trefs\/(heads|tags)\/(.+?)(\^\{\})?$/gm,
    )
  ) {
    if (kind === "heads") branches.set(name, commit);
    // An annotated tag comes twice, the second time with the commit that it stands for.
    else if (peeled !== undefined || !tags.has(name)) tags.set(name, commit);
  }
  return { tags, branches };
}
