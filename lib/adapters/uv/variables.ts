/**
 * The environment in which uv works on this project, with its sources.
 *
 * @module
 */

import type { Variables } from "../reader.ts";

/** They lead uv to one project, from whatever folder it is started in. */
const ELSEWHERE = ["UV_PROJECT", "UV_WORKING_DIR", "UV_WORKING_DIRECTORY"];

/** They make of a sync something else; where indexes, caches, Pythons and environments are stays the user's. */
const CONTRARY = [
  // Without its source a package is taken from an index, from whoever has its name there.
  "UV_NO_SOURCES",
  "UV_NO_SOURCES_PACKAGE",
  // The lock file would not be brought up to date.
  "UV_FROZEN",
  "UV_LOCKED",
  // Edits of a checkout would not be seen.
  "UV_NO_EDITABLE",
  // Packages of the manifest would be left out.
  "UV_NO_INSTALL_LOCAL",
  "UV_NO_INSTALL_WORKSPACE",
  "UV_ONLY_INSTALL_LOCAL",
  "UV_ONLY_INSTALL_PROJECT",
  "UV_ONLY_INSTALL_WORKSPACE",
  // `uv run` in a verify command would not look at the app's environment.
  "UV_ISOLATED",
  "UV_NO_PROJECT",
  // A new package would have no module.
  "UV_INIT_BARE",
];

type Environment = Readonly<Record<string, string>>;

/** {@linkcode Reader.variables}, for uv. */
export function uvVariables(env: Environment): Variables {
  return {
    sync: without(env, [...ELSEWHERE, ...CONTRARY]),
    own: without(env, ELSEWHERE),
  };
}

/** Whether somebody chose which groups a sync leaves out. */
export function choosesGroups(env: Environment): boolean {
  return ["UV_NO_DEV", "UV_NO_GROUP", "UV_NO_DEFAULT_GROUPS"].some((name) => env[name]);
}

function without(env: Environment, names: readonly string[]): Record<string, string> {
  const variables = { ...env };
  for (const name of names) delete variables[name];
  return variables;
}
