/**
 * Calling Poetry.
 *
 * @module
 */

import type { RunResult } from "../../process/run.ts";
import type { AdapterContext, AdapterRunOptions } from "../adapter.ts";
import { type Callable, callProgram } from "../call_program.ts";

/** The Poetry to run: named by `HSM_POETRY`, else the one on PATH. */
export function poetryProgram(env: Readonly<Record<string, string>>): string {
  return env["HSM_POETRY"] || "poetry";
}

/** How Poetry says that the lock file is missing, or is not what pyproject.toml asks for. */
export const OUT_OF_DATE =
  /^(?:Error: )?(pyproject\.toml changed significantly since poetry\.lock was last generated|poetry\.lock was not found)\b/m;

/**
 * Runs Poetry, and tells its own messages. It says some things on one stream and some on the other: what is
 * returned as standard error has both, in the order in which they came.
 */
export async function callPoetry(
  args: readonly string[],
  context: AdapterContext,
  options: Pick<AdapterRunOptions, "quiet" | "onStart"> = {},
): Promise<RunResult> {
  const poetry: Callable = {
    name: "poetry",
    program: poetryProgram(context.env),
    always: ["--no-interaction", "--no-ansi"],
    noise:
      /^(?: *$|Creating virtualenv|Using virtualenv|Updating dependencies|Resolving dependencies|Writing lock file|Installing dependencies from lock file|No dependencies to install|Package operations:|Installing the current project| {2}- .*Skipped for the following reason)/,
    many: { lines: /^ {2}- /, sum: /^Package operations:/ },
  };
  const { said, ...result } = await callProgram(poetry, args, context, options);
  return { ...result, stderr: said };
}
