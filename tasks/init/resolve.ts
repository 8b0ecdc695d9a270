/**
 * What other tools' files leave open: what a version is, and what a package is called.
 *
 * @module
 */

import { REMOTE } from "../../lib/git/fetch_checkout.ts";
import { dirname, join } from "@std/path";
import { repositoryFiles } from "../../lib/checkout/distribution.ts";
import { readFolder } from "../../lib/checkout/find_folders.ts";
import type { Context } from "../../lib/process/context.ts";
import { findFiles } from "../../lib/git/commands.ts";
import { parseRefs } from "../../lib/git/remote_refs.ts";
import { remoteAddress } from "../../lib/git/url.ts";
import type { Pin } from "../../lib/manifest/model.ts";
import { gitProblem } from "../../lib/manifest/rules.ts";
import type { ForeignPackage } from "../../lib/adapters/found_packages.ts";
import { isThere } from "../../lib/files/is_there.ts";

/** What a package's version came to. */
export interface ResolvedVersion {
  /** The pin; undefined where there is none to be had. */
  readonly pin: Pin | undefined;
  /** What is uncertain about it. */
  readonly doubt?: string;
  /** The branch that a clone checks out by itself, where it was told. */
  readonly defaultBranch?: string | undefined;
}

/**
 * Finds out what a version is, where the file does not say, by asking the remote.
 */
export async function resolveVersion(
  { root, $ }: Context,
  { git, version, defaultBranch: known }: ForeignPackage,
): Promise<ResolvedVersion> {
  const ref = version === "default-branch" ? "HEAD" : "ref" in version ? version.ref : undefined;
  if (version !== "default-branch" && !("ref" in version)) {
    return { pin: version, defaultBranch: known };
  }
  // What hsm.yaml may not hold is not asked either.
  if (gitProblem(git) !== undefined || ref === undefined) return { pin: undefined };
  const names = [ref, ...trackedBranch(ref)];
  const patterns = ref === "HEAD" ? ["HEAD"] : ["HEAD", ...names.flatMap(fullNames)];
  const url = remoteAddress(git, root);
  const { success, stdout } = await $`git ${REMOTE} ls-remote --symref -- ${url} ${patterns}`
    .noThrow();
  const defaultBranch = /^ref: refs\/heads\/(.+)\tHEAD$/m.exec(stdout)?.[1];
  if (ref === "HEAD") {
    if (defaultBranch !== undefined) return { pin: { branch: defaultBranch }, defaultBranch };
    return { pin: undefined, doubt: "its remote does not tell its default branch" };
  }
  return { ...readRef(ref, success ? stdout : undefined), defaultBranch };
}

/** What a remote is asked for: a tag with the commit that it stands for, a branch, or a ref of another kind. */
function fullNames(ref: string): readonly string[] {
  if (ref.startsWith("refs/")) return [ref];
  return [`refs/tags/${ref}`, `refs/tags/${ref}^{}`, `refs/heads/${ref}`];
}

/** The branch behind a name such as `origin/main`, which is what a clone calls it. */
function trackedBranch(ref: string): readonly string[] {
  const name = /^(?:(?:refs\/)?remotes\/)?origin\/(.+)$/.exec(ref)?.[1];
  return name === undefined ? [] : [name];
}

/** What a name is, by the remote's answer to the question for it; undefined: it gave none. Pure. */
export function readRef(ref: string, answer: string | undefined): ResolvedVersion {
  const { tags, branches } = parseRefs(answer ?? "");
  const [commit, head] = [tags.get(ref), branches.get(ref)];
  // As git does itself: the tag before the branch.
  if (commit !== undefined) {
    const isBoth = head !== undefined && head !== commit;
    return {
      pin: { tag: ref },
      ...(isBoth ? { doubt: `its remote has a tag and a branch \`${ref}\`: the tag counts` } : {}),
    };
  }
  if (head !== undefined) return { pin: { branch: ref } };
  const [tracked] = trackedBranch(ref).filter((name) => branches.has(name));
  if (tracked !== undefined) return { pin: { branch: tracked } };
  if (ref.startsWith("refs/")) return readOtherRef(ref, answer);
  if (/^[0-9a-f]{7,64}$/i.test(ref)) {
    const doubt = `\`${ref}\` is taken for the beginning of a commit: all its digits are best`;
    return { pin: { rev: ref }, doubt };
  }
  const looksTagged = /^[^/]*\d+\.\d+[^/]*$/.test(ref);
  const kind = looksTagged ? "tag" : "branch";
  return {
    pin: looksTagged ? { tag: ref } : { branch: ref },
    doubt: answer === undefined
      ? `its remote does not answer, so \`${ref}\` is taken for a ${kind}`
      : `its remote has no \`${ref}\`, which is taken for a ${kind}`,
  };
}

/** A ref that is neither a tag nor a branch, as those of pull requests are: its commit is all that a pin can hold. */
function readOtherRef(ref: string, answer: string | undefined): ResolvedVersion {
  const line = answer?.split("\n").find((it) => it.endsWith(`\t${ref}`));
  const rev = line?.split("\t")[0];
  if (rev !== undefined) {
    return { pin: { rev }, doubt: `\`${ref}\` moves, the commit that it is at now does not` };
  }
  const state = answer === undefined ? "does not answer" : "has none";
  return { pin: undefined, doubt: `it gets no pin: it is at \`${ref}\`, and its remote ${state}` };
}

/**
 * The distribution in a checkout that is on disk: at its top, or the only one below it.
 *
 * @param path The checkout, relative to the root.
 * @returns Its name, undefined where that is computed, and its folder inside the checkout, undefined for the checkout
 * itself; undefined where there is no checkout; `none` where it holds no distribution, or several.
 */
export async function findForeignDistribution(
  context: Context,
  path: string,
  subdirectory: string | undefined,
): Promise<Record<"name" | "subdirectory", string | undefined> | "none" | undefined> {
  const { root } = context;
  if (!isThere(root, join(path, ".git"))) return undefined;
  const files = repositoryFiles(context, path);
  const top = await readFolder(files, subdirectory ?? "");
  if (top !== undefined) return { name: top === "unclear" ? undefined : top.name, subdirectory };
  const below = [];
  for (const file of await findFiles(context, join(root, path), "pyproject.toml")) {
    const found = await readFolder(files, dirname(file));
    if (typeof found === "object") below.push({ name: found.name, subdirectory: dirname(file) });
  }
  return below.length === 1 ? below[0]! : "none";
}
