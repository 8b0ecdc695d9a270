/**
 * What a sync would do about checkouts that stand in for packages.
 *
 * @module
 */

import type { InstallStep } from "../adapters/adapter.ts";
import type { Change } from "../change.ts";
import type { StandInChange } from "../events/outcomes.ts";
import type { Manifest } from "../manifest/model.ts";
import { standsIn } from "../manifest/stand_ins.ts";
import { exists } from "../files/is_there.ts";
import { normalizeName } from "../names.ts";
import { changeOf, leavingOf, reasonOf, wantedFor } from "../packages/standing.ts";
import { shortPath } from "../platform/paths.ts";
import type { Survey } from "./survey.ts";

/**
 * The checkouts that a sync would let stand in, renew, or take out, of all of the manifest.
 *
 * @param known `changes`: what would change in the app's files; `steps`: what the package manager would do by itself, where
 * that is known.
 */
export async function plannedStandIns(
  survey: Survey,
  { changes, steps }: {
    readonly changes: readonly Change[];
    readonly steps?: readonly InstallStep[] | undefined;
  },
): Promise<readonly StandInChange[]> {
  const { workspace } = survey;
  const { root, manifest: { packages } } = workspace;
  const sources = changes.filter((it) => it.what === "source");
  const moved = new Set(sources.map((it) => normalizeName(it.package)));
  const installs = steps && new Set(steps.map((it) => it.package));
  const planned = (await survey.standings()).flatMap((it): readonly StandInChange[] => {
    const reason = reasonOf(it) ?? (moved.has(it.key) ? "pin-moved" : undefined);
    // What nothing asks for is not installed, and nothing stands in for it.
    const isAsked = reason !== "uninstalled" || installs?.has(it.key) !== false;
    // What a clone brings is not known.
    const isUnknown = reason === "metadata-changed" && !exists(it.folder);
    if (reason === undefined || !isAsked || isUnknown) return [];
    const { name, pin } = packages.find(({ key }) => key === it.key)!;
    const [path, stoodFor] = [shortPath(root, it.folder), wantedFor(pin, it.locked)];
    return [{ package: name, path, ...changeOf(it, reason), for: stoodFor }];
  });
  return [...planned, ...await leavingOf(workspace, await survey.standIns())];
}

/** What the package manager would do, but for what checkouts stand in for: that it does not come to. */
export function withoutStandIns(
  { packages }: Manifest,
  steps: readonly InstallStep[] | undefined,
): readonly InstallStep[] | undefined {
  const keys = new Set(packages.filter(standsIn).map((it) => it.key));
  return steps?.filter((it) => !keys.has(it.package));
}
