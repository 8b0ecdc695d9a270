/**
 * Switching packages between dev and prod.
 *
 * @module
 */

import { HsmError } from "../errors.ts";
import type { InjectInto, Mode } from "../manifest/model.ts";
import { isAppsAffair } from "../manifest/stand_ins.ts";
import { peekLocked } from "./locked.ts";
import { selectPackages } from "./select.ts";
import type { Workspace } from "../workspace/workspace.ts";
import type { ModeSwitch } from "../events/outcomes.ts";

export type { ModeSwitch };

/**
 * Stages the manifest edits that give packages a mode: as few as it takes, so that hsm.local.yaml holds only what
 * differs from hsm.yaml.
 *
 * @param how The packages, by name or glob, and the mode that they are to have; `shared`: in hsm.yaml, for everybody,
 * instead of in hsm.local.yaml.
 * @throws {HsmError} `package-unknown`
 */
export async function switchMode(
  workspace: Workspace,
  { packages, mode, inject, shared }: {
    readonly packages: readonly string[];
    readonly mode: Mode;
    readonly inject?: InjectInto | undefined;
    readonly shared: boolean;
  },
): Promise<readonly ModeSwitch[]> {
  const before = selectPackages(workspace.manifest, packages);
  const names = before.map((it) => it.name);
  await setKey(workspace, names, { key: "mode", value: mode, shared });
  if (inject !== undefined) {
    await setKey(workspace, names, { key: "inject", value: inject, shared });
  } else if (mode === "prod") {
    // Without a pin it can be the app's own affair only, as hsm.yaml may say.
    const stuck = before.filter((it) => it.pin === undefined && it.inject === "pyproject");
    await unsetOwn(workspace, stuck.map((it) => it.name), "inject");
  }
  const after = selectPackages(workspace.manifest, names);
  const switched = before.map(({ name, mode: from, inject }, index): ModeSwitch => ({
    ...{ package: name, from, to: mode },
    ...(after[index]?.inject === inject ? {} : { inject: after[index]!.inject }),
  }));
  for (const it of switched) {
    workspace.switched.add(it.package);
    workspace.tell({ kind: "switched", ...it });
  }
  return switched;
}

/** Has the checkouts of new packages written into the app's files that have nothing to stand in for, whatever the rule is. */
export async function writeIntoFiles(
  workspace: Workspace,
  names: readonly string[],
): Promise<void> {
  const own = selectPackages(workspace.manifest, names).filter(isAppsAffair);
  if (own.length === 0) return;
  const locked = await peekLocked(workspace) ?? [];
  const nowhere = own.filter(({ key }) => !locked.some((it) => it.key === key));
  await workspace.editManifest(
    nowhere.map(({ name }) => ({
      ...{ kind: "set-package-key", package: name, key: "inject", value: "pyproject" } as const,
    })),
    { shared: true },
  );
}

/**
 * Refuses what the package manager cannot do, before the manifest says it: an error of its own would be about a file that
 * nobody has written.
 *
 * @throws {HsmError} `usage`
 */
export function refuseInject({ adapter }: Workspace, inject: InjectInto | undefined): void {
  if (inject !== "environment" || adapter.can.standsIn) return;
  const reason = `with ${adapter.name} no checkout can stand in for what is locked`;
  throw new HsmError("usage", `Cannot leave the app's files as they are in dev mode: ${reason}`, {
    hint: "leave out `--inject environment`: the checkouts are written into these files then",
  });
}

/** Gives packages a key, where it is to differ from what hsm.yaml says, or there. */
async function setKey(
  workspace: Workspace,
  names: readonly string[],
  { key, value, shared }: {
    readonly key: "mode" | "inject";
    readonly value: string;
    readonly shared: boolean;
  },
): Promise<void> {
  // A personal value would hide the shared one, and is needed only where that is another.
  await unsetOwn(workspace, names, key);
  const current = shared ? await workspace.sharedManifest() : workspace.manifest;
  const differing = selectPackages(current, names).filter((it) => it[key] !== value);
  await workspace.editManifest(
    differing.map((it) => ({ kind: "set-package-key", package: it.name, key, value })),
    { shared },
  );
}

/** Takes a key of packages out of hsm.local.yaml. */
async function unsetOwn(
  workspace: Workspace,
  names: readonly string[],
  key: "mode" | "inject",
): Promise<void> {
  await workspace.editManifest(
    names.map((it) => ({ kind: "unset-package-key", package: it, key })),
    { shared: false },
  );
}
