/**
 * Whether uv.lock and the environment are what the app's files ask for, as uv sees it.
 *
 * uv alone knows which markers, extras and groups count, and what it would leave alone: two tags of one commit are one and
 * the same to it. Nothing is built for it, nothing downloaded, and no file of the app changes.
 *
 * @module
 */

import { join } from "@std/path";
import { normalizeName } from "../../names.ts";
import { MAX_WRITTEN_BYTES, peekText } from "../../files/read_file.ts";
import type { AdapterContext, InstallPlan, InstallStep, LockState } from "../adapter.ts";
import type { CallOptions } from "../call_program.ts";
import { callUv, OUT_OF_DATE } from "./call.ts";

const QUIETLY = { quiet: "always" } as const;
const LOOK = ["--offline", "--no-python-downloads"] as const;

/** Whether uv.lock is what pyproject.toml asks for, and what `uv sync` would do to the environment. */
export async function outlook(
  context: AdapterContext,
  settled?: readonly string[],
): Promise<{ readonly lock: LockState; readonly install: InstallPlan }> {
  // Where all is in line, one call says both.
  const isSettled = settled !== undefined && needsNoBuild(context.root, settled);
  const install = isSettled ? await planInstall(context, "--locked") : undefined;
  if (install?.steps !== undefined) return { lock: { state: "current" }, install };
  // It would wait again.
  if (install?.reason === SILENT) return { lock: { state: "unknown", reason: SILENT }, install };
  const [lock, plan] = await Promise.all([isLocked(context), planInstall(context)]);
  return { lock, install: plan };
}

/**
 * Whether nothing is to be built whatever uv compares with uv.lock: it has the build backend compute what a folder does not
 * say itself, and no `--no-build` may keep it from that where anything else is to be installed.
 */
function needsNoBuild(root: string, settled: readonly string[]): boolean {
  const lock = peekText(join(root, "uv.lock"), MAX_WRITTEN_BYTES);
  const app = peekText(join(root, "pyproject.toml"), MAX_WRITTEN_BYTES);
  if (lock === undefined || app === undefined || app.includes("dynamic")) return false;
  const local = lock.matchAll(/^source = \{ (?:editable|directory|virtual|path) = "(.*)" \}$/gm);
  return [...local].every(([, folder = ""]) => folder === "." || settled.includes(folder));
}

/** Whether uv.lock is what pyproject.toml asks for. */
async function isLocked(context: AdapterContext): Promise<LockState> {
  const args = ["lock", "--check", "--no-build", ...LOOK];
  const { success, stderr } = await callWithin(args, context);
  if (success) return { state: "current" };
  if (/^error: Unable to find lockfile/m.test(stderr)) return { state: "missing" };
  // Had uv.lock been what is asked for, nothing would have had to be fetched.
  if (OUT_OF_DATE.test(stderr) || WANTS_NETWORK.test(stderr)) return { state: "stale" };
  return { state: "unknown", reason: errorOf(stderr) };
}

const WANTS_NETWORK = /(?:network (?:was|is|connectivity is) disabled|in the cache)/i;

/** What `uv sync` would do to the environment; with `--locked` only where uv.lock is what is asked for. */
export async function planInstall(
  context: AdapterContext,
  how: "--frozen" | "--locked" = "--frozen",
): Promise<InstallPlan> {
  const args = ["sync", how, "--dry-run", ...LOOK];
  const { success, stderr } = await callWithin(args, context);
  const [, whole = ""] = /^Would (create|replace) project environment/m.exec(stderr) ?? [];
  const environment = whole === "" ? "kept" : whole === "create" ? "made" : "replaced";
  return success
    ? { environment, steps: stepsIn(stderr) }
    : { environment, steps: undefined, reason: errorOf(stderr) };
}

/** Seconds that uv may take for what it usually does in a fraction of one; it waits for ever where a file is a FIFO. */
const PATIENCE = 10;
const SILENT = `uv has not answered within ${PATIENCE} s`;

/** Runs uv for as long as somebody who only looks will wait. */
export async function callWithin(
  args: readonly string[],
  context: AdapterContext,
  options: CallOptions = {},
): Promise<{ readonly success: boolean; readonly stderr: string }> {
  const limit = AbortSignal.timeout(PATIENCE * 1000);
  const signal = AbortSignal.any([context.signal, limit]);
  try {
    return await callUv(args, { ...context, signal }, { ...QUIETLY, ...options });
  } catch (error) {
    if (!limit.aborted || context.signal.aborted) throw error;
    return { success: false, stderr: `error: ${SILENT}` };
  }
}

const ACTIONS = { "+": "install", "-": "uninstall", "~": "reinstall" } as const;

/** What uv would do, by its own lines: ` + idna==3.7`, ` - plug==1.0 (from git+https://…)`, ` + plug @ file:///…`. */
export function stepsIn(output: string): readonly InstallStep[] {
  return [...output.matchAll(/^ ([-+~]) (([^\s=@]+).*)$/gm)].map((
    [, sign, what = "", name = ""],
  ) => ({
    action: ACTIONS[sign as keyof typeof ACTIONS],
    package: normalizeName(name),
    what,
  }));
}

/** The first error, in one line. */
export function errorOf(stderr: string): string | undefined {
  // uv wraps a long cause, and indents its next lines below its first word.
  const [, error, cause] = /^error: (.+)$(?:\n {2}cause: (.+(?:\n {4,}.+)*)$)?/m.exec(stderr) ?? [];
  return cause === undefined ? error : `${error}: ${cause.replace(/\n +/g, " ")}`;
}
