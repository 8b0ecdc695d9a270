/**
 * Switching packages between dev and prod.
 *
 * @module
 */

import type { ManifestEdit } from "../manifest/edit.ts";
import type { Mode } from "../manifest/model.ts";
import { selectPackages } from "./select.ts";
import type { Workspace } from "../workspace/workspace.ts";

/** What switching a package's mode came to. */
export interface ModeSwitch {
  /** The package's name. */
  readonly package: string;
  /** Its mode before. */
  readonly from: Mode;
  /** Its mode now. */
  readonly to: Mode;
}

/** How modes are switched. */
export interface SwitchModeOptions {
  /** The packages, by name or glob. */
  readonly packages: readonly string[];
  /** The mode they are to have. */
  readonly mode: Mode;
  /** Whether in hsm.yaml, for everybody, instead of in hsm.local.yaml. */
  readonly shared: boolean;
}

/**
 * Stages the manifest edits that give packages a mode: as few as it takes, so that hsm.local.yaml holds only what
 * differs from hsm.yaml.
 *
 * @throws {HsmError} `package-unknown`
 */
export async function switchMode(
  workspace: Workspace,
  { packages, mode, shared }: SwitchModeOptions,
): Promise<readonly ModeSwitch[]> {
  const before = selectPackages(workspace.manifest, packages);
  const names = before.map((it) => it.name);
  const set = (name: string): ManifestEdit => ({
    kind: "set-package-key",
    package: name,
    key: "mode",
    value: mode,
  });
  // A personal mode would hide the shared one, and is needed only where that is another.
  await workspace.editManifest(names.map(unset), { shared: false });
  const current = shared ? await workspace.sharedManifest() : workspace.manifest;
  const differing = selectPackages(current, names).filter((it) => it.mode !== mode);
  await workspace.editManifest(differing.map((it) => set(it.name)), { shared });
  return before.map(({ name, mode: from }) => ({ package: name, from, to: mode }));
}

function unset(name: string): ManifestEdit {
  return { kind: "unset-package-key", package: name, key: "mode" };
}
