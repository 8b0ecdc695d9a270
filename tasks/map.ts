/**
 * `hsm map`: where each package comes from.
 *
 * @module
 */

import { type Command, defineCommand } from "../lib/command/command.ts";
import { columns } from "../lib/text/columns.ts";
import { given } from "../lib/given.ts";
import { standsIn } from "../lib/manifest/stand_ins.ts";
import { NO_PACKAGES } from "../lib/packages/none.ts";
import { selectPackages } from "../lib/packages/select.ts";
import { mapSources } from "../lib/survey/map_sources.ts";
import { type MappedPackage, Survey } from "../lib/survey/survey.ts";
import type { Source } from "../lib/source.ts";
import type { Workspace } from "../lib/workspace/workspace.ts";
import type { Checkout } from "./clone.ts";
import { packageOptions } from "../lib/command/package_options.ts";

/** What {@linkcode map} maps. */
export interface MapOptions {
  /** The packages, by name or glob, such as `plug-*`; default: all. */
  readonly packages?: readonly string[] | undefined;
  /** The checkouts, as `clone` returned them; default: what is on disk. */
  readonly checkouts?: readonly Checkout[] | undefined;
}

export type { MappedPackage };

/** A checkout that stands in for its package, while the app's files say what they said. */
export interface MappedStandIn {
  /** The package's name. */
  readonly package: string;
  /** The folder of the distribution (the one with its pyproject.toml), relative to the root, with `/`. */
  readonly path: string;
  /** What it stands in for: the package's pin; left out where that is whatever is locked. */
  readonly for?: Source;
}

/** What {@linkcode map} found. */
export interface MapResult {
  /** The packages asked for, in the manifest's order. Of one that a checkout stands in for, its pin, if it has one. */
  readonly sources: readonly MappedPackage[];
  /** The checkouts that stand in for packages; left out where none does. */
  readonly standIns?: readonly MappedStandIn[];
}

/**
 * Finds out where each package comes from: a dev package from its folder in its checkout, a prod package from its pin
 * in its repository. What it returns is what `inject` takes, and plain values: a script may change them in between.
 *
 * Touches nothing.
 *
 * @example
 * ```ts
 * import { map, openWorkspace } from "@hsm/hsm";
 *
 * await using workspace = await openWorkspace({ readonly: true });
 * const { sources } = await map(workspace, { packages: ["my-plugin"] });
 * console.log(sources);
 * // [{ package: "my-plugin", mode: "dev", source: { kind: "path", path: "packages/my-plugin" } }]
 * ```
 *
 * @param workspace The workspace.
 * @param options Which packages.
 * @returns A source for each package asked for, in the manifest's order, and the checkouts that stand in for some.
 * @throws {HsmError} `checkout-missing`, `source-not-found`, `pin-missing`, `package-unknown`, `pyproject-invalid`
 */
export async function map(workspace: Workspace, options: MapOptions = {}): Promise<MapResult> {
  const packages = selectPackages(workspace.manifest, options.packages);
  const assumesClones = options.checkouts?.some((it) => it.state === "missing") ?? false;
  await using survey = new Survey(workspace, { packages, assumesClones });
  const sources = await mapSources(survey);
  const standIns = await standInsIn(survey, sources);
  return standIns.length === 0 ? { sources } : { sources, standIns };
}

async function standInsIn(
  survey: Survey,
  sources: readonly MappedPackage[],
): Promise<readonly MappedStandIn[]> {
  const places = await survey.sources(survey.packages.filter(standsIn));
  return places.sources.flatMap(({ package: name, source }) => {
    const pinned = sources.find((it) => it.package === name)?.source;
    return source.kind === "path"
      ? [{ package: name, path: source.path, ...given({ for: pinned }) }]
      : [];
  });
}

/** What there is of a package of which HSM writes nothing. */
const LOCKED = "what is locked";

/** Where each package comes from, in words. */
async function describePlaces(
  workspace: Workspace,
  { sources, standIns = [] }: MapResult,
): Promise<ReadonlyMap<string, string>> {
  const { adapter } = workspace;
  const words = await adapter.describe(workspace.filesFor(), sources.map((it) => it.source));
  const places = new Map(sources.map((it, index) => [it.package, words[index]!]));
  for (const { package: name, path } of standIns) {
    places.set(name, `${path}, for ${places.get(name) ?? LOCKED}`);
  }
  return places;
}

/** `hsm map`. */
export const mapCommand: Command<MapResult> = defineCommand({
  name: "map",
  group: "The steps of sync",
  summary: "Show where each package comes from",
  examples: ["hsm map", "hsm map --json my-plugin"],
  positional: "packages",
  options: packageOptions("Only these; default: all"),
  async run(context, { packages }) {
    await using workspace = await context.open({ readonly: true });
    const result = await map(workspace, { packages });
    const chosen = selectPackages(workspace.manifest, packages);
    const rows = await describePlaces(workspace, result);
    return {
      data: result,
      text: columns(
        chosen.map((it) => [
          { text: it.name, paint: context.style.bold },
          it.mode,
          rows.get(it.name) ?? LOCKED,
        ]),
        context.width,
      ),
      proof: chosen.length === 0 ? NO_PACKAGES : undefined,
    };
  },
});
