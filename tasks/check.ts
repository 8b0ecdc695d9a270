/**
 * `hsm check`: whether everything fits, before anything is written.
 *
 * @module
 */

import { type Command, type CommandOutcome, defineCommand } from "../lib/command/command.ts";
import { HsmError } from "../lib/errors.ts";
import { lfsProblem } from "../lib/git/lfs.ts";
import { given } from "../lib/given.ts";
import { writtenForm } from "../lib/manifest/stand_ins.ts";
import type { Needs, PackageSource, Written } from "../lib/adapters/adapter.ts";
import { normalizeName } from "../lib/names.ts";
import { lazy } from "../lib/process/once.ts";
import {
  afterVerdict,
  namingJudge,
  type Problem,
  type Severity,
  sortProblems,
} from "../lib/reconcile/problem.ts";
import { reconcile } from "../lib/reconcile/reconcile.ts";
import { renderProblem } from "../lib/reconcile/render_problem.ts";
import { withPinFiles } from "../lib/packages/pins.ts";
import { selectPackages } from "../lib/packages/select.ts";
import type { Page } from "../lib/text/page.ts";
import { findSourcesOff } from "../lib/packages/source_guards.ts";
import { countOf } from "../lib/text/words.ts";
import { parseVersion } from "../lib/versions/versions.ts";
import { notLockedProblems } from "../lib/survey/not_locked.ts";
import { findMovedTags } from "../lib/survey/moved_tags.ts";
import { planFiles } from "../lib/survey/plan_files.ts";
import { Survey } from "../lib/survey/survey.ts";
import { findOtherManager } from "../lib/survey/other_manager.ts";
import type { Workspace } from "../lib/workspace/workspace.ts";
import { flag } from "../lib/command/options.ts";
import type { CheckStagedResult } from "./check_staged.ts";
import { packageOptions } from "../lib/command/package_options.ts";
import { sourceFile } from "../lib/workspace/manager_files.ts";

/** What {@linkcode check} checks. */
export interface CheckOptions {
  /** The packages whose problems are told, by name or glob, such as `plug-*`; default: all. All are looked at. */
  readonly packages?: readonly string[] | undefined;
  /** Where packages come from, as `map` returned it; those left out come from where the manifest says. */
  readonly sources?: readonly PackageSource[] | undefined;
  /** Also lets the package manager resolve, which may build packages, in a temporary folder. @default {false} */
  readonly resolve?: boolean | undefined;
  /** Also fails where anything is in dev mode. @default {false} */
  readonly prod?: boolean | undefined;
  /** Asks no remote. @default {false} */
  readonly offline?: boolean | undefined;
  /** The packages whose remotes are asked, by name or glob; of the others only what the cache knows is used. Default: all. */
  readonly online?: readonly string[] | undefined;
}

/** What {@linkcode check} found. */
export interface CheckResult {
  /** Everything that does not fit or could not be checked, errors first. */
  readonly problems: readonly Problem[];
  /** The packages of which everything that could be checked fits. */
  readonly fitting: readonly string[];
  /** What `inject` is to tell the package manager beside the sources; undefined: what follows from what it was told before. */
  readonly entries: Needs | undefined;
  /** Whether the package manager finds a solution, where it was asked. */
  readonly resolved?: boolean | undefined;
}

/**
 * Checks the app and all packages against each other: names, Python versions, requirements on packages of the manifest
 * and on third parties.
 *
 * Touches nothing in the workspace, and runs no code of anybody's, but with `resolve`. What packages say of themselves
 * at their pins is read from their remotes into HSM's own cache.
 *
 * @example
 * ```ts
 * import { check, openWorkspace } from "@hsm/hsm";
 *
 * await using workspace = await openWorkspace({ readonly: true });
 * const { problems, fitting } = await check(workspace);
 * for (const { message, fix } of problems) console.log(`${message}: ${fix}`);
 * console.log(fitting); // ["my-plugin", "other-plugin"]
 * ```
 *
 * @param workspace The workspace.
 * @param options What to check, and whom to ask.
 * @returns The problems, errors first, and the packages that have none. What does not fit is no error that is thrown.
 * @throws {HsmError} `package-unknown`, `pyproject-invalid`, `tool-missing`; with `resolve` `pyproject-unsupported`
 */
export async function check(
  workspace: Workspace,
  options: CheckOptions = {},
): Promise<CheckResult> {
  const { manifest } = workspace;
  const { sources, offline, online, ...what } = options;
  const asked = online && selectPackages(manifest, online).map((it) => it.key);
  await using survey = new Survey(workspace, {
    packages: selectPackages(manifest, options.packages),
    asks: offline ? "none" : asked === undefined ? "all" : new Set(asked),
    ...given({ sources }),
  });
  // Whoever gives the sources is about to inject them, and is told then.
  const result = await checkOf(survey, { ...what, isBeforeInjection: sources !== undefined });
  for (const problem of result.problems) workspace.tell({ kind: "problem-found", problem });
  return result;
}

/**
 * How {@linkcode checkOf} checks.
 *
 * @internal
 */
export interface CheckOfOptions extends Pick<CheckOptions, "resolve" | "prod"> {
  /** Whether what is found is about to be injected: what would come out then is left to that. */
  readonly isBeforeInjection: boolean;
}

/**
 * {@linkcode check} of all packages; told are the problems of those that a survey is about.
 *
 * @internal
 */
export async function checkOf(survey: Survey, options: CheckOfOptions): Promise<CheckResult> {
  const { workspace, packages: chosen } = survey;
  const all = workspace.manifest.packages;
  const selected = new Set(chosen.map((it) => it.key));
  const off = await findSourcesOff(workspace, survey.written.packages, await survey.sourcesOff());
  const problems: Problem[] = [];
  await survey.components();
  await mentionSilent(survey);
  workspace.signal.throwIfAborted();
  const input = await survey.input();
  const found = input === undefined ? (await survey.app()).problems : reconcile(input).problems;
  const inPlace = await survey.inputInPlace();
  const more = inPlace === undefined ? [] : others(reconcile(inPlace).problems, found);
  problems.push(...found.map((it) => options.prod ? strict(it) : it), ...options.prod ? [] : more);
  const plan = lazy(() => planFiles(survey, survey.written.all));
  if (!options.isBeforeInjection) {
    problems.push(...await lfsProblems(workspace), ...await findOtherManager(workspace));
  }
  problems.push(...await notLockedProblems(survey));
  problems.push(...await findMovedTags(survey, options.isBeforeInjection));
  if (options.prod) {
    const shared = await workspace.sharedManifest();
    const { adapter, manifest } = workspace;
    const { checkProd } = await import("../lib/prod/check_prod.ts");
    problems.push(...await checkProd(adapter, manifest, shared, workspace.filesFor()));
  }
  if (!options.isBeforeInjection) problems.push(...await refusals(workspace, plan));
  // What would be resolved are strangers then.
  const verdict = options.resolve && off.length === 0 ? await resolve(workspace, plan) : undefined;
  const left = verdict === undefined
    ? problems
    : [...problems.flatMap((it) => afterVerdict(it, verdict.success) ?? []), ...verdict.problems];
  const told = left.filter(({ sides }) =>
    chosen.length === all.length || sides.length === 0 ||
    sides.some((it) => selected.has(normalizeName(it.component)))
  );
  told.push(...off.map((it) => it.problem));
  const touched = new Set([
    ...left.filter((it) => it.severity !== "warning").flatMap((it) =>
      it.sides.map((side) => normalizeName(side.component))
    ),
    ...off.flatMap((it) => it.packages.map((concerned) => concerned.key)),
  ]);
  const fitting = chosen.filter((it) => !touched.has(it.key)).map((it) => it.name);
  return {
    problems: sortProblems(
      (await withPinFiles(workspace, told)).map((it) => namingJudge(it, workspace.adapter)),
    ),
    fitting,
    entries: await survey.needs(),
    resolved: verdict?.success,
  };
}

/** What is not so at the pins as well, whatever version it is there, or is worse. */
function others(inPlace: readonly Problem[], atPins: readonly Problem[]): readonly Problem[] {
  const known = new Set(atPins.map((it) => `${it.severity} ${subjectOf(it)}`));
  return inPlace.filter((it) =>
    !["error", it.severity].some((severity) => known.has(`${severity} ${subjectOf(it)}`))
  );
}

/** What a problem is about, without the versions that its sides have at the moment. */
function subjectOf({ code, sides }: Problem): string {
  const about = sides.map(({ component, requirement = "" }) => [
    normalizeName(component),
    parseVersion(requirement) === undefined ? requirement : "",
  ]);
  return JSON.stringify([code, about]);
}

/** Says whose remotes did not answer. */
async function mentionSilent(survey: Survey): Promise<void> {
  const silent = await survey.silent();
  if (silent.length === 0) return;
  const packages = silent.map((it) => it.name);
  const message = `no answer from the remotes of ${packages.join(", ")}: ` +
    "their tags and branches are taken to be where they were";
  survey.tell({ kind: "warned", packages, message });
}

/** What may be so while packages are in dev mode may not be so in what others get. */
function strict(problem: Problem): Problem {
  const isOfMode = problem.code === "requirement-unmet" && problem.severity === "warning";
  return isOfMode ? { ...problem, severity: "error" } : problem;
}

/** The prod packages that ask for what Git LFS keeps, where git cannot fetch it. */
async function lfsProblems(workspace: Workspace): Promise<readonly Problem[]> {
  const { packages } = writtenForm(workspace.manifest);
  const asking = packages.filter((it) => it.mode === "prod" && it.lfs);
  const missing = asking.length === 0 ? undefined : await lfsProblem(workspace, workspace.root);
  if (missing === undefined) return [];
  return asking.map(({ name }) => ({
    code: "lfs-missing",
    severity: "warning",
    message: `${name} has files that Git LFS keeps, and ${missing.message}`,
    sides: [{ component: name, file: "hsm.yaml", requirement: "lfs: true" }],
    fix: missing.fix,
  }));
}

/** Why the sources could not be written into the app's files, if so. */
async function refusals(
  { edited }: Workspace,
  plan: () => Promise<Written>,
): Promise<readonly Problem[]> {
  try {
    await plan();
    return [];
  } catch (error) {
    if (!(error instanceof HsmError) || error.code !== "pyproject-unsupported") throw error;
    return [{
      code: "injection-refused",
      severity: "error",
      message: error.message,
      sides: [{ component: "app", file: sourceFile(edited) }],
      fix: error.hint ?? `change ${sourceFile(edited)}`,
    }];
  }
}

/** What the package manager itself says of the app as it would become. */
async function resolve(
  workspace: Workspace,
  plan: () => Promise<Written>,
): Promise<{ readonly success: boolean; readonly problems: readonly Problem[] }> {
  const { texts } = await plan();
  const { adapter } = workspace;
  const verdict = await adapter.resolve(workspace.adapterContext, texts);
  const { success, isUnsolvable, message, cause, hint } = verdict;
  const failed = cause === undefined
    ? "cannot resolve the app"
    : `cannot resolve the app: ${cause}`;
  const problem: Problem = {
    code: "resolution-failed",
    severity: "error",
    message: `${adapter.name} ${isUnsolvable ? "finds no solution" : failed}:\n${
      message.replace(/^/gm, "    ")
    }`,
    sides: [],
    fix: hint ?? (isUnsolvable ? "change a version that the message names" : "see the message"),
  };
  return { success, problems: success ? [] : [problem] };
}

/** What {@linkcode check} found, but for what is `inject`'s alone. */
export type CheckFindings = Omit<CheckResult, "entries">;

/** What `hsm check` prints; with `--staged` what `checkStaged` found. */
export type CheckDocument = CheckFindings | CheckStagedResult;

/** What a check found, as a command shows it: exit status 2 where something does not fit. */
function checkOutcome(
  result: CheckResult,
  page: Page,
  { name: manager }: { readonly name: string },
): CommandOutcome<CheckFindings> {
  const number = (severity: Severity) =>
    result.problems.filter((it) => it.severity === severity).length;
  const [errors, warnings, unchecked] = [number("error"), number("warning"), number("unchecked")];
  const { problems, fitting, resolved } = result;
  // That none fits would sound like a problem where nobody has found one.
  const isOpen = fitting.length === 0 && errors === 0 && problems.length > 0;
  const summary = [
    ...(errors > 0 ? [countOf(errors, "problem")] : []),
    ...(warnings > 0 ? [countOf(warnings, "warning")] : []),
    ...(unchecked > 0 ? [`${unchecked} unchecked`] : []),
    ...(isOpen
      ? []
      : [`${countOf(fitting.length, "package")} fit${fitting.length === 1 ? "s" : ""}`]),
    ...(resolved ? [`and ${manager} finds a solution too`] : []),
  ].join(", ");
  const { red, yellow, green } = page.style;
  const paint = errors > 0 ? red : warnings > 0 ? yellow : green;
  return {
    data: { problems, fitting, resolved },
    text: `${problems.map((it) => `${renderProblem(it, page)}\n`).join("")}${paint(summary)}\n`,
    failure: checkFailed(problems),
    isTold: true,
  };
}

/** What a look at the index found, as a command shows it. */
function stagedOutcome(
  { apps, problems }: CheckStagedResult,
  page: Page,
): CommandOutcome<CheckStagedResult> {
  const fine = apps.length === 0 ? "" : "nothing that is staged is in dev mode\n";
  return {
    data: { apps, problems },
    text: problems.length === 0 ? fine : problems.map((it) => renderProblem(it, page)).join("\n"),
    proof: apps.length === 0 ? "Nothing is staged that hsm looks at" : undefined,
    failure: checkFailed(problems),
    isTold: true,
  };
}

function checkFailed(problems: readonly Problem[]): HsmError | undefined {
  const errors = problems.filter((it) => it.severity === "error");
  const [first, ...others] = errors;
  if (first === undefined) return undefined;
  return new HsmError(
    "check-failed",
    `Cannot vouch for the app: ${countOf(errors.length, "problem")}`,
    {
      causes: errors.map((it) => it.message),
      hint: others.length === 0 ? first.fix : "each of `problems` says what to do about it",
    },
  );
}

/**
 * `hsm check`.
 *
 * @throws {HsmError} `check-failed` where something does not fit
 */
export const checkCommand: Command<CheckDocument> = defineCommand({
  name: "check",
  group: "Looking",
  summary: "Find out whether everything fits, and change nothing",
  description: "Exits with 2 where something does not fit.",
  examples: [
    "hsm check",
    "hsm check --resolve",
    "hsm check --prod",
    "hsm check --prod --staged",
    "hsm check --offline --json",
  ],
  positional: "packages",
  excludes: [
    ["resolve", "offline", "the package manager asks remotes and indexes for what it resolves"],
    ["staged", "resolve", "run `hsm check --prod --staged`: it resolves nothing"],
    ["staged", "packages", "run `hsm check --prod --staged`: it is about the whole commit"],
  ],
  needs: [
    ["staged", "prod", "run `hsm check --prod --staged`"],
  ],
  options: {
    ...packageOptions("Only the problems of these"),
    resolve: flag(
      "Also let the package manager resolve, in a temporary folder; it may build packages",
    ),
    prod: flag("Also fail where anything is in dev mode (for CI)"),
    staged: flag(
      "With --prod: look at what would be committed, and nothing else (for commit hooks)",
    ),
    offline: flag("Ask no remote; use what the cache knows"),
  },
  async run(context, { staged, ...options }): Promise<CommandOutcome<CheckDocument>> {
    if (staged) {
      const { checkStaged } = await import("./check_staged.ts");
      return stagedOutcome(await checkStaged(context.opening), context);
    }
    await using workspace = await context.open({ readonly: true });
    return checkOutcome(await check(workspace, options), context, workspace.adapter);
  },
});
