/**
 * Bringing the environment back to what the lock file says, once that has been brought back.
 *
 * @module
 */

import type { FoundStandIn } from "../adapters/stand_in.ts";
import type { AdapterContext } from "../adapters/adapter.ts";
import { HsmError } from "../errors.ts";
import { isFile } from "../files/is_there.ts";
import { shortPath } from "../platform/paths.ts";
import type { WorkspaceContext } from "./context.ts";

/** What {@linkcode restoreEnvironment} came to, by the environment's name. */
export interface RestoredEnvironment {
  /** What was brought back; empty where it had not changed. */
  readonly restored: readonly string[];
  /** What was to be brought back, and was not. */
  readonly notRestored: readonly string[];
}

/** What was done to an environment. */
export interface EnvironmentChange {
  /**
   * HSM's own last install: what the package manager was told beside what HSM tells it, and whether it came to its end;
   * else it may have stopped half way.
   */
  install?: { readonly args: readonly string[]; readonly isDone: boolean };
  /** The checkouts that stood in for something before. */
  standIns?: readonly FoundStandIn[];
  /** The adapter's snapshot from before a script's own programs ran. */
  before?: Promise<string | undefined>;
}

/** The app whose environment it is. */
interface Restoring extends Pick<WorkspaceContext, "root" | "adapter" | "tell" | "lockFiles"> {
  readonly adapterContext: AdapterContext;
}

/**
 * Brings the environment back: to what was installed before a script's programs ran, else with the arguments of the
 * install that changed it to what the lock file says. Where that cannot be, it is a warning.
 */
export async function restoreEnvironment(
  { root, adapter, tell, lockFiles, adapterContext }: Restoring,
  { install, standIns: standInsBefore, before }: EnvironmentChange,
): Promise<RestoredEnvironment> {
  const environment = await adapter.environment(adapterContext);
  const name = environment === undefined ? "the environment" : shortPath(root, environment.folder);
  const unchanged = { restored: [], notRestored: [] };
  const stays = (why: string) => {
    tell({ kind: "warned", message: `the environment stays as it is: ${why}` });
    return { restored: [], notRestored: [name] };
  };
  // The run may have been told to end, and yet this belongs to its end: no second Ctrl-C reaches it.
  const signal = new AbortController().signal;
  const context = { ...adapterContext, signal, detached: true };
  const args = install?.args ?? [];
  const options = { lock: "frozen", args, standInsBefore, quiet: "always" } as const;
  let why = ":";
  try {
    if (before !== undefined) {
      const snapshot = await before;
      if (snapshot === undefined) {
        const isNew = await adapter.snapshot(context) !== undefined;
        return isNew ? stays("there was none before") : unchanged;
      }
      const outcome = await adapter.restore(context, snapshot);
      if (outcome !== "failed") {
        return outcome === "restored" ? { ...unchanged, restored: [name] } : unchanged;
      }
    } else if (!lockFiles.some(isFile)) {
      return install?.isDone
        ? stays("there was no lock file before, to bring it back to")
        : unchanged;
    } else {
      const { success, stderr } = await adapter.sync(context, options);
      if (success) {
        await adapter.settle(context);
        return adapter.hasInstalled(stderr) ? { ...unchanged, restored: [name] } : unchanged;
      }
      const said = /^error: (.+)$/m.exec(stderr)?.[1] ?? (await adapter.explain(stderr)).cause;
      if (said !== undefined) why = `, for ${adapter.name} says "${said}":`;
      // What refused its arguments now refused them before, and has changed nothing then.
      const isRefused = options.args.length > 0;
      if (isRefused && (await adapter.wouldInstall(context)).steps?.length === 0) return unchanged;
    }
  } catch (error) {
    if (!(error instanceof HsmError)) throw error;
    why = `: ${error.message};`;
  }
  // The package manager knows nothing of what stands in.
  const isHsms = standInsBefore !== undefined && standInsBefore.length > 0;
  const advice = isHsms ? "hsm sync" : adapter.commandLine({ lock: "frozen" });
  tell({ kind: "warned", message: `${name} was not brought back${why} run \`${advice}\`` });
  return { restored: [], notRestored: [name] };
}
