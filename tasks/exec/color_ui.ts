/**
 * Whether git is to show colours, as the user has set it.
 *
 * @module
 */

import { HsmError } from "../../lib/errors.ts";
import { askGit, type GitContext } from "../../lib/git/ask.ts";
import { READING } from "../../lib/git/reading.ts";

/** Whether `color.ui` lets git show colours where somebody sees them; without git nothing shows any. */
export async function showsColors(context: GitContext, cwd: string): Promise<boolean> {
  try {
    const args = ["config", "--get-colorbool", "color.ui", "true"];
    return (await askGit(context, [...READING, ...args], { cwd })).stdout.trim() !== "false";
  } catch (error) {
    if (!(error instanceof HsmError) || error.code !== "tool-missing") throw error;
    return false;
  }
}
