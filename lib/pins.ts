/**
 * Pins: how they are written, and which file they are in.
 *
 * @module
 */

import { factsOf, PIN_KEYS } from "./manifest/facts.ts";
import type { ManifestEdit, PackageKey } from "./manifest/edit.ts";
import type { Pin } from "./manifest/model.ts";
import { validateFile } from "./manifest/validate.ts";
import type { Workspace } from "./workspace.ts";

/** A pin in a word or two: a tag as it is, a branch and a commit named as such. */
export function describePin(pin: Pin | undefined): string {
  if (pin === undefined) return "no pin";
  if ("tag" in pin) return pin.tag;
  return "rev" in pin ? `rev ${pin.rev.slice(0, 12)}` : `branch ${pin.branch}`;
}

/** What one manifest file says of a package, by its own keys. */
export async function ownKeys(
  workspace: Workspace,
  file: "hsm.yaml" | "hsm.local.yaml",
  key: string,
): Promise<ReadonlySet<string>> {
  const text = await workspace.read(file);
  if (text === undefined) return new Set();
  const facts = factsOf(validateFile({ path: file, text }).yaml.root);
  return new Set(facts.packages.get(key)?.keys());
}

/** Whether hsm.local.yaml pins a package, which hides the pin in hsm.yaml. */
export async function isPinnedLocally(workspace: Workspace, key: string): Promise<boolean> {
  const keys = await ownKeys(workspace, "hsm.local.yaml", key);
  return PIN_KEYS.some((it) => keys.has(it));
}

/** The edits that take a package's pin out of a file. */
export function unsetPin(name: string, keys: ReadonlySet<string>): readonly ManifestEdit[] {
  return PIN_KEYS.filter((it) => keys.has(it)).map((key) => ({
    kind: "unset-package-key",
    package: name,
    key: key as PackageKey,
  }));
}
