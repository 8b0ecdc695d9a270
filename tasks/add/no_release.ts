/**
 * What to say of a package of which its remote has no release that can be told.
 *
 * @module
 */

import { HsmError } from "../../lib/errors.ts";
import type { RemoteRefs } from "../../lib/git/remote_refs.ts";
import type { ManifestPackage } from "../../lib/manifest/model.ts";
import { lineOf } from "../../lib/packages/read_tag.ts";
import { releaseTags, tagPrefixes } from "../../lib/packages/release_tags.ts";

/** How many beginnings of tags an error lists. */
const LISTED = 5;

const NOWHERE = "no pyproject.toml at its remote's HEAD has this name";

/**
 * The error that a package cannot be added for want of a release.
 *
 * @param isNowhere Whether it was looked for at the remote's HEAD in vain.
 */
export function noRelease(it: ManifestPackage, refs: RemoteRefs, isNowhere: boolean): HsmError {
  const [preRelease] = releaseTags(refs.tags.keys(), it);
  const prefixes = tagPrefixes(refs.tags.keys(), it);
  if (preRelease === undefined && prefixes.length > 0) return noOwnRelease(it, refs, isNowhere);
  const [branch = "main"] = [...refs.branches.keys()].filter((name) =>
    /^ma(?:in|ster)$/.test(name)
  );
  return new HsmError("pin-not-found", `Cannot add ${it.name}: its remote has no release tag`, {
    hint: preRelease === undefined
      ? `name its version with \`--tag\`, \`--rev\` or \`--branch ${branch}\`, or work on it with \`--dev\``
      : `its newest pre-release is ${preRelease.tag}: take it with \`--pre\``,
    details: { package: it.name },
  });
}

/** In a repository of several packages: the tags are releases of something, and nobody has said of what. */
function noOwnRelease(it: ManifestPackage, refs: RemoteRefs, isNowhere: boolean): HsmError {
  const prefixes = tagPrefixes(refs.tags.keys(), it);
  const more = prefixes.length - LISTED;
  const [first] = prefixes;
  return new HsmError("pin-not-found", `Cannot add ${it.name}: ${whyNoneIsOwn(it)}`, {
    causes: [
      ...prefixes.slice(0, LISTED)
        .map(({ prefix, newest }) => `${prefix || "no prefix"}, newest ${newest}`),
      ...(more > 0 ? [`and ${more} more`] : []),
    ],
    hint: first === undefined || lineOf(first.prefix) === ""
      ? "leave `--tag-prefix` out for these, or name a version with `--tag TAG`"
      : (isNowhere ? `${NOWHERE}: correct it, or ` : "") + "say which are its own with " +
        (it.subdirectory === undefined ? "`--subdirectory DIR`, " : "") +
        `\`--tag-prefix ${first.prefix}\` or \`--tag TAG\``,
    details: { package: it.name, prefixes },
  });
}

/** Why none of the release tags of a remote is taken for a package's. */
export function whyNoneIsOwn({ tagPrefix }: ManifestPackage): string {
  return tagPrefix === undefined
    ? "none of its remote's release tags is known to be its own"
    : `none of its remote's release tags begins with ${tagPrefix}`;
}
