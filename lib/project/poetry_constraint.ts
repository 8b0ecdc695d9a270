/**
 * Poetry's version constraints, as poetry-core turns them into version specifiers (PEP 440) and markers (PEP 508).
 *
 * @module
 */

import { isEmpty, type Parsed, parseSpecifiers } from "../versions/specifiers.ts";
import {
  compareVersions,
  FINAL,
  finalVersion,
  formatVersion,
  parseVersion,
  type Version,
} from "../versions/versions.ts";

type Operator = ">=" | ">" | "<=" | "<" | "==" | "!=";

/** One comparison; `^` and `~` are two of them. */
interface Clause {
  readonly operator: Operator;
  readonly version: Version;
  /** Whether `.*` stands behind the version. */
  readonly isWildcard: boolean;
}

/** Clauses that hold together. */
type Alternative = readonly Clause[];

/**
 * The version specifiers that a constraint on a package becomes.
 *
 * @param constraint Such as `^1.2`, `~1.2`, `1.2.*`, `>=1.2,<2`, `1.2` or `*`.
 * @returns The specifiers, or why there are none; PEP 440 has no "or", unless the alternatives make one range.
 */
export function specifiersOfPoetry(constraint: string): Parsed<string> {
  const parsed = parseConstraint(constraint);
  if (!parsed.ok) return parsed;
  const alternatives = parsed.value;
  const clauses = alternatives.length === 1
    ? alternatives[0]!
    : joinRanges(alternatives.map((it) => it.flatMap(bounds)), endOf);
  if (clauses === undefined) return fail(`no requirement can say "${constraint}"`);
  return checked(clauses.map(textOf).join(","), constraint);
}

/**
 * The version specifiers that a constraint on Python becomes in `requires-python`.
 *
 * @param constraint Such as `^3.9`, `~3.10`, `>=3.8,<4`, `3.11.*`, `~2.7 || ^3.5` or `*`.
 * @returns The specifiers, or why there are none.
 */
export function pythonOfPoetry(constraint: string): Parsed<string> {
  const parsed = parseConstraint(constraint);
  if (!parsed.ok) return parsed;
  const alternatives = parsed.value.map((it) => it.flatMap(wholePython));
  const isPunctured = alternatives.flat().some((it) => it.operator === "!=");
  const clauses = isPunctured
    ? undefined
    : alternatives.length === 1
    ? alternatives[0]
    : joinRanges(alternatives, (it) => it.version);
  if (clauses !== undefined) return checked(clauses.map(textOf).join(","), constraint);
  // What is not one range becomes a lower bound, and each version that no alternative has anything of is left out.
  const sets = alternatives.map((it) =>
    it.filter((clause) => clause.operator !== "!=").map((clause) =>
      // poetry-core lets a version begin with its first development release.
      clause.operator === "<" ? `<=${textOf(clause).slice(1)}.dev0` : textOf(clause)
    ).join(",")
  );
  const isIn = (minor: string) =>
    sets.some((set) => {
      const both = parseSpecifiers(set === "" ? `==${minor}.*` : `${set},==${minor}.*`);
      return both.ok && !isEmpty(both.value);
    });
  const first = PYTHONS.find(isIn);
  if (first === undefined) return fail(`no Python is "${constraint}"`);
  const others = PYTHONS.filter((it) => !isIn(it)).map((it) => `!=${it}.*`);
  return checked([`>=${first}`, ...others].join(","), constraint);
}

/** The versions of Python that poetry-core knows. */
const PYTHONS = ["2.7", ...Array.from({ length: 16 }, (_, minor) => `3.${minor}`)];

/**
 * The marker that a constraint on Python becomes with a dependency.
 *
 * @param constraint Such as `^3.8` or `<3.8 || >=3.10`.
 * @returns The marker, empty where every Python will do; or why there is none.
 */
export function pythonMarkerOfPoetry(constraint: string): Parsed<string> {
  const parsed = parseConstraint(constraint);
  if (!parsed.ok) return parsed;
  const alternatives = parsed.value.map((it) => it.map(markerOf).join(" and "));
  if (alternatives.includes("")) return { ok: true, value: "" };
  return { ok: true, value: joinMarkers(alternatives, " or ") };
}

/**
 * The marker that a `platform` becomes.
 *
 * @param platform Such as `linux`, `!=win32` or `linux || darwin`.
 */
export function platformMarkerOfPoetry(platform: string): Parsed<string> {
  if (platform.trim() === "*") return { ok: true, value: "" };
  if (platform.length > LONGEST) return fail(`it has more than ${LONGEST} characters`);
  const alternatives = platform.trim().split(/\s*\|\|?\s*/).map((alternative) =>
    alternative.split(/\s*,\s*/).map((text) => {
      const [, operator = "==", value = ""] = /^(!=|==?)?\s*([\w.-]+)$/.exec(text) ?? [];
      return value && `sys_platform ${operator === "!=" ? "!=" : "=="} "${value}"`;
    })
  );
  if (alternatives.flat().includes("")) return fail(`"${platform}" is no platform`);
  return { ok: true, value: joinMarkers(alternatives.map((it) => it.join(" and ")), " or ") };
}

/** Joins the markers that are not empty. */
export function joinMarkers(markers: readonly string[], word: " and " | " or "): string {
  const list = markers.filter((it) => it !== "");
  return list.length < 2 ? list.join("") : list.map((it) => `(${it})`).join(word);
}

/** Longer than any constraint, in characters. */
const LONGEST = 1000;

/** Poetry splits at commas and spaces, but for those beside an operator. */
const AND = /(?<!^)(?<![\^~=>< ,]) *(?<!-)[, ](?!-) *(?!,|$)/;
const CLAUSE = /^(\^|~=|~|>=|<=|>|<|!=|==?)?\s*v?(\d[^\s*]*?)((?:\.\*)*)$/i;

function parseConstraint(text: string): Parsed<readonly Alternative[]> {
  if (text.length > LONGEST) return fail(`it has more than ${LONGEST} characters`);
  const alternatives: Clause[][] = [];
  for (const alternative of text.trim().split(/\s*\|\|?\s*/)) {
    const clauses: Clause[] = [];
    for (const clause of alternative.replace(/[,\s]+$/, "").split(AND)) {
      const read = readClause(clause);
      if (read === undefined) return fail(`"${clause}" is not a version constraint`);
      clauses.push(...read);
    }
    alternatives.push(clauses);
  }
  return { ok: true, value: alternatives };
}

function readClause(text: string): readonly Clause[] | undefined {
  if (/^v?[x*](?:\.[x*])*$/i.test(text)) return [];
  const [, sign = "==", digits = "", stars = ""] = CLAUSE.exec(text) ?? [];
  const version = parseVersion(digits);
  const isWildcard = stars !== "";
  const isOdd = isWildcard && ["^", "~", "~="].includes(sign);
  if (version === undefined || isOdd) return undefined;
  const low = clause(">=", version);
  switch (sign) {
    case "^":
      return [low, below(version, breakingPart(version.release))];
    case "~":
      return [low, below(version, Math.min(version.release.length, 2) - 1)];
    case "~=":
      return [low, below(version, Math.max(version.release.length - 2, 0))];
    case "=":
    case "==":
      return [clause("==", version, isWildcard)];
    case "!=":
      return [clause("!=", version, isWildcard)];
    default:
      return [clause(sign as Operator, version)];
  }
}

function clause(operator: Operator, version: Version, isWildcard = false): Clause {
  return { operator, version, isWildcard };
}

/** The first number that is not 0, of the first three; where all are, the last that is written. */
function breakingPart(release: readonly number[]): number {
  const part = release.slice(0, 3).findIndex((number) => number !== 0);
  return part < 0 ? Math.min(release.length, 3) - 1 : part;
}

/** Below the next version that differs in a part. */
function below(version: Version, part: number): Clause {
  return clause("<", increment(version, part));
}

function increment({ epoch, release }: Version, part: number): Version {
  const next = release.map((it, at) => at < part ? it : at === part ? it + 1 : 0);
  return finalVersion(epoch, next);
}

/** The version after all that begin with one. */
function afterWildcard(version: Version): Version {
  return increment(version, version.release.length - 1);
}

/** A clause as a lower and an upper bound. */
function bounds(it: Clause): Alternative {
  const { operator, version, isWildcard } = it;
  if (operator !== "==") return [it];
  if (!isWildcard) return [clause(">=", version), clause("<=", version)];
  return [clause(">=", { ...version, phase: -1, dev: 0 }), clause("<", afterWildcard(version))];
}

/** Of Python, a version of one or two numbers stands for all that begin with it. */
function wholePython(it: Clause): Alternative {
  const { operator, version, isWildcard } = it;
  if (operator !== "==" || (!isWildcard && version.release.length > 2)) return [it];
  const release = version.release.length === 1 && !isWildcard
    ? [version.release[0]!, 0]
    : version.release;
  const low = finalVersion(version.epoch, release);
  const part = isWildcard || version.release.length === 2 ? release.length - 1 : 0;
  return [clause(">=", low), below(low, part)];
}

/** Where a range begins or ends; undefined: nowhere. */
interface Span {
  readonly low: Clause | undefined;
  readonly high: Clause | undefined;
}

/**
 * The one range that alternatives make together; undefined where they do not touch, or are no ranges.
 *
 * @param end The version that a bound ends at.
 */
function joinRanges(
  alternatives: readonly Alternative[],
  end: (clause: Clause) => Version,
): Alternative | undefined {
  if (alternatives.some((it) => it.length === 0)) return [];
  if (alternatives.flat().some((it) => it.operator === "!=")) return undefined;
  // Where there is no end, it lies far out on its side; of two at one version, the one that takes it in lies further out.
  const compare = (side: -1 | 1) => (a: Clause | undefined, b: Clause | undefined): number => {
    if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? side : -side;
    return compareVersions(end(a), end(b)) ||
      (Number(isInclusive(a)) - Number(isInclusive(b))) * side;
  };
  const [compareLows, compareHighs] = [compare(-1), compare(1)];
  const spans = alternatives.map((it): Span => ({
    low: it.filter((clause) => clause.operator.startsWith(">")).sort(compareLows).at(-1),
    high: it.filter((clause) => clause.operator.startsWith("<")).sort(compareHighs)[0],
  })).sort((a, b) => compareLows(a.low, b.low));
  let [whole, ...others] = spans as [Span, ...Span[]];
  for (const { low, high } of others) {
    if (whole.high !== undefined && low !== undefined) {
      const gap = compareVersions(end(low), end(whole.high));
      if (gap > 0 || (gap === 0 && !isInclusive(low) && !isInclusive(whole.high))) return undefined;
    }
    if (compareHighs(high, whole.high) > 0) whole = { ...whole, high };
  }
  return [whole.low, whole.high].filter((it) => it !== undefined);
}

function isInclusive({ operator }: Clause): boolean {
  return operator.endsWith("=");
}

/** `<2` has nothing of 2, not even its development releases. */
function endOf({ operator, version }: Clause): Version {
  const isFinal = version.phase === FINAL && version.dev === Infinity;
  return operator === "<" && isFinal ? { ...version, phase: -1, dev: 0 } : version;
}

function textOf({ operator, version, isWildcard }: Clause): string {
  return `${operator}${formatVersion(version)}${isWildcard ? ".*" : ""}`;
}

/** `python_version` has two numbers, so that what needs three is a matter of `python_full_version`. */
function markerOf({ operator, version, isWildcard }: Clause): string {
  const compare = (operator: string, release: readonly number[]) => {
    const variable = release.length > 2 ? "python_full_version" : "python_version";
    return `${variable} ${operator} "${release.join(".")}"`;
  };
  const { release } = version;
  if (isWildcard) {
    const next = afterWildcard(version).release;
    return operator === "=="
      ? `${compare(">=", release)} and ${compare("<", next)}`
      : `(${compare("<", release)} or ${compare(">=", next)})`;
  }
  const isShort = release.length < 3;
  return isShort && [">", "<=", "!="].includes(operator)
    ? compare(operator, [...release, 0, 0].slice(0, 3))
    : compare(operator, release);
}

function checked(specifiers: string, constraint: string): Parsed<string> {
  const parsed = parseSpecifiers(specifiers);
  if (!parsed.ok) return parsed;
  if (isEmpty(parsed.value)) return fail(`no version is "${constraint}"`);
  return { ok: true, value: specifiers };
}

function fail(reason: string): { readonly ok: false; readonly reason: string } {
  return { ok: false, reason };
}
