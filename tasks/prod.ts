/**
 * `hsm prod`: packages at their pins.
 *
 * @module
 */

import { ADAPTER_ARGUMENTS, type Command, defineCommand } from "../lib/command/command.ts";
import { type ModeSwitch, switchMode } from "../lib/packages/mode.ts";
import { findUnsharedWork } from "../lib/packages/unshared_work.ts";
import { selectPackages } from "../lib/packages/select.ts";
import type { Workspace } from "../lib/workspace/workspace.ts";
import type { Synced } from "./finish.ts";
import {
  MODE_EXCLUDES,
  MODE_OPTIONS,
  runSwitch,
  type SwitchOptions,
  type SwitchResult,
} from "./switch_mode.ts";

export type { ModeSwitch, SwitchOptions as ProdOptions, SwitchResult as ProdResult, Synced };

/**
 * Puts packages into prod mode, in memory: `sync`, `inject` or `workspace.commit()` writes it. `sync` then installs
 * them from their pins.
 *
 * Touches hsm.local.yaml, or with `shared` hsm.yaml, in the workspace's transaction. The checkouts stay as they are;
 * one that holds work which is nowhere else is warned of.
 *
 * @example
 * ```ts
 * import { openWorkspace, prod, sync } from "@hsm/hsm";
 *
 * await using workspace = await openWorkspace();
 * const { switched } = await prod(workspace, { packages: ["my-plugin"] });
 * console.log(switched); // [{ package: "my-plugin", from: "dev", to: "prod" }]
 * await sync(workspace);
 * ```
 *
 * @param workspace The workspace.
 * @param options Which packages, and whether for everybody.
 * @returns The packages with their modes before and now, in the manifest's order.
 * @throws {HsmError} `package-unknown`, `manifest-invalid`
 */
export async function prod(workspace: Workspace, options: SwitchOptions): Promise<SwitchResult> {
  const { packages, shared = false } = options;
  const left = selectPackages(workspace.manifest, packages).filter((it) => it.mode !== "prod");
  // git looks into the checkouts while the manifest is edited; it has ended whatever comes of that.
  const [found, done] = await Promise.allSettled([
    findUnsharedWork(workspace, left),
    switchMode(workspace, { packages, mode: "prod", shared }),
  ]);
  if (done.status === "rejected") throw done.reason;
  if (found.status === "rejected") throw found.reason;
  for (const message of found.value) workspace.tell({ kind: "warned", message });
  return { switched: done.value };
}

/** `hsm prod`. */
export const prodCommand: Command<Synced<SwitchResult>> = defineCommand({
  name: "prod",
  group: "Every day",
  summary: "Use packages at their pins again; their checkouts stay",
  examples: ["hsm prod my-plugin", "hsm prod --all", "hsm prod my-plugin --shared"],
  positional: "packages",
  packageMode: "dev",
  passthrough: ADAPTER_ARGUMENTS,
  excludes: MODE_EXCLUDES,
  options: MODE_OPTIONS,
  run: runSwitch("prod", prod),
});
