/**
 * Versions as points in one total order (PEP 440, "Summary of permitted suffixes and relative ordering").
 *
 * @module
 */

import { parse } from "@renovatebot/pep440";

/** A segment of a local version label. */
export type LocalSegment = string | number;

/**
 * A version, its parts spread out so that two of them compare part by part. A version without a part has the number
 * that sorts it rightly against those that have one.
 */
export interface Version {
  /** The epoch, mostly 0. */
  readonly epoch: number;
  /** The release segment; missing trailing numbers count as 0. */
  readonly release: readonly number[];
  /** -1: a development release of the final one, 0: alpha, 1: beta, 2: release candidate, 3: none of these. */
  readonly phase: number;
  /** The number of the alpha, beta or release candidate. */
  readonly pre: number;
  /** The number of the post-release; -1 where there is none. */
  readonly post: number;
  /** The number of the development release; Infinity where there is none. */
  readonly dev: number;
  /** The local label; `"last"` stands for a point above every label. */
  readonly local: readonly LocalSegment[] | "last" | undefined;
}

/** The phase of a version that is neither an alpha, a beta nor a release candidate. */
export const FINAL = 3;

const PHASES: Readonly<Record<string, number>> = { a: 0, b: 1, rc: 2 };
const LETTERS = ["a", "b", "rc"];

/** What the library's `parse` gives; its own types leave out the nulls. */
interface ParsedVersion {
  readonly epoch: number;
  readonly release: readonly number[];
  readonly pre: readonly [string, number] | null;
  readonly post: readonly [string, number] | null;
  readonly dev: readonly [string, number] | null;
  readonly local: readonly LocalSegment[] | null;
}

/**
 * Reads a version (PEP 440, Appendix B, normal forms and the accepted others).
 *
 * @param text The version.
 * @returns The version, or undefined where the text is none.
 */
export function parseVersion(text: string): Version | undefined {
  const parsed = parse(text.trim()) as unknown as ParsedVersion | null;
  if (parsed === null) return undefined;
  const { epoch, release, pre, post, dev, local } = parsed;
  const isBareDev = pre === null && post === null && dev !== null;
  return {
    epoch,
    release,
    phase: pre === null ? (isBareDev ? -1 : FINAL) : (PHASES[pre[0]] ?? FINAL),
    pre: pre?.[1] ?? 0,
    post: post?.[1] ?? -1,
    dev: dev?.[1] ?? Infinity,
    local: local ?? undefined,
  };
}

/** The final version of a release. */
export function finalVersion(epoch: number, release: readonly number[]): Version {
  return { epoch, release, phase: FINAL, pre: 0, post: -1, dev: Infinity, local: undefined };
}

/** Whether a version is an alpha, a beta, a release candidate or a development release. */
export function isPrerelease(version: Version): boolean {
  return version.phase !== FINAL || version.dev !== Infinity;
}

/**
 * Writes a version in its normal form.
 *
 * @param version A version that {@linkcode parseVersion} gave, or one made of whole numbers.
 * @returns The version's text.
 */
export function formatVersion(version: Version): string {
  const { epoch, release, phase, pre, post, dev, local } = version;
  let text = (epoch === 0 ? "" : `${epoch}!`) + release.join(".");
  if (phase >= 0 && phase < FINAL) text += `${LETTERS[phase]}${pre}`;
  if (post >= 0) text += `.post${post}`;
  if (dev !== Infinity) text += `.dev${dev}`;
  if (local !== undefined && local !== "last") text += `+${local.join(".")}`;
  return text;
}

/** Compares two release segments, as though the shorter one ended in zeros. */
export function compareReleases(a: readonly number[], b: readonly number[]): number {
  const length = Math.max(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function compareNumbers(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Compares two local labels: none first, letters before numbers, the shorter one first. */
export function compareLocals(a: Version["local"], b: Version["local"]): number {
  if (a === b) return 0;
  if (a === undefined || b === "last") return -1;
  if (b === undefined || a === "last") return 1;
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const left = a[index]!;
    const right = b[index]!;
    if (left === right) continue;
    if (typeof left !== typeof right) return typeof left === "string" ? -1 : 1;
    return left < right ? -1 : 1;
  }
  return a.length - b.length;
}

/** Compares two versions: negative where the first comes first, 0 where they are the same version. */
export function compareVersions(a: Version, b: Version): number {
  return a.epoch - b.epoch ||
    compareReleases(a.release, b.release) ||
    a.phase - b.phase ||
    a.pre - b.pre ||
    compareNumbers(a.post, b.post) ||
    compareNumbers(a.dev, b.dev) ||
    compareLocals(a.local, b.local);
}
