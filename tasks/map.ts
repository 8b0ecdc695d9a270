/**
 * `hsm map`: where each package comes from.
 *
 * @module
 */

import { type Command, defineCommand } from "../lib/command/command.ts";
import { columns } from "../lib/text/columns.ts";
import { NO_PACKAGES } from "../lib/packages/none.ts";
import { selectPackages } from "../lib/packages/select.ts";
import { mapSources } from "../lib/survey/map_sources.ts";
import { type MappedPackage, Survey } from "../lib/survey/survey.ts";
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

/** What {@linkcode map} found. */
export interface MapResult {
  /** The packages asked for, in the manifest's order. */
  readonly sources: readonly MappedPackage[];
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
 * @returns A source for each package asked for, in the manifest's order.
 * @throws {HsmError} `checkout-missing`, `source-not-found`, `pin-missing`, `package-unknown`, `pyproject-invalid`
 */
export async function map(workspace: Workspace, options: MapOptions = {}): Promise<MapResult> {
  const packages = selectPackages(workspace.manifest, options.packages);
  const assumesClones = options.checkouts?.some((it) => it.state === "missing") ?? false;
  await using survey = new Survey(workspace, { packages, assumesClones });
  return { sources: await mapSources(survey) };
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
    const { adapter } = workspace;
    const sources = result.sources.map((it) => it.source);
    const words = await adapter.describe(workspace.filesFor(), sources);
    return {
      data: result,
      text: columns(
        result.sources.map((it, index) => [
          { text: it.package, paint: context.style.bold },
          it.mode,
          words[index]!,
        ]),
        context.width,
      ),
      proof: result.sources.length === 0 ? NO_PACKAGES : undefined,
    };
  },
});
