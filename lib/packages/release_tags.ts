/**
 * The tags of a repository as releases of a package, in the order of their versions (PEP 440).
 *
 * @module
 */

import { normalizeName } from "../names.ts";
import {
  compareVersions,
  isPrerelease,
  parseVersion,
  type Version,
} from "../reconcile/versions.ts";
import { suggest } from "../text/suggest.ts";

/** A tag that names a release. */
export interface ReleaseTag {
  /** The tag, as the repository has it. */
  readonly tag: string;
  /** The version in it. */
  readonly version: Version;
  /** Whether it carries the package's own name, as in a repository of several packages. */
  readonly named: boolean;
}

/** Words that may stand before a version without meaning another package. */
const PLAIN_PREFIXES = new Set(["v", "version", "release", "releases", "rel"]);

/**
 * Reads a tag as a release of a package: `1.2.0` and `v1.2.0`, also behind `release-`, and behind the package's own
 * name (`my-plugin-1.2.0`, `my_plugin/v1.2.0`, `my-plugin@1.2.0`).
 *
 * @param tag The tag.
 * @param key The package's normalized name (PEP 503).
 * @returns undefined where it is no version, or one of another package.
 */
export function parseReleaseTag(tag: string, key: string): ReleaseTag | undefined {
  const own = parseTagVersion(tag);
  if (own !== undefined) return { tag, version: own, named: false };
  for (const { index } of tag.matchAll(/[-_/@=.]+(?=v?\d)/gi)) {
    const prefix = tag.slice(0, index);
    const named = normalizeName(prefix) === key;
    if (!named && !PLAIN_PREFIXES.has(prefix.toLowerCase())) continue;
    const version = parseTagVersion(tag.slice(index).replace(/^[-_/@=.]+/, ""));
    if (version !== undefined) return { tag, version, named };
  }
  return undefined;
}

function parseTagVersion(text: string): Version | undefined {
  return /^v?\d/i.test(text) ? parseVersion(text) : undefined;
}

/** How {@linkcode releaseTags} chooses. */
export interface ReleaseTagsOptions {
  /** The package's normalized name (PEP 503). */
  readonly key: string;
  /** The tag that is pinned now: tags with the package's name in them, or without, as this one. */
  readonly like?: string | undefined;
}

/** The tags that are releases of a package, the newest first. */
export function releaseTags(
  tags: Iterable<string>,
  { key, like }: ReleaseTagsOptions,
): readonly ReleaseTag[] {
  const all = [...tags].flatMap((tag) => parseReleaseTag(tag, key) ?? []);
  const kind = like === undefined ? undefined : parseReleaseTag(like, key)?.named;
  const named = kind ?? all.some((it) => it.named);
  const alike = all.filter((it) => it.named === named);
  const dotted = alike.filter((it) => !isBareNumber(it));
  return (dotted.length > 0 ? dotted : alike).sort(newestFirst);
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
export function newestRelease(
  releases: readonly ReleaseTag[],
  options: { readonly pre: boolean },
): ReleaseTag | undefined {
  return options.pre ? releases[0] : releases.find((it) => !isPrerelease(it.version));
}

/** How many tags an error lists. */
const NEARBY = 5;

/** The tags that somebody may have meant by one that does not exist: the versions around it, else the nearest name. */
export function nearbyTags(
  wanted: string,
  tags: Iterable<string>,
  key: string,
): readonly string[] {
  const all = [...tags].sort();
  const version = parseReleaseTag(wanted, key)?.version;
  const releases = releaseTags(all, { key, ...(version === undefined ? {} : { like: wanted }) });
  const nearest = suggest(wanted, all);
  if (version === undefined || releases.length === 0) {
    const others = releases.length > 0 ? releases.map((it) => it.tag) : all;
    return [...new Set([...(nearest === undefined ? [] : [nearest]), ...others])].slice(0, NEARBY);
  }
  const newer = releases.filter((it) => compareVersions(it.version, version) > 0).length;
  const start = Math.max(0, Math.min(newer - 2, releases.length - NEARBY));
  return releases.slice(start, start + NEARBY).map((it) => it.tag);
}
