/**
 * What the package manager says of its lock file and of the environment.
 *
 * @module
 */

import { basename } from "@std/path";
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
 * @param known `isMapped`: whether it is known where all packages come from; else a sync does not come as far as that.
 * `isSynced`: whether nothing has changed since a sync, which looks at where the lock file has packages from.
 */
export async function lookAtInstallation(
  workspace: Workspace,
  { isMapped, isSynced }: { readonly isMapped: boolean; readonly isSynced: boolean },
): Promise<Outlook> {
  const { adapter, adapterContext, manifest, lockFiles: [file] } = workspace;
  const unknown = (error: unknown): { readonly reason: string } => {
    if (!(error instanceof HsmError) || error.code === "interrupted") throw error;
    return { reason: error.message };
  };
  if (file !== undefined && !workspace.hasLockFile) {
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
  const folders = manifest.packages.filter((it) => it.mode === "dev").map((it) =>
    it.subdirectory === undefined ? it.path : `${it.path}/${it.subdirectory}`
  );
  const settled = isSynced ? folders : undefined;
  const [{ lock, install }, strangers] = await Promise.all([
    adapter.outlook(adapterContext, settled).catch((error): Pick<Outlook, "lock" | "install"> => ({
      lock: { state: "unknown", ...unknown(error) },
      install: { environment: "kept", steps: undefined, ...unknown(error) },
    })),
    isSynced ? [] : findStrangers(workspace),
  ]);
  const names = new Map(manifest.packages.map((it) => [it.name, it.key]));
  return {
    lockFile: basename(file ?? "the lock file"),
    lock,
    install,
    strangers: strangers?.map(({ name, from }) => ({ package: names.get(name) ?? name, from })),
  };
}
