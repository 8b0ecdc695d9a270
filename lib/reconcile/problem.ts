/**
 * What does not fit, as data.
 *
 * @module
 */

/**
 * The kinds of problems:
 * - `metadata-broken`: a component's metadata cannot be read, or has the wrong types;
 * - `metadata-unchecked`: its metadata could not be had, or is computed when the component is built;
 * - `name-missing`, `name-mismatch`: it has no name, or another one than the manifest says;
 * - `version-invalid`: its version is none (PEP 440); `version-unknown`: it is computed when the component is built;
 * - `python-incompatible`: its `requires-python` and the app's do not go together;
 * - `python-invalid`, `requirement-invalid`, `marker-invalid`: a specifier, requirement or marker that cannot be read;
 * - `requirement-unmet`: a requirement on a managed package is not met by the version that the package has;
 * - `requirements-conflict`: no version of a distribution meets all requirements on it;
 * - `extra-unknown`: an extra is asked for that the package does not have;
 * - `source-overridden`: a component asks for a managed package by URL, and the manifest's source is used instead;
 * - `tag-moved`: the remote has another commit as the pin's tag than is locked;
 * - `pin-not-found`: the remote does not have the pin; `source-missing`: the package is not where the manifest says;
 * - `submodules-fetched`: the package is to do without its submodules, and in prod mode it cannot;
 * - `lfs-missing`: files that Git LFS keeps are asked for, and git cannot fetch them here;
 * - `sources-off`: a setting tells the package manager to ignore where the package comes from;
 * - `dev-source`: something is in dev mode, or is as one developer has it, where only what all have may be;
 * - `source-differs`: of what is staged, one file has a package from elsewhere than another says;
 * - `unmerged`: a merge has left a file that is to be committed in several versions;
 * - `injection-refused`: pyproject.toml is such that the sources cannot be written into it;
 * - `resolution-failed`: the package manager itself finds no solution.
 */
export type ProblemCode =
  | "metadata-broken"
  | "metadata-unchecked"
  | "name-missing"
  | "name-mismatch"
  | "version-invalid"
  | "version-unknown"
  | "python-incompatible"
  | "python-invalid"
  | "requirement-invalid"
  | "marker-invalid"
  | "requirement-unmet"
  | "requirements-conflict"
  | "extra-unknown"
  | "source-overridden"
  | "tag-moved"
  | "pin-not-found"
  | "source-missing"
  | "submodules-fetched"
  | "lfs-missing"
  | "sources-off"
  | "dev-source"
  | "source-differs"
  | "unmerged"
  | "injection-refused"
  | "resolution-failed";

/** How much a problem weighs. */
export type Severity = "error" | "warning" | "unchecked";

const SEVERITIES: readonly Severity[] = ["error", "warning", "unchecked"];

/** The gravest problems first, those of one kind as they were. */
export function sortProblems(problems: readonly Problem[]): readonly Problem[] {
  return SEVERITIES.flatMap((severity) => problems.filter((it) => it.severity === severity));
}

/** One party to a problem. */
export interface ProblemSide {
  /** The component's name in the manifest; for the app, its own name. */
  readonly component: string;
  /** The file that says so. */
  readonly file: string;
  /** The line in the file, from 1, where it is known. */
  readonly line?: number;
  /** The requirement, or another value in question, as written. */
  readonly requirement?: string;
}

/** One thing that does not fit, or could not be checked. */
export interface Problem {
  /** What kind of problem it is. */
  readonly code: ProblemCode;
  /**
   * `error`: it does not fit; `warning`: nothing stands against working with it, and it deserves attention; `unchecked`:
   * nobody knows before the package manager does.
   */
  readonly severity: Severity;
  /** One line with both sides. */
  readonly message: string;
  /** Who is involved, the two that decide first. */
  readonly sides: readonly ProblemSide[];
  /** What to do about it, in one line. */
  readonly fix: string;
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
