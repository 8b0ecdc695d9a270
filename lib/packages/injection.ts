/**
 * What the package manager is told, as the manifest wants it.
 *
 * @module
 */

import type {
  AppFiles,
  CompleteAdapter,
  Needs,
  PackageSource,
  Written,
} from "../adapters/adapter.ts";
import { loadOthers } from "../adapters/others.ts";
import type { Change } from "../change.ts";
import type { ManifestPackage } from "../manifest/model.ts";
import { writtenForm } from "../manifest/stand_ins.ts";
import { normalizeName } from "../names.ts";
import type { CheckoutFiles } from "../workspace/checkout_files.ts";
import type { Workspace } from "../workspace/workspace.ts";

/** What the package manager is told, and who was before. */
export interface Injection extends Written {
  /** The package managers that the manifest named before, of which all that HSM has written goes. */
  readonly former: readonly CompleteAdapter[];
}

/**
 * What the files that HSM writes into become with the given sources, in memory. Packages of the manifest that are not
 * among them stay as they are.
 *
 * @param needs Default: what follows from what HSM wrote before.
 * @param all The packages as the files are to have them. Default: as the manifest says, what checkouts stand in for in
 * production.
 * @throws {HsmError} `pyproject-invalid`, `pyproject-unsupported`
 */
export async function planInjection(
  workspace: Workspace,
  sources: readonly PackageSource[],
  needs?: Needs,
  checkouts?: CheckoutFiles,
  all: readonly ManifestPackage[] = writtenForm(workspace.manifest).packages,
): Promise<Injection> {
  const mapped = new Map(sources.map((it) => [normalizeName(it.package), it.source]));
  const packages = all.map((it) => ({ ...it, source: mapped.get(it.key) }));
  const files = workspace.filesFor(checkouts);
  const former = await loadOthers(workspace.env, workspace.adapter.name, files);
  const before = await without(former, files);
  const { texts, changes } = await workspace.adapter.write(filesWith(files, before.texts), {
    packages,
    needs,
  });
  if (before.texts.size === 0) return { texts, changes, former };
  return {
    former,
    texts: new Map([...before.texts, ...texts]),
    changes: withoutRepeats([...before.changes, ...changes]),
  };
}

/** What takes out of the files what HSM has added for package managers that the manifest named before. */
async function without(former: readonly CompleteAdapter[], files: AppFiles): Promise<Written> {
  const texts = new Map<string, string | undefined>();
  const changes: Change[] = [];
  for (const it of former) {
    const written = await it.write(filesWith(files, texts), { packages: [] });
    for (const [file, text] of written.texts) texts.set(file, text);
    changes.push(...written.changes);
  }
  return { texts, changes };
}

/** The files with other texts in the place of some. */
export function filesWith(files: AppFiles, texts: Written["texts"]): AppFiles {
  if (texts.size === 0) return files;
  return {
    ...files,
    pyproject: async () => texts.get("pyproject.toml") ?? await files.pyproject(),
    read: async (file) => texts.has(file) ? texts.get(file) : await files.read(file),
    has: (path) => texts.has(path) ? texts.get(path) !== undefined : files.has(path),
  };
}

/** What both require in the same words has not changed; a source in the same words stands elsewhere now. */
function withoutRepeats(changes: readonly Change[]): readonly Change[] {
  const left: Change[] = [];
  for (const it of changes) {
    const at = left.findIndex((other) =>
      it.action === "add" && other.action === "remove" && other.package === it.package &&
      other.what === it.what
    );
    const [taken] = at < 0 ? [] : left.splice(at, 1);
    if (taken === undefined) left.push(it);
    else if (it.what !== "requirement" || taken.from !== it.to) {
      left.push({ ...taken, ...it, action: "replace" });
    }
  }
  return left;
}
