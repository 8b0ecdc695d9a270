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

/** What a clone of a remote would have checked out. */
export interface ClonedCommit {
  /** The branch; undefined: it would be on none. */
  readonly branch?: string | undefined;
  /** The commit. */
  readonly commit?: string | undefined;
}

/**
 * Asks a remote what a clone of it would have checked out; nothing where it does not answer.
 *
 * @param name The branch or tag that is asked for; default: the remote's own choice.
 */
export async function clonedCommit(
  { $ }: Context,
  url: string,
  name?: string,
): Promise<ClonedCommit> {
  const [branch, tag] = [`refs/heads/${name}`, `refs/tags/${name}`];
  const names = name === undefined ? ["HEAD"] : [branch, `${tag}^{}`, tag];
  const { stdout } = await $`git ${REMOTE} ls-remote --quiet --symref -- ${url} ${names}`.noThrow();
  const [, chosen] = /^ref: refs\/heads\/(.+)\tHEAD$/m.exec(stdout) ?? [];
  const commits = new Map(
    [...stdout.matchAll(/^([0-9a-f]+)\t(.+)$/gm)].map(([, commit, ref = ""]) => [ref, commit]),
  );
  const found = names.find((it) => commits.has(it));
  return { branch: found === branch ? name : chosen, commit: commits.get(found ?? "") };
}
