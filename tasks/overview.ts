/**
 * `hsm` without a command: the state of the workspace, and the next sensible command.
 *
 * @module
 */

import { type Command, type CommandOutcome, defineCommand } from "../lib/command/command.ts";
import { HsmError } from "../lib/errors.ts";
import { standsIn } from "../lib/manifest/stand_ins.ts";
import { NO_PACKAGES } from "../lib/packages/none.ts";
import { nearestRoot } from "../lib/workspace/root.ts";
import { lookForJournal } from "../lib/transaction/journal.ts";
import type { Workspace } from "../lib/workspace/workspace.ts";
import type { Difference } from "../lib/survey/differences.ts";
import { judge } from "../lib/survey/judge.ts";
import type { Outlook } from "../lib/survey/outlook.ts";
import { checkoutsFor, planSync, surveyForSync } from "./steps.ts";
import { countOf, listOf } from "../lib/text/words.ts";
import { sourceFile } from "../lib/workspace/manager_files.ts";

export type { Difference } from "../lib/survey/differences.ts";

/** What {@linkcode overview} found. */
export interface OverviewResult {
  /** The app's folder. */
  readonly root: string;
  /** The packages in prod mode. */
  readonly prod: readonly string[];
  /** The packages in dev mode. */
  readonly dev: readonly string[];
  /** Those of them whose checkouts stand in for what the app's files say; left out where none is to. */
  readonly standIns?: readonly string[];
  /** The dev packages whose checkout is missing. */
  readonly missing: readonly string[];
  /** Whether pyproject.toml says what hsm.yaml says; null where that could not be found out. */
  readonly upToDate: boolean | null;
  /** Whether the lock file and the environment are what pyproject.toml asks for; with a problem: whether there is a lock file. */
  readonly installed: boolean;
  /** All that is not in line, as `status` has it; left out where everything is. */
  readonly differences?: readonly Difference[];
  /** What keeps `hsm sync` from working. */
  readonly problem?: { readonly message: string; readonly hint?: string };
}

/**
 * Finds out what `hsm` without a command shows: the packages by mode, and whether all is in line.
 *
 * Touches nothing; open the workspace with `readonly`.
 *
 * @example
 * ```ts
 * import { openWorkspace } from "@hsm/hsm";
 * import { overview } from "@hsm/hsm/tasks/overview";
 *
 * await using workspace = await openWorkspace({ readonly: true });
 * const { dev, upToDate } = await overview(workspace);
 * console.log(dev, upToDate); // ["my-plugin"] true
 * ```
 *
 * @param workspace The workspace.
 * @returns What is there, and what is not in line.
 */
export async function overview(workspace: Workspace): Promise<OverviewResult> {
  const { root, manifest } = workspace;
  const { packages } = manifest;
  const names = (mode: string) => packages.filter((it) => it.mode === mode).map((it) => it.name);
  const standIns = packages.filter(standsIn).map((it) => it.name);
  const facts = {
    ...{ root, prod: names("prod"), dev: names("dev") },
    ...(standIns.length === 0 ? {} : { standIns }),
  };
  try {
    await using survey = surveyForSync(workspace, { dryRun: true });
    const checkouts = await checkoutsFor(survey, { dryRun: true });
    const plan = await planSync(survey, {});
    const missing = checkouts.filter((it) => it.state === "missing").map((it) => it.package);
    const { differences, isRewritten, ...outlook } = await judge(survey, plan);
    const installed = isInstalled(outlook) && !differences.some(isOfInstallation);
    const more = differences.length === 0 ? {} : { differences };
    return { ...facts, missing, upToDate: !isRewritten, installed, ...more };
  } catch (error) {
    if (!(error instanceof HsmError) || error.code === "interrupted") throw error;
    const { message, hint } = error;
    const problem = hint === undefined ? { message } : { message, hint };
    return {
      ...facts,
      missing: [],
      upToDate: null,
      installed: workspace.hasLockFile,
      problem,
    };
  }
}

function isInstalled({ lock, install }: Outlook): boolean {
  return lock.state === "current" && install.environment === "kept";
}

function isOfInstallation({ kind }: Difference): boolean {
  return kind === "lock" || kind === "environment";
}

/** The overview as text. */
function describe(result: OverviewResult, edited: string): string {
  const { prod, dev, standIns = [], missing, problem, upToDate, installed } = result;
  const all = [...prod, ...dev];
  const lines = [
    all.length === 0
      ? NO_PACKAGES
      : `${countOf(all.length, "package")}: ${prod.length} in prod, ${dev.length} in dev${
        dev.length === 0 ? "" : ` (${listOf(dev, SHOWN)})`
      }`,
  ];
  if (standIns.length > 0) {
    lines.push(`standing in for what ${edited} says: ${listOf(standIns, SHOWN)}`);
  }
  if (missing.length > 0) lines.push(`not cloned yet: ${listOf(missing, SHOWN)}`);
  if (problem !== undefined) lines.push(problem.message);
  else if (upToDate === false) lines.push(`${edited} does not match hsm.yaml`);
  else if (all.length > 0) lines.push(`${edited} matches hsm.yaml`);
  if (!installed && all.length > 0) lines.push(...describeInstallation(result));
  return `${lines.join("\n")}\n\n${nextStep(result)}\n`;
}

/** What is there and differs is told; else nothing was ever installed. */
function describeInstallation({ differences = [], upToDate }: OverviewResult): readonly string[] {
  const found = differences.filter(isOfInstallation).map((it) =>
    it.package === undefined ? it.message : `${it.package}: ${it.message}`
  );
  const isNew = found.length === 0 || found.some((it) => /^there is no /.test(it));
  if (isNew) return ["not installed yet"];
  return upToDate ? found.slice(-1) : [];
}

function nextStep(result: OverviewResult): string {
  const { prod, dev, problem, differences = [] } = result;
  if (problem !== undefined) return `Next: ${problem.hint ?? "run `hsm sync` for the details"}`;
  if (prod.length + dev.length === 0) {
    return "Next: `hsm add NAME --git URL` adds a package";
  }
  if (differences.length > 0) {
    return "Next: `hsm sync` installs what hsm.yaml says";
  }
  const [first = "NAME"] = prod;
  return dev.length === 0
    ? `Next: \`hsm dev ${first}\` clones a package to work on`
    : "Next: `hsm status` shows the state of each package";
}

const SHOWN = 5;

/** How to begin, where there is no workspace. */
const BEGIN = `There is no hsm.yaml in this folder or any above it. To begin, in the app's folder:

  hsm init                    make the app a workspace
  hsm add NAME --git URL      add a package, at its newest release
  hsm dev NAME                work on it: an editable checkout in packages/NAME

All commands: \`hsm --help\`
`;

/** What `hsm` finds where there is no workspace. */
export interface OverviewNowhere {
  /** There is no hsm.yaml in this folder or any above it. */
  readonly root: null;
}

/** What `hsm` finds where the last run did not come to its end: the next command undoes its changes. */
export interface OverviewInterrupted {
  /** The app's folder. */
  readonly root: string;
  /** Always true. */
  readonly interrupted: true;
}

/** What `hsm` prints. */
export type OverviewDocument = OverviewResult | OverviewInterrupted | OverviewNowhere;

/**
 * `hsm` without a command.
 *
 * @throws {HsmError} `io`
 */
export const overviewCommand: Command<OverviewDocument> = defineCommand({
  name: "",
  hidden: true,
  summary: "Show the state of the workspace, and the next sensible command",
  examples: ["hsm"],
  options: {},
  async run(context): Promise<CommandOutcome<OverviewDocument>> {
    const root = nearestRoot(context.opening.directory ?? ".");
    if (root === undefined) return { data: { root: null }, text: BEGIN };
    if (lookForJournal(root).kind === "own") {
      const text =
        "The last hsm here did not come to its end; its changes are undone by the next command.\n\n" +
        "Next: `hsm sync`\n";
      return { data: { root, interrupted: true }, text };
    }
    await using workspace = await context.open({ readonly: true });
    const result = await overview(workspace);
    return { data: result, text: describe(result, sourceFile(workspace.edited)) };
  },
});
