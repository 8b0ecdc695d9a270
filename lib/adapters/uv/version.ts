/**
 * Which uv there is, and whether it will do.
 *
 * @module
 */

import { HsmError } from "../../errors.ts";
import { createCommands } from "../../process/commands.ts";
import type { RunResult } from "../../process/run.ts";
import type { AdapterContext } from "../adapter.ts";
import { uvProgram } from "./call.ts";

/** The oldest uv that HSM works with: major, minor. */
const OLDEST = [0, 9] as const;

/**
 * Asks uv for its version.
 *
 * @throws {HsmError} `tool-missing`, `tool-too-old`
 */
export async function checkVersion(context: AdapterContext): Promise<string> {
  const { env } = context;
  const program = uvProgram(env);
  const variable = ["HSM_UV", "UV"].find((it) => env[it]);
  const install = variable === undefined
    ? "install it from https://docs.astral.sh/uv/ or name one in HSM_UV"
    : `correct ${variable}, which names it, or unset it`;
  let result: RunResult;
  try {
    result = await createCommands(context)`${program} --version`.noThrow();
  } catch (error) {
    if (!(error instanceof HsmError) || error.code !== "tool-missing") throw error;
    throw new HsmError("tool-missing", `Cannot find uv: there is no program ${program}`, {
      hint: install,
      cause: error,
    });
  }
  const version = /^uv ((\d+)\.(\d+)\S*)/.exec(result.stdout);
  if (!result.success || version === null) {
    throw new HsmError("tool-missing", `Cannot use ${program}: it does not answer as uv does`, {
      hint: install,
      causes: `${result.stdout}${result.stderr}`.trim().split("\n").slice(0, 3),
    });
  }
  const [major, minor] = [Number(version[2]), Number(version[3])];
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
    throw new HsmError(
      "tool-too-old",
      `Cannot use ${version[0]} at ${program}: HSM needs ${OLDEST.join(".")} or newer`,
      { hint: "update it (`uv self update`) or name a newer one in HSM_UV" },
    );
  }
  return version[1]!;
}
