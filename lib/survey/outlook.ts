/**
 * What the package manager says of its lock file and of the environment.
 *
 * @module
 */

import { basename } from "@std/path";
import type { LockState } from "../adapters/adapter.ts";
import { HsmError } from "../errors.ts";
import { findStrangers } from "../packages/source_guards.ts";
import type { Workspace } from "../workspace/workspace.ts";
import type { Facts } from "./differences.ts";

/** What a sync would find beyond pyproject.toml. */
export type Outlook = Pick<Facts, "lockFile" | "lock" | "strangers" | "install">;

/**
 * Asks the package manager whether its lock file and the environment are what pyproject.toml asks for. Touches nothing,
 * builds nothing, and asks no server.
 *
 * @param isMapped Whether it is known where all packages come from: else a sync does not come as far as that.
 */
export async function lookAtInstallation(
  workspace: Workspace,
  isMapped = true,
): Promise<Outlook> {
  const { adapter, adapterContext, root, manifest } = workspace;
  const [file] = await adapter.lockFiles(root);
  const unknown = (error: unknown): { readonly reason: string } => {
    if (!(error instanceof HsmError) || error.code === "interrupted") throw error;
    return { reason: error.message };
  };
  if (file !== undefined && !await workspace.hasLockFile()) {
    const folder = (await adapter.environment(workspace))?.folder;
    const isThere = folder === undefined ||
      await Deno.stat(folder).then((it) => it.isDirectory, () => false);
    const install = { environment: isThere ? "kept" : "made", steps: undefined } as const;
    return {
      lockFile: basename(file ?? "the lock file"),
      lock: { state: "missing" },
      install,
      strangers: [],
    };
  }
  if (!isMapped) {
    const install = { environment: "kept", steps: undefined } as const;
    return {
      lockFile: basename(file ?? "the lock file"),
      lock: { state: "unknown" },
      install,
      strangers: [],
    };
  }
  const [lock, install, strangers] = await Promise.all([
    adapter.isLocked(adapterContext)
      .catch((error): LockState => ({ state: "unknown", ...unknown(error) })),
    adapter.wouldInstall(adapterContext)
      .catch((error) => ({ environment: "kept", steps: undefined, ...unknown(error) } as const)),
    findStrangers(workspace),
  ]);
  const names = new Map(manifest.packages.map((it) => [it.name, it.key]));
  return {
    lockFile: basename(file ?? "the lock file"),
    lock,
    install,
    strangers: strangers?.map(({ name, from }) => ({ package: names.get(name) ?? name, from })),
  };
}
