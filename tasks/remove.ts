/**
 * `hsm remove`: packages out of the workspace.
 *
 * @module
 */

import {
  type CheckoutGroup,
  concerning,
  groupByCheckout,
  mapCheckouts,
} from "../lib/checkout/group.ts";
import { columns } from "../lib/text/columns.ts";
import {
  ADAPTER_ARGUMENTS,
  type Command,
  type CommandContext,
  defineCommand,
} from "../lib/command/command.ts";
import { HsmError } from "../lib/errors.ts";
import { unsharedWork } from "../lib/packages/unshared_work.ts";
import { isAppsAffair } from "../lib/manifest/stand_ins.ts";
import type { ManifestEdit } from "../lib/manifest/edit.ts";
import { isGlob, selectPackages } from "../lib/packages/select.ts";
import { findStillRequired } from "./remove/still_required.ts";
import type { Workspace } from "../lib/workspace/workspace.ts";
import { flag, packages, required } from "../lib/command/options.ts";
import { allPackages } from "../lib/command/package_options.ts";
import { finish, type Synced } from "./finish.ts";
import type { RemovedPackage } from "../lib/events/outcomes.ts";
import { isThere } from "../lib/files/is_there.ts";

export type { RemovedPackage };

export type { Synced };

/** What {@linkcode remove} removes. */
export interface RemoveOptions {
  /** The packages, by name or glob, such as `plug-*`. */
  readonly packages: readonly string[];
}

/** What {@linkcode remove} removed. */
export interface RemoveResult {
  /** The packages, in the manifest's order. */
  readonly removed: readonly RemovedPackage[];
}

/**
 * Takes packages out of hsm.yaml, in memory: `sync` or `inject` writes it, and takes out of pyproject.toml what HSM had
 * added for them.
 *
 * Touches hsm.yaml and hsm.local.yaml, in the workspace's transaction. The checkouts stay as they are. What is still
 * required by the app or by another package is warned of.
 *
 * @example
 * ```ts
 * import { openWorkspace, remove, sync } from "@hsm/hsm";
 *
 * await using workspace = await openWorkspace();
 * const { removed } = await remove(workspace, { packages: ["my-plugin"] });
 * console.log(removed); // [{ package: "my-plugin", checkout: "packages/my-plugin" }]
 * await sync(workspace);
 * ```
 *
 * @param workspace The workspace.
 * @param options Which packages.
 * @returns The packages, with the checkouts that stay.
 * @throws {HsmError} `package-unknown`, `manifest-invalid`, `pyproject-invalid`, `pyproject-unsupported`, `io`
 */
export async function remove(workspace: Workspace, options: RemoveOptions): Promise<RemoveResult> {
  const packages = selectPackages(workspace.manifest, options.packages);
  const edits = packages.map(({ name }): ManifestEdit => ({
    kind: "remove-package",
    package: name,
  }));
  // The personal file first: it must not name what the shared one does not know.
  await workspace.editManifest(edits, { shared: false });
  await workspace.editManifest(edits, { shared: true });
  // Where the others come from does not change.
  const written = packages.filter((it) => !isAppsAffair(it));
  for (const it of await findStillRequired(workspace, written)) {
    const message = `${it.package} is still required by ${it.by.join(", ")}: ` +
      `without hsm.yaml ${workspace.adapter.name} takes what has ` +
      `that name on an index, whoever it is from; take the requirement out too, or keep ${it.package}`;
    workspace.tell({ kind: "warned", packages: [it.package], message });
  }
  const removed = packages.map(({ name, path }) => ({
    package: name,
    checkout: isThere(workspace.root, path) ? path : undefined,
  }));
  for (const it of removed) workspace.tell({ kind: "removed", ...it });
  return { removed };
}

/** Says of the checkout of packages that have left the manifest that it stays. */
async function mentionCheckout(
  workspace: Workspace,
  group: CheckoutGroup,
): Promise<void> {
  const { directory, path, packages } = group;
  const kept = (message: string, level?: "warning") =>
    workspace.tell({ kind: "kept", ...concerning(group), level, message });
  const { root, manifest } = workspace;
  const [first] = groupByCheckout(root, [packages[0], ...manifest.packages]);
  const others = first?.packages.slice(1).map((it) => it.name) ?? [];
  if (others.length > 0) {
    const state = `${others.join(", ")} ${others.length === 1 ? "is" : "are"} in it`;
    return kept(`${path} stays as it is: ${state}`);
  }
  const work = await unsharedWork(workspace, directory);
  if (work !== undefined && work.dirty + work.unpushed + work.stashes > 0) {
    kept(`${path} stays as it is; it holds work that is nowhere else`, "warning");
  } else kept(`${path} stays as it is; delete it when you need it no longer`);
}

/** Whoever has not named them one by one is shown which ones they are. */
async function askToRemove(
  workspace: Workspace,
  words: readonly string[],
  { yes }: CommandContext,
): Promise<void> {
  const names = selectPackages(workspace.manifest, words).map((it) => it.name).join(", ");
  if (yes || names === "" || !words.some(isGlob)) return;
  const answer = await workspace.confirm?.(`Take ${names} out of hsm.yaml?`);
  if (answer) return;
  throw new HsmError("usage", `Cannot remove ${names}: nobody said yes`, {
    // Who has just said no is not told how to say yes.
    hint: answer === undefined ? `run \`${workspace.commandWith("--yes")}\`` : undefined,
  });
}

/**
 * `hsm remove`.
 *
 * @throws {HsmError} `usage` where a glob names packages and nobody says yes
 */
export const removeCommand: Command<Synced<RemoveResult>> = defineCommand({
  name: "remove",
  group: "The manifest",
  summary: "Take packages out of the workspace, and sync; their checkouts stay",
  examples: ["hsm remove my-plugin", "hsm remove 'plug-*'"],
  positional: "packages",
  passthrough: ADAPTER_ARGUMENTS,
  excludes: [
    ["noSync", "--", "without a sync nothing is passed on"],
  ],
  options: {
    packages: required(packages("The packages")),
    all: allPackages(),
    noSync: flag("Only take them out of the manifest; install nothing"),
    noCheck: flag("Go on though something does not fit"),
    wait: flag("Wait for another hsm in this workspace"),
  },
  async run(context, { packages, noSync = false, noCheck, wait = false }) {
    await using workspace = await context.open({ wait });
    await askToRemove(workspace, packages, context);
    const before = workspace.manifest;
    const { removed } = await remove(workspace, { packages });
    const text = columns(removed.map((it) => ["-", it.package]), context.width);
    const outcome = await finish(workspace, context, { removed }, { text, noSync, noCheck });
    // Whoever fails puts them back into the manifest.
    const gone = selectPackages(before, removed.map((it) => it.package))
      .filter((it) => isThere(workspace.root, it.path));
    await mapCheckouts(workspace, gone, (group) => mentionCheckout(workspace, group));
    return outcome;
  },
});
