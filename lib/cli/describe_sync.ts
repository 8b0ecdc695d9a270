/**
 * How commands show what a sync came to.
 *
 * @module
 */

import type { CommandOutcome } from "../command/command.ts";
import { HsmError } from "../errors.ts";
import type { StandInChange } from "../events/outcomes.ts";
import { selectPackages } from "../packages/select.ts";
import { describeStandIn } from "../packages/standing.ts";
import type { InjectResult } from "../survey/write_plan.ts";
import { paintDiff } from "../text/diff.ts";
import type { Page } from "../text/page.ts";
import { describeSynced } from "../workspace/synced.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { describeChanges } from "./describe_changes.ts";
import { sourceFile } from "../workspace/manager_files.ts";

/** What is shown of it. */
interface Shown {
  readonly injected: InjectResult;
  readonly synced: unknown;
  readonly standIns?: readonly StandInChange[];
}

/** What a run of the pipeline came to, as a command shows it. */
export function syncOutcome<Result extends Shown>(
  result: Result,
  options: {
    readonly dryRun: boolean;
    readonly page: Page;
    readonly workspace: Workspace;
    readonly packages?: readonly string[] | undefined;
  },
): CommandOutcome<Result> {
  const { injected, synced, standIns = [] } = result;
  const { dryRun, page, workspace, packages } = options;
  const planned = standIns.map((it) => `${describeStandIn(it, { isAhead: true })}\n`).join("");
  const blocks = [paintDiff(injected.diff, page.style), planned];
  const text = dryRun
    ? blocks.filter((it) => it !== "").join("\n")
    : describeChanges(injected.changes, page);
  const inLine = synced === undefined
    ? `${sourceFile(workspace.edited)} matches hsm.yaml`
    : describeSynced(selectPackages(workspace.manifest, packages).length);
  return { data: result, text, proof: text === "" ? inLine : undefined };
}

/** A package that has to be repaired has to be installed first. */
export function hintAtNoVerify(error: unknown): never {
  const isOpen = error instanceof HsmError && error.code === "verify-failed" &&
    error.hint === undefined;
  throw isOpen ? error.withHint("`--no-verify` installs it all the same, to repair it") : error;
}
