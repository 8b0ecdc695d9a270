/**
 * Whether git is to show colours, as the user has set it.
 *
 * @module
 */

import { HsmError } from "../../lib/errors.ts";
import type { Context } from "../../lib/context.ts";
import { READING } from "../../lib/git/reading.ts";

/** Whether `color.ui` lets git show colours where somebody sees them; without git nothing shows any. */
export async function showsColors({ $ }: Context, cwd: string): Promise<boolean> {
  try {
    const told = await $`git ${READING} config --get-colorbool color.ui true`.cwd(cwd)
      .noThrow().text();
    return told !== "false";
  } catch (error) {
    if (!(error instanceof HsmError) || error.code !== "tool-missing") throw error;
    return false;
  }
}
