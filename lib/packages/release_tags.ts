/**
 * The tags of a repository as releases of a package, in the order of their versions (PEP 440).
 *
 * @module
 */

import type { Pin } from "../manifest/model.ts";
import { compareVersions, isPrerelease, type Version } from "../versions/versions.ts";
import { suggest } from "../text/suggest.ts";
import { tagOf } from "./describe_pin.ts";
import { lineOf, readTag, readTagAfter, type TagReading } from "./read_tag.ts";

/** A tag that names a release. */
export interface ReleaseTag {
  /** The tag, as the repository has it. */
  readonly tag: string;
  /** The version in it. */
  readonly version: Version;
}

/** What tells which tags are a package's releases; a package of the manifest does. */
export interface Tagged {
  /** Its normalized name (PEP 503). */
  readonly key: string;
  /** Its pin: where that is a release tag, tags that begin as it does are its releases. */
  readonly pin?: Pin | undefined;
  /** Its folder in the repository. */
  readonly subdirectory?: string | undefined;
  /** What its release tags begin with, where the manifest says it. */
  readonly tagPrefix?: string | undefined;
}

/**
 * Reads one tag as a release of a package, where that is certain: by the manifest's `tag_prefix`, or by a prefix that is
 * the package's name or folder, or none; never one that says less than its pin does.
 *
 * @returns undefined where it is no version, or not for certain one of this package.
 */
export function parseReleaseTag(tag: string, it: Tagged): ReleaseTag | undefined {
  const read = readFor(it)(tag);
  if (read === undefined || it.tagPrefix !== undefined) return read;
  const nearness = nearnessOf(read.line, it);
  const pinned = pinnedLine(it) ?? read.line;
  if (read.line === pinned) return nearness > 0 ? read : undefined;
  // A repository may have begun to put the package's name into its tags, but not to leave it out.
  return nearness > Math.max(1, nearnessOf(pinned, it)) ? read : undefined;
}

/** The release that a package is pinned to; undefined where its pin is no tag, or one without a version. */
export function pinnedRelease(it: Tagged): ReleaseTag | undefined {
  const tag = tagOf(it);
  return tag === undefined ? undefined : readFor(it)(tag) ?? readTag(tag);
}

/** The tags that are releases of a package, the newest first. */
export function releaseTags(tags: Iterable<string>, it: Tagged): readonly ReleaseTag[] {
  const read = readAll(tags, readFor(it));
  const line = it.tagPrefix === undefined ? pinnedLine(it) ?? nearestLine(read, it) : undefined;
  const own = it.tagPrefix === undefined ? read.filter((other) => other.line === line) : read;
  const dotted = own.filter((other) => !isBareNumber(other));
  return (dotted.length > 0 ? dotted : own).sort(newestFirst);
}

/** Whether a tag is a release of something else than the package, in so far as that is known. */
export function isForeignRelease(tag: string, it: Tagged): boolean {
  const read = readTag(tag);
  if (it.tagPrefix !== undefined) return read !== undefined && readFor(it)(tag) === undefined;
  const line = pinnedLine(it);
  return read !== undefined && line !== undefined && read.line !== line &&
    nearnessOf(read.line, it) === 0;
}

function readFor({ tagPrefix }: Tagged): (tag: string) => TagReading | undefined {
  return tagPrefix === undefined ? readTag : (tag) => readTagAfter(tagPrefix, tag);
}

function readAll(
  tags: Iterable<string>,
  read: (tag: string) => TagReading | undefined,
): TagReading[] {
  return [...tags].flatMap((tag) => read(tag) ?? []);
}

function pinnedLine(it: Tagged): string | undefined {
  return readTag(tagOf(it) ?? "")?.line;
}

/** The line that a package's name and folder speak for; undefined where none does, or several do alike. */
function nearestLine(read: readonly TagReading[], it: Tagged): string | undefined {
  const lines = [...new Set(read.map(({ line }) => line))];
  const nearness = new Map(lines.map((line) => [line, nearnessOf(line, it)]));
  const highest = Math.max(1, ...nearness.values());
  const [line, ...others] = lines.filter((line) => nearness.get(line) === highest);
  return others.length === 0 ? line : undefined;
}

/** How much speaks for a line to be a package's: 0 where nothing does. */
function nearnessOf(line: string, { key, subdirectory }: Tagged): number {
  const name = lineOf(key);
  const folder = subdirectory === undefined ? undefined : lineOf(subdirectory);
  if (line === folder) return 4;
  if (line === name) return 3;
  if (line === "") return 1;
  const isPart = (whole: string, part: string) => part !== "" && whole.endsWith(`/${part}`);
  const isNear = isPart(line, name) ||
    (folder !== undefined && (isPart(line, folder) || isPart(folder, line)));
  return isNear ? 2 : 0;
}

/** Whether a tag is a date or a build number, such as `20240131`, and not a version beside others. */
function isBareNumber({ version }: ReleaseTag): boolean {
  return version.release.length === 1 && version.release[0]! >= 10_000;
}

function newestFirst(a: ReleaseTag, b: ReleaseTag): number {
  // Of `v2` and `v2.0.0` the first is most often one that moves.
  return compareVersions(b.version, a.version) ||
    b.version.release.length - a.version.release.length ||
    (a.tag < b.tag ? -1 : 1);
}

/** The newest release; pre-releases count only where asked for. */
export function newestRelease<T extends ReleaseTag>(
  releases: readonly T[],
  options: { readonly pre: boolean },
): T | undefined {
  return options.pre ? releases[0] : releases.find((it) => !isPrerelease(it.version));
}

/** Whether it takes more than a package's name to tell its releases: there are such tags of several things, or of another. */
export function areForeign(tags: Iterable<string>, { key, tagPrefix }: Tagged): boolean {
  if (tagPrefix !== undefined) return false;
  const lines = new Set(readAll(tags, readTag).map(({ line }) => line));
  return lines.size > 1 || [...lines].some((line) => line !== "" && line !== lineOf(key));
}

/**
 * What the release tags of a repository begin with: first what shares a word with the package's name, then the most.
 *
 * @returns Of each beginning `newest`, a pre-release only where there is nothing else, and `prefix`, what that begins with
 * up to its first digit.
 */
export function tagPrefixes(
  tags: Iterable<string>,
  { key }: Tagged,
): readonly Readonly<Record<"prefix" | "newest", string>>[] {
  const lines = Map.groupBy(readAll(tags, readTag), ({ line }) => line);
  const words = new Set(key.split("-"));
  const shared = (line: string) => line.split(/[-/@=]/).filter((word) => words.has(word)).length;
  return [...lines].toSorted(([a, some], [b, others]) =>
    shared(b) - shared(a) || others.length - some.length || (a < b ? -1 : 1)
  ).map(([, read]) => {
    const sorted = read.sort(newestFirst);
    const { prefix, tag } = newestRelease(sorted, { pre: false }) ?? sorted[0]!;
    return { prefix, newest: tag };
  });
}

/** How many tags an error lists. */
const NEARBY = 5;

/**
 * The tags that somebody may have meant by one that does not exist: the same version, then those around it; else the
 * nearest name.
 */
export function nearbyTags(
  wanted: string,
  tags: Iterable<string>,
  it: Tagged,
): readonly string[] {
  const all = [...tags].sort();
  const version = readTag(wanted)?.version;
  const alike = releaseTags(all, { ...it, pin: { tag: wanted } });
  const releases = version !== undefined && alike.length > 0 ? alike : releaseTags(all, it);
  const nearest = suggest(wanted, all);
  if (version === undefined || releases.length === 0) {
    const others = releases.length > 0 ? releases.map((it) => it.tag) : all;
    return [...new Set([...(nearest === undefined ? [] : [nearest]), ...others])].slice(0, NEARBY);
  }
  const newer = releases.filter((it) => compareVersions(it.version, version) > 0).length;
  const start = Math.max(0, Math.min(newer - 2, releases.length - NEARBY));
  const around = releases.slice(start, start + NEARBY);
  const same = releases.filter((it) => compareVersions(it.version, version) === 0);
  return [...new Set([...same, ...around].map((it) => it.tag))].slice(0, NEARBY);
}
