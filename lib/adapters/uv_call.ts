/**
 * Calling uv.
 *
 * @module
 */

import { HsmError } from "../errors.ts";
import { english } from "../process/english.ts";
import { run, type RunResult } from "../process/run.ts";
import type { AdapterContext, AdapterSyncOptions } from "./adapter.ts";

/** The uv to run: named by `HSM_UV` or `UV` (set under uvx), else the one on PATH. */
export function uvProgram(env: Readonly<Record<string, string>>): string {
  return env["HSM_UV"] || env["UV"] || "uv";
}

/** The arguments of a sync. */
export function uvSyncArguments({ lock, args = [] }: AdapterSyncOptions): readonly string[] {
  return ["sync", ...(lock === "write" ? [] : [`--${lock}`]), ...args];
}

/** What uv would take for another task than a sync, and what to say instead. */
const CONTRARY: Readonly<Record<string, string>> = {
  "--dry-run": "run `hsm sync --dry-run`, or `hsm check --resolve`",
  "--locked": "run `hsm sync --locked`",
  "--check": "run `hsm sync --locked`",
  "--frozen": "leave it away: a sync brings the lock file up to date",
};

/**
 * Refuses arguments that would keep a sync from being one.
 *
 * @throws {HsmError} `usage`
 */
export function refuseUvArguments(args: readonly string[]): void {
  const contrary = args.find((it) => CONTRARY[it] !== undefined);
  if (contrary === undefined) return;
  throw new HsmError("usage", `Cannot sync with uv's ${contrary}: that is for hsm to decide`, {
    hint: CONTRARY[contrary] ?? "",
  });
}

/** The environment without what would make every sync a frozen or a locked one. */
function syncEnvironment(env: Readonly<Record<string, string>>): Record<string, string> {
  const { UV_FROZEN: _, UV_LOCKED: __, ...rest } = env;
  return rest;
}

/** How uv goes about it; what it changed and its warnings are what stays on a terminal. */
const NOISE =
  /^ *(?:Using (?:CPython|Python|PyPy)|Creating virtual environment|Resolved \d|Prepared \d|(?:Uni|I)nstalled \d|Audited \d|Checked \d|Built |Building |Updated |Updating |Downloading |Downloaded )/;

/** Runs uv; its own messages go to the reporter. */
export async function callUv(
  program: string,
  args: readonly string[],
  context: AdapterContext,
  options: Pick<AdapterSyncOptions, "quiet" | "onStart">,
): Promise<RunResult> {
  const started = performance.now();
  using report = context.reporter.program(["uv", ...args].join(" "), {
    ...(options.quiet ? { quiet: options.quiet } : {}),
    noise: NOISE,
  });
  const show = (text: string) => report.output(text);
  const result = await run([program, ...args], {
    cwd: context.root,
    env: english(syncEnvironment(context.env)),
    signal: context.signal,
    detached: context.detached ?? false,
    onStdout: show,
    onStderr: show,
    ...(options.onStart ? { onStart: options.onStart } : {}),
  });
  report.ended(result.success);
  context.reporter.command(result.argv, performance.now() - started);
  return result;
}
