/**
 * `hsm sync --stand-ins`: the checkouts that stand in for what is locked, put back where that has moved.
 *
 * @module
 */

import type { StandIn } from "../lib/adapters/stand_in.ts";
import { standsIn } from "../lib/manifest/stand_ins.ts";
import { installedOf } from "../lib/packages/installed.ts";
import { peekLocked } from "../lib/packages/locked.ts";
import { Survey } from "../lib/survey/survey.ts";
import { type PlannedStandIns, planStandIns } from "../lib/survey/stand_in_form.ts";
import type { Workspace } from "../lib/workspace/workspace.ts";
import type { SyncResult } from "./carry_out.ts";
import { syncFailed } from "./install.ts";
import { StandInSync } from "./install/stand_in_sync.ts";

/**
 * Renews the checkouts that stand in for something, in the environment alone, by the lock file as it is. Where all do, the
 * package manager is not run. A checkout that is missing is not cloned, and whatever else is installed stays as it is.
 *
 * @throws {HsmError} `uv-failed`, `stand-in-refused`, `tool-missing`, `tool-too-old`, `io`
 */
export async function renewStandIns(workspace: Workspace): Promise<SyncResult> {
  const { adapter, manifest } = workspace;
  const packages = manifest.packages.filter(standsIn);
  await using survey = new Survey(workspace, { packages, asks: "none" });
  const { sources, errors } = await survey.sources(packages);
  for (const [{ name }, { message, hint = "run `hsm sync`" }] of errors) {
    workspace.tell({ kind: "warned", packages: [name], message: `${message}: ${hint}` });
  }
  const result = {
    checkouts: [],
    sources,
    injected: { changed: false, changes: [], diff: "" },
    synced: undefined,
  };
  const { standIns, isRenewed, asksAnew } = await findRenewed(workspace, await survey.standIns());
  if (!isRenewed) return result;
  const standInForm = asksAnew ? await formOf(workspace) : "kept";
  const syncing = new StandInSync(workspace, { standIns, standInForm });
  const synced = await syncing.run({ lock: "frozen", only: "stand-ins" });
  if (!synced.success) throw await syncFailed(workspace, synced);
  workspace.tell({ kind: "installed", adapter: adapter.name });
  syncing.tell();
  const told = { adapter: adapter.name, output: synced.stderr };
  return { ...result, synced: { ...told, standIns: syncing.changes } };
}

/** Whether all stands in that is to, by what is there now. Touches nothing. */
export async function allStandIn(workspace: Workspace): Promise<boolean> {
  const packages = workspace.manifest.packages.filter(standsIn);
  await using survey = new Survey(workspace, { packages, asks: "none" });
  return !(await findRenewed(workspace, await survey.standIns())).isRenewed;
}

/** The app's files with all checkouts in place, as {@linkcode planStandIns} finds them. */
async function formOf(workspace: Workspace): Promise<PlannedStandIns["standInForm"]> {
  await using survey = new Survey(workspace, { asks: "none" });
  return (await planStandIns(survey)).standInForm;
}

/** What is renewed. */
interface Renewed {
  /** Those that stand in by now, or are to: what is not to be installed at all is not. */
  readonly standIns: readonly StandIn[];
  /** Whether anything is to be done about them. */
  readonly isRenewed: boolean;
  /** Whether they may need something else than before. */
  readonly asksAnew: boolean;
}

async function findRenewed(workspace: Workspace, all: readonly StandIn[]): Promise<Renewed> {
  const { adapter, adapterContext: context } = workspace;
  const locked = await peekLocked(workspace) ?? [];
  const standIns = all.filter((it) => locked.some(({ key }) => key === it.key));
  const none = { standIns, isRenewed: false, asksAnew: false };
  if (standIns.length === 0) return none;
  const states = await adapter.standing(context, standIns, locked);
  if (states.every((it) => it.state === "ok")) return none;
  const asksAnew = states.some(({ state }) => ["stale-needs", "stale-metadata"].includes(state));
  const installed = await installedOf(workspace, new Set(standIns.map((it) => it.key)));
  const absent = standIns.filter((it) => !installed.has(it.key));
  const plan = absent.length === 0 ? undefined : await adapter.wouldInstall(context);
  // An environment that is still to be made is whoever's who makes it.
  if (plan !== undefined && plan.environment !== "kept") return none;
  const wanted = new Set(plan?.steps?.map((it) => it.package));
  const found = standIns.filter((it) => installed.has(it.key) || wanted.has(it.key));
  const isRenewed = standIns.some((it, at) => states[at]?.state !== "ok" && found.includes(it));
  return { standIns: found, isRenewed, asksAnew };
}
