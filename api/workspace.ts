/**
 * Opening a workspace, what its manifest holds, and what every task throws and tells: all that a script needs beside
 * the tasks that it imports by `@hsm/hsm/tasks/NAME`. Whoever needs but a few of them loads less than by `@hsm/hsm`,
 * which has all of it and all tasks.
 *
 * @example
 * ```ts
 * import { openWorkspace } from "@hsm/hsm/workspace";
 * import { list } from "@hsm/hsm/tasks/list";
 *
 * await using workspace = await openWorkspace({ readonly: true });
 * console.log(list(workspace).packages.map((it) => it.package)); // ["my-plugin", "other-plugin"]
 * ```
 *
 * @module
 */

import "../lib/cli/script_errors.ts";

export { openWorkspace, type OpenWorkspaceOptions } from "../lib/workspace/open.ts";
export { Workspace } from "../lib/workspace/workspace.ts";
export { HsmError, type HsmErrorCode, type HsmErrorOptions } from "../lib/errors.ts";
export { consoleReporter, type ConsoleReporterOptions } from "../lib/console/console_reporter.ts";
export { silentReporter } from "../lib/report.ts";
export type { ProgramOptions, ProgramReport, Progress, Reporter } from "../lib/report.ts";
export type { Shell } from "../lib/process/shell.ts";
export type { Change } from "../lib/change.ts";
export type { GitSource, PathSource, Source } from "../lib/source.ts";
export type { InjectInto, Manifest, ManifestPackage, Mode, Pin } from "../lib/manifest/model.ts";
export type { Problem, ProblemCode, ProblemSide, Severity } from "../lib/reconcile/problem.ts";
