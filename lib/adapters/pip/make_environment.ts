/**
 * An environment of HSM's making.
 *
 * @module
 */

import { given } from "../../given.ts";
import type { RunResult } from "../../process/run.ts";
import type { AdapterContext, AdapterRunOptions } from "../adapter.ts";
import { callUv } from "../uv/call.ts";
import { writeMark } from "./mark.ts";

/** Makes a virtual environment by the Python versions that the app allows, and notes in it whose it is. */
export async function makeEnvironment(
  context: AdapterContext,
  folder: string,
  { onStart }: Pick<AdapterRunOptions, "onStart"> = {},
): Promise<RunResult> {
  // How to activate it is told with each one; who asked for a sync need not know.
  const options = { quiet: "always", ...given({ onStart }) } as const;
  const result = await callUv(["venv", "--", folder], context, options);
  if (result.success) writeMark(folder, { isMade: true, installed: [] });
  else context.tell({ kind: "output", text: result.stderr });
  return result;
}
