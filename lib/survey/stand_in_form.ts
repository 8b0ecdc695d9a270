/**
 * The checkouts that stand in for packages, and what the app's files would say with them in the place of the pins.
 *
 * @module
 */

import type { Written } from "../adapters/adapter.ts";
import type { StandIn } from "../adapters/stand_in.ts";
import { standsIn } from "../manifest/stand_ins.ts";
import { normalizeName } from "../names.ts";
import { planInjection } from "../packages/injection.ts";
import type { Component, ComponentMetadata } from "../reconcile/model.ts";
import type { Survey } from "./survey.ts";

/** What a sync is told of checkouts that stand in for packages. */
export interface PlannedStandIns {
  /** The checkouts. */
  readonly standIns: readonly StandIn[];
  /**
   * The app's files with the checkouts in the place of what they stand in for, to find out what only checkouts need; undefined
   * where they ask for nothing that is not locked. `kept`: nobody has looked.
   */
  readonly standInForm: Written["texts"] | "kept" | undefined;
}

/**
 * Finds the checkouts that are to stand in for packages, and whether they ask for anything else than these do: what a checkout
 * does not say without being built may be something else.
 *
 * @throws {HsmError} what `planInjection` throws
 */
export async function planStandIns(survey: Survey): Promise<PlannedStandIns> {
  const standIns = await survey.standIns();
  const inPlace = standIns.length === 0 ? undefined : await survey.inputInPlace();
  if (inPlace === undefined) return { standIns, standInForm: undefined };
  const { workspace, files } = survey;
  const { adapter, manifest } = workspace;
  const asked = (components: readonly Component[]) =>
    new Map(components.map((it) => [normalizeName(it.name), asksFor(it)]));
  const [there, written] = [asked(inPlace.components), asked(await survey.components())];
  // What is in neither of them is the app's own affair.
  const packages = manifest.packages.filter((it) => there.has(it.key));
  const isOther = packages.filter(standsIn).some(({ key }) =>
    there.get(key) === undefined || there.get(key) !== written.get(key)
  );
  if (!isOther) return { standIns, standInForm: undefined };
  const [{ sources }, needs] = await Promise.all([
    survey.sources(packages),
    adapter.needs(workspace.filesFor(files), packages, inPlace),
  ]);
  const { texts } = await planInjection(workspace, sources, needs, files, packages);
  return { standIns, standInForm: texts };
}

/** The fields of the metadata that say what is to be installed beside a package. */
const ASKING: readonly string[] = ["dependencies", "optional-dependencies", "requires-python"];

/** All that a component asks for, as one value to compare; undefined where it does not say. */
function asksFor({ metadata }: Component): string | undefined {
  if (metadata === undefined || isUnsure(metadata)) return undefined;
  const { requiresPython, dependencies, optionalDependencies, sources } = metadata;
  const extras = Object.entries(optionalDependencies)
    .map(([extra, list]) => [normalizeName(extra), list.toSorted()] as const)
    .toSorted(([a], [b]) => a < b ? -1 : 1);
  const places = sources.map((it) => `${normalizeName(it.name)} ${it.text}`).toSorted();
  return JSON.stringify([requiresPython, dependencies.toSorted(), extras, places]);
}

function isUnsure({ dynamic, guesses = [] }: ComponentMetadata): boolean {
  return [...dynamic, ...guesses].some((it) => ASKING.includes(it));
}
