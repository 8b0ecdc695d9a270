/**
 * What is installed in an environment, and the way back to it, by uv.
 *
 * @module
 */

import { join } from "@std/path";
import { makeTemporary } from "../../files/make_temporary.ts";
import type { AdapterContext } from "../adapter.ts";
import { callUv, installByUv } from "./call.ts";
import { environmentFolder } from "./environment.ts";

const QUIET = { quiet: "always" } as const;

/** What is installed, as requirements that are exact; undefined where there is no environment. Touches nothing. */
export async function takeSnapshot(
  context: AdapterContext,
): Promise<string | undefined> {
  const environment = await environmentFolder(context.root, context.env);
  if (!await Deno.stat(join(environment, "pyvenv.cfg")).then(() => true, () => false)) return;
  return await freeze(context, environment);
}

/**
 * Brings the environment back to a snapshot. What the lock file has comes by it, since it knows from where; then the
 * rest, and what was not there goes.
 */
export async function restoreSnapshot(
  context: AdapterContext,
  snapshot: string,
): Promise<"unchanged" | "restored" | "failed"> {
  const environment = await environmentFolder(context.root, context.env);
  const byLock = async () =>
    void await installByUv(["sync", "--frozen", "--inexact"], context, environment, QUIET);
  return await restoreFrozen(context, environment, snapshot, byLock);
}

/** What is installed in a folder, as requirements that are exact; undefined where uv cannot tell. Touches nothing. */
export async function freeze(
  context: AdapterContext,
  environment: string,
): Promise<string | undefined> {
  const args = ["pip", "freeze", "--python", environment];
  const result = await callUv(args, context, QUIET);
  return result.success ? result.stdout : undefined;
}

/**
 * Brings a folder back to what {@linkcode freeze} told.
 *
 * @param byLock Brings back what the lock file has, as far as it is missing.
 */
export async function restoreFrozen(
  context: AdapterContext,
  environment: string,
  snapshot: string,
  byLock: () => Promise<void>,
): Promise<"unchanged" | "restored" | "failed"> {
  const isBack = async () => await freeze(context, environment) === snapshot;
  if (await isBack()) return "unchanged";
  await byLock();
  if (await isBack()) return "restored";
  await using folder = await makeTemporary("hsm-environment-");
  const file = join(folder.path, "requirements.txt");
  await Deno.writeTextFile(file, snapshot);
  const args = ["pip", "sync", "--allow-empty-requirements", "--python", environment, file];
  await installByUv(args, context, environment, QUIET);
  return await isBack() ? "restored" : "failed";
}
