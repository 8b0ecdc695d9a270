/**
 * Sets of versions as ranges between cuts of the version order, and whether a version lies in one at all. Nothing here
 * guesses: a range counts only if a version that lies in it can be written down.
 *
 * @module
 */

import {
  compareLocals,
  compareReleases,
  compareVersions,
  FINAL,
  finalVersion,
  type LocalSegment,
  type Version,
} from "./versions.ts";

/** A cut of the version order: just below a point, or just above it. */
export interface Cut {
  /** The point; it may be one that no version has, such as "above every local label". */
  readonly point: Version;
  /** On which side of the point the cut is. */
  readonly side: "below" | "above";
}

/** The versions between two cuts. */
export interface Range {
  /** The lower end. */
  readonly low: Cut;
  /** The upper end; undefined: none. */
  readonly high: Cut | undefined;
}

/** The lower end of everything: no version comes before `0.dev0`. */
export const BOTTOM: Cut = {
  point: { epoch: 0, release: [0], phase: -1, pre: 0, post: -1, dev: 0, local: undefined },
  side: "below",
};

/** Every version. */
export const EVERYTHING: readonly Range[] = [{ low: BOTTOM, high: undefined }];

/** Compares two cuts. */
function compareCuts(a: Cut, b: Cut): number {
  const order = compareVersions(a.point, b.point);
  if (order !== 0 || a.side === b.side) return order;
  return a.side === "below" ? -1 : 1;
}

/** Whether a version lies above a cut. */
function isAbove(version: Version, cut: Cut): boolean {
  const order = compareVersions(version, cut.point);
  return order > 0 || (order === 0 && cut.side === "below");
}

/** Whether a version lies in one of the ranges. */
export function rangesContain(ranges: readonly Range[], version: Version): boolean {
  return ranges.some(({ low, high }) =>
    isAbove(version, low) && (high === undefined || !isAbove(version, high))
  );
}

/**
 * The versions that lie in both lists of ranges.
 *
 * @param a Ranges in ascending order, apart from each other.
 * @param b The same.
 * @returns Ranges in ascending order; in each one there is a version.
 */
export function intersectRanges(a: readonly Range[], b: readonly Range[]): readonly Range[] {
  if (a === EVERYTHING) return b;
  if (b === EVERYTHING) return a;
  const ranges: Range[] = [];
  let left = 0;
  let right = 0;
  while (left < a.length && right < b.length) {
    const one = a[left]!;
    const other = b[right]!;
    const low = compareCuts(one.low, other.low) >= 0 ? one.low : other.low;
    const oneEndsFirst = other.high === undefined ||
      (one.high !== undefined && compareCuts(one.high, other.high) <= 0);
    const high = oneEndsFirst ? one.high : other.high;
    // A range that comes out whole has a version: that was seen when it was made.
    if (low === one.low && high === one.high) ranges.push(one);
    else if (low === other.low && high === other.high) ranges.push(other);
    else if (hasVersion({ low, high })) ranges.push({ low, high });
    if (oneEndsFirst) left++;
    else right++;
  }
  return ranges;
}

/** The ranges in which there is a version. */
export function dropEmpty(ranges: readonly Range[]): readonly Range[] {
  return ranges.filter(hasVersion);
}

/** Whether a version lies between two cuts; two different releases spare the search. */
function hasVersion(range: Range): boolean {
  const { low, high } = range;
  if (high === undefined) return true;
  // All of one release lies on one side of all of another.
  const order = low.point.epoch - high.point.epoch ||
    compareReleases(low.point.release, high.point.release);
  return order === 0 ? findVersion(range) !== undefined : order < 0;
}

/**
 * Finds a version between two cuts.
 *
 * Between two different releases there is always a third. Within one release the versions without a local label follow
 * each other in steps, so the next one in each direction (dev, post, pre-release, final) decides.
 *
 * @param range The two cuts.
 * @returns A version in the range, or undefined where there is none.
 */
export function findVersion(range: Range): Version | undefined {
  const { low, high } = range;
  if (high !== undefined && compareCuts(low, high) >= 0) return undefined;
  for (const candidate of candidatesAbove(range)) {
    if (isAbove(candidate, low) && (high === undefined || !isAbove(candidate, high))) {
      return candidate;
    }
  }
  return undefined;
}

function* candidatesAbove({ low, high }: Range): Generator<Version> {
  const { point } = low;
  const { epoch, release, phase, pre, post, dev, local } = point;
  const final = finalVersion(epoch, release);
  const isVersion = local !== "last" && post !== Infinity && dev >= 0;
  if (isVersion && low.side === "below") yield point;
  yield { ...final, release: releaseAbove(release, high?.point) };
  if (dev < 0) yield { ...point, dev: 0, local: undefined };
  if (dev !== Infinity) {
    yield { ...point, dev: dev + 1, local: undefined };
    if (phase >= 0) yield { ...point, dev: Infinity, local: undefined };
  }
  if (phase >= 0 && post !== Infinity) {
    yield { ...point, post: post + 1, dev: 0, local: undefined };
  }
  if (phase >= 0 && phase < FINAL) {
    yield { ...final, phase, pre: pre + 1, dev: 0 };
  }
  for (let next = phase + 1; next < FINAL; next++) yield { ...final, phase: next, dev: 0 };
  if (phase < FINAL) yield final;
  if (isVersion && local !== undefined) yield { ...point, local: localAbove(local, high?.point) };
  else if (isVersion) yield { ...point, local: localAbove([], high?.point) };
}

/** The release that adds a 1 far enough behind for the result to stay below the limit, wherever one can. */
function releaseAbove(release: readonly number[], limit: Version | undefined): readonly number[] {
  const length = Math.max(release.length, limit?.release.length ?? 0);
  if (limit !== undefined && compareReleases(release, limit.release) === 0) return [...release, 1];
  return [...Array.from({ length }, (_, index) => release[index] ?? 0), 1];
}

/** A local label above one, and below the limit's where it has one: letters come before numbers, "0a" before "a". */
function localAbove(
  local: readonly LocalSegment[],
  limit: Version | undefined,
): readonly LocalSegment[] {
  const bound = limit?.local;
  if (bound === undefined || bound === "last" || local.length >= bound.length) {
    return [...local, "0a"];
  }
  const next = bound[local.length]!;
  const lower = typeof next === "string" ? `0${next}` : "0a";
  const candidate = [...local, lower];
  return compareLocals(candidate, bound) < 0 ? candidate : [...local, "0a"];
}
