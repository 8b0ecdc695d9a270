/**
 * Which Hatch there is, and whether it will do.
 *
 * @module
 */

import type { AdapterContext } from "../adapter.ts";
import { askVersion, refuseOlder, type VersionedTool } from "../ask_version.ts";
import { hatchProgram, hatchVariables } from "./hatch.ts";

/**
 * Asks Hatch for its version: 1.10 is the first one that names a uv in `HATCH_UV`.
 *
 * @throws {HsmError} `tool-missing`, `tool-too-old`
 */
export async function checkHatch(context: AdapterContext): Promise<void> {
  const tool: VersionedTool = {
    name: "Hatch",
    program: hatchProgram(context.env),
    variable: context.env["HSM_HATCH"] ? "HSM_HATCH" : undefined,
    answer: /^Hatch, version (\d+\.\d+\S*)/m,
    install:
      "install it with `uv tool install hatch` or `pipx install hatch`, or name one in HSM_HATCH",
    update:
      "update it (`uv tool upgrade hatch`, `pipx upgrade hatch`) or name a newer one in HSM_HATCH",
  };
  const env = hatchVariables(context.env);
  refuseOlder(tool, await askVersion({ ...context, env }, tool), [1, 10]);
}
