/**
 * uv where there is nothing to do, with as little loaded as may be.
 *
 * @module
 */

import type { QuickSync } from "../adapter.ts";
import { callUv, uvSyncArguments } from "./call.ts";
import { uvVariables } from "./variables.ts";

/** {@linkcode Adapter.quick}, for uv. */
export const quickUv: QuickSync = {
  name: "uv",
  async sync(context) {
    const env = uvVariables(context.env).sync;
    const args = uvSyncArguments({ lock: "locked" });
    const { success } = await callUv(args, { ...context, env }, { quiet: "unless-done" });
    return success;
  },
};
