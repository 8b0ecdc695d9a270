/**
 * Packages that the manifest asks for and a plain sync leaves out.
 *
 * @module
 */

import { readInstalled } from "./installed.ts";
import type { ManifestPackage } from "../manifest/model.ts";
import { normalizeName } from "../names.ts";
import { peekLocked } from "./locked.ts";
import type { CompleteAdapter } from "../adapters/adapter.ts";
import type { LockedPackage, RequirementPlace } from "../adapters/reader.ts";
import { requirementText } from "../project/wishes.ts";
import type { App } from "../reconcile/model.ts";
import { parseRequirement, type Requirement } from "../versions/requirement.ts";
import type { Workspace } from "../workspace/workspace.ts";

/**
 * What is wrong with packages that a sync without arguments has not installed as the manifest asks, one sentence each:
 * the requirement on a package is in a group or an extra that is installed only on request, or it is the user's own and
 * lacks an extra. Looks only where that may be, at what is installed and locked; touches nothing.
 */
export async function findLeftOut(
  workspace: Workspace,
  packages: readonly ManifestPackage[],
): Promise<readonly string[]> {
  const wanted = packages.filter((it) => it.require);
  const app = await workspace.app();
  const requirements = requirementsOf(app, wanted);
  const doubts = wanted.flatMap((it) => doubtsOf(workspace.adapter, app, it, requirements));
  if (doubts.length === 0) return [];
  const absent = await findAbsent(workspace, doubts.map((it) => it.key));
  const locked = await peekLocked(workspace);
  return doubts
    .filter((it) => it.extra === undefined ? absent.has(it.key) : isLacking(locked, it))
    .map((it) => it.message);
}

interface Doubt {
  readonly key: string;
  /** The extra that may be missing, normalized; undefined: the package itself. */
  readonly extra?: string;
  readonly message: string;
}

function doubtsOf(
  adapter: CompleteAdapter,
  { file }: App,
  it: ManifestPackage,
  requirements: Requirements,
): readonly Doubt[] {
  const { key, name } = it;
  const found = requirements.get(key) ?? [];
  const direct = found.filter(({ place }) => place === undefined);
  // Where a marker decides, it is no surprise that the package is not there.
  const elsewhere = found.filter(({ place, marker }) => place && marker === undefined);
  const [first] = elsewhere;
  if (direct.length === 0) {
    if (first?.place === undefined) return [];
    const { kind, name: label } = first.place;
    const args = adapter.argumentsFor(first.place).join(" ");
    const message = `${name} is not installed: only the ${kind} ${label} requires it`;
    const way = args === "" ? "" : `; \`hsm sync -- ${args}\` installs it`;
    return [{ key, message: message + way }];
  }
  const asked = [...direct, ...elsewhere].flatMap(({ extras }) => extras);
  return it.extras.map(normalizeName).filter((extra) => !asked.includes(extra)).map((extra) => ({
    key,
    extra,
    message: `${name}[${extra}] is not installed: ${file} requires ${name} without it, ` +
      `and hsm leaves your own requirements alone`,
  }));
}

/** A requirement of the app's. */
interface AppRequirement extends Requirement {
  /** The extra or group that it is in; undefined: project.dependencies. */
  readonly place: RequirementPlace | undefined;
}

/** The app's requirements, by the package they are on. */
type Requirements = ReadonlyMap<string, readonly AppRequirement[]>;

function requirementsOf(app: App, packages: readonly ManifestPackage[]): Requirements {
  const read = (texts: readonly string[], place: AppRequirement["place"]) =>
    texts.map(parseRequirement).flatMap((it) => it.ok ? [{ ...it.value, place }] : []);
  const readAll = (
    kind: "extra" | "group",
    lists: Readonly<Record<string, readonly string[]>>,
  ) => Object.entries(lists).flatMap(([name, it]) => read(it, { kind, name }));
  // HSM's own are as the manifest has them.
  const own = packages.filter((it) => Object.hasOwn(app.injected, it.key)).flatMap((it) => {
    const group = app.injected[it.key] || undefined;
    return read(
      [requirementText(it)],
      group === undefined ? group : { kind: "group", name: group },
    );
  });
  const all = [
    ...own,
    ...read(app.dependencies, undefined),
    ...readAll("extra", app.optionalDependencies),
    ...readAll("group", app.dependencyGroups),
  ];
  return Map.groupBy(all, ({ key }) => key);
}

/** Those of the packages that the environment, if there is one, does not have. */
async function findAbsent(
  workspace: Workspace,
  keys: readonly string[],
): Promise<ReadonlySet<string>> {
  if (workspace.adapter.choosesGroups(workspace.env)) return new Set();
  const environment = await workspace.adapter.environment(workspace.adapterContext);
  const isThere = environment !== undefined &&
    await Deno.stat(environment.folder).then((it) => it.isDirectory, () => false);
  if (!isThere) return new Set();
  const installed = await readInstalled(environment, new Set(keys));
  return new Set(keys.filter((key) => !installed.has(key)));
}

function isLacking(
  locked: readonly LockedPackage[] | undefined,
  { key, extra = "" }: Doubt,
): boolean {
  return locked !== undefined &&
    !locked.some((it) => it.key === key && it.extras.has(extra));
}
