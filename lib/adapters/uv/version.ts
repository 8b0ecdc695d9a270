/**
 * Which uv there is, and whether it will do.
 *
 * @module
 */

import type { AdapterContext } from "../adapter.ts";
import { askVersion, refuseOlder, type VersionedTool } from "../ask_version.ts";
import { uvProgram } from "./call.ts";

/** The oldest uv that HSM works with: major, minor. */
const OLDEST = [0, 9] as const;

/**
 * Asks uv for its version.
 *
 * @throws {HsmError} `tool-missing`, `tool-too-old`
 */
export async function checkVersion(context: AdapterContext): Promise<string> {
  const tool: VersionedTool = {
    name: "uv",
    program: uvProgram(context.env),
    variable: ["HSM_UV", "UV"].find((it) => context.env[it]),
    answer: /^uv (\d+\.\d+\S*)/,
    install: "install it from https://docs.astral.sh/uv/ or name one in HSM_UV",
    update: "update it (`uv self update`) or name a newer one in HSM_UV",
  };
  const version = await askVersion(context, tool);
  refuseOlder(tool, version, OLDEST);
  return version;
}
