/**
 * `hsm inject`: the packages' sources into pyproject.toml.
 *
 * @module
 */

import type { Needs } from "../lib/adapters/adapter.ts";
import { planInjection } from "../lib/packages/injection.ts";
import { flag } from "../lib/command/options.ts";
import { packageOptions } from "../lib/command/package_options.ts";
import { type Command, defineCommand } from "../lib/command/command.ts";
import { type InjectResult, writePlan } from "../lib/survey/write_plan.ts";
import type { Workspace } from "../lib/workspace/workspace.ts";
import type { MappedPackage } from "./map.ts";
import { syncOutcome } from "../lib/cli/describe_sync.ts";
import { sync, type SyncResult } from "./sync.ts";

export type { InjectResult };

/** What {@linkcode inject} injects. */
export interface InjectOptions {
  /** Where packages come from, as `map` returned it, or changed since. Packages left out stay as they are. */
  readonly sources: readonly MappedPackage[];
  /** What `check` found that the package manager must be told beside the sources. Default: what follows from what it was told before. */
  readonly entries?: Needs | undefined;
  /** Only says what would change. @default {false} */
  readonly dryRun?: boolean | undefined;
}

/**
 * Writes where packages come from into pyproject.toml, or where else the package manager reads it, and adds
 * requirements that are missing; takes out what HSM once added for packages that have left the manifest.
 *
 * Touches these files, in the workspace's transaction: `install` or `workspace.commit()` makes it permanent. A file
 * that would not change is not written. Nothing is installed.
 *
 * @example
 * ```ts
 * import { inject, map, openWorkspace } from "@hsm/hsm";
 *
 * await using workspace = await openWorkspace();
 * const { sources } = await map(workspace);
 * const { changes, diff } = await inject(workspace, { sources, dryRun: true });
 * console.log(changes); // [{ package: "my-plugin", what: "source", action: "add", … }]
 * console.log(diff); // as `diff -u` would show it
 * ```
 *
 * @param workspace The workspace.
 * @param options The sources, as `map` returns them, or as a script has changed them.
 * @returns What changed, one entry for each source and requirement, and as a unified diff.
 * @throws {HsmError} `pyproject-invalid`, `pyproject-unsupported`, `outside-root`, `file-changed`, `io`
 */
export async function inject(
  workspace: Workspace,
  { sources, entries, dryRun }: InjectOptions,
): Promise<InjectResult> {
  const plan = await planInjection(workspace, sources, entries);
  const result = await writePlan(workspace, plan, { dryRun: dryRun ?? false });
  if (!dryRun) workspace.hasInjected = true;
  return result;
}

/** `hsm inject`. */
export const injectCommand: Command<SyncResult> = defineCommand({
  name: "inject",
  group: "The steps of sync",
  summary: "Write the packages' sources into pyproject.toml",
  examples: ["hsm inject --dry-run", "hsm inject my-plugin"],
  positional: "packages",
  options: {
    ...packageOptions("Only these; the others stay as they are"),
    dryRun: flag("Only show the change, as a unified diff"),
    noCheck: flag("Go on though something does not fit"),
    wait: flag("Wait for another hsm in this workspace"),
  },
  async run(context, { packages, noCheck, dryRun = false, wait = false }) {
    await using workspace = await context.open({ readonly: dryRun, wait });
    const options = { packages, noCheck, dryRun, yes: context.yes };
    const result = await sync(workspace, { ...options, until: "inject" });
    return syncOutcome(result, { dryRun, page: context, workspace });
  },
});
