/**
 * Calling uv.
 *
 * @module
 */

import { createCommands } from "../../process/commands.ts";
import type { RunResult } from "../../process/run.ts";
import type { AdapterContext, AdapterSyncOptions, QuickSync } from "../adapter.ts";
import { uvVariables } from "./variables.ts";

/** The uv to run: named by `HSM_UV` or `UV` (set under uvx), else the one on PATH. */
export function uvProgram(env: Readonly<Record<string, string>>): string {
  return env["HSM_UV"] || env["UV"] || "uv";
}

/** The arguments of a sync. */
export function uvSyncArguments(
  { lock, dryRun = false, args = [] }: AdapterSyncOptions,
): readonly string[] {
  return ["sync", `--${lock}`, ...dryRun ? ["--dry-run"] : [], ...args];
}

/** How uv says that the lock file is missing, or is not what pyproject.toml asks for. */
export const OUT_OF_DATE =
  /^error: ((?:The lockfile at .* needs to be updated|Unable to find lockfile).*?)(?:, but .*)?$/m;

/** How uv goes about it; what it changed and its warnings are what stays on a terminal. */
const NOISE =
  /^ *(?:Using (?:CPython|Python|PyPy)|Creating virtual environment|Resolved \d|Prepared \d|(?:Uni|I)nstalled \d|Audited \d|Checked \d|Built |Building |Added |Removed |Updated |Updating |Downloading |Downloaded |warning: The requested Python version )/;

/** What it changed, package by package and in a word. */
const MANY = { lines: /^ [-+~] /, sum: /^(?:Uni|I)nstalled \d/ };

/** How uv is called. */
export interface CallOptions extends Pick<AdapterSyncOptions, "quiet" | "onStart"> {
  /** Whether what it says on standard output is data, and no message. @default {false} */
  readonly isData?: boolean;
}

/** Runs uv, and tells its own messages. */
export async function callUv(
  args: readonly string[],
  context: AdapterContext,
  options: CallOptions = {},
): Promise<RunResult> {
  using work = context.tell.begin(
    { work: "program", message: ["uv", ...args].join(" ") },
    { quiet: options.quiet, noise: NOISE, many: MANY },
  );
  const show = (text: string) => work.output(text);
  const $ = createCommands(context, {
    detached: context.detached ?? false,
    limit: Infinity,
    ...(options.isData ? {} : { onStdout: show }),
    onStderr: show,
    ...(options.onStart ? { onStart: options.onStart } : {}),
  });
  const result = await $`${uvProgram(context.env)} ${args}`.noThrow();
  work.ended(result.success);
  return result;
}

/** {@linkcode Adapter.quick}, for uv. */
export const quickUv: QuickSync = {
  name: "uv",
  async sync(context) {
    const env = uvVariables(context.env).sync;
    const args = uvSyncArguments({ lock: "locked" });
    const { success } = await callUv(args, { ...context, env }, { quiet: "unless-done" });
    return success;
  },
};
