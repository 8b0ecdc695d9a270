/**
 * `hsm dev`: packages as editable checkouts.
 *
 * @module
 */

import { ADAPTER_ARGUMENTS, type Command, defineCommand } from "../lib/command.ts";
import { type ModeSwitch, switchMode } from "../lib/packages/mode.ts";
import type { Workspace } from "../lib/workspace/workspace.ts";
import { objectFilter } from "../lib/packages/options.ts";
import type { Synced } from "./finish.ts";
import { finishSwitch, modeOptions, packagesFor } from "./switch_mode.ts";

/** What {@linkcode dev} switches. */
export interface DevOptions {
  /** The packages, by name or glob, such as `plug-*`. */
  readonly packages: readonly string[];
  /** Switches in hsm.yaml, for everybody, instead of in hsm.local.yaml. @default {false} */
  readonly shared?: boolean;
}

/** What {@linkcode dev} switched. */
export interface DevResult {
  /** The packages asked for, in the manifest's order. */
  readonly switched: readonly ModeSwitch[];
}

/**
 * Puts packages into dev mode, in memory: `inject`, `sync` or `workspace.commit()` writes it.
 *
 * Touches hsm.local.yaml, or with `shared` hsm.yaml, in the workspace's transaction.
 *
 * @example
 * ```ts
 * import { dev, openWorkspace, syncWorkspace } from "@hsm/hsm";
 *
 * await using workspace = await openWorkspace();
 * await dev(workspace, { packages: ["my-plugin"] });
 * await syncWorkspace(workspace, { yes: true });
 * ```
 *
 * @throws {HsmError} `package-unknown`, `manifest-invalid`
 */
export async function dev(workspace: Workspace, options: DevOptions): Promise<DevResult> {
  const { packages, shared = false } = options;
  return { switched: await switchMode(workspace, { packages, mode: "dev", shared }) };
}

/** `hsm dev`. */
export const devCommand: Command<Synced<DevResult>> = defineCommand({
  name: "dev",
  summary: "Work on packages: clone them, and use the checkouts",
  examples: [
    "hsm dev",
    "hsm dev my-plugin",
    "hsm dev 'plug-*'",
    "hsm dev my-plugin --shared",
    "hsm dev my-plugin --no-sync",
  ],
  positional: "packages",
  packageMode: "prod",
  passthrough: ADAPTER_ARGUMENTS,
  excludes: [
    ["noSync", "--", "without a sync nothing is passed on"],
    ["noSync", "noVerify", "without a sync nothing is verified"],
    ["noSync", "filter", "without a sync nothing is cloned"],
  ],
  options: {
    ...modeOptions("Switch in hsm.yaml, for everybody"),
    filter: objectFilter(),
  },
  async run(context, { packages: named, shared = false, wait = false, ...how }) {
    await using workspace = await context.open({ wait });
    const packages = await packagesFor("dev", workspace, context, named);
    const { switched } = await dev(workspace, { packages, shared });
    return await finishSwitch(workspace, context, { switched, ...how });
  },
});
