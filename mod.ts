/**
 * HSM: many Python repositories, worked on as though they were one.
 *
 * @example
 * ```ts
 * import { clone, inject, map, openWorkspace, sync } from "@hsm/hsm";
 *
 * await using workspace = await openWorkspace();
 * const { checkouts } = await clone(workspace, { packages: ["my-plugin"], yes: true });
 * const { sources } = await map(workspace, { checkouts });
 * await inject(workspace, { sources });
 * await sync(workspace);
 * ```
 *
 * @module
 */

import "./lib/cli/script_errors.ts";

export { add } from "./tasks/add.ts";
export type { AddedPackage, AddOptions, AddResult } from "./tasks/add.ts";
export { check } from "./tasks/check.ts";
export type { CheckStagedOptions, CheckStagedResult } from "./tasks/check/staged.ts";
export { checkStaged } from "./tasks/check/staged.ts";
export type { CheckOptions, CheckResult } from "./tasks/check.ts";
export { clone } from "./tasks/clone.ts";
export type { Checkout, CloneOptions, CloneResult } from "./tasks/clone.ts";
export { completions } from "./tasks/completions.ts";
export type { CompletionShell } from "./lib/cli/completion/scripts.ts";
export { dev } from "./tasks/dev.ts";
export type { DevOptions, DevResult } from "./tasks/dev.ts";
export { diff } from "./tasks/diff.ts";
export type { DiffOptions, DiffResult, PackageUse, PlannedPackage } from "./tasks/diff.ts";
export { doctor } from "./tasks/doctor.ts";
export type { DoctorOptions, DoctorResult } from "./tasks/doctor.ts";
export type { Finding } from "./tasks/doctor/model.ts";
export { exec } from "./tasks/exec.ts";
export type { ExecOptions, ExecResult, ExecRun } from "./tasks/exec.ts";
export { init } from "./tasks/init.ts";
export type { InitOptions, InitPackage, InitResult } from "./tasks/init.ts";
export { graph } from "./tasks/graph.ts";
export type { GraphResult } from "./tasks/graph.ts";
export type { Graph, GraphEdge, GraphNode } from "./tasks/graph/model.ts";
export { inject } from "./tasks/inject.ts";
export type { InjectOptions } from "./tasks/inject.ts";
export type { InjectResult } from "./lib/survey/write_plan.ts";
export { list } from "./tasks/list.ts";
export type { ListedPackage, ListOptions, ListResult } from "./tasks/list.ts";
export { map } from "./tasks/map.ts";
export type { MapOptions, MappedPackage, MapResult } from "./tasks/map.ts";
export { newPackage } from "./tasks/new.ts";
export type { NewPackageOptions, NewPackageResult } from "./tasks/new.ts";
export { outdated } from "./tasks/outdated.ts";
export type { OutdatedOptions, OutdatedResult } from "./tasks/outdated.ts";
export { overview } from "./tasks/overview.ts";
export type { OverviewResult } from "./tasks/overview.ts";
export { pin } from "./tasks/pin.ts";
export type { PinOptions, PinResult } from "./tasks/pin.ts";
export { installWorkspace, syncWorkspace } from "./tasks/sync_workspace.ts";
export type { PipelineOptions, PipelineResult } from "./tasks/sync_workspace.ts";
export { prod } from "./tasks/prod.ts";
export type { ProdOptions, ProdResult } from "./tasks/prod.ts";
export { pull } from "./tasks/pull.ts";
export type { PulledCheckout, PullOptions, PullResult } from "./tasks/pull.ts";
export { pullApp } from "./tasks/pull_app.ts";
export type { PullAppOptions, PullAppResult } from "./tasks/pull_app.ts";
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
export { sync } from "./tasks/sync.ts";
export type { SyncOptions, SyncResult } from "./tasks/sync.ts";
export { history, undo } from "./tasks/undo.ts";
export type { UndoOptions, UndoResult } from "./tasks/undo.ts";
export { update } from "./tasks/update.ts";
export type { PinMove, UpdateOptions, UpdateResult } from "./tasks/update.ts";
export { updateEach } from "./tasks/update_each.ts";
export type { FailedMove, UpdateEachOptions, UpdateEachResult } from "./tasks/update_each.ts";

export { openWorkspace } from "./lib/workspace/open.ts";
export type { OpenWorkspaceOptions } from "./lib/workspace/open.ts";
export { Workspace } from "./lib/workspace/workspace.ts";
export type { WorkspaceParts } from "./lib/workspace/workspace.ts";
export { Files } from "./lib/workspace/files.ts";
export type { AppFile, ChangedFile, FilesParts } from "./lib/workspace/files.ts";
export type { WorkspaceContext } from "./lib/workspace/context.ts";
export type { Context } from "./lib/context.ts";
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
  Change,
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
export type { ForeignFile, ForeignPackage, Skipped } from "./lib/adapters/found_packages.ts";
export { run as runProgram } from "./lib/process/run.ts";
export type { Output, RunOptions, RunResult } from "./lib/process/run.ts";
export type { Shell } from "./lib/process/shell.ts";
export { HsmError } from "./lib/errors.ts";
export type { HsmErrorCode, HsmErrorOptions } from "./lib/errors.ts";
export { consoleReporter, type ConsoleReporterOptions } from "./lib/console/console_reporter.ts";
export { silentReporter } from "./lib/report.ts";
export type { ProgramOptions, ProgramReport, Progress, Reporter } from "./lib/report.ts";
export type { Project } from "./lib/project/project.ts";
export type { ProjectFacts } from "./lib/pyproject/read.ts";
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
export { redact } from "./lib/text/redact.ts";
export type { RedactOptions } from "./lib/text/redact.ts";
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
export { interruptedBy, trapSignals } from "./lib/transaction/signals.ts";
export type { EndingSignal, SignalTrap, TrapOptions } from "./lib/transaction/signals.ts";
export type { RepositoryState } from "./lib/transaction/repository_state.ts";
export type { ReadRepository } from "./lib/transaction/restore.ts";
export type { FileFacts, FileLayer } from "./lib/transaction/files.ts";
export type {
  RollbackResult,
  RunProgramOptions,
  TransactionOptions,
  WriteOptions,
} from "./lib/transaction/transaction.ts";
export type { HistoryEntry } from "./lib/transaction/history.ts";
export { Transaction } from "./lib/transaction/transaction.ts";
