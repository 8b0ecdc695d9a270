/**
 * How packages stand that checkouts are to stand in for, what is the matter with them, and what becomes of them.
 *
 * @module
 */

import type { StandIn, Standing } from "../adapters/stand_in.ts";
import { shortCommit } from "../checkout/state.ts";
import type { RenewalReason, StandInChange } from "../events/outcomes.ts";
import type { Manifest, Pin } from "../manifest/model.ts";
import { shortPath } from "../platform/paths.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { installedOf, type InstalledPackage } from "./installed.ts";
import { peekLocked } from "./locked.ts";

/** How one package stands. */
export interface PackageStanding extends StandIn, Standing {
  /** What is installed of it. */
  readonly installed: InstalledPackage | undefined;
  /** The version that the lock file has of it, where it has one. */
  readonly locked: string | undefined;
}

/** Looks how packages stand, by what is locked and installed now. Touches nothing. */
export async function standingOf(
  workspace: Workspace,
  standIns: readonly StandIn[],
): Promise<readonly PackageStanding[]> {
  if (standIns.length === 0) return [];
  const { adapter, adapterContext } = workspace;
  const locked = await peekLocked(workspace) ?? [];
  const [standing, installed] = await Promise.all([
    adapter.standing(adapterContext, standIns, locked),
    installedOf(workspace, new Set(standIns.map((it) => it.key))),
  ]);
  return standIns.map((it, index) => {
    const versions = locked.filter(({ key }) => key === it.key).map(({ version }) => version);
    const version = versions.length === 1 ? versions[0] : undefined;
    return { ...it, ...standing[index]!, installed: installed.get(it.key), locked: version };
  });
}

/** Why a checkout has to stand in anew; undefined: it stands in. Pure. */
export function reasonOf(
  { state, installed, folder }: Pick<PackageStanding, "state" | "installed" | "folder">,
): RenewalReason | undefined {
  const origin = installed?.origin;
  switch (state) {
    case "ok":
      return undefined;
    case "missing":
      return installed === undefined ? "uninstalled" : "reinstalled";
    case "stale-pin":
      return "pin-moved";
    case "stale-metadata":
      return origin?.kind === "stand-in" && origin.path !== folder ? "moved" : "metadata-changed";
    case "stale-needs":
      return "needs-changed";
    case "damaged":
    case "foreign":
      return state;
  }
}

/** What is done about it: a renewal has its reason. Pure. */
export function changeOf(
  { hasStoodIn, installed }: PackageStanding,
  reason: RenewalReason,
): Pick<StandInChange, "action" | "reason"> {
  return hasStoodIn || installed?.origin.kind === "stand-in"
    ? { action: "renew", reason }
    : { action: "add" };
}

/** What is the matter with a package, and what to do about it; undefined: the checkout stands in for it. Pure. */
export function describeStanding(
  root: string,
  standing: Pick<PackageStanding, "state" | "installed" | "folder">,
): string | undefined {
  const reason = reasonOf(standing);
  const { installed } = standing;
  const origin = installed?.origin;
  const what = {
    reinstalled: `${nameOf(installed)} itself is installed, not the checkout`,
    uninstalled: "the checkout is not installed",
    "pin-moved": origin?.kind === "stand-in"
      ? `the checkout stands in for ${describeFor(origin.for)}, which was locked before`
      : "the checkout stands in for what was locked before",
    "metadata-changed": "its metadata has changed since it was installed",
    moved: origin?.kind === "stand-in"
      ? `installed is the checkout in ${shortPath(root, origin.path)}`
      : "installed is another checkout",
    damaged: "files of what was installed of the checkout are gone or are others",
    "needs-changed": "what only checkouts need is gone or may be something else by now",
    foreign: "a checkout is installed that stands in for nothing",
  };
  return reason && `${what[reason]}: run \`hsm sync\``;
}

/** What is installed, in a word. */
function nameOf(installed: InstalledPackage | undefined): string {
  if (installed === undefined) return "nothing";
  const { origin, version } = installed;
  return origin.kind === "git" ? describeFor(origin.requested ?? origin.commit) : version;
}

/** What a checkout stands in for, in a word. */
export function describeFor(text: string): string {
  return /^[0-9a-f]{40}$/.test(text) ? shortCommit(text) : text;
}

/** What a checkout is to stand in for, by the package's pin or by what is locked. */
export function wantedFor(pin: Pin | undefined, locked: string | undefined): string | undefined {
  return pin === undefined ? locked : Object.values(pin)[0];
}

/** What becomes of a checkout that stands in, in one line; `isAhead`: it is not so yet. */
export function describeStandIn(
  { package: name, action, for: stoodFor = "what is locked", reason }: StandInChange,
  { isAhead = false } = {},
): string {
  const stands = `${name} ${isAhead ? "would stand" : "stands"} in for ${describeFor(stoodFor)}`;
  if (action !== "renew" || reason === undefined) {
    const since = { add: isAhead ? "" : " now", renew: " again", remove: " no longer" }[action];
    return `${stands}${since}`;
  }
  const since = reason === "pin-moved" ? "now" : "again";
  return `${stands} ${since}: ${describeReason(reason, isAhead)}`;
}

/** Why a checkout is renewed, in a few words; `isAhead`: it is not yet. */
export function describeReason(reason: RenewalReason, isAhead: boolean): string {
  const [was, has] = isAhead ? ["was", "has"] : ["had been", "had"];
  return {
    reinstalled: `it ${was} reinstalled`,
    uninstalled: `it ${was} uninstalled`,
    "pin-moved": `its pin ${has} moved`,
    "metadata-changed": `its metadata ${has} changed`,
    moved: `the checkout ${has} moved`,
    damaged: `files of it ${isAhead ? "are gone or are others" : "had gone or were others"}`,
    "needs-changed": `what only it needs ${has} gone or changed`,
    foreign: `somebody else ${has} installed it`,
  }[reason];
}

/** What stands in and is no longer to, as the manifest says. Touches nothing. */
export async function leavingOf(
  workspace: Workspace,
  wanted: readonly StandIn[],
): Promise<readonly StandInChange[]> {
  const { adapter, adapterContext, manifest, root } = workspace;
  const keys = new Set(wanted.map((it) => it.key));
  const found = (await adapter.standIns(adapterContext)).filter((it) => !keys.has(it.key));
  if (found.length === 0) return [];
  const installed = await installedOf(workspace, new Set(found.map((it) => it.key)));
  return found.map(({ key, folder }) => {
    const origin = installed.get(key)?.origin;
    return {
      package: nameIn(manifest, key),
      path: shortPath(root, folder),
      action: "remove",
      for: origin?.kind === "stand-in" ? origin.for : undefined,
    };
  });
}

/** A package's name as the manifest writes it; its key where it has left. */
export function nameIn({ packages }: Manifest, key: string): string {
  return packages.find((it) => it.key === key)?.name ?? key;
}
