/**
 * Who still requires a package that has left the manifest: the package manager then takes what bears its name on an index,
 * whoever that is from.
 *
 * @module
 */

import { HsmError } from "../../lib/errors.ts";
import type { ManifestPackage } from "../../lib/manifest/model.ts";
import { normalizeName, requirementName } from "../../lib/names.ts";
import { peekLocked } from "../../lib/packages/locked.ts";
import { type ProjectFacts, readProject } from "../../lib/project/read_project.ts";
import type { Workspace } from "../../lib/workspace/workspace.ts";
import { planInjection } from "../../lib/packages/injection.ts";

/**
 * Looks into pyproject.toml as it will be, and into the lock file as the last sync left it. One for which
 * there is another source, the user's own or another package's, is left out. Touches nothing.
 *
 * @param removed Packages that are no longer in the manifest.
 * @returns Those that are still required, by their names, with who requires them: `the app`, or packages by name.
 */
export async function findStillRequired(
  workspace: Workspace,
  removed: readonly ManifestPackage[],
): Promise<readonly { readonly package: string; readonly by: readonly string[] }[]> {
  const after = removed.length === 0 ? undefined : await appWithout(workspace);
  if (after === undefined) return [];
  const { project, sourced } = after;
  const own = new Set(
    [
      ...project.dependencies,
      ...Object.values(project.optionalDependencies).flat(),
      ...Object.values(project.dependencyGroups).flat(),
    ].map(requirementName),
  );
  const gone = new Set([...removed.map((it) => it.key), normalizeName(project.name ?? "")]);
  const locked = (await peekLocked(workspace) ?? []).filter((it) => !gone.has(it.key));
  return removed.filter((it) => !sourced.has(it.key)).flatMap(({ key, name }) => {
    const others = locked.filter((it) => it.needs.some((need) => need.key === key));
    const by = [...(own.has(key) ? ["the app"] : []), ...new Set(others.map((it) => it.key))];
    return by.length === 0 ? [] : [{ package: name, by }];
  });
}

/** What the app's files say without them. */
interface App {
  readonly project: ProjectFacts;
  /** The packages for which there is a source, by normalized name. */
  readonly sourced: ReadonlySet<string>;
}

/** The app without them; undefined where that cannot be told, which whoever writes its files says. */
async function appWithout(workspace: Workspace): Promise<App | undefined> {
  const { adapter } = workspace;
  const before = workspace.filesFor();
  try {
    const { texts } = await planInjection(workspace, []);
    const pyproject = texts.get("pyproject.toml") ?? await before.pyproject();
    const uses = await adapter.uses({
      ...before,
      pyproject: () => Promise.resolve(pyproject),
      read: async (file) => texts.has(file) ? texts.get(file) : await before.read(file),
    });
    return {
      project: readProject(pyproject, "pyproject.toml"),
      sourced: new Set([...uses.keys(), ...await adapter.sourcedByOthers(before)]),
    };
  } catch (thrown) {
    if (!(thrown instanceof HsmError)) throw thrown;
    return undefined;
  }
}
