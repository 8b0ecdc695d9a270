/**
 * A sync of the package manager's with checkouts that stand in for packages, and what becomes of them.
 *
 * @module
 */

import type { AdapterSyncOptions } from "../../lib/adapters/adapter.ts";
import type { StandInChange } from "../../lib/events/outcomes.ts";
import { normalizeName } from "../../lib/names.ts";
import { installedOf } from "../../lib/packages/installed.ts";
import {
  changeOf,
  describeStandIn,
  leavingOf,
  nameIn,
  reasonOf,
  standingOf,
} from "../../lib/packages/standing.ts";
import type { PlannedStandIns } from "../../lib/survey/stand_in_form.ts";
import { shortPath } from "../../lib/platform/paths.ts";
import type { RunResult } from "../../lib/process/run.ts";
import type { Workspace } from "../../lib/workspace/workspace.ts";

/** Syncs once or several times, and knows afterwards what that changed. */
export class StandInSync {
  readonly #workspace: Workspace;
  readonly #planned: PlannedStandIns;
  #changes: readonly StandInChange[] = [];

  /** A sync with these checkouts; nothing else stands in after it. */
  constructor(workspace: Workspace, planned: PlannedStandIns) {
    [this.#workspace, this.#planned] = [workspace, planned];
  }

  /** What the last sync changed that came to its end. */
  get changes(): readonly StandInChange[] {
    return this.#changes;
  }

  /** Lets the package manager sync. What is locked is what it installs by now. */
  async run(options: Omit<AdapterSyncOptions, keyof PlannedStandIns>): Promise<RunResult> {
    const [workspace, { standIns, standInForm }] = [this.#workspace, this.#planned];
    const { adapter, adapterContext, manifest, root } = workspace;
    const before = options.dryRun ? [] : await standingOf(workspace, standIns);
    const leaving = options.dryRun ? [] : await leavingOf(workspace, standIns);
    const result = await adapter.sync(adapterContext, { ...options, standIns, standInForm });
    if (!result.success) return result;
    const open = before.filter((it) => reasonOf(it) !== undefined);
    const keys = [...open.map((it) => it.key), ...leaving.map((it) => normalizeName(it.package))];
    const installed = keys.length === 0 ? undefined : await installedOf(workspace, new Set(keys));
    const originOf = (key: string) => installed?.get(key)?.origin;
    const changed = open.flatMap((it): readonly StandInChange[] => {
      const origin = originOf(it.key);
      if (origin?.kind !== "stand-in") return [];
      const [name, path] = [nameIn(manifest, it.key), shortPath(root, origin.path)];
      return [{ package: name, path, ...changeOf(it, reasonOf(it)!), for: origin.for }];
    });
    const gone = leaving.filter((it) => originOf(normalizeName(it.package))?.kind !== "stand-in");
    this.#changes = [...changed, ...gone];
    return result;
  }

  /** Tells of it, in detail only what follows from what was asked for. */
  tell(): void {
    const { switched, tell } = this.#workspace;
    for (const it of this.#changes) {
      const isAsked = it.action !== "renew" && switched.has(it.package);
      const level = isAsked ? "detail" : undefined;
      tell({ kind: "stood-in", ...it, message: describeStandIn(it), level });
    }
  }
}
