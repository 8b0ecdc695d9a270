/**
 * Whether pylock.hsm.toml and the environment are what the app's files ask for, as uv sees it.
 *
 * @module
 */

import { join, resolve } from "@std/path";
import { HsmError } from "../../errors.ts";
import { isFile } from "../../files/is_there.ts";
import { peekText } from "../../files/read_file.ts";
import type { AdapterContext, InstallPlan, LockState } from "../adapter.ts";
import { callWithin, errorOf, stepsIn } from "../uv/look.ts";
import { entryFile, filesOnDisk } from "./app_disk.ts";
import { installArguments, pythonOf } from "./call.ts";
import { lockApart, readLockFile } from "./compile.ts";
import { findEnvironment, type PipEnvironment } from "./environment.ts";
import { LOCK } from "./files.ts";
import { findLeftOver } from "./left_over.ts";
import { describeLockChanges, isSameLock, readLock } from "./lock.ts";
import { readMark } from "./mark.ts";

/** Whether the lock file is what the app's files ask for, and what a sync would do to the environment. */
export async function outlook(
  context: AdapterContext,
): Promise<{ readonly lock: LockState; readonly install: InstallPlan }> {
  const { root } = context;
  const before = readLockFile(root);
  const entry = await entryFile(filesOnDisk(root));
  if (before === undefined) {
    const { found: _, ...place } = await lookAtEnvironment(context);
    const install = { ...place, steps: undefined };
    // Without packages nothing is locked.
    return { lock: { state: entry === undefined ? "current" : "missing" }, install };
  }
  if (entry === undefined) {
    const install = await planInstall(context, join(root, LOCK));
    return { lock: { state: "stale" }, install };
  }
  const [lock, install] = await Promise.all([
    lockApart(context, { entry, isLook: true }, ({ success, stderr, text, folder }): LockState => {
      if (!success) return { state: "unknown", reason: errorOf(stderr) };
      const isCurrent = isSameLock([before, text], [root, folder]);
      return { state: isCurrent ? "current" : "stale" };
    }),
    planInstall(context, join(root, LOCK)),
  ]);
  return { lock, install };
}

/** What a sync would do to the environment, by the lock file as it stands. */
export async function plannedInstall(context: AdapterContext): Promise<InstallPlan> {
  return await planInstall(context, join(context.root, LOCK));
}

/** Whether the environment is there, and where. */
export async function lookAtEnvironment(context: AdapterContext): Promise<{
  readonly environment: "kept" | "made";
  readonly found: PipEnvironment | undefined;
  /** Why it is not known where it is. */
  readonly reason?: string;
}> {
  const found = await findEnvironment(context).catch((error) => {
    if (!(error instanceof HsmError)) throw error;
    return error;
  });
  if (found instanceof HsmError) {
    return { environment: "kept", found: undefined, reason: found.message };
  }
  return { environment: isFile(pythonOf(found.folder)) ? "kept" : "made", found };
}

/** What installing a lock file would do to the environment. */
export async function planInstall(context: AdapterContext, lock: string): Promise<InstallPlan> {
  const { environment, found, ...why } = await lookAtEnvironment(context);
  if (environment === "made" || found === undefined || !isFile(lock)) {
    return { environment, steps: undefined, ...why };
  }
  const { folder } = found;
  const { isMade } = readMark(folder);
  const args = ["--dry-run", "--offline", "--no-python-downloads"];
  const argv = installArguments({ lock, environment: folder, isExact: isMade, args });
  const { success, stderr } = await callWithin(argv, context);
  if (!success) return { environment, steps: undefined, reason: errorOf(stderr) };
  const names = (readLock(peekText(lock) ?? "") ?? []).map((it) => it.key);
  const left = await findLeftOver(found, names);
  return {
    environment,
    steps: [
      ...stepsIn(stderr),
      ...left.map((it) => ({ action: "uninstall", package: it, what: it }) as const),
    ],
  };
}

/** What bringing the lock file up to date would change, a line each; "" where that cannot be told. */
export async function lockChanges(context: AdapterContext): Promise<string> {
  const { root } = context;
  const entry = await entryFile(filesOnDisk(root));
  const before = readLockFile(root);
  if (entry === undefined || before === undefined) return "";
  return await lockApart(context, { entry }, ({ success, text, folder }) => {
    if (!success) return "";
    return describeLockChanges(before, inRoot(text, folder, root)).join("\n");
  });
}

/** A lock file's text with its paths as seen from the root. */
function inRoot(text: string, folder: string, root: string): string {
  return text.replace(/^(directory = \{ path = )"([^"]*)"/gm, (_, start, path) => {
    const place = resolve(folder, path);
    const seen = place === root
      ? "."
      : place.startsWith(join(root, "/"))
      ? place.slice(root.length + 1)
      : place;
    return `${start}${JSON.stringify(seen)}`;
  });
}
