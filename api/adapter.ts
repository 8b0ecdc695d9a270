/**
 * What a package manager of one's own is made of: the shape of an {@linkcode Adapter}, what it is given and returns,
 * and {@linkcode runProgram}, which runs its program. `openWorkspace({ adapter })` takes one.
 *
 * An adapter makes texts of texts: what is to stand in the files that say where packages come from, and what a lock
 * file says. It is HSM that reads and writes files, holds the lock, and puts everything back. What an adapter leaves
 * out, HSM does without. docs/scripting.md goes through it.
 *
 * @module
 */

export type {
  Abilities,
  Adapter,
  AdapterContext,
  AdapterRunOptions,
  AdapterSyncOptions,
  AppFiles,
  CompleteAdapter,
  EditedFiles,
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
} from "../lib/adapters/adapter.ts";
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
} from "../lib/adapters/reader.ts";
export type {
  FolderPackage,
  ForeignFile,
  ForeignPackage,
  Skipped,
} from "../lib/adapters/found_packages.ts";
export type {
  FoundNeeds,
  FoundStandIn,
  StandIn,
  Standing,
  StandInState,
} from "../lib/adapters/stand_in.ts";
export type { Sureness, Usage } from "../lib/adapters/usage.ts";
export type { MetadataFile, MetadataResult } from "../lib/project/metadata_file.ts";
export type { AppResult } from "../lib/project/read_app.ts";
export type { SetupPy } from "../lib/project/setup_cfg.ts";
export type {
  App,
  Component,
  ComponentMetadata,
  MetadataField,
  ReconcileInput,
  RequirementPosition,
  Resolution,
  ScopedRequirements,
  SourceChoice,
  SourceEntry,
  StatedMetadata,
  StatedSource,
} from "../lib/reconcile/model.ts";
export type { Tell, Work } from "../lib/events/tell.ts";
export { run as runProgram } from "../lib/process/run.ts";
export type { Output, RunOptions, RunResult } from "../lib/process/run.ts";
export { normalizeName } from "../lib/names.ts";
