/**
 * A folder that another tool has a package from, as the checkout that it is.
 *
 * @module
 */

import { isAbsolute, join } from "@std/path";
import type { FolderPackage, ForeignPackage } from "../../lib/adapters/found_packages.ts";
import { attempt } from "../../lib/attempt.ts";
import { READING } from "../../lib/git/reading.ts";
import { readRemotes, type Remote } from "../../lib/git/remotes.ts";
import { remoteAddress } from "../../lib/git/url.ts";
import { normalizeFolder } from "../../lib/manifest/rules.ts";
import { relativePath, withSlashes } from "../../lib/platform/paths.ts";
import type { Context } from "../../lib/process/context.ts";
import { messageOf } from "../../lib/process/failed_program.ts";

/**
 * What a package is that comes from a folder: in dev mode, with the folder as its checkout, from where that was cloned, at the
 * branch that it is on. Asks no remote, and touches nothing.
 *
 * @returns Why it is none that HSM could manage, where it is not.
 */
export async function readFolderPackage(
  context: Context,
  { folder, name, ...rest }: FolderPackage,
): Promise<ForeignPackage | string> {
  const place = await placeOf(context, folder);
  if (typeof place === "string") return place;
  const { path, subdirectory } = place;
  const version = await readVersion(context, join(context.root, path));
  if (typeof version === "string") return `${path} ${version}`;
  const lastPart = normalizeFolder(folder).split("/").at(-1)!;
  return { name: name ?? lastPart, ...rest, ...version, mode: "dev", path, subdirectory };
}

/** The checkout around a folder, relative to the root, and where the folder lies in it. */
async function placeOf(
  { root, $ }: Context,
  folder: string,
): Promise<Pick<ForeignPackage, "subdirectory"> & { readonly path: string } | string> {
  const directory = isAbsolute(folder) ? folder : join(root, folder);
  const real = attempt(() => Deno.realPathSync(directory));
  if (real === undefined) return `${folder} is missing`;
  if (!Deno.statSync(real).isDirectory) return `it comes from the file ${folder}`;
  const asked = (cwd: string) =>
    $`git ${READING} rev-parse --show-toplevel --show-prefix`.cwd(cwd).noThrow();
  const [there, here] = await Promise.all([asked(real), asked(root)]);
  if (!there.success) {
    const [reason = ""] = messageOf(there);
    const isNone = /not a git repository/i.test(reason);
    return isNone ? `${folder} is in no git checkout` : `${folder}: ${reason}`;
  }
  const [top = "", prefix = ""] = there.stdout.split("\n");
  if (here.success && here.stdout.split("\n")[0] === top) {
    return `${folder} is part of the app's own repository`;
  }
  const subdirectory = prefix === "" ? undefined : normalizeFolder(prefix);
  // A link on the way is kept, as far as it leads to the whole checkout.
  const written = normalizeFolder(isAbsolute(folder) ? relativePath(root, folder) : folder);
  const path = subdirectory === undefined
    ? written
    : written.endsWith(`/${subdirectory}`)
    ? written.slice(0, -subdirectory.length - 1)
    : relativePath(Deno.realPathSync(root), withSlashes(top));
  return { path, subdirectory };
}

type Version = Pick<ForeignPackage, "git" | "version" | "defaultBranch" | "doubt">;

/** Where a checkout was cloned from, and what it is at. */
async function readVersion(context: Context, directory: string): Promise<Version | string> {
  const $ = context.$.with({ cwd: directory });
  const [remotes, branch, commit, refs] = await Promise.all([
    readRemotes(context, directory),
    $`git ${READING} symbolic-ref --quiet --short HEAD`.noThrow(),
    $`git ${READING} rev-parse --verify --quiet 'HEAD^{commit}'`.noThrow(),
    $`git ${READING} for-each-ref ${FORMAT} refs/heads refs/remotes`.noThrow(),
  ]);
  const known = new Map(
    refs.stdout.split("\n").map((line) => line.split(" ")).map(([ref = "", to = ""]) => [ref, to]),
  );
  const own = branch.success ? branch.stdout.trim() : undefined;
  const followed = known.get(`refs/heads/${own}`) ?? "";
  const remote = chooseRemote(remotes ?? [], followed);
  if (remote === undefined) return "has no remote";
  if (!commit.success) return "has no commit yet";
  const git = remoteAddress(withoutLogin(remote.fetch[0]!), directory);
  if (own === undefined) return { git, version: { rev: commit.stdout.trim() } };
  const prefix = `refs/remotes/${remote.name}/`;
  const head = known.get(`${prefix}HEAD`);
  const defaultBranch = head?.startsWith(prefix) ? head.slice(prefix.length) : undefined;
  const published = [followed, `${prefix}${own}`]
    .find((it) => it.startsWith(prefix) && known.has(it))?.slice(prefix.length);
  if (published !== undefined) return { git, version: { branch: published }, defaultBranch };
  return {
    git,
    version: defaultBranch === undefined ? "default-branch" : { branch: defaultBranch },
    defaultBranch,
    doubt: `its branch ${own} is not at its remote, so the default one is taken for prod mode`,
  };
}

/** Each ref, and the one that it follows or stands for. */
const FORMAT = "--format=%(refname) %(if)%(symref)%(then)%(symref)%(else)%(upstream)%(end)";

/** The remote whose branch is followed, else git's own, else any. */
function chooseRemote(remotes: readonly Remote[], followed: string): Remote | undefined {
  const usable = remotes.filter((it) => it.fetch.length > 0);
  return usable.find((it) => followed.startsWith(`refs/remotes/${it.name}/`)) ??
    usable.find((it) => it.name === "origin") ?? usable[0];
}

/** Who clones by https under a name of his own does not share that one with everybody. */
function withoutLogin(address: string): string {
  return address.replace(/^(https?:\/\/)[^/@]*@/i, "$1");
}
