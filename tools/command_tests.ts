/**
 * The tests of each command, and of what only a process of its own shows: from the sources as through the executable.
 *
 * @module
 */

import { hsmCommands } from "../tasks/mod.ts";

const OTHERS = [
  "tests/cli_test.ts",
  "tests/json_test.ts",
  "tests/reliability/signals_test.ts",
  "tests/reliability/environment_test.ts",
  "tests/tasks/check_staged_test.ts",
  "tests/tasks/pull_app_edits_test.ts",
  "tests/tasks/sync_nothing_test.ts",
  "tests/tasks/update_each_test.ts",
] as const;

/** Of each pair one file has the tests of both. */
const HOMES: Readonly<Record<string, string>> = { "": "overview", prod: "dev", inject: "sync" };

/** Their files, relative to the root. A new command's test has its name. */
export function commandTests(): readonly string[] {
  const own = hsmCommands().names.map((name) => `tests/tasks/${HOMES[name] ?? name}_test.ts`);
  return [...new Set([...OTHERS, ...own])];
}
