/**
 * Calling Poetry.
 *
 * @module
 */

import { createCommands } from "../../process/commands.ts";
import type { RunResult } from "../../process/run.ts";
import type { AdapterContext, AdapterRunOptions } from "../adapter.ts";

/** The Poetry to run: named by `HSM_POETRY`, else the one on PATH. */
export function poetryProgram(env: Readonly<Record<string, string>>): string {
  return env["HSM_POETRY"] || "poetry";
}

/** How Poetry says that the lock file is missing, or is not what pyproject.toml asks for. */
export const OUT_OF_DATE =
  /^(?:Error: )?(pyproject\.toml changed significantly since poetry\.lock was last generated|poetry\.lock was not found)\b/m;

/** How Poetry goes about it; what it changed and its warnings are what stays on a terminal. */
const NOISE =
  /^(?: *$|Creating virtualenv|Using virtualenv|Updating dependencies|Resolving dependencies|Writing lock file|Installing dependencies from lock file|No dependencies to install|Package operations:|Installing the current project| {2}- .*Skipped for the following reason)/;

/** What it changed, package by package and in a word. */
const MANY = { lines: /^ {2}- /, sum: /^Package operations:/ };

/**
 * Runs Poetry, and tells its own messages. It says some things on one stream and some on the other: what is
 * returned as standard error has both, in the order in which they came.
 */
export async function callPoetry(
  args: readonly string[],
  context: AdapterContext,
  options: Pick<AdapterRunOptions, "quiet" | "onStart"> = {},
): Promise<RunResult> {
  using work = context.tell.begin(
    { work: "program", message: ["poetry", ...args].join(" ") },
    { quiet: options.quiet, noise: NOISE, many: MANY },
  );
  let said = "";
  const show = (text: string) => {
    said += text;
    work.output(text);
  };
  const $ = createCommands(context, {
    detached: context.detached ?? false,
    limit: Infinity,
    onStdout: show,
    onStderr: show,
    ...(options.onStart ? { onStart: options.onStart } : {}),
  });
  const program = poetryProgram(context.env);
  // In front: behind `--` they would be words.
  const result = await $`${program} --no-interaction --no-ansi ${args}`.noThrow();
  work.ended(result.success);
  return { ...result, stderr: said };
}
