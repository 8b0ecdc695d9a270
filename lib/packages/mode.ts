/**
 * Switching packages between dev and prod.
 *
 * @module
 */

import type { Mode } from "../manifest/model.ts";
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
  { packages, mode, shared }: {
    readonly packages: readonly string[];
    readonly mode: Mode;
    readonly shared: boolean;
  },
): Promise<readonly ModeSwitch[]> {
  const before = selectPackages(workspace.manifest, packages);
  const names = before.map((it) => it.name);
  const ofMode = (name: string) => ({ package: name, key: "mode" }) as const;
  // A personal mode would hide the shared one, and is needed only where that is another.
  await workspace.editManifest(
    names.map((it) => ({ kind: "unset-package-key", ...ofMode(it) })),
    { shared: false },
  );
  const current = shared ? await workspace.sharedManifest() : workspace.manifest;
  const differing = selectPackages(current, names).filter((it) => it.mode !== mode);
  await workspace.editManifest(
    differing.map((it) => ({ kind: "set-package-key", ...ofMode(it.name), value: mode })),
    { shared },
  );
  const switched = before.map(({ name, mode: from }) => ({ package: name, from, to: mode }));
  for (const it of switched) workspace.tell({ kind: "switched", ...it });
  return switched;
}
