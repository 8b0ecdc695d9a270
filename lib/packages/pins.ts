/**
 * Pins: which file they are in.
 *
 * @module
 */

import type { ManifestEdit, PackageKey } from "../manifest/edit.ts";
import { type Mode, PIN_KEYS } from "../manifest/model.ts";
import { normalizeName } from "../names.ts";
import type { Problem, ProblemCode } from "../reconcile/problem.ts";
import type { Workspace } from "../workspace/workspace.ts";

/**
 * What one manifest file itself says of a package, the other one left aside: the keys that it gives the package, and the
 * mode that it gives to packages without one.
 */
export async function ownEntry(
  workspace: Workspace,
  file: "hsm.yaml" | "hsm.local.yaml",
  key: string,
): Promise<{ readonly keys: ReadonlySet<string>; readonly mode: Mode | undefined }> {
  const text = await workspace.read(file);
  if (text === undefined) return { keys: new Set(), mode: undefined };
  const { validateFile } = await import("../manifest/validate.ts");
  const { contentOf } = await import("../manifest/content.ts");
  const { data, yaml } = validateFile({ path: file, text });
  return { keys: new Set(contentOf(yaml.root).packages.get(key)?.keys()), mode: data?.mode };
}

/** Whether hsm.local.yaml pins a package, which hides the pin in hsm.yaml. */
export async function isPinnedLocally(workspace: Workspace, key: string): Promise<boolean> {
  const { keys } = await ownEntry(workspace, "hsm.local.yaml", key);
  return PIN_KEYS.some((it) => keys.has(it));
}

/** Problems of the version that a package is pinned to. */
const OF_PINS: ReadonlySet<ProblemCode> = new Set(["pin-not-found", "source-missing", "tag-moved"]);

/** The same problems; those that come from a pin name the file that it is in. */
export async function withPinFiles(
  workspace: Workspace,
  problems: readonly Problem[],
): Promise<readonly Problem[]> {
  return await Promise.all(problems.map(async (problem) => {
    const [side, ...others] = problem.sides;
    if (!OF_PINS.has(problem.code) || side?.file !== "hsm.yaml") return problem;
    if (!await isPinnedLocally(workspace, normalizeName(side.component))) return problem;
    return { ...problem, sides: [{ ...side, file: "hsm.local.yaml" }, ...others] };
  }));
}

/** The edits that take a package's pin out of a file. */
export function unsetPin(name: string, keys: ReadonlySet<string>): readonly ManifestEdit[] {
  return PIN_KEYS.filter((it) => keys.has(it)).map((key) => ({
    kind: "unset-package-key",
    package: name,
    key: key as PackageKey,
  }));
}
