/**
 * What is installed in uv's environment, and the way back to it.
 *
 * @module
 */

import { join } from "@std/path";
import { makeTemporary } from "../../files/make_temporary.ts";
import type { AdapterContext } from "../adapter.ts";
import { callUv } from "./call.ts";
import { environmentFolder } from "./environment.ts";

const QUIET = { quiet: "always" } as const;

/** What is installed, as requirements that are exact; undefined where there is no environment. Touches nothing. */
export async function takeSnapshot(
  context: AdapterContext,
): Promise<string | undefined> {
  const environment = await environmentFolder(context.root, context.env);
  if (!await Deno.stat(join(environment, "pyvenv.cfg")).then(() => true, () => false)) return;
  const args = ["pip", "freeze", "--python", environment];
  const result = await callUv(args, context, QUIET);
  return result.success ? result.stdout : undefined;
}

/**
 * Brings the environment back to a snapshot. What the lock file has comes by it, since it knows from where; then the
 * rest, and what was not there goes.
 */
export async function restoreSnapshot(
  context: AdapterContext,
  snapshot: string,
): Promise<"unchanged" | "restored" | "failed"> {
  const isBack = async () => await takeSnapshot(context) === snapshot;
  if (await isBack()) return "unchanged";
  await callUv(["sync", "--frozen", "--inexact"], context, QUIET);
  if (await isBack()) return "restored";
  await using folder = await makeTemporary("hsm-environment-");
  const file = join(folder.path, "requirements.txt");
  await Deno.writeTextFile(file, snapshot);
  const environment = await environmentFolder(context.root, context.env);
  const args = ["pip", "sync", "--allow-empty-requirements", "--python", environment, file];
  await callUv(args, context, QUIET);
  return await isBack() ? "restored" : "failed";
}
