/**
 * What a sync would do, as uv sees it.
 *
 * uv alone knows which markers, extras and groups count, and what it would leave alone: two tags of one commit are one and
 * the same to it. Nothing is built for it, nothing downloaded, and no file of the app changes.
 *
 * @module
 */

import { environmentFolder } from "./environment.ts";
import { given } from "../../given.ts";
import { normalizeName } from "../../names.ts";
import { readProject } from "../../pyproject/read.ts";
import { MAX_WRITTEN_BYTES, peekText } from "../../read_file.ts";
import type { AdapterContext, InstallPlan, InstallStep, LockState } from "../adapter.ts";
import { callUv, OUT_OF_DATE } from "./call.ts";
import { inShadow } from "./shadow.ts";
import { uvWorkspaceRoot } from "./workspace.ts";

const QUIETLY = { quiet: "always" } as const;
const LOOK = ["--offline", "--no-python-downloads"] as const;

/** Whether uv.lock is what pyproject.toml asks for. */
export async function isLocked(context: AdapterContext): Promise<LockState> {
  const args = ["lock", "--check", "--no-build", ...LOOK];
  const { success, stderr } = await callWithin(args, context);
  if (success) return { state: "current" };
  if (/^error: Unable to find lockfile/m.test(stderr)) return { state: "missing" };
  // Had uv.lock been what is asked for, nothing would have had to be fetched.
  if (OUT_OF_DATE.test(stderr) || WANTS_NETWORK.test(stderr)) return { state: "stale" };
  return { state: "unknown", ...given({ reason: errorOf(stderr) }) };
}

const WANTS_NETWORK = /(?:network (?:was|is|connectivity is) disabled|in the cache)/i;

/** What `uv sync` would do to the environment. */
export async function wouldInstall(
  context: AdapterContext,
  candidate?: string,
): Promise<InstallPlan> {
  if (candidate === undefined) return await planInstall(context);
  const environment = await environmentFolder(context.root, context.env);
  const app = readProject(candidate, "pyproject.toml").name;
  return await inShadow(context, candidate, async (shadow) => {
    const env = { ...shadow.env, UV_PROJECT_ENVIRONMENT: environment };
    const there = { ...shadow, env };
    const args = ["lock", "--no-build", "--no-python-downloads"];
    const { success, stderr } = await callUv(args, there, QUIETLY);
    if (!success) {
      return { environment: "kept", steps: undefined, ...given({ reason: errorOf(stderr) }) };
    }
    const plan = await planInstall(there);
    // The shadow is no package, which the app may be.
    const own = app === undefined ? undefined : normalizeName(app);
    return { ...plan, ...given({ steps: plan.steps?.filter((it) => it.package !== own) }) };
  });
}

async function planInstall(context: AdapterContext): Promise<InstallPlan> {
  const args = ["sync", "--frozen", "--dry-run", ...LOOK];
  const { success, stderr } = await callWithin(args, context);
  const [, whole = ""] = /^Would (create|replace) project environment/m.exec(stderr) ?? [];
  const environment = whole === "" ? "kept" : whole === "create" ? "made" : "replaced";
  return success
    ? { environment, steps: stepsIn(stderr) }
    : { environment, steps: undefined, ...given({ reason: errorOf(stderr) }) };
}

/** Seconds that uv may take for what it usually does in a fraction of one; it waits for ever where a file is a FIFO. */
const PATIENCE = 10;

async function callWithin(
  args: readonly string[],
  context: AdapterContext,
): Promise<{ readonly success: boolean; readonly stderr: string }> {
  const limit = AbortSignal.timeout(PATIENCE * 1000);
  const signal = AbortSignal.any([context.signal, limit]);
  try {
    return await callUv(args, { ...context, signal }, QUIETLY);
  } catch (error) {
    if (!limit.aborted || context.signal.aborted) throw error;
    return { success: false, stderr: `error: uv has not answered within ${PATIENCE} s` };
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

/** What bringing uv.lock up to date would change, a line each; "" where that cannot be told. */
export async function lockChanges(context: AdapterContext): Promise<string> {
  const { stderr } = await callUv(["lock", "--dry-run"], context, QUIETLY);
  const lines = stderr.split("\n").filter((line) => /^(?:Add|Remove|Update) /.test(line));
  return [...await pythonChange(context.root), ...lines].join("\n");
}

/** uv does not tell that it would write down other Python versions; those of a workspace are its members' together. */
async function pythonChange(root: string): Promise<readonly string[]> {
  const folder = await uvWorkspaceRoot(root);
  if (folder !== root) return [];
  const lock = peekText(`${folder}/uv.lock`, MAX_WRITTEN_BYTES) ?? "";
  const locked = /^requires-python = "([^"]*)"/m.exec(lock)?.[1];
  const { requiresPython: wanted = "", workspace } = readProject(
    peekText(`${root}/pyproject.toml`, MAX_WRITTEN_BYTES) ?? "",
    "pyproject.toml",
  );
  // uv writes these in another way.
  if (locked === undefined || workspace !== undefined || !/^[^~*]+$/.test(wanted)) return [];
  const plain = (text: string) => text.replaceAll(/\s/g, "").split(",").sort().join();
  if (plain(locked) === plain(wanted)) return [];
  return [`Update requires-python ${locked} -> ${wanted}`];
}

/** The first error, in one line. */
function errorOf(stderr: string): string | undefined {
  const [, error, cause] = /^error: (.+)$(?:\n {2}cause: (.+)$)?/m.exec(stderr) ?? [];
  return error === undefined || cause === undefined ? error : `${error}: ${cause}`;
}
