/**
 * Who still requires a package that has left the manifest: the package manager then takes what bears its name on an index,
 * whoever that is from.
 *
 * @module
 */

import type { LockedPackage } from "../../lib/adapters/reader.ts";
import { HsmError } from "../../lib/errors.ts";
import type { ManifestPackage } from "../../lib/manifest/model.ts";
import { normalizeName, requirementName } from "../../lib/names.ts";
import { peekLocked } from "../../lib/packages/locked.ts";
import { mapAll } from "../../lib/process/pool.ts";
import type { App } from "../../lib/reconcile/model.ts";
import { Survey } from "../../lib/survey/survey.ts";
import type { Workspace } from "../../lib/workspace/workspace.ts";
import { filesWith, planInjection } from "../../lib/packages/injection.ts";

/**
 * Looks into the app's files as they will be, and into the lock file as the last sync left it. One for which
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
  const { app, sourced } = after;
  const own = new Set(
    [
      ...app.dependencies,
      ...Object.values(app.optionalDependencies).flat(),
      ...Object.values(app.dependencyGroups).flat(),
    ].map(requirementName),
  );
  const gone = new Set([...removed.map((it) => it.key), normalizeName(app.name ?? "")]);
  const locked = (await peekLocked(workspace) ?? []).filter((it) => !gone.has(it.key));
  const said = await needsSaid(workspace, locked);
  return removed.filter((it) => !sourced.has(it.key)).flatMap(({ key, name }) => {
    const others = locked.filter((it) =>
      it.needs?.some((need) => need.key === key) || said.get(it.key)?.has(key)
    );
    const by = [...(own.has(key) ? ["the app"] : []), ...new Set(others.map((it) => it.key))];
    return by.length === 0 ? [] : [{ package: name, by }];
  });
}

/** What packages of the manifest say themselves that they need, where the lock file does not tell it. */
async function needsSaid(
  workspace: Workspace,
  locked: readonly LockedPackage[],
): Promise<ReadonlyMap<string, ReadonlySet<string | undefined>>> {
  const untold = new Set(locked.filter((it) => it.needs === undefined).map((it) => it.key));
  const packages = workspace.manifest.packages.filter((it) => untold.has(it.key));
  if (packages.length === 0) return new Map();
  await using survey = new Survey(workspace, { asks: "none" });
  const found = await mapAll(packages, workspace.jobs, survey.component);
  return new Map(packages.map(({ key }, at) => {
    const { dependencies = [], optionalDependencies = {} } = found[at]?.metadata ?? {};
    const texts = [...dependencies, ...Object.values(optionalDependencies).flat()];
    return [key, new Set(texts.map(requirementName))];
  }));
}

/** What the app's files say without them. */
interface AppWithout {
  readonly app: App;
  /** The packages for which there is a source, by normalized name. */
  readonly sourced: ReadonlySet<string>;
}

/** The app without them; undefined where that cannot be told, which whoever writes its files says. */
async function appWithout(workspace: Workspace): Promise<AppWithout | undefined> {
  const { adapter } = workspace;
  const before = workspace.filesFor();
  try {
    const { texts } = await planInjection(workspace, []);
    const after = filesWith(before, texts);
    const { app } = await adapter.readApp(after);
    const uses = await adapter.uses(after);
    if (app === undefined) return undefined;
    return { app, sourced: new Set([...uses.keys(), ...await adapter.sourcedByOthers(before)]) };
  } catch (thrown) {
    if (!(thrown instanceof HsmError)) throw thrown;
    return undefined;
  }
}
