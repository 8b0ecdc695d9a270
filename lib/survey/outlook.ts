/**
 * What the package manager says of its lock file and of the environment.
 *
 * @module
 */

import { basename } from "@std/path";
import { HsmError } from "../errors.ts";
import { writtenForm } from "../manifest/stand_ins.ts";
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
  const lockFile = basename(file ?? "the lock file");
  const isLocked = adapter.can.locksWithoutPackages || manifest.packages.length > 0;
  if (isLocked && file !== undefined && !workspace.hasLockFile) {
    const folder = (await adapter.environment(adapterContext))?.folder;
    const isThere = folder === undefined ||
      await Deno.stat(folder).then((it) => it.isDirectory, () => false);
    const install = { environment: isThere ? "kept" : "made", steps: undefined } as const;
    return { lockFile, lock: { state: "missing" }, install, strangers: [] };
  }
  if (!isMapped) return { lockFile, ...notKnown(), strangers: [] };
  const folders = writtenForm(manifest).packages.filter((it) => it.mode === "dev").map((it) =>
    it.subdirectory === undefined ? it.path : `${it.path}/${it.subdirectory}`
  );
  const settled = isSynced ? folders : undefined;
  const [answer, strangers] = await Promise.all([
    adapter.outlook(adapterContext, settled).catch((error) => {
      if (!(error instanceof HsmError) || error.code === "interrupted") throw error;
      return notKnown(error.message);
    }),
    isSynced ? [] : findStrangers(workspace),
  ]);
  return { lockFile, ...answer, strangers };
}

function notKnown(reason?: string): Pick<Outlook, "lock" | "install"> {
  return {
    lock: { state: "unknown", reason },
    install: { environment: "kept", steps: undefined, reason },
  };
}
