/**
 * Telling programs that their output is shown with colours, though they write it into a pipe.
 *
 * @module
 */

import type { Context } from "../../lib/process/context.ts";
import { HsmError } from "../../lib/errors.ts";
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

/**
 * The environment in which programs show colours: FORCE_COLOR (force-color.org) and CLICOLOR_FORCE say so, and of git
 * `color.ui`. What the user has set counts for more; with NO_COLOR, and with a FORCE_COLOR that means no, nothing is added.
 *
 * @param git Whether git's own settings let it show colours.
 */
export function tellColors(
  env: Readonly<Record<string, string>>,
  { git }: { readonly git: boolean },
): Readonly<Record<string, string>> {
  if (env["NO_COLOR"] || /^(?:0|false)$/i.test(env["FORCE_COLOR"] ?? "")) return env;
  return { FORCE_COLOR: "1", CLICOLOR_FORCE: "1", ...env, ...(git ? colorOfGit(env) : {}) };
}

/** git's own variables for settings, one more of them. */
function colorOfGit(env: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const count = env["GIT_CONFIG_COUNT"] || "0";
  const keys = Object.keys(env).filter((it) => it.startsWith("GIT_CONFIG_KEY_"));
  // What git would refuse is left for it to refuse.
  if (!/^\d+$/.test(count) || keys.some((it) => env[it]?.toLowerCase() === "color.ui")) return {};
  return {
    GIT_CONFIG_COUNT: String(Number(count) + 1),
    [`GIT_CONFIG_KEY_${Number(count)}`]: "color.ui",
    [`GIT_CONFIG_VALUE_${Number(count)}`]: "always",
  };
}
