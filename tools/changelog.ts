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

/** Whether a section says more than headings and comments do. */
export function tells(section: string | undefined): boolean {
  return section !== undefined && /^[ \t]*[^#\s]/m.test(section.replace(/<!--.*?-->/gs, ""));
}

/** The changelog with what was to come under a version and its day. */
export function withVersion(changelog: string, version: string, day: string): string {
  return changelog.replace(
    /^## Unreleased(?!\S).*?(\r?\n)/m,
    (it, end) => `${it}${end}## ${version} - ${day}${end}`,
  );
}

function headed(section: string): string | undefined {
  return /^\S+/.exec(section)?.[0];
}
