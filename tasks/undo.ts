/**
 * `hsm undo`: the files as they were before a command.
 *
 * @module
 */

import { join } from "@std/path";
import { ago } from "./undo/ago.ts";
import { columns } from "../lib/text/columns.ts";
import {
  ADAPTER_ARGUMENTS,
  type Command,
  type CommandOutcome,
  defineCommand,
} from "../lib/command/command.ts";
import { HsmError } from "../lib/errors.ts";
import { describeNewer, refuseNewer, UPDATE_HSM } from "../lib/files/format.ts";
import { paintDiff, unifiedDiff } from "../lib/text/diff.ts";
import {
  type HistoryDetails,
  type HistoryEntry,
  latestNewer,
  listHistory,
  readHistory,
} from "../lib/transaction/history.ts";
import { changedSince, planUndo } from "./undo/undo_plan.ts";
import { isCodeWorkspace } from "../lib/workspace/code_workspace.ts";
import { tookManifest } from "../lib/workspace/ejected.ts";
import type { Workspace } from "../lib/workspace/workspace.ts";
import { EJECTED } from "./eject.ts";
import { commitWithoutStandIns, install, type InstallResult } from "./install.ts";
import { flag, text } from "../lib/command/options.ts";
import { isFile, isThere } from "../lib/files/is_there.ts";

export type { HistoryEntry };

/** What {@linkcode undo} undoes. */
export interface UndoOptions {
  /** The number of the command to go back before, with all that came after it; default: the last one. */
  readonly to?: string | undefined;
  /** Puts files back that somebody else has changed since, too. @default {false} */
  readonly force?: boolean | undefined;
  /** Only says what would change. @default {false} */
  readonly dryRun?: boolean | undefined;
}

/** What {@linkcode undo} did. */
export interface UndoResult {
  /** The commands that were undone, the latest first. */
  readonly undone: readonly HistoryEntry[];
  /** The files that were put back, relative to the root. */
  readonly files: readonly string[];
  /** How they would change, as a unified diff; with `dryRun` alone. */
  readonly diff?: string;
}

/**
 * The last commands and scripts that changed the app's files and can be undone, the latest first.
 *
 * Touches nothing.
 *
 * @example
 * ```ts
 * import { history, openWorkspace } from "@hsm/hsm";
 *
 * await using workspace = await openWorkspace({ readonly: true });
 * console.log(history(workspace)[0]); // { id: "7", command: "hsm sync", since: "2026-01-31T…", files: ["pyproject.toml", …] }
 * ```
 *
 * @param workspace The workspace.
 * @returns With each what `undo` takes as `to`, when it began (ISO 8601), and the files that it changed.
 */
export function history(workspace: Workspace): readonly HistoryEntry[] {
  return listHistory(workspace.root, workspace.layer);
}

/**
 * Puts the app's files back as they were before the last command that changed them, or before an earlier one: `install`
 * or `workspace.commit()` makes it permanent. It is a change like any other, so undoing it brings the present state
 * back.
 *
 * Touches pyproject.toml, the lock file, hsm.yaml and hsm.local.yaml, in the workspace's transaction; no checkout. With
 * `dryRun` nothing.
 *
 * @example
 * ```ts
 * import { install, openWorkspace, undo } from "@hsm/hsm";
 *
 * await using workspace = await openWorkspace();
 * const { files } = await undo(workspace);
 * await install(workspace);
 * console.log(files); // ["pyproject.toml", "uv.lock"]
 * ```
 *
 * @param workspace The workspace.
 * @param options How far to go back.
 * @returns What was undone, the latest first, and the files that were put back.
 * @throws {HsmError} `usage` where there is nothing to undo; `file-changed` where somebody else has changed a file
 * since; `newer-format` where a newer HSM has written the history; `io`
 */
export async function undo(workspace: Workspace, options: UndoOptions = {}): Promise<UndoResult> {
  const { to, force = false, dryRun = false } = options;
  const chosen = await chosenEntries(workspace, to);
  const touched = chosen.flatMap((it) => it.files.map(({ file }) => file));
  const original = await originals(workspace, touched, dryRun);
  const plan = await planUndo(chosen, original);
  const { modes } = plan;
  // In these HSM keeps a few lines up, whatever else a person and VS Code have written.
  const isKept = (file: string) => isCodeWorkspace(file) && plan.changed.includes(file);
  const files = new Map([...plan.files].filter(([file]) => !isKept(file)));
  const changed = plan.changed.filter((it) => !isKept(it));
  if (changed.length > 0 && !force) throw changedSince(chosen[0]?.command ?? "", changed);
  const undone = chosen.map(({ files, ...it }) => ({
    ...it,
    files: files.map(({ file }) => file),
  }));
  const result = { undone, files: [...files.keys()] };
  if (!dryRun) {
    await workspace.replaceFiles(files, modes);
    await workspace.keepCodeWorkspaces();
    return result;
  }
  const diffs = [];
  for (const [file, bytes] of files) {
    diffs.push(await unifiedDiff(file, textOf(original(file)), textOf(bytes)));
  }
  return { ...result, diff: diffs.join("") };
}

/** What finds out which bytes a file has now. */
async function originals(
  workspace: Workspace,
  files: readonly string[],
  dryRun: boolean,
): Promise<(file: string) => Uint8Array | null> {
  if (dryRun) return (file) => workspace.layer.read(join(workspace.root, file));
  const transaction = await workspace.putAtStake(files);
  return (file) => transaction.original(file);
}

function textOf(bytes: Uint8Array | null): string | undefined {
  return bytes === null ? undefined : new TextDecoder().decode(bytes);
}

async function chosenEntries(
  workspace: Workspace,
  to: string | undefined,
): Promise<readonly HistoryDetails[]> {
  const entries = history(workspace);
  refuseBefore(workspace, entries, to);
  const last = to === undefined ? 0 : entries.findIndex((it) => it.id === to);
  if (last < 0 || entries.length === 0) {
    const state = entries.length === 0
      ? "Cannot undo: no command has changed anything yet"
      : `Cannot undo ${to}: there is no command of that number`;
    const hint = "run `hsm undo --list` for the commands that can be undone";
    throw new HsmError("usage", state, { hint });
  }
  const chosen: HistoryDetails[] = [];
  for (const { id } of entries.slice(0, last + 1)) {
    chosen.push(await readHistory(workspace.root, id, workspace.layer));
  }
  return chosen;
}

/** What a newer HSM did after it would be lost with what is undone. */
function refuseBefore(
  workspace: Workspace,
  entries: readonly HistoryEntry[],
  to: string | undefined,
): void {
  const newer = latestNewer(workspace.root, workspace.layer);
  const first = to ?? entries[0]?.id ?? "0";
  if (newer === undefined || Number(first) > Number(newer.id)) return;
  const action = to === undefined ? "undo" : `undo ${to}`;
  refuseNewer("journal", newer.format, { action, what: `command ${newer.id}` });
}

/** Whether the workspace is again as `eject` had left it: what is installed is the package manager's affair then. */
async function wasEjected(
  workspace: Workspace,
  undone: readonly HistoryEntry[],
): Promise<boolean> {
  const entries = history(workspace);
  const { id } = entries[entries.findIndex((it) => it.id === undone.at(-1)?.id) + 1] ?? {};
  if (id === undefined || isFile(join(workspace.root, "hsm.yaml"))) return false;
  return tookManifest(await readHistory(workspace.root, id, workspace.layer));
}

/** What cannot be installed is said before the package manager stumbles over it. */
function refuseMissingCheckouts(workspace: Workspace): void {
  const missing = [];
  for (const { name, mode, path } of workspace.manifest.packages) {
    if (mode === "dev" && !isThere(workspace.root, path)) missing.push(name);
  }
  if (missing.length === 0) return;
  throw new HsmError(
    "checkout-missing",
    `Cannot undo: ${missing.join(", ")} ${
      missing.length > 1 ? "were" : "was"
    } in dev mode, and the checkout is gone`,
    {
      hint: "run `hsm undo --no-sync`, then `hsm sync`, which clones it again",
      details: { packages: missing },
    },
  );
}

/** What `hsm undo` did. */
export interface UndoneResult extends UndoResult {
  /** What the package manager did; left out with `--no-sync`. */
  readonly synced?: InstallResult;
}

/** What `hsm undo --list` lists. */
export interface HistoryResult {
  /** The commands that can be undone, the latest first. */
  readonly history: readonly HistoryEntry[];
}

/** What `hsm undo` prints. */
export type UndoDocument = UndoneResult | HistoryResult;

/**
 * `hsm undo`.
 *
 * @throws {HsmError} `checkout-missing` where a package would be in dev mode again whose checkout is gone
 */
export const undoCommand: Command<UndoDocument> = defineCommand({
  name: "undo",
  group: "Every day",
  summary: "Put the files back as they were before the last command, and sync",
  description:
    "With a NUMBER of `hsm undo --list`: as they were before that one. Undone twice is as if never undone.",
  examples: ["hsm undo", "hsm undo --list", "hsm undo --dry-run 12"],
  positional: "number",
  passthrough: ADAPTER_ARGUMENTS,
  excludes: [
    ["list", "number", "a list undoes nothing"],
    ["list", "force", "a list undoes nothing"],
    ["list", "noSync", "a list undoes nothing"],
    ["list", "dryRun", "a list undoes nothing"],
    ["list", "--", "a list undoes nothing"],
    ["noSync", "--", "without a sync nothing is passed on"],
  ],
  options: {
    number: { ...text("Go back before this command", "NUMBER"), completes: "history" },
    list: flag("Only list the commands that can be undone, the latest first"),
    force: flag("Put files back that were changed since, too"),
    noSync: flag("Only put the files back; install nothing"),
    dryRun: flag("Only show how the files would change, as a unified diff"),
    wait: flag("Wait for another hsm in this workspace"),
  },
  async run(
    context,
    { number: to, list = false, dryRun = false, wait = false, ...how },
  ): Promise<CommandOutcome<UndoDocument>> {
    await using workspace = await context.open({ readonly: list || dryRun, ejected: true, wait });
    if (list) {
      const entries = history(workspace);
      const newer = latestNewer(workspace.root, workspace.layer);
      if (newer !== undefined) {
        const message = `command ${newer.id} ${describeNewer(newer.format)}: ${UPDATE_HSM}`;
        workspace.tell({ kind: "warned", message });
      }
      const now = Date.now();
      const text = columns(
        entries.map((it) => [
          { text: it.id, paint: context.style.bold },
          // A program that reads it has to sort and compare.
          context.stdoutTerminal ? ago(it.since, now) : it.since,
          it.command,
          { text: it.files.join(", "), paint: context.style.dim },
        ]),
        context.width,
      );
      const proof = entries.length === 0 ? "No command has changed anything yet" : undefined;
      return { data: { history: entries }, text, proof };
    }
    const { force, noSync = false } = how;
    const { undone, files, diff } = await undo(workspace, { to, force, dryRun });
    const text = columns(
      undone.map((it) => [
        dryRun ? "would undo" : "undone",
        it.id,
        it.command,
        it.files.join(", "),
      ]),
      context.width,
    );
    if (diff !== undefined) {
      const shown = paintDiff(diff, context.style);
      return { data: { undone, files, diff }, text: diff === "" ? text : `${text}\n${shown}` };
    }
    const isEjected = await wasEjected(workspace, undone);
    if (noSync || isEjected) {
      await (noSync ? workspace.commit() : commitWithoutStandIns(workspace));
      return { data: { undone, files }, text, proof: isEjected ? EJECTED : undefined };
    }
    refuseMissingCheckouts(workspace);
    const synced = await install(workspace, { args: context.passthrough });
    return { data: { undone, files, synced }, text };
  },
});
