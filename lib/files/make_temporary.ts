/**
 * A temporary folder, outside of every workspace.
 *
 * @module
 */

import { HsmError } from "../errors.ts";
import { SYSTEM } from "../platform/system.ts";
import { describeFailure } from "./system_error.ts";

/** What names the folder for temporary files, in the order in which they count. */
const VARIABLES = SYSTEM === "windows" ? ["TMP", "TEMP"] : ["TMPDIR"];

/** A temporary folder; disposed of, it is removed with all that is in it. */
export interface TemporaryFolder extends AsyncDisposable {
  /** The folder, absolute. */
  readonly path: string;
}

/**
 * Makes a temporary folder.
 *
 * @throws {HsmError} `io` where the system's place for temporary files is missing or not to be written to.
 */
export async function makeTemporary(prefix: string): Promise<TemporaryFolder> {
  try {
    const path = await Deno.makeTempDir({ prefix });
    // A folder that stays is no reason to fail, and none to hide why.
    const remove = () => Deno.remove(path, { recursive: true }).catch(() => {});
    return { path, [Symbol.asyncDispose]: remove };
  } catch (cause) {
    const variable = VARIABLES.find((name) => Deno.env.get(name));
    const place = variable === undefined ? "/tmp" : Deno.env.get(variable)!;
    throw new HsmError(
      "io",
      `Cannot make a temporary folder in ${place}: ${describeFailure(cause)}`,
      {
        hint: `set ${variable ?? VARIABLES[0]} to a folder that is there and can be written to`,
        details: { path: place },
        cause,
      },
    );
  }
}
