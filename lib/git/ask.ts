/**
 * The environment that git works in.
 *
 * @module
 */

/**
 * Variables with which git would look at another repository than the one of its folder, or take paths for something else;
 * a git hook has them set.
 */
const LOCAL_VARIABLES = [
  "GIT_DIR",
  "GIT_WORK_TREE",
  "GIT_COMMON_DIR",
  "GIT_INDEX_FILE",
  "GIT_OBJECT_DIRECTORY",
  "GIT_ALTERNATE_OBJECT_DIRECTORIES",
  "GIT_NAMESPACE",
  "GIT_PREFIX",
  "GIT_LITERAL_PATHSPECS",
  "GIT_GLOB_PATHSPECS",
  "GIT_NOGLOB_PATHSPECS",
  "GIT_ICASE_PATHSPECS",
];

/** The environment without the variables that bind git to one repository. */
export function withoutRepository(env: Readonly<Record<string, string>>): Record<string, string> {
  const variables = { ...env };
  for (const name of LOCAL_VARIABLES) delete variables[name];
  return variables;
}
