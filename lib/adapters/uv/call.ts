/**
 * Calling uv.
 *
 * @module
 */

import type { RunResult } from "../../process/run.ts";
import type { AdapterContext, AdapterSyncOptions, QuickSync } from "../adapter.ts";
import { type Callable, type CallOptions, callProgram } from "../call_program.ts";
import { sitePackagesOf } from "../../files/site_packages.ts";
import { environmentFolder } from "./environment.ts";
import { hasGuard } from "./stand_ins/has_guard.ts";
import { areStanding } from "./stand_ins/marks.ts";
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

/** What uv calls a file that it writes, a lock file among them, until that has its name: as Rust's tempfile does it. */
export const UNFINISHED = /^\.tmp[0-9A-Za-z]{6}$/;

/** Runs uv, and tells its own messages. */
export async function callUv(
  args: readonly string[],
  context: AdapterContext,
  options: CallOptions = {},
): Promise<RunResult> {
  const uv: Callable = {
    name: "uv",
    program: uvProgram(context.env),
    noise:
      /^ *(?:Using (?:CPython|Python|PyPy)|Creating virtual environment|Resolved \d|Prepared \d|(?:Uni|I)nstalled \d|Audited \d|Checked \d|Built |Building |Added |Removed |Updated |Updating |Downloading |Downloaded |warning: The requested Python version )/,
    many: { lines: /^ [-+~] /, sum: /^(?:Uni|I)nstalled \d/ },
  };
  return await callProgram(uv, args, context, options);
}

/** {@linkcode callUv} for what installs; of what was killed before nothing is left in the environment. */
export async function installByUv(
  args: readonly string[],
  context: AdapterContext,
  environment: string,
  options: CallOptions = {},
): Promise<RunResult> {
  const result = await callUv(args, context, options);
  if (/^(?:Uni|I)nstalled \d/m.test(result.stderr)) {
    const { removeHalfInstalled } = await import("./half_installed.ts");
    await removeHalfInstalled(environment, result.stderr);
  }
  return result;
}

/** {@linkcode Adapter.quick}, for uv. */
export const quickUv: QuickSync = {
  name: "uv",
  async sync(context, marks) {
    // In another environment than the last time something else may stand in. Where nothing does, a look at the guard is enough.
    const environment = await environmentFolder(context.root, context.env);
    const isAsNoted = async () => {
      if (marks.length === 0) return !await hasGuard(environment);
      if (!await areStanding(environment, marks)) return false;
      const [{ areExtrasThere }, [site = ""]] = await Promise.all([
        import("./stand_ins/guard.ts"),
        sitePackagesOf(environment),
      ]);
      return await areExtrasThere(site);
    };
    if (!await isAsNoted()) return false;
    const env = uvVariables(context.env).sync;
    const args = uvSyncArguments({ lock: "locked" });
    const { success } = await callUv(args, { ...context, env }, { quiet: "unless-done" });
    // What uv has installed anew, stands in no longer.
    return success && await isAsNoted();
  },
};
