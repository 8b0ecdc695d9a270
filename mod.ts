/**
 * HSM: many Python repositories, worked on as though they were one.
 *
 * @example
 * ```ts
 * import { clone, inject, install, map, openWorkspace } from "@hsm/hsm";
 *
 * await using workspace = await openWorkspace();
 * const { checkouts } = await clone(workspace, { packages: ["my-plugin"], yes: true });
 * const { sources } = await map(workspace, { checkouts });
 * await inject(workspace, { sources });
 * await install(workspace);
 * ```
 *
 * @module
 */

export {
  consoleReporter,
  HsmError,
  openWorkspace,
  silentReporter,
  Workspace,
} from "./api/workspace.ts";
export type {
  HsmErrorCode,
  Manifest,
  ManifestPackage,
  Mode,
  OpenWorkspaceOptions,
  Pin,
  Problem,
  Reporter,
  Shell,
  Source,
} from "./api/workspace.ts";
export type { Adapter } from "./api/adapter.ts";
export type { HsmEvent } from "./api/events.ts";
export {
  type Command,
  type CommandContext,
  defineCommand,
  hsmCommands,
  option,
  runCli,
} from "./api/cli.ts";

export { add } from "./tasks/add.ts";
export { apply } from "./tasks/apply.ts";
export { check } from "./tasks/check.ts";
export { checkStaged } from "./tasks/check_staged.ts";
export { clone } from "./tasks/clone.ts";
export { dev } from "./tasks/dev.ts";
export { diff } from "./tasks/diff.ts";
export { doctor } from "./tasks/doctor.ts";
export { exec } from "./tasks/exec.ts";
export { graph } from "./tasks/graph.ts";
export { init } from "./tasks/init.ts";
export { inject } from "./tasks/inject.ts";
export { install } from "./tasks/install.ts";
export { list } from "./tasks/list.ts";
export { map, type MappedPackage } from "./tasks/map.ts";
export { newPackage } from "./tasks/new.ts";
export { outdated } from "./tasks/outdated.ts";
export { pin } from "./tasks/pin.ts";
export { plan, type SyncPlan } from "./tasks/plan.ts";
export { prod } from "./tasks/prod.ts";
export { pull } from "./tasks/pull.ts";
export { pullApp } from "./tasks/pull_app.ts";
export { remove } from "./tasks/remove.ts";
export { schema } from "./tasks/schema.ts";
export { status } from "./tasks/status.ts";
export { sync } from "./tasks/sync.ts";
export { history, undo } from "./tasks/undo.ts";
export { update } from "./tasks/update.ts";
export { updateEach } from "./tasks/update_each.ts";

export { installWorkspace, syncWorkspace } from "./tasks/old_names.ts";
export type { PipelineOptions, PipelineResult } from "./tasks/old_names.ts";
