/**
 * What a sync would do with each package.
 *
 * @module
 */

import type { Use } from "../adapters/adapter.ts";
import { type Change, isOfPackage } from "../change.ts";
import type { StandInChange } from "../events/outcomes.ts";
import { normalizeName } from "../names.ts";
import { installedOf } from "../packages/installed.ts";
import { describeFor, wantedFor } from "../packages/standing.ts";
import { relativePath, shortPath } from "../platform/paths.ts";
import { readProject } from "../project/read_project.ts";
import type { Source } from "../source.ts";
import type { FilesPlan } from "./plan_files.ts";
import type { Survey } from "./survey.ts";

/** How a package is used, as far as that is known without changing anything. */
export interface PackageUse {
  /** How it is used; undefined: pyproject.toml says nothing of it. */
  readonly mode: "prod" | "dev" | undefined;
  /** The tag, commit or branch in prod mode, the folder in dev mode. */
  readonly place: string | undefined;
  /** What the checkout stands in for, while the app's files say what they said; left out where they name the checkout. */
  readonly for?: string | undefined;
  /** The repository, in prod mode. */
  readonly git: string | undefined;
  /** The version that is installed, or that the checkout says it has. */
  readonly version: string | undefined;
}

/** What a sync would do with one package. */
export interface PlannedPackage {
  /** Its name. */
  readonly package: string;
  /** How it is used now. */
  readonly from: PackageUse;
  /** How it would be used. */
  readonly to: PackageUse;
  /** Whether its checkout would be cloned. */
  readonly clone: boolean;
  /** What would change in pyproject.toml. */
  readonly changes: readonly Change[];
}

/**
 * The packages that something would happen to: those of the manifest in its order, then those that have left it.
 *
 * @param before How the app's files use packages.
 * @param missing The packages whose checkout would be cloned.
 * @param standIns What would be done about checkouts that stand in.
 */
export async function plannedPackages(
  survey: Survey,
  { changes, sources }: Pick<FilesPlan, "changes" | "sources">,
  { before, missing, standIns }: {
    readonly before: ReadonlyMap<string, Use>;
    readonly missing: readonly string[];
    readonly standIns: readonly StandInChange[];
  },
): Promise<readonly PlannedPackage[]> {
  const others = [...missing, ...standIns.map((it) => it.package)];
  const names = touchedNames(survey, changes, others);
  const installed = await installedOf(survey.workspace, new Set(names.map(normalizeName)));
  const packages: PlannedPackage[] = [];
  for (const name of names) {
    const key = normalizeName(name);
    const source = sources.find((it) => normalizeName(it.package) === key)?.source;
    const [own, standIn] = [installed.get(key), await plannedStandIn(survey, key)];
    packages.push({
      package: name,
      from: {
        ...(own?.origin.kind === "stand-in" ? inPlace(survey, own.origin) : useOf(before.get(key))),
        version: own?.version,
      },
      to: {
        ...(standIn === undefined ? useOf(source) : inPlace(survey, standIn)),
        version: await checkoutVersion(survey, standIn?.source ?? source),
      },
      clone: missing.includes(name),
      changes: changes.filter((it) => normalizeName(it.package) === key),
    });
  }
  return packages;
}

function touchedNames(
  { workspace: { manifest } }: Survey,
  changes: readonly Change[],
  others: readonly string[],
): readonly string[] {
  const changed = changes.filter(isOfPackage).map((it) => it.package);
  const touched = new Map([...changed, ...others].map((it) => [normalizeName(it), it]));
  const known = manifest.packages.filter((it) => touched.delete(it.key));
  return [...known.map((it) => it.name), ...touched.values()];
}

/** How a package is used that the files have from there, now or then. */
function useOf(from: Use | Source | undefined): Omit<PackageUse, "version"> {
  if (from?.kind === "path") return { mode: "dev", place: from.path, git: undefined };
  if (from?.kind !== "git") return { mode: undefined, place: undefined, git: undefined };
  const { git, tag, rev, branch } = from;
  return { mode: "prod", place: tag ?? rev ?? branch, git };
}

/** The checkout that is to stand in for a package. */
async function plannedStandIn(survey: Survey, key: string) {
  const { root, manifest: { packages } } = survey.workspace;
  const standing = (await survey.standings()).find((it) => it.key === key);
  const it = packages.find((it) => it.key === key);
  if (standing === undefined || it === undefined) return undefined;
  const stoodFor = wantedFor(it.pin, standing.locked) ?? "what is locked";
  const path = relativePath(root, standing.folder);
  return { path: standing.folder, for: stoodFor, source: { kind: "path", path } as const };
}

/** How a package is used that a checkout stands in for. */
function inPlace(
  { workspace: { root } }: Survey,
  { path, for: stoodFor }: { readonly path: string; readonly for: string },
): Omit<PackageUse, "version"> {
  return { mode: "dev", place: shortPath(root, path), git: undefined, for: describeFor(stoodFor) };
}

/** The version that a checkout says it has, where it is there and says so without being built. */
async function checkoutVersion(
  { files }: Survey,
  source: Source | undefined,
): Promise<string | undefined> {
  if (source === undefined || source.kind === "git") return undefined;
  const file = `${source.path}/pyproject.toml`;
  try {
    const text = await files.text(file);
    return text === undefined ? undefined : readProject(text, file).version;
  } catch {
    // What is wrong with it is for `check` to say.
    return undefined;
  }
}
