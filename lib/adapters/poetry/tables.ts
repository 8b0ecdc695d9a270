/**
 * The tables of Poetry's in pyproject.toml.
 *
 * @module
 */

import { isTable, type Table, tableOf } from "../../table.ts";

const POETRY = ["tool", "poetry"] as const;

/**
 * The group that HSM writes sources into. As it is optional it requires nothing, and yet what comes from somewhere in one
 * group comes from there in all of them, and for those whom the app does not name as well (Poetry 1.8 and 2.5).
 */
export const GROUP: readonly string[] = [...POETRY, "group", "hsm"];

/** The keys that lead to the sources. */
export const SOURCES: readonly string[] = [...GROUP, "dependencies"];

/** The dependencies of the package itself. Beside those of `[project]` they only say more of what is required there. */
export const MAIN: readonly string[] = [...POETRY, "dependencies"];

/** The table of a group's dependencies; undefined: those of the package itself. */
export function tableOfGroup(group: string | undefined): readonly string[] {
  return group === undefined ? MAIN : [...POETRY, "group", group, "dependencies"];
}

/** The keys that lead to all tables of dependencies but HSM's own, that of the package itself first. */
export function dependencyTables(
  valueAt: (path: readonly string[]) => unknown,
): readonly (readonly string[])[] {
  const groups = Object.keys(tableOf(valueAt([...POETRY, "group"])));
  const paths = [
    MAIN,
    [...POETRY, "dev-dependencies"],
    ...groups.filter((it) => it !== GROUP.at(-1)).map(tableOfGroup),
  ];
  return paths.filter((it) => isTable(valueAt(it)));
}

/** The keys of a dependency that say where it comes from. */
const SOURCE_KEYS = [
  "git",
  "tag",
  "rev",
  "branch",
  "subdirectory",
  "path",
  "file",
  "url",
  "develop",
];

/** Whether a dependency says where it comes from. */
export function hasSource(value: unknown): value is Table {
  return isTable(value) && ["git", "path", "file", "url"].some((it) => it in value);
}

/** A dependency without where it comes from. */
export function withoutSource(value: Table): Table {
  const rest = Object.entries(value).filter(([key]) => !SOURCE_KEYS.includes(key));
  return { version: "*", ...Object.fromEntries(rest) };
}
