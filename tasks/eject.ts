/**
 * `hsm eject`: HSM out of an app, which stays as it is.
 *
 * @module
 */

import { loadOthers } from "../lib/adapters/others.ts";
import type { Use } from "../lib/adapters/adapter.ts";
import { type Command, defineCommand } from "../lib/command/command.ts";
import { flag } from "../lib/command/options.ts";
import { HsmError } from "../lib/errors.ts";
import type { StandInChange } from "../lib/events/outcomes.ts";
import { isThere } from "../lib/files/is_there.ts";
import { isAppsAffair } from "../lib/manifest/stand_ins.ts";
import { filesWith } from "../lib/packages/injection.ts";
import { leavingOf } from "../lib/packages/standing.ts";
import { describeSource, type Source } from "../lib/source.ts";
import { columns } from "../lib/text/columns.ts";
import { paintDiff, unifiedDiff } from "../lib/text/diff.ts";
import { codeWorkspaces } from "../lib/workspace/code_workspace.ts";
import { lookForHooks, removeHooks } from "../lib/workspace/hooks.ts";
import type { Workspace } from "../lib/workspace/workspace.ts";
import { withoutRules } from "./eject/rules.ts";
import { commitWithoutStandIns } from "./install.ts";

/** How {@linkcode eject} goes about it. */
export interface EjectOptions {
  /** Only says what would change. @default {false} */
  readonly dryRun?: boolean | undefined;
}

/** A package that HSM had, as the app has it from now on. */
export interface EjectedPackage {
  /** Its name. */
  readonly package: string;
  /** Where the app's own files have it from; left out where they do not say, or not in HSM's words. */
  readonly source?: Source;
}

/** What {@linkcode eject} did. */
export interface EjectResult {
  /** The packages, in the manifest's order. */
  readonly packages: readonly EjectedPackage[];
  /** The files that changed or went, relative to the root; with `dryRun` those that would. */
  readonly files: readonly string[];
  /** The hooks of git's that went, or are for other apps alone now, relative to the root where they lie in it; with `dryRun` nobody looks for them. */
  readonly hooks: readonly string[];
  /** The checkouts that stood in for packages; left out where none did. */
  readonly standIns?: readonly StandInChange[];
  /** How the files would change, as a unified diff; with `dryRun` alone. */
  readonly diff?: string;
}

/**
 * Takes HSM out of the app: hsm.yaml, hsm.local.yaml, `[tool.hsm]`, and rules and hooks of HSM's own go. What it has written for
 * the package manager stays, and is the app's own from then on; so do the checkouts. What checkouts stood in for is installed
 * again, as it is locked.
 *
 * Touches these files, in one transaction with the environment, and makes it permanent; last the hooks, which no `undo` brings
 * back. `.hsm/` stays for `undo`.
 *
 * @example
 * ```ts
 * import { eject, openWorkspace } from "@hsm/hsm";
 *
 * await using workspace = await openWorkspace({ readonly: true });
 * const { packages, files, diff } = await eject(workspace, { dryRun: true });
 * console.log(packages); // [{ package: "my-plugin", source: { kind: "path", path: "packages/my-plugin" } }, …]
 * console.log(files); // ["pyproject.toml", "hsm.yaml", "hsm.local.yaml", ".gitignore"]
 * console.log(diff); // as `diff -u` would show it
 * ```
 *
 * @param workspace The workspace.
 * @param options Whether only to look.
 * @returns Where the app has its packages from now on, and what changed.
 * @throws {HsmError} `pyproject-invalid`, `newer-format`, `outside-root`, `file-changed`, `io`; `uv-failed`, `tool-missing` and
 * `tool-too-old` where checkouts stand in for packages
 */
export async function eject(
  workspace: Workspace,
  { dryRun = false }: EjectOptions = {},
): Promise<EjectResult> {
  const packages = await ejectedPackages(workspace);
  const changed = await workspace.changedBy(await textsWithout(workspace));
  const files = changed.map((it) => it.file);
  if (dryRun) {
    const diffs = [];
    for (const { file, before, after } of changed) {
      diffs.push(await unifiedDiff(file, before, after));
    }
    return withStandIns(
      { packages, files, hooks: [], diff: diffs.join("") },
      await leavingOf(workspace, []),
    );
  }
  for (const { file, after } of changed) await workspace.stage(file, after);
  const standIns = await commitWithoutStandIns(workspace);
  return withStandIns({ packages, files, hooks: await withoutHooks(workspace) }, standIns);
}

function withStandIns(result: EjectResult, standIns: readonly StandInChange[]): EjectResult {
  return standIns.length === 0 ? result : { ...result, standIns };
}

/** All files with something of HSM's, without that; undefined: nothing else is in it. */
async function textsWithout(
  workspace: Workspace,
): Promise<ReadonlyMap<string, string | undefined>> {
  const { env, adapter } = workspace;
  const files = workspace.filesFor();
  const texts = new Map<string, string | undefined>();
  for (const it of [adapter, ...await loadOthers(env, adapter.name, files)]) {
    for (const [file, text] of await it.handOver(filesWith(files, texts))) texts.set(file, text);
  }
  for (const file of ["hsm.yaml", "hsm.local.yaml"]) texts.set(file, undefined);
  for (const file of codeWorkspaces(workspace.root)) {
    const { letGo } = await import("../lib/workspace/code_folders.ts");
    texts.set(file, letGo(await workspace.read(file) ?? ""));
  }
  return new Map([...texts, ...await withoutRules(workspace)]);
}

/** Where the app has its packages from; of one that it does not know by itself is warned. */
async function ejectedPackages(workspace: Workspace): Promise<readonly EjectedPackage[]> {
  const { adapter, manifest, tell } = workspace;
  const uses = await adapter.uses(workspace.filesFor());
  return manifest.packages.map((it): EjectedPackage => {
    const { name, key } = it;
    const use = uses.get(key);
    const source = use && sourceOf(use);
    if (use === undefined && !isAppsAffair(it)) {
      const message = `${name} is in hsm.yaml alone: nothing in the app says where it comes from`;
      tell({ kind: "warned", packages: [name], message });
    }
    return source === undefined ? { package: name } : { package: name, source };
  });
}

function sourceOf(use: Use): Source | undefined {
  if (use.kind === "git") return use;
  return use.kind === "path" && use.path !== undefined
    ? { kind: "path", path: use.path }
    : undefined;
}

async function withoutHooks(workspace: Workspace): Promise<readonly string[]> {
  const place = await lookForHooks(workspace);
  if (!("folder" in place)) return [];
  const hooks = removeHooks(place, workspace.tell);
  if (hooks.length === 0) return hooks;
  const message = `removed hsm from ${hooks.join(", ")}; \`hsm init --hooks\` brings it back`;
  workspace.tell({ kind: "told", message });
  return hooks;
}

/** Whoever repeats the command does not mean the workspace around this one. */
function refuseEjected(root: string): void {
  if (isThere(root, "hsm.yaml")) return;
  throw new HsmError("usage", `Cannot take hsm out of ${root}: the last command has`, {
    hint: "run `hsm undo` there to take that back",
  });
}

/**
 * What is said once HSM is out of an app.
 *
 * @internal
 */
export const EJECTED =
  "hsm is out of the app; `hsm undo` takes that back as long as .hsm is there: delete it once you are sure";

/**
 * `hsm eject`.
 *
 * @throws {HsmError} `usage` where the last command has taken HSM out of the app
 */
export const ejectCommand: Command<EjectResult> = defineCommand({
  name: "eject",
  group: "The manifest",
  summary: "Take hsm out of the app, which stays as it is",
  description:
    "What hsm has written for the package manager stays, and so do checkouts; hsm.yaml and what says whose it is go.",
  examples: ["hsm eject --dry-run", "hsm eject"],
  options: {
    dryRun: flag("Only show how the files would change, as a unified diff"),
    wait: flag("Wait for another hsm in this workspace"),
  },
  async run(context, { dryRun = false, wait = false }) {
    await using workspace = await context.open({ readonly: dryRun, ejected: true, wait });
    refuseEjected(workspace.root);
    const result = await eject(workspace, { dryRun });
    if (result.diff !== undefined) {
      return { data: result, text: paintDiff(result.diff, context.style) };
    }
    const rows = result.packages.map(({ package: name, source }) => [
      { text: name, paint: context.style.bold },
      source === undefined ? "as the app's files say" : describeSource(source),
    ]);
    return { data: result, text: columns(rows, context.width), proof: EJECTED };
  },
});
