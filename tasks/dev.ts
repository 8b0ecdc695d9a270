/**
 * `hsm dev`: packages as editable checkouts.
 *
 * @module
 */

import { ADAPTER_ARGUMENTS, type Command, defineCommand } from "../lib/command/command.ts";
import { type ModeSwitch, refuseInject, switchMode } from "../lib/packages/mode.ts";
import { isGlob } from "../lib/packages/select.ts";
import { HsmError } from "../lib/errors.ts";
import type { InjectInto } from "../lib/manifest/model.ts";
import type { Workspace } from "../lib/workspace/workspace.ts";
import { injectChoice, objectFilter } from "../lib/command/package_options.ts";
import type { Synced } from "./finish.ts";
import {
  MODE_EXCLUDES,
  MODE_OPTIONS,
  runSwitch,
  type SwitchOptions,
  type SwitchResult,
} from "./switch_mode.ts";

export type { ModeSwitch, SwitchResult as DevResult, Synced };

/** What {@linkcode dev} switches, and how. */
export interface DevOptions extends SwitchOptions {
  /**
   * How the checkouts are used: written into the app's files, or standing in the environment for what these say.
   * Default: as the manifest says.
   */
  readonly inject?: InjectInto | undefined;
}

/**
 * Puts packages into dev mode, in memory: `sync`, `inject` or `workspace.commit()` writes it. `sync` then clones those
 * whose checkout is missing, and installs them editable.
 *
 * Touches hsm.local.yaml, or with `shared` hsm.yaml, in the workspace's transaction.
 *
 * @example
 * ```ts
 * import { dev, openWorkspace, sync } from "@hsm/hsm";
 *
 * await using workspace = await openWorkspace();
 * const { switched } = await dev(workspace, { packages: ["my-plugin"] });
 * console.log(switched); // [{ package: "my-plugin", from: "prod", to: "dev" }]
 * await sync(workspace, { yes: true });
 * ```
 *
 * @param workspace The workspace.
 * @param options Which packages, and whether for everybody.
 * @returns The packages with their modes before and now, in the manifest's order.
 * @throws {HsmError} `usage` where no checkout can stand in, `package-unknown`, `manifest-invalid`
 */
export async function dev(workspace: Workspace, options: DevOptions): Promise<SwitchResult> {
  const { packages, inject, shared = false } = options;
  refuseInject(workspace, inject);
  try {
    return { switched: await switchMode(workspace, { packages, mode: "dev", inject, shared }) };
  } catch (error) {
    throw inject === "environment" ? hintAtAdd(error) : error;
  }
}

/** What the app has from elsewhere is to be named first. */
function hintAtAdd(error: unknown): unknown {
  if (!(error instanceof HsmError) || error.code !== "package-unknown") return error;
  const { details, hint } = error;
  const names = (details["packages"] as readonly string[]).filter((it) => !isGlob(it));
  if (names.length === 0 || hint?.startsWith("did you mean")) return error;
  const command = `hsm add ${names.join(" ")} --dev --inject environment`;
  return new HsmError(error.code, error.message, {
    hint: `${hint}; \`${command}\` adds ${names.length === 1 ? "it" : "them"}`,
    details,
  });
}

/** `hsm dev`. */
export const devCommand: Command<Synced<SwitchResult>> = defineCommand({
  name: "dev",
  group: "Every day",
  summary: "Work on packages: clone them, and use the checkouts",
  examples: [
    "hsm dev",
    "hsm dev my-plugin",
    "hsm dev 'plug-*'",
    "hsm dev my-plugin --inject environment",
    "hsm dev my-plugin --shared",
    "hsm dev my-plugin --no-sync",
  ],
  positional: "packages",
  packageMode: "prod",
  passthrough: ADAPTER_ARGUMENTS,
  excludes: [...MODE_EXCLUDES, ["noSync", "filter", "without a sync nothing is cloned"]],
  options: {
    ...MODE_OPTIONS,
    inject: injectChoice(),
    filter: objectFilter(),
  },
  run: runSwitch("dev", dev),
});
