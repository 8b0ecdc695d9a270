/**
 * The steps of a sync up to the writing: those who only look take them, too.
 *
 * @module
 */

import { HsmError } from "../lib/errors.ts";
import { given } from "../lib/given.ts";
import { selectPackages } from "../lib/packages/select.ts";
import type { Problem } from "../lib/reconcile/problem.ts";
import { renderProblem } from "../lib/reconcile/render_problem.ts";
import { mapSources } from "../lib/survey/map_sources.ts";
import { type FilesPlan, planFiles } from "../lib/survey/plan_files.ts";
import { Survey } from "../lib/survey/survey.ts";
import { countOf } from "../lib/text/words.ts";
import type { Workspace } from "../lib/workspace/workspace.ts";
import { checkOf } from "./check.ts";
import { type Checkout, cloneOf, type CloneOptions } from "./clone.ts";
import { sourceFile } from "../lib/workspace/manager_files.ts";

/** How a sync goes about its first steps; `sync` says what each of it means. */
export interface StepOptions extends CloneOptions {
  readonly locked?: boolean | undefined;
  readonly noCheck?: boolean | undefined;
}

/** The survey that a sync goes by. */
export function surveyForSync(
  workspace: Workspace,
  { packages, dryRun = false, locked, isQuiet = false }: StepOptions & {
    readonly isQuiet?: boolean;
  },
): Survey {
  return new Survey(workspace, {
    packages: selectPackages(workspace.manifest, packages),
    asks: locked ? "none" : "changed",
    assumesClones: dryRun,
    isQuiet,
  });
}

/**
 * The checkouts that a sync works with; in a dry run nothing is cloned. The pins that are about to change are read meanwhile.
 *
 * @throws {HsmError} what `clone` throws, and `manifest-invalid`
 */
export async function checkoutsFor(
  survey: Survey,
  { yes, filter, dryRun, locked }: StepOptions,
): Promise<readonly Checkout[]> {
  await refuseEmptied(survey.workspace);
  if (!locked) await survey.beginReading();
  if (survey.packages.every((it) => it.mode === "prod")) return [];
  // Whoever needs what cannot be loaded is told of it.
  survey.load().catch(() => {});
  const { checkouts } = await cloneOf(survey, given({ yes, filter, dryRun }));
  if (checkouts.some((it) => it.state === "cloned")) await survey.askAgain();
  return checkouts;
}

/**
 * What a sync writes, once all checkouts are there.
 *
 * @throws {HsmError} whatever keeps a sync from working: what `map` throws, and `packages-incompatible`
 */
export async function planSync(
  survey: Survey,
  { locked, noCheck }: StepOptions,
): Promise<FilesPlan> {
  await mapSources(survey);
  // Where nothing may change, uv has judged already: its lock file is the proof.
  if (!locked) heed(survey.workspace, await findProblems(survey), { noCheck });
  const plan = await planFiles(survey);
  refusePart(survey, plan);
  return plan;
}

/**
 * Finds out in memory what does not fit, before a byte is written. Only packages whose source is about to change are
 * asked for on their remotes.
 */
export async function findProblems(survey: Survey): Promise<readonly Problem[]> {
  return (await checkOf(survey, { isBeforeInjection: true })).problems;
}

/** Tells of what might not fit; what does not keeps a sync from going on, unless told otherwise. */
export function heed(
  workspace: Workspace,
  problems: readonly Problem[],
  { noCheck }: Pick<StepOptions, "noCheck">,
): void {
  for (const problem of problems) {
    const { severity, message, fix } = problem;
    const told = severity === "warning"
      ? { level: severity, message: `${message}: ${fix}` } as const
      : {};
    workspace.tell({ kind: "problem-found", problem, ...told });
  }
  const errors = problems.filter((it) => it.severity === "error");
  if (errors.length === 0 || noCheck) return;
  throw new HsmError(
    "packages-incompatible",
    `Cannot sync the app: ${countOf(errors.length, "problem")}`,
    {
      causes: errors.map((it) => renderProblem(it)),
      hint: `nothing was changed; \`${
        workspace.commandWith("--no-check")
      }\` leaves it to ${workspace.adapter.name}`,
      details: { problems: errors },
    },
  );
}

/** What was written for another package manager goes, of the packages that are not asked for as well. */
function refusePart({ workspace, packages }: Survey, { former }: FilesPlan): void {
  const [first] = former;
  const isPart = packages.length < workspace.manifest.packages.length;
  if (first === undefined || !isPart) return;
  const names = packages.map((it) => it.name).join(", ");
  throw new HsmError(
    "usage",
    `Cannot sync ${names} alone: the others still have their sources for ${first.name}`,
    { hint: "name no package, so that all of them go over" },
  );
}

/** A file that has lost its content is not a wish to take every package out. */
async function refuseEmptied(workspace: Workspace): Promise<void> {
  if (workspace.manifest.packages.length > 0 || (await workspace.read("hsm.yaml"))?.trim()) return;
  const { loadOthers } = await import("../lib/adapters/others.ts");
  const { env, adapter } = workspace;
  const files = workspace.filesFor();
  // An empty one names the default package manager as well, whichever it had named.
  for (const it of [adapter, ...await loadOthers(env, adapter.name, files)]) {
    const owned = await it.owned(files);
    if (owned.length === 0) continue;
    const file = sourceFile(await it.edited(files));
    throw new HsmError(
      "manifest-invalid",
      `Cannot go by an empty hsm.yaml: ${file} has ${owned.join(", ")} from it`,
      { hint: "bring it back, or write `packages: {}` to take them out" },
    );
  }
}
