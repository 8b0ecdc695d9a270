/**
 * CHANGELOG.md as text: a section for each version, and one at the top for what is to come.
 *
 * @module
 */

/** What a section says, without its heading; undefined: there is none of that name. */
export function readSection(changelog: string, name: string): string | undefined {
  const sections = changelog.split(/^## /m).slice(1);
  const found = sections.find((it) => headed(it) === name);
  return found?.slice(found.indexOf("\n")).trim();
}

/** The changelog with what was to come under a version and its day. */
export function withVersion(changelog: string, version: string, day: string): string {
  return changelog.replace(/^## Unreleased\n/m, (it) => `${it}\n## ${version} - ${day}\n`);
}

function headed(section: string): string | undefined {
  return /^\S+/.exec(section)?.[0];
}
