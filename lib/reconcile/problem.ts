/**
 * What does not fit, as data.
 *
 * @module
 */

import type { Problem, ProblemCode, ProblemSide, Severity } from "../events/outcomes.ts";

export type { Problem, ProblemCode, ProblemSide, Severity };

const SEVERITIES: readonly Severity[] = ["error", "warning", "unchecked"];

/** The gravest problems first, those of one kind as they were. */
export function sortProblems(problems: readonly Problem[]): readonly Problem[] {
  return SEVERITIES.flatMap((severity) => problems.filter((it) => it.severity === severity));
}

/** A place as messages name it: a file, and its line where that is known. */
export function nameOf(
  { file, line }: { readonly file: string; readonly line?: number | undefined },
): string {
  return line === undefined ? file : `${file}:${line}`;
}

/** Why a setup.py is not read. */
export const IS_PROGRAM = "setup.py is a program, and checking runs none";

/** What to do about what nobody knows before the package manager does. */
export const LET_JUDGE = "let the package manager judge it with `hsm check --resolve`";

/** What nobody knows before the package manager does, of one party. */
export function unchecked(side: ProblemSide, message: string): Problem {
  const [code, severity] = ["metadata-unchecked", "unchecked"] as const;
  return { code, severity, message, sides: [side], fix: LET_JUDGE };
}

/** A file that cannot be gone by. */
export function broken(side: ProblemSide, message: string, fix: string): Problem {
  return { code: "metadata-broken", severity: "error", message, sides: [side], fix };
}

/** What to do where the files say something, though a build may say otherwise. */
export function unlessBuilt(fix: string): string {
  return `${LET_JUDGE}${OTHERWISE}${fix}`;
}

const OTHERWISE = ", for a build may say otherwise; or ";

/** A problem with the package manager's name where it is to judge; one that judges nothing before a sync does it then. */
export function namingJudge(
  problem: Problem,
  { name, can }: { readonly name: string; readonly can: { readonly resolve: boolean } },
): Problem {
  if (!problem.fix.startsWith(LET_JUDGE)) return problem;
  const judge = can.resolve
    ? `let ${name} judge it with \`hsm check --resolve\``
    : `let ${name} judge it with \`hsm sync\``;
  return { ...problem, fix: problem.fix.replace(LET_JUDGE, judge) };
}

/** What is left of a problem once the package manager has judged; undefined: nothing. */
export function afterVerdict(problem: Problem, success: boolean): Problem | undefined {
  if (!problem.fix.startsWith(LET_JUDGE)) return problem;
  const [, fix] = problem.fix.split(OTHERWISE);
  return success || fix === undefined ? undefined : { ...problem, fix };
}
