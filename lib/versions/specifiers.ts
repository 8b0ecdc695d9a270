/**
 * Version specifiers (PEP 440, "Version specifiers") as sets of versions.
 *
 * `@renovatebot/pep440` reads the versions; its `satisfies` is not asked, for it is not exact: it denies that 1 is in
 * `==1.0.*` and that 1.0.post2 is in `>1.0.post1`.
 *
 * @module
 */

import {
  BOTTOM,
  type Cut,
  dropEmpty,
  EVERYTHING,
  intersectRanges,
  type Range,
  rangesContain,
} from "./ranges.ts";
import { FINAL, finalVersion, isPrerelease, parseVersion, type Version } from "./versions.ts";

/** What parsing gives: a value, or the reason why there is none. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: string };

/** The versions that some specifiers allow. */
export interface VersionSet {
  /** The ranges of the ordered operators, ascending. */
  readonly ranges: readonly Range[];
  /** The one text that `===` allows, in lower case. */
  readonly exact: string | undefined;
}

/** The set of no specifier at all: every version. */
export const ANY_VERSION: VersionSet = { ranges: EVERYTHING, exact: undefined };

/** The set that two `===` of different texts give. */
const NO_VERSION: VersionSet = { ranges: [], exact: undefined };

const CLAUSE = /^(===|==|~=|!=|<=|>=|<|>)\s*([^\s]+)$/;

/**
 * Reads a comma-separated list of specifiers.
 *
 * A trailing comma, and `.*` behind an ordered operator, are let pass, because uv lets them pass.
 *
 * @param text The specifiers, such as `>=1,<2`; empty: every version.
 * @returns The versions they allow, or what is wrong.
 */
export function parseSpecifiers(text: string): Parsed<VersionSet> {
  const clauses = text.split(",").map((clause) => clause.trim());
  if (clauses.at(-1) === "") clauses.pop();
  let value = ANY_VERSION;
  for (const clause of clauses) {
    const parsed = readClause(clause);
    if (!parsed.ok) return parsed;
    value = intersectVersions(value, parsed.value);
  }
  return { ok: true, value };
}

/** The versions that are in both sets. */
export function intersectVersions(a: VersionSet, b: VersionSet): VersionSet {
  if (a.exact !== undefined && b.exact !== undefined && a.exact !== b.exact) return NO_VERSION;
  const ranges = intersectRanges(a.ranges, b.ranges);
  const exact = a.exact ?? b.exact;
  if (exact === undefined || ranges === EVERYTHING) return { ranges, exact };
  const version = parseVersion(exact);
  return version !== undefined && rangesContain(ranges, version) ? { ranges, exact } : NO_VERSION;
}

/** Whether no version at all is in a set: not a final one, and no pre-release either. */
export function isEmpty(set: VersionSet): boolean {
  return set.ranges.length === 0;
}

/**
 * Whether a version is in a set. Pre-releases count: for a source that the user chose, as a checkout is, the choice is
 * the consent that PEP 440 asks for (uv does the same).
 *
 * @param set The allowed versions.
 * @param version The version.
 * @param text The version as it is written, for `===`.
 */
export function containsVersion(set: VersionSet, version: Version, text: string): boolean {
  return rangesContain(set.ranges, version) &&
    (set.exact === undefined || set.exact === text.trim().toLowerCase());
}

function readClause(clause: string): Parsed<VersionSet> {
  const [, operator, operand] = CLAUSE.exec(clause) ?? [];
  if (operator === undefined || operand === undefined) {
    return { ok: false, reason: `"${clause}" is not a version specifier` };
  }
  if (operator === "===") {
    return { ok: true, value: { ranges: EVERYTHING, exact: operand.toLowerCase() } };
  }
  const isWildcard = operand.endsWith(".*");
  const version = parseVersion(isWildcard ? operand.slice(0, -2) : operand);
  if (version === undefined) return { ok: false, reason: `"${operand}" is not a version` };
  const isEquality = operator === "==" || operator === "!=";
  if (version.local !== undefined && (isWildcard || !isEquality)) {
    return { ok: false, reason: `"${clause}" must not have a local label` };
  }
  if (isWildcard && isEquality && (version.phase !== FINAL || version.post >= 0)) {
    return { ok: false, reason: `"${clause}" must have nothing but numbers before .*` };
  }
  if (operator === "~=" && version.release.length < 2) {
    return { ok: false, reason: `"${clause}" needs a version of two numbers or more` };
  }
  return { ok: true, value: { ranges: rangesOf(operator, version, isWildcard), exact: undefined } };
}

function rangesOf(operator: string, version: Version, isWildcard: boolean): readonly Range[] {
  const below: Cut = { point: version, side: "below" };
  const above = aboveLocals(version);
  switch (operator) {
    case "==":
      return [isWildcard ? prefixRange(version, version.release) : { low: below, high: above }];
    case "!=": {
      const { low, high } = isWildcard
        ? prefixRange(version, version.release)
        : { low: below, high: above };
      return dropEmpty([{ low: BOTTOM, high: low }, { low: high!, high: undefined }]);
    }
    case "~=":
      return [{ low: below, high: prefixRange(version, version.release.slice(0, -1)).high }];
    case ">=":
      return [{ low: below, high: undefined }];
    case "<=":
      return [{ low: BOTTOM, high: above }];
    case ">":
      // It must not allow a post-release of the version, unless the version is one; nor a local label of it.
      return [{
        low: version.post < 0 && version.dev === Infinity ? abovePosts(version) : above,
        high: undefined,
      }];
    default:
      // It must not allow a pre-release of the version, unless the version is one.
      return dropEmpty([
        { low: BOTTOM, high: isPrerelease(version) ? below : belowDevs(version) },
      ]);
  }
}

/** The versions that begin with a release, pre-releases included. */
function prefixRange(version: Version, prefix: readonly number[]): Range {
  const next = [...prefix.slice(0, -1), prefix.at(-1)! + 1];
  const { epoch } = version;
  return {
    low: belowDevs(finalVersion(epoch, prefix)),
    high: belowDevs(finalVersion(epoch, next)),
  };
}

function aboveLocals(version: Version): Cut {
  return { point: { ...version, local: version.local ?? "last" }, side: "above" };
}

function abovePosts(version: Version): Cut {
  return { point: { ...version, post: Infinity, dev: Infinity, local: "last" }, side: "above" };
}

/** The cut below the first development release of a version. */
function belowDevs(version: Version): Cut {
  const phase = version.phase === FINAL && version.post < 0 ? -1 : version.phase;
  return { point: { ...version, phase, dev: -1, local: undefined }, side: "below" };
}
