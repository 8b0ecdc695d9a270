/**
 * Which Hatch there is, and whether it will do.
 *
 * @module
 */

import { HsmError } from "../../errors.ts";
import { run, type RunResult } from "../../process/run.ts";

/** The oldest Hatch that HSM works with, which is the first that names a uv in `HATCH_UV`: major, minor. */
const OLDEST = [1, 10] as const;

/**
 * Asks Hatch for its version.
 *
 * @param root The folder that it runs in.
 * @throws {HsmError} `tool-missing`, `tool-too-old`
 */
export async function checkHatch(
  root: string,
  program: string,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const install = env["HSM_HATCH"]
    ? "correct HSM_HATCH, which names it, or unset it"
    : "install it with `uv tool install hatch` or `pipx install hatch`, or name one in HSM_HATCH";
  let result: RunResult;
  try {
    result = await run([program, "--version"], { cwd: root, env });
  } catch (error) {
    if (!(error instanceof HsmError) || error.code !== "tool-missing") throw error;
    throw new HsmError("tool-missing", `Cannot find Hatch: there is no program ${program}`, {
      hint: install,
      cause: error,
    });
  }
  const version = /^Hatch, version ((\d+)\.(\d+)\S*)/m.exec(result.stdout);
  if (!result.success || version === null) {
    throw new HsmError("tool-missing", `Cannot use ${program}: it does not answer as Hatch does`, {
      hint: install,
      causes: `${result.stdout}${result.stderr}`.trim().split("\n").slice(0, 3),
    });
  }
  const [major, minor] = [Number(version[2]), Number(version[3])];
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return;
  throw new HsmError(
    "tool-too-old",
    `Cannot use Hatch ${version[1]} at ${program}: HSM needs ${OLDEST.join(".")} or newer`,
    {
      hint:
        "update it (`uv tool upgrade hatch`, `pipx upgrade hatch`) or name a newer one in HSM_HATCH",
    },
  );
}
