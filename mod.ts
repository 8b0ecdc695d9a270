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

import "./lib/cli/script_errors.ts";

export { add, type AddedPackage, type AddOptions, type AddResult } from "./tasks/add.ts";
export { check, type CheckOptions, type CheckResult } from "./tasks/check.ts";
export {
  checkStaged,
  type CheckStagedOptions,
  type CheckStagedResult,
} from "./tasks/check_staged.ts";
export { type Checkout, clone, type CloneOptions, type CloneResult } from "./tasks/clone.ts";
export { completions } from "./tasks/completions.ts";
export type { CompletionShell } from "./lib/cli/completion/scripts.ts";
export { dev, type DevOptions, type DevResult } from "./tasks/dev.ts";
export { diff } from "./tasks/diff.ts";
export type { DiffOptions, DiffResult, PackageUse, PlannedPackage } from "./tasks/diff.ts";
export { doctor, type DoctorOptions, type DoctorResult } from "./tasks/doctor.ts";
export type { Finding } from "./tasks/doctor/model.ts";
export { exec, type ExecOptions, type ExecResult, type ExecRun } from "./tasks/exec.ts";
export { init, type InitOptions, type InitPackage, type InitResult } from "./tasks/init.ts";
export { graph, type GraphResult } from "./tasks/graph.ts";
export type { Graph, GraphEdge, GraphNode } from "./tasks/graph/model.ts";
export { inject, type InjectOptions } from "./tasks/inject.ts";
export type { InjectResult } from "./lib/survey/write_plan.ts";
export { list, type ListedPackage, type ListOptions, type ListResult } from "./tasks/list.ts";
export { map, type MapOptions, type MappedPackage, type MapResult } from "./tasks/map.ts";
export { newPackage, type NewPackageOptions, type NewPackageResult } from "./tasks/new.ts";
export { outdated, type OutdatedOptions, type OutdatedResult } from "./tasks/outdated.ts";
export { overview, type OverviewResult } from "./tasks/overview.ts";
export { pin, type PinOptions, type PinResult } from "./tasks/pin.ts";
export { prod, type ProdOptions, type ProdResult } from "./tasks/prod.ts";
export { pull, type PulledCheckout, type PullOptions, type PullResult } from "./tasks/pull.ts";
export { pullApp, type PullAppOptions, type PullAppResult } from "./tasks/pull_app.ts";
export { remove } from "./tasks/remove.ts";
export type { RemovedPackage, RemoveOptions, RemoveResult } from "./tasks/remove.ts";
export { status } from "./tasks/status.ts";
export type {
  PackageStatus,
  StatusCheckout,
  StatusOptions,
  StatusResult,
  StatusSubmodule,
} from "./tasks/status.ts";
export { schema } from "./tasks/schema.ts";
export { install, type InstallOptions, type InstallResult } from "./tasks/install.ts";
export { sync, type SyncOptions, type SyncResult } from "./tasks/sync.ts";
export { installWorkspace, syncWorkspace } from "./tasks/old_names.ts";
export type { PipelineOptions, PipelineResult } from "./tasks/old_names.ts";
export { history, undo, type UndoOptions, type UndoResult } from "./tasks/undo.ts";
export { type PinMove, update, type UpdateOptions, type UpdateResult } from "./tasks/update.ts";
export { updateEach } from "./tasks/update_each.ts";
export type { FailedMove, UpdateEachOptions, UpdateEachResult } from "./tasks/update_each.ts";

export { openWorkspace, type OpenWorkspaceOptions } from "./lib/workspace/open.ts";
export { Workspace, type WorkspaceParts } from "./lib/workspace/workspace.ts";
export { type AppFile, type ChangedFile, Files, type FilesParts } from "./lib/workspace/files.ts";
export type { WorkspaceContext } from "./lib/workspace/context.ts";
export type { Context } from "./lib/process/context.ts";
export type { Surroundings } from "./lib/process/call.ts";
export type { CheckoutFiles } from "./lib/workspace/checkout_files.ts";
export type { LoadedManifest } from "./lib/workspace/read_manifest.ts";
export type {
  Abilities,
  Adapter,
  AdapterContext,
  AdapterRunOptions,
  AdapterSyncOptions,
  AppFiles,
  CompleteAdapter,
  Explanation,
  InstallPlan,
  InstallStep,
  LockState,
  MergedLock,
  Needs,
  NewLibraryOptions,
  PackageSource,
  QuickSync,
  ReadByPath,
  Reader,
  SourcesOff,
  Stranger,
  Tool,
  TransitiveEntries,
  Use,
  Verdict,
  Wanted,
  WantedPackage,
  Writer,
  Written,
} from "./lib/adapters/adapter.ts";
export type {
  AdapterProject,
  Environment,
  LocalSource,
  LockedGit,
  LockedPackage,
  LockedSource,
  LockFolders,
  Need,
  RequirementPlace,
  Variables,
} from "./lib/adapters/reader.ts";
export type { Change } from "./lib/change.ts";
export type { ForeignFile, ForeignPackage, Skipped } from "./lib/adapters/found_packages.ts";
export { run as runProgram } from "./lib/process/run.ts";
export type { Output, RunOptions, RunResult } from "./lib/process/run.ts";
export type { Shell } from "./lib/process/shell.ts";
export { HsmError, type HsmErrorCode, type HsmErrorOptions } from "./lib/errors.ts";
export { consoleReporter, type ConsoleReporterOptions } from "./lib/console/console_reporter.ts";
export { silentReporter } from "./lib/report.ts";
export type { ProgramOptions, ProgramReport, Progress, Reporter } from "./lib/report.ts";
export type { Project } from "./lib/project/project.ts";
export type { ProjectFacts } from "./lib/project/read_project.ts";
export { normalizeName } from "./lib/names.ts";
export { reconcile } from "./lib/reconcile/reconcile.ts";
export { readApp } from "./lib/adapters/uv/read_app.ts";
export type { AppResult } from "./lib/project/read_app.ts";
export { readMetadata } from "./lib/adapters/uv/read_metadata.ts";
export type { MetadataFile, MetadataResult } from "./lib/project/metadata_file.ts";
export type { SetupPy } from "./lib/project/setup_cfg.ts";
export type {
  App,
  Component,
  ComponentMetadata,
  MetadataField,
  ReconcileInput,
  ReconcileResult,
  Resolution,
  ScopedRequirements,
  SourceChoice,
  SourceEntry,
  StatedMetadata,
  StatedSource,
} from "./lib/reconcile/model.ts";
export type { Problem, ProblemCode, ProblemSide, Severity } from "./lib/reconcile/problem.ts";
export { redact, type RedactOptions } from "./lib/text/redact.ts";
export type { Questions } from "./lib/process/questions.ts";
export { repositoryUrl } from "./lib/git/url.ts";
export type { PackageUpdate } from "./lib/survey/updates.ts";
export type { ParsedStatus, SubmoduleChange } from "./lib/checkout/parse_status.ts";
export type { CheckoutState } from "./lib/checkout/state.ts";
export type { GitOperation } from "./lib/git/operation.ts";
export type { Difference } from "./lib/survey/differences.ts";
export type { InstalledPackage, Origin } from "./lib/packages/installed.ts";
export type { GitSource, PathSource, Source } from "./lib/source.ts";
export type { Manifest, ManifestPackage, Mode, Pin } from "./lib/manifest/model.ts";
export type { EditValue, ManifestEdit, PackageKey } from "./lib/manifest/edit.ts";
export type { ManifestFile } from "./lib/manifest/problem.ts";
export type { ManifestFiles } from "./lib/manifest/load.ts";
export type { ManifestParser } from "./lib/manifest/parser.ts";
export type { ModeSwitch } from "./lib/packages/mode.ts";
export { interruptedBy, trapSignals } from "./lib/process/signals.ts";
export type { EndingSignal, SignalTrap, TrapOptions } from "./lib/process/signals.ts";
export type { RepositoryState } from "./lib/git/repository_state.ts";
export type { ReadRepository } from "./lib/transaction/restore.ts";
export type { FileFacts, FileLayer } from "./lib/files/layer.ts";
export type {
  RollbackResult,
  RunProgramOptions,
  TransactionOptions,
  WriteOptions,
} from "./lib/transaction/transaction.ts";
export type { HistoryEntry } from "./lib/transaction/history.ts";
export { Transaction } from "./lib/transaction/transaction.ts";
