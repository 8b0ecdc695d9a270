/**
 * An environment of HSM's making.
 *
 * @module
 */

import type { RunResult } from "../../process/run.ts";
import type { AdapterContext, AdapterRunOptions } from "../adapter.ts";
import { callUv } from "../uv/call.ts";
import { writeMark } from "./mark.ts";

/** Makes a virtual environment by the Python versions that the app allows, and notes in it whose it is. */
export async function makeEnvironment(
  context: AdapterContext,
  folder: string,
  { quiet = "unless-done", ...options }: Pick<AdapterRunOptions, "quiet" | "onStart"> = {},
): Promise<RunResult> {
  const result = await callUv(["venv", "--", folder], context, { quiet, ...options });
  if (result.success) writeMark(folder, { isMade: true, installed: [] });
  return result;
}
