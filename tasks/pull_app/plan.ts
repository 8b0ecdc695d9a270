/**
 * All that can be known of pulling the app before anything moves.
 *
 * @module
 */

import { join } from "@std/path";
import { filesInTheWay } from "../../lib/checkout/in_the_way.ts";
import type { Context } from "../../lib/process/context.ts";
import { mergeTexts } from "../../lib/git/merge_texts.ts";
import { READING } from "../../lib/git/reading.ts";
import { type TreeChange, treeChanges } from "../../lib/git/tree_changes.ts";
import { HsmError } from "../../lib/errors.ts";
import { knownWith } from "../../lib/manifest/adapter_names.ts";
import { withoutGone } from "../../lib/manifest/gone_packages.ts";
import { parseManifest } from "../../lib/manifest/parse.ts";
import { manifestFiles } from "../../lib/workspace/read_manifest.ts";
import { foldersAbove } from "../../lib/files/fold_path.ts";
import { relativePath } from "../../lib/platform/paths.ts";
import { checkProd } from "../../lib/prod/check_prod.ts";
import { committedFiles } from "../../lib/prod/committed_files.ts";
import { readAppProject } from "../../lib/project/read_project.ts";
import { countOf } from "../../lib/text/words.ts";
import { lockConflict } from "../../lib/workspace/lock_conflict.ts";
import type { Workspace } from "../../lib/workspace/workspace.ts";
import { stashConflicts } from "./autostash.ts";
import { readRepositoryState } from "../../lib/git/read_repository.ts";
import type { RepositoryState } from "../../lib/git/repository_state.ts";
import {
  mergeOwnEdits,
  notTogether,
  readCommitted,
  readTracked,
  type TrackedFile,
} from "./tracked_files.ts";
import {
  type Branch,
  chooseWay,
  fetchUpstream,
  refused,
  type Upstream,
  type Way,
} from "./upstream.ts";

/** What pulling the app is going to do. */
export interface PullPlan extends Branch {
  /** Where the repository is. */
  readonly before: RepositoryState;
  /** What the branch follows. */
  readonly upstream: Upstream;
  /** What git is to do; undefined: nothing has come. */
  readonly way: Way | undefined;
  /** The files at stake that git tracks. */
  readonly files: readonly TrackedFile[];
  /** What differs between HEAD and what has come. */
  readonly changes: readonly TreeChange[];
  /** The submodules that are there and are recorded at another commit then, relative to the top. */
  readonly submodules: readonly string[];
}

/**
 * Fetches, and finds out what pulling the app is going to do. Touches nothing but what a fetch does.
 *
 * @throws {HsmError} `pull-refused` with the way out; `manifest-invalid`, `pyproject-invalid` for what has come;
 * `git-failed`, `io`
 */
export async function planPull(workspace: Workspace): Promise<PullPlan> {
  const { root } = workspace;
  const before = await readRepositoryState(workspace, root);
  const { busy, branch: ref, commit } = before ?? {};
  if (before === undefined) {
    throw refused("it is in no git repository", { hint: "run `git init`, or clone it again" });
  }
  if (busy !== undefined) {
    throw refused(busy, { hint: "bring that to an end first; `git status` says how" });
  }
  if (ref === undefined) {
    throw refused("its HEAD is detached", { hint: "switch to a branch: `git switch BRANCH`" });
  }
  const branch = ref.replace(/^refs\/heads\//, "");
  if (commit === undefined) throw refused(`${branch} has no commit yet`, { hint: "commit first" });
  const top = await workspace.$`git ${READING} rev-parse --show-toplevel`.noThrow().text();
  const at = { top, branch };
  const upstream = await fetchUpstream(workspace, at);
  const plan = { ...at, before, upstream };
  if (upstream.behind === 0) {
    return { ...plan, way: undefined, files: [], changes: [], submodules: [] };
  }
  const way = await chooseWay(workspace, at, upstream);
  const files = await readTracked(workspace, top);
  await warnOfDevForm(workspace, files);
  const between = { from: commit, to: upstream.commit };
  const changes = await treeChanges(workspace, top, between);
  refuseOtherKinds(root, plan, changes, files);
  const future = await futureOf(workspace, plan, commit);
  await refuseWrong(workspace, plan, files);
  const merged = await mergeOwnEdits(workspace, files, upstream.name, future);
  await checkManifest(workspace, upstream, merged);
  await refuseInTheWay(workspace, top, changes, files);
  const own = new Set(files.map((it) => it.path));
  const stashed = (await stashConflicts(workspace, at, way, upstream)).filter((it) => !own.has(it));
  if (stashed.length > 0) {
    throw notTogether(stashed.map((it) => seenFrom(root, top, it)), upstream.name);
  }
  const submodules = changes.filter((it) => it.to?.kind === "submodule").map((it) => it.path);
  return { ...plan, way, files, changes, submodules };
}

/** A path as it is seen from the app's folder. */
function seenFrom(root: string, top: string, path: string): string {
  return relativePath(Deno.realPathSync(root), join(top, path));
}

/** Whoever writes through what was a file must find a file there, and a link must lead where it did. */
function refuseOtherKinds(
  root: string,
  { top, upstream }: Pick<PullPlan, "top" | "upstream">,
  changes: readonly TreeChange[],
  files: readonly TrackedFile[],
): void {
  const real = Deno.realPathSync(root);
  for (const { file, path } of files) {
    const named = relativePath(top, join(real, file));
    const folders = [path, named].flatMap((it) => foldersAbove(it));
    const other = changes.some(({ path: changed, from, to }) =>
      changed === path || changed === named
        ? from?.kind === "link" || (to !== undefined && to.kind !== "file")
        : to !== undefined && (folders.includes(changed) || changed.startsWith(`${named}/`))
    );
    if (!other) continue;
    throw refused(`${upstream.name} has something else than a file as ${file}`, {
      hint: "put the packages back in prod mode (`hsm prod NAME`), then `git pull` by hand",
    });
  }
}

/** What is committed is everybody's; the pull goes on, for it may bring the remedy. */
async function warnOfDevForm(workspace: Workspace, files: readonly TrackedFile[]): Promise<void> {
  const texts = new Map(files.map((it) => [it.file, it.committed]));
  if (!workspace.edited.some((it) => texts.has(it))) return;
  const shared = await workspace.sharedManifest();
  const read = (file: string) => Promise.resolve(texts.get(file));
  const committed = committedFiles(read, shared.environment);
  for (const { sides, message } of await checkProd(workspace.adapter, shared, shared, committed)) {
    if (sides[0]?.file === "hsm.yaml") continue;
    const told = `a dev source is committed: ${message}; \`hsm check --prod\` tells`;
    workspace.tell({ kind: "warned", message: told });
  }
}

/** What files become without the user's own edits, as far as it can be told before git has done it. */
async function futureOf(
  context: Context,
  { top, upstream }: Pick<PullPlan, "top" | "upstream">,
  commit: string,
): Promise<(file: TrackedFile) => Promise<string | null | undefined>> {
  const { success, stdout } = await context
    .$`git ${READING} merge-base ${commit} ${upstream.commit}`.cwd(top).noThrow();
  if (!success) {
    throw refused(`HEAD and ${upstream.name} have no commit in common`, {
      hint: `look at what ${upstream.name} is before you merge it by hand`,
    });
  }
  return async ({ path, committed }) => {
    const theirs = await readCommitted(context, top, upstream.commit, path);
    if (upstream.ahead === 0) return theirs ?? null;
    const base = await readCommitted(context, top, stdout.trim(), path);
    if (base === undefined || theirs === undefined) return undefined;
    return await mergeTexts(context, { base, mine: committed, theirs });
  };
}

/** What has come must be a workspace, with a pyproject.toml and a lock file that can be read. */
async function refuseWrong(
  workspace: Workspace,
  { top, upstream }: Pick<PullPlan, "top" | "upstream">,
  files: readonly TrackedFile[],
): Promise<void> {
  for (const { file, path, isLock } of files) {
    if (file !== "hsm.yaml" && file !== "pyproject.toml" && !isLock) continue;
    const text = await readCommitted(workspace, top, upstream.commit, path);
    if (isLock) {
      const conflict = await lockConflict(workspace, file, text);
      if (conflict !== undefined) throw wrongIn(upstream, file, conflict);
    } else if (text === undefined) {
      if (file === "pyproject.toml" && workspace.adapter.can.appWithoutPyproject) continue;
      throw refused(`${upstream.name} has no ${file} any more`, {
        hint: "put the packages back in prod mode (`hsm prod NAME`), then `git pull` by hand",
      });
    } else if (file === "pyproject.toml") {
      try {
        readAppProject(text, file);
      } catch (error) {
        throw wrongIn(upstream, file, error);
      }
    }
  }
}

/** What has come must have a manifest that hsm can go by. */
async function checkManifest(
  workspace: Workspace,
  upstream: Upstream,
  merged: ReadonlyMap<string, string>,
): Promise<void> {
  const shared = merged.get("hsm.yaml");
  if (shared === undefined) return;
  const local = merged.get("hsm.local.yaml") ?? await workspace.read("hsm.local.yaml");
  const known = workspace.manifest.packages.map((it) => it.name);
  let after: string;
  try {
    const { text } = withoutGone(local, shared, known);
    after = parseManifest(manifestFiles(shared, text), knownWith(workspace.adapter)).adapter;
  } catch (error) {
    throw wrongIn(upstream, "manifest", error);
  }
  const before = workspace.manifest.adapter;
  // This run has the one of before, and would sync with it.
  if (after === before) return;
  throw refused(`${upstream.name} goes over from ${before} to ${after}`, {
    hint: "`git pull` it by hand, then run `hsm sync`",
  });
}

/** What is wrong with a file that has come, told as such. */
function wrongIn({ name }: Upstream, what: string, error: unknown): unknown {
  if (!(error instanceof HsmError)) return error;
  const { code, causes, message, hint, details } = error;
  const [is, way] = code === "newer-format"
    ? ["a newer hsm wrote", hint]
    : ["is wrong", "correct it where it comes from"];
  return new HsmError(code, `Cannot pull the app: ${name} has a ${what} that ${is}`, {
    causes: causes.length > 0 ? causes : [message],
    hint: `nothing was changed; ${way}`,
    details,
  });
}

/** git would overwrite ignored files without a word. */
async function refuseInTheWay(
  workspace: Workspace,
  top: string,
  changes: readonly TreeChange[],
  files: readonly TrackedFile[],
): Promise<void> {
  const own = new Set(files.map((it) => it.path));
  const found = await filesInTheWay(workspace, top, changes);
  const hidden = files.filter((it) => found.includes(it.path)).map((it) => it.file);
  if (hidden.length > 0) {
    const flags = ["--no-skip-worktree", "--no-assume-unchanged"];
    const $ = workspace.$.with({ action: "pull the app" });
    const tags = await $`git ${READING} ls-files -v -- ${hidden}`.text();
    const look = flags.filter((_, at) => [/^S/im, /^[a-z]/m][at]!.test(tags))
      .map((flag) => `\`git update-index ${flag} ${hidden.join(" ")}\``);
    throw refused(`git was told not to look at ${hidden.join(", ")}`, {
      hint: `${look.join(" and ")}, then run the command again`,
    });
  }
  const inTheWay = found.filter((it) => !own.has(it))
    .map((it) => seenFrom(workspace.root, top, it));
  if (inTheWay.length === 0) return;
  const shown = inTheWay.slice(0, 10).join(", ");
  const more = inTheWay.length > 10 ? ` and ${countOf(inTheWay.length - 10, "more file")}` : "";
  throw refused(`the new commits would overwrite ${shown}${more}`, {
    hint: `move ${inTheWay.length === 1 ? "it" : "them"} away first`,
    details: { files: inTheWay },
  });
}
