/**
 * The files at stake that git tracks: what HSM has written into them is set aside before git moves the repository, and the
 * user's own edits of them are brought along.
 *
 * @module
 */

import { join, resolve } from "@std/path";
import { attempt } from "../../lib/attempt.ts";
import { writtenForm } from "../../lib/manifest/stand_ins.ts";
import type { MergedLock } from "../../lib/adapters/adapter.ts";
import type { Context } from "../../lib/process/context.ts";
import type { Versions } from "../../lib/git/merge_texts.ts";
import { NO_BACKGROUND } from "../../lib/git/fetch_checkout.ts";
import { READING } from "../../lib/git/reading.ts";
import { HsmError } from "../../lib/errors.ts";
import { makeTemporary } from "../../lib/files/make_temporary.ts";
import { relativePath } from "../../lib/platform/paths.ts";
import { MAX_WRITTEN_BYTES, readFile } from "../../lib/files/read_file.ts";
import { hashOf } from "../../lib/transaction/content.ts";
import { lastHashOf } from "../../lib/transaction/history.ts";
import { filesAtStake } from "../../lib/workspace/at_stake.ts";
import type { Workspace } from "../../lib/workspace/workspace.ts";
import { mergeFile } from "./merge_file.ts";
import { refused } from "./upstream.ts";

/** A file at stake that is in the commit at HEAD. */
export interface TrackedFile {
  /** Its name among the files at stake, relative to the root. */
  readonly file: string;
  /** Where git has it, relative to the top of the repository, with `/`. */
  readonly path: string;
  /** What is committed. */
  readonly committed: string;
  /** What is there. */
  readonly text: string;
  /** That with the line endings of what is committed, where git takes the two for the same. */
  readonly current: string;
  /** What is committed with the user's own edits in it, of a lock file with the versions that were chosen. */
  readonly mine: string;
  /** Whether it is a lock file. */
  readonly isLock: boolean;
  /** Whether it is one just as HSM's last command left it: then it has no edits of the user's own. */
  readonly isDerived: boolean;
}

/**
 * Reads the files at stake that are in the commit at HEAD.
 *
 * @throws {HsmError} `pull-refused` where one has staged changes, is deleted, or its own edits cannot be told from HSM's;
 * `pyproject-invalid`, `io`, `git-failed`
 */
export async function readTracked(
  workspace: Workspace,
  top: string,
): Promise<readonly TrackedFile[]> {
  const { root } = workspace;
  const places = (await filesAtStake(workspace)).map((file) =>
    [file, placeOf(top, resolve(root, file))] as const
  );
  const inside = places.filter(([, path]) => !path.startsWith("../"));
  await refuseStaged(workspace, top, new Map(inside.map(([file, path]) => [path, file])));
  const locks = new Set(workspace.lockFiles.map((it) => placeOf(top, it)));
  const tracked: TrackedFile[] = [];
  for (const [file, path] of inside) {
    const committed = await readCommitted(workspace, top, "HEAD", path);
    if (committed === undefined) continue;
    const text = readWorking(resolve(top, path), file);
    if (text === undefined) {
      throw refused(`${file} was deleted`, { hint: `bring it back: \`git restore ${file}\`` });
    }
    const isLock = locks.has(path);
    const isDerived = isLock &&
      lastHashOf(root, file, workspace.layer) === await hashOf(new TextEncoder().encode(text));
    const current = await withEndingsOf(workspace, top, path, { committed, text });
    const mine = isDerived
      ? committed
      : isLock
      ? (await mergeLock(workspace, { base: committed, mine: current, theirs: committed })).text
      : workspace.edited.includes(file)
      ? await workspace.adapter.committedForm(file, committed, current)
      : current;
    if (mine === undefined) {
      throw refused(`your own edits of ${file} cannot be told from what hsm wrote`, {
        hint: "HEAD has a source for a managed package that hsm does not write; run `hsm diff`, " +
          "then commit your edits, or put them aside",
      });
    }
    tracked.push({ file, path, committed, text, current, mine, isLock, isDerived });
  }
  return tracked;
}

/** A text with the line endings of what is committed; as it is where that is another file to git. */
async function withEndingsOf(
  context: Context,
  top: string,
  path: string,
  { committed, text }: Pick<TrackedFile, "committed"> & { readonly text: string },
): Promise<string> {
  const converted = text.replace(/\r?\n/g, committed.includes("\r\n") ? "\r\n" : "\n");
  if (converted === text) return text;
  await using folder = await makeTemporary("hsm-endings-");
  const files = [join(folder.path, "text"), join(folder.path, "converted")];
  await Deno.writeTextFile(files[0]!, text);
  await Deno.writeTextFile(files[1]!, converted);
  const { success, stdout } = await context
    .$`git ${READING} hash-object --path=${path} -- ${files}`.cwd(top).noThrow();
  const [id, other] = stdout.split("\n");
  return success && id === other ? converted : text;
}

/** Where git has a file, relative to the top of the repository, with `/`. */
export function placeOf(top: string, path: string): string {
  // It need not be there.
  return relativePath(top, attempt(() => Deno.realPathSync(path)) ?? path);
}

function readWorking(path: string, file: string): string | undefined {
  const bytes = readFile(path, { name: file, limit: MAX_WRITTEN_BYTES });
  const text = bytes && decodeText(bytes);
  if (text?.includes("\uFFFD")) throw notUtf8(file);
  return text;
}

/** A text to the byte, its byte order mark included. */
export function decodeText(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}

/** What would not come back to the byte is not touched. */
function notUtf8(file: string): HsmError {
  return refused(`${file} is not UTF-8`, { hint: "save it as UTF-8, and commit that" });
}

async function refuseStaged(
  context: Context,
  top: string,
  files: ReadonlyMap<string, string>,
): Promise<void> {
  const $ = context.$.with({ cwd: top, action: "pull the app" });
  const options = [...READING, "--literal-pathspecs"];
  const how = ["--cached", "--name-only", "-z"];
  const listed = await $`git ${options} diff-index ${how} HEAD -- ${[...files.keys()]}`.text();
  const staged = listed.split("\0").filter((it) => it !== "").map((it) => files.get(it) ?? it);
  if (staged.length === 0) return;
  throw refused(`${staged.join(", ")} ${staged.length > 1 ? "have" : "has"} staged changes`, {
    hint: `commit them, or \`git restore --staged ${staged.join(" ")}\``,
    details: { files: staged },
  });
}

/** A file as a commit has it and as it would be on disk; undefined where the commit has none. */
export async function readCommitted(
  context: Context,
  top: string,
  commit: string,
  path: string,
): Promise<string | undefined> {
  const $ = context.$.with({ cwd: top, action: "pull the app", keepBom: true });
  const options = ["--literal-pathspecs", ...NO_BACKGROUND];
  const listed = await $`git ${options} ls-tree -z ${commit} -- ${path}`.noThrow();
  if (!listed.success || listed.stdout === "") return undefined;
  const { stdout: text } = await $`git ${NO_BACKGROUND} cat-file --filters ${commit}:${path}`;
  if (text.includes("\uFFFD")) throw notUtf8(path);
  return text;
}

/**
 * Merges the user's own edits of files with what the files are to become.
 *
 * @param theirs What a file becomes without them; null: it goes; undefined: only git will tell.
 * @returns The texts by file; those that go, or of which only git will tell, are left out.
 * @throws {HsmError} `pull-refused` where the user and somebody else changed the same
 */
export async function mergeOwnEdits(
  workspace: Workspace,
  files: readonly TrackedFile[],
  upstream: string,
  theirs: (file: TrackedFile) => Promise<string | null | undefined>,
): Promise<ReadonlyMap<string, string>> {
  const merged = new Map<string, string>();
  const conflicts: string[] = [];
  const lists = workspace.adapter.requirementLists;
  for (const it of files) {
    const text = await theirs(it);
    if (text === undefined) continue;
    if (text === null) {
      // What is personal is so whether git has it or not.
      if (it.file === "hsm.local.yaml") merged.set(it.file, it.mine);
      else if (it.mine !== it.committed) conflicts.push(it.file);
      continue;
    }
    const versions = { base: it.committed, mine: it.mine, theirs: text };
    const result = it.isLock
      ? await mergeLock(workspace, versions)
      : { text: await mergeFile(workspace, it.file, versions, lists), conflicts: [] };
    if (result.text === undefined || result.conflicts.length > 0) {
      conflicts.push([it.file, ...result.conflicts].join(": "));
    } else merged.set(it.file, result.text);
  }
  if (conflicts.length === 0) return merged;
  throw notTogether(conflicts, upstream);
}

/** The error that the user's own edits and those that have come are of the same lines. */
export function notTogether(files: readonly string[], upstream: string): HsmError {
  return refused(
    `your own edits of ${files.join(", ")} and those of ${upstream} do not go together`,
    {
      hint:
        "commit yours (packages back in prod mode: `hsm prod NAME`), then pull and merge as ever",
      details: { files },
    },
  );
}

/**
 * Lock files as the next one is best made from: with the versions that HSM's own locks have chosen since the last commit, as
 * far as they go together with what has come. What does not is told.
 *
 * @param theirs What a file has become.
 * @returns The texts by file.
 */
export async function mergeLocks(
  workspace: Workspace,
  files: readonly TrackedFile[],
  theirs: (file: TrackedFile) => Promise<string | undefined>,
): Promise<ReadonlyMap<string, string>> {
  const merged = new Map<string, string>();
  for (const it of files.filter((it) => it.isDerived)) {
    const text = await theirs(it);
    if (text === undefined) continue;
    const versions = { base: it.committed, mine: it.current, theirs: text };
    const result = await mergeLock(workspace, versions);
    if (result.conflicts.length > 0) {
      const packages = result.conflicts.join(", ");
      const message = `${it.file} has ${packages} as it has come, not as it was here`;
      workspace.tell({ kind: "warned", path: it.file, message });
    }
    merged.set(it.file, result.text);
  }
  return merged;
}

/** With the versions that were chosen; what the manifest says of packages is nobody's choice. */
function mergeLock({ adapter, manifest }: Workspace, versions: Versions): Promise<MergedLock> {
  return adapter.mergeLocks(versions, new Set(writtenForm(manifest).packages.map((it) => it.key)));
}
