/**
 * Reading a tag as a version with something before it.
 *
 * @module
 */

import { normalizeName } from "../names.ts";
import { parseVersion, type Version } from "../versions/versions.ts";

/** A tag that ends in a version. */
export interface TagReading {
  /** The tag, as the repository has it. */
  readonly tag: string;
  /** The version in it. */
  readonly version: Version;
  /** What stands before the version's first digit, as the repository has it. */
  readonly prefix: string;
  /** What that prefix comes to, see {@linkcode lineOf}: tags of one line are releases of one thing. */
  readonly line: string;
}

/**
 * Reads a tag as a version: `1.2.0` and `v1.2.0`, also behind anything that `-`, `_`, `/`, `@`, `=` or `.` ends, as in
 * `libs/plug/v1.2.0`.
 *
 * @returns undefined where it does not end in a version.
 */
export function readTag(tag: string): TagReading | undefined {
  for (const { index, 0: separators } of tag.matchAll(/(?:^|[-_/@=.]+)(?=v?\d)/gi)) {
    const before = tag.slice(0, index);
    const text = tag.slice(index + separators.length);
    // `plug-2-1` is the package plug-2, though 2-1 could be a post-release; and a date has no prefix.
    if (before !== "" && (!/\p{L}/u.test(before) || /^v?\d+-\d+$/i.test(text))) continue;
    // In `plug4.0` it is not the point that ends the prefix.
    if (separators === "." && /\d$/.test(before)) continue;
    const version = parseVersion(text);
    if (version !== undefined) return reading(tag, text, version);
  }
  return undefined;
}

/** Reads a tag that begins with exactly this; between that and the version only separators and a `v` may stand. */
export function readTagAfter(prefix: string, tag: string): TagReading | undefined {
  if (!tag.startsWith(prefix)) return undefined;
  const text = tag.slice(prefix.length).replace(/^[-_/@=.]+/, "");
  const version = /^v?\d/i.test(text) ? parseVersion(text) : undefined;
  return version === undefined ? undefined : reading(tag, text, version);
}

function reading(tag: string, text: string, version: Version): TagReading {
  const prefix = tag.slice(0, tag.length - text.replace(/^v/i, "").length);
  return { tag, version, prefix, line: lineOf(prefix) };
}

/**
 * The form in which the prefixes of tags compare: without separators and a `v` at its end, names normalized (PEP 503), and
 * without words that say no more than that it is a release. So `1.0`, `v1.1` and `release-1.2` are of one line, the empty
 * one, and `plug_a@1.0` and `plug-a/v1.1` of another.
 */
export function lineOf(prefix: string): string {
  const path = prefix.replace(/(^|[-_/@=.])v$/i, "$1").replace(/[-_/@=.]+$/, "")
    .split("/").map(normalizeName).join("/");
  return path.replace(/^(?:version|releases?|rel|v)(?:[-/]|$)/, "")
    .replace(/(?:^|[-/@=])(?:version|releases?|rel|v)$/, "");
}
