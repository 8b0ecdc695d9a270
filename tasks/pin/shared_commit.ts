/**
 * What a checkout would be pinned to: something that everybody can get from the remote.
 *
 * @module
 */

import { join } from "@std/path";
import type { Commands } from "../../lib/process/commands.ts";
import { READING } from "../../lib/git/reading.ts";
import {
  type CheckoutState,
  ownChanges,
  readCheckoutState,
  shortCommit,
} from "../../lib/checkout/state.ts";
import { withArticle } from "../../lib/git/operation.ts";
import { wantsSubmodules } from "../../lib/checkout/submodules.ts";
import { HsmError, type HsmErrorOptions } from "../../lib/errors.ts";
import { fetchCheckout } from "../../lib/git/fetch_checkout.ts";
import type { ManifestPackage, Pin } from "../../lib/manifest/model.ts";
import { readRemotes, remoteOf } from "../../lib/git/remotes.ts";
import { isForeignRelease, releaseTags } from "../../lib/packages/release_tags.ts";
import type { RemoteRefs } from "../../lib/git/remote_refs.ts";
import { redact } from "../../lib/text/redact.ts";
import { countOf } from "../../lib/text/words.ts";
import type { Workspace } from "../../lib/workspace/workspace.ts";

/** How many files an error lists. */
const LISTED = 10;

/**
 * The state of a package's checkout, which must have nothing that is not committed.
 *
 * @throws {HsmError} `checkout-missing`, `checkout-mismatch`; `checkout-dirty`, which lists what is to be committed
 */
export async function readCleanCheckout(
  workspace: Workspace,
  it: ManifestPackage,
): Promise<CheckoutState & { readonly commit: string }> {
  const reading = await readCheckoutState(workspace, join(workspace.root, it.path));
  if (reading.kind !== "checkout") {
    const [code, state, details] = reading.kind === "missing"
      ? ["checkout-missing", "missing", { packages: [it.name], paths: [it.path] }] as const
      : ["checkout-mismatch", reading.reason, { package: it.name, path: it.path }] as const;
    const hint = `name the tag: \`hsm pin ${it.name} TAG\``;
    throw new HsmError(code, `Cannot pin ${it.name}: ${it.path} is ${state}`, { hint, details });
  }
  const { state } = reading;
  if (state.operation !== undefined) {
    throw dirty(it, `${it.path} is in the middle of ${withArticle(state.operation)}`, {
      hint: `bring it to its end: run \`git -C ${it.path} status\` for how`,
    });
  }
  // What does without submodules does not care at which commits they are.
  const stale = wantsSubmodules(workspace.manifest, it.path) ? [] : state.submodules
    .filter((submodule) => !submodule.isChanged).map((submodule) => submodule.path);
  const files = [...state.changed.filter((file) => !stale.includes(file)), ...state.untracked];
  if (files.length > 0) {
    const more = files.length - LISTED;
    throw dirty(
      it,
      `${it.path} has ${countOf(files.length, "file")} that ${
        files.length === 1 ? "is" : "are"
      } not committed`,
      {
        causes: [...files.slice(0, LISTED), ...(more > 0 ? [`and ${more} more`] : [])],
        hint: wayToClean(it, state),
        details: { files },
      },
    );
  }
  if (state.commit === undefined) {
    throw dirty(it, `${it.path} has no commit yet`, { hint: "commit and push something" });
  }
  return { ...state, commit: state.commit };
}

/** What to do about files that are not committed; a stash leaves submodules as they are. */
function wayToClean({ path }: ManifestPackage, state: CheckoutState): string {
  if (ownChanges(state).length + state.untracked.length > 0) {
    return `commit what belongs to it, or put it aside: \`git -C ${path} stash -u\``;
  }
  const changed = state.submodules.find((it) => it.isChanged);
  return changed === undefined
    ? `commit the submodule's new commit, or go back to the recorded one: ` +
      `\`git -C ${path} submodule update --init --recursive\``
    : `commit and push in the submodule first, or put it aside: ` +
      `\`git -C ${path}/${changed.path} stash -u\``;
}

/**
 * The tag at a checkout's HEAD, else the remote's release of that commit, else the commit, made sure to be on the
 * package's remote.
 *
 * May fetch into the checkout's remote-tracking branches, to know what the remote has.
 *
 * @throws {HsmError} `checkout-dirty`, which says what is to be pushed
 */
export async function checkoutPin(
  workspace: Workspace,
  it: ManifestPackage,
  state: CheckoutState & { readonly commit: string },
  refs: RemoteRefs,
): Promise<Pin> {
  const { commit } = state;
  const tags = await tagsAt(workspace, it, commit);
  const onRemote = tags.filter((tag) => refs.tags.get(tag) === commit);
  const [tag] = preferred(onRemote, it);
  if (tag !== undefined) return { tag };
  const [local] = preferred(tags, it);
  if (local !== undefined) throw await tagNotShared(workspace, it, local, refs);
  // A tag that was pushed from elsewhere need not have been fetched; one that is no release may move.
  const pushed = [...refs.tags].filter(([, at]) => at === commit).map(([tag]) => tag);
  const [release] = releaseTags(pushed, it);
  if (release !== undefined) return { tag: release.tag };
  if (!await hasCommit(workspace, it, commit, refs)) {
    throw await commitNotShared(workspace, it, state);
  }
  return { rev: commit };
}

/** Releases first, the newest of them before the others; none that is a release of another package. */
function preferred(tags: readonly string[], it: ManifestPackage): readonly string[] {
  const releases = releaseTags(tags, it).map((release) => release.tag);
  const others = tags.filter((tag) => !releases.includes(tag) && !isForeignRelease(tag, it));
  return [...releases, ...others];
}

async function tagsAt(
  workspace: Workspace,
  it: ManifestPackage,
  commit: string,
): Promise<readonly string[]> {
  // Unlike `git tag` it prints a line each, whatever is configured.
  const format = "--format=%(refname:strip=2)";
  return await inCheckout(workspace, it)`git for-each-ref ${format} --points-at=${commit} refs/tags`
    .lines();
}

/** Whether a commit can be reached from anything that the remote has. */
async function hasCommit(
  workspace: Workspace,
  it: ManifestPackage,
  commit: string,
  refs: RemoteRefs,
): Promise<boolean> {
  const known = new Set([...refs.branches.values(), ...refs.tags.values()]);
  if (known.has(commit)) return true;
  // Commits that the checkout does not know of yet are passed over.
  const $ = inCheckout(workspace, it);
  const isReached = async () =>
    await $`git rev-list --ignore-missing --max-count=1 ${commit} --not ${[...known]} --`.text() ===
      "";
  if (await isReached()) return true;
  const { root } = workspace;
  const directory = join(root, it.path);
  const remotes = await readRemotes(workspace, directory) ?? [];
  const remote = it.git === undefined
    ? undefined
    : remoteOf(remotes, { git: it.git, root, to: "fetch" });
  await fetchCheckout(workspace, directory, { remote });
  return await isReached();
}

/**
 * Where git would have to push to, as a command names it: the remote that is the package's repository, else, where none
 * leads there, the repository itself.
 */
async function pushTarget(
  workspace: Workspace,
  { path, git }: ManifestPackage,
  upstream?: string,
): Promise<{ readonly remote: string; readonly isFollowed: boolean }> {
  const { root } = workspace;
  const remotes = await readRemotes(workspace, join(root, path)) ?? [];
  const followed = remotes.find(({ name }) => upstream?.startsWith(`${name}/`))?.name;
  if (git === undefined) {
    return { remote: followed ?? "origin", isFollowed: followed !== undefined };
  }
  const leadingTo = (address: string) =>
    remoteOf(remotes, { git: address, root, to: "push", preferred: followed });
  const remote = leadingTo(git) ?? leadingTo(await rewritten(workspace, git)) ?? redact(git);
  return { remote, isFollowed: remote === followed };
}

/** Where an address leads by the user's own rules (`insteadOf`), as to a mirror. Asks no remote. */
async function rewritten(workspace: Workspace, git: string): Promise<string> {
  const { success, stdout } = await workspace.$`git ${READING} ls-remote --get-url -- ${git}`
    .noThrow();
  return success ? stdout.trim() : git;
}

async function tagNotShared(
  workspace: Workspace,
  it: ManifestPackage,
  tag: string,
  refs: RemoteRefs,
): Promise<HsmError> {
  const other = refs.tags.get(tag);
  const { remote } = await pushTarget(workspace, it);
  return other === undefined
    ? dirty(it, `its remote does not have the tag ${tag} of ${it.path}`, {
      hint: `push it: \`git -C ${it.path} push ${remote} ${tag}\``,
      details: { tag },
    })
    : dirty(it, `its remote has another commit as ${tag}, ${shortCommit(other)}`, {
      hint: `give the commit in ${it.path} a tag of its own, and push it`,
      details: { tag, commit: other },
    });
}

async function commitNotShared(
  workspace: Workspace,
  it: ManifestPackage,
  { commit, branch, upstream, ahead }: CheckoutState & { readonly commit: string },
): Promise<HsmError> {
  const { remote, isFollowed } = await pushTarget(workspace, it, upstream);
  const target = branch === undefined ? "HEAD:refs/heads/BRANCH" : branch;
  const flag = branch !== undefined && upstream === undefined ? " -u" : "";
  return dirty(it, `its remote does not have commit ${shortCommit(commit)} of ${it.path}`, {
    hint: `push ${
      branch === undefined
        ? "it to a branch"
        : isFollowed && ahead
        ? countOf(ahead, "commit")
        : "it"
    }: ` +
      `\`git -C ${it.path} push${flag} ${remote} ${target}\``,
    details: { commit },
  });
}

function inCheckout({ root, $ }: Workspace, { name, path }: ManifestPackage): Commands {
  return $.with({ cwd: join(root, path), action: `pin ${name}` });
}

function dirty(it: ManifestPackage, state: string, options: HsmErrorOptions): HsmError {
  return new HsmError("checkout-dirty", `Cannot pin ${it.name}: ${state}`, {
    ...options,
    details: { package: it.name, path: it.path, ...options.details },
  });
}
