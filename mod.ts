/**
 * HSM as a library: an app and its plugin repositories, each in a git repository of its own, worked on as though they
 * were one. Whatever the command `hsm` does is a function here, and `hsm` itself is made of them.
 *
 * @example
 * ```ts
 * import { clone, inject, install, map, openWorkspace } from "@hsm/hsm";
 *
 * await using workspace = await openWorkspace(); // finds hsm.yaml, takes the lock, repairs after a crash
 * const { checkouts } = await clone(workspace, { packages: ["my-plugin"], yes: true });
 * const { sources } = await map(workspace, { checkouts });
 * await inject(workspace, { sources });
 * await install(workspace); // runs the package manager, and makes everything permanent
 * ```
 *
 * There are five ideas.
 *
 * **Workspace**: the app's folder with its hsm.yaml, opened by {@linkcode openWorkspace} and disposed of by `await
 * using`. It knows the manifest (which packages there are, at which pins, and which of them are in dev mode) and runs
 * programs. One run at a time has its lock; with `readonly` it takes none, and changes nothing.
 *
 * **Task**: a function of a workspace and options, such as {@linkcode sync}, {@linkcode dev} or {@linkcode check}, that
 * returns plain, readonly data which JSON can hold; a task of your own is one like them. Paths in it are relative to
 * the app's folder, with `/`. Where a task takes `packages`, these are names or globs (`["plug-*"]`); left out they are
 * all, and an empty list is none.
 *
 * **Transaction**: what tasks change of hsm.yaml, hsm.local.yaml, pyproject.toml, the lock file and the environment
 * becomes permanent by {@linkcode sync}, {@linkcode install} or `workspace.commit()`, and goes back whole if the
 * workspace is left before, by an error, a `return` or Ctrl-C. Checkouts are yours: no task changes or deletes what is
 * in one, but for {@linkcode pull}, which moves a clean one forward.
 *
 * **Errors**: whatever fails throws an {@linkcode HsmError}, with a stable `code` to go by, a message for people, a
 * `hint` of what to do, and `details` as data. Each task says which codes it throws (Deno 2 prints `@throws` as
 * `@return`). What a task was asked to find out, such as that packages do not fit, is a result and not an error.
 *
 * **Events**: `openWorkspace({ onEvent })` is told of everything that happens, as an {@linkcode HsmEvent} with a
 * `kind`; `reporter` is told in words. By default these go to standard error, as those of `hsm` do.
 *
 * What a task takes and returns is described where it stands: `deno doc` of `@hsm/hsm/tasks/clone` shows the options,
 * the result, and the command `hsm clone`. By these entries a script also loads only the tasks that it needs, with
 * `@hsm/hsm/workspace` to open one. `@hsm/hsm/cli` is for a command line of your own, `@hsm/hsm/adapter` for a package
 * manager of your own, and `@hsm/hsm/events` has the types of all events.
 *
 * A script needs `--allow-read --allow-write --allow-env --allow-run=git,uv`; HSM has no network of its own.
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
export { eject } from "./tasks/eject.ts";
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
