/**
 * What a sync would do with each package.
 *
 * @module
 */

import type { Use } from "../adapters/adapter.ts";
import { type Change, isOfPackage } from "../change.ts";
import { normalizeName } from "../names.ts";
import { installedOf } from "../packages/installed.ts";
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
 */
export async function plannedPackages(
  survey: Survey,
  { changes, sources }: Pick<FilesPlan, "changes" | "sources">,
  { before, missing }: {
    readonly before: ReadonlyMap<string, Use>;
    readonly missing: readonly string[];
  },
): Promise<readonly PlannedPackage[]> {
  const names = touchedNames(survey, changes, missing);
  const installed = await installedOf(survey.workspace, new Set(names.map(normalizeName)));
  const packages: PlannedPackage[] = [];
  for (const name of names) {
    const key = normalizeName(name);
    const source = sources.find((it) => normalizeName(it.package) === key)?.source;
    packages.push({
      package: name,
      from: { ...useOf(before.get(key)), version: installed.get(key)?.version },
      to: { ...useOf(source), version: await checkoutVersion(survey, source) },
      clone: missing.includes(name),
      changes: changes.filter((it) => normalizeName(it.package) === key),
    });
  }
  return packages;
}

function touchedNames(
  { workspace: { manifest } }: Survey,
  changes: readonly Change[],
  missing: readonly string[],
): readonly string[] {
  const changed = changes.filter(isOfPackage).map((it) => it.package);
  const touched = new Map([...changed, ...missing].map((it) => [normalizeName(it), it]));
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
