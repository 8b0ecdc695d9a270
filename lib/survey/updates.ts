/**
 * Newer releases of packages than those that the manifest pins.
 *
 * @module
 */

import { HsmError } from "../errors.ts";
import type { ManifestPackage, Pin } from "../manifest/model.ts";
import { isAppsAffair } from "../manifest/stand_ins.ts";
import { describePin, tagOf } from "../packages/describe_pin.ts";
import { type LockedCommit, lockedCommits } from "../packages/locked.ts";
import { movedTag } from "../packages/moved_tag.ts";
import { isPinnedLocally } from "../packages/pins.ts";
import { mapAll } from "../process/pool.ts";
import {
  compareVersions,
  formatVersion,
  parseVersion,
  type Version,
} from "../versions/versions.ts";
import type { RemoteRefs } from "../git/remote_refs.ts";
import { askRemotes, type RemoteAnswer } from "../packages/ask_remotes.ts";
import { newestRelease, pinnedRelease, releaseTags } from "../packages/release_tags.ts";
import { relockCommand } from "../packages/relock.ts";
import type { Workspace } from "../workspace/workspace.ts";

/** A package's pin beside the newest release. */
export interface PackageUpdate {
  /** The package's name. */
  readonly package: string;
  /** Its pin now. */
  readonly pin?: Pin | undefined;
  /** The newest release tag, where it was looked for and found. */
  readonly newest?: string;
  /** `left`: its pin is not one that moves to newer releases; `failed`: its remote did not answer. */
  readonly state: "outdated" | "current" | "left" | "failed";
  /** Why it is left alone, or failed; or what is the matter with its tag. */
  readonly reason?: string;
}

/**
 * Looks for newer releases of packages that are pinned by a tag. Changes nothing but the cache: where there is a newer
 * tag, what the package says of itself there and at its pin is read, and a lower version is left alone.
 *
 * @param options `pre`: whether pre-releases count.
 * @returns One update for each package, in their order, and the errors of the remotes that did not answer.
 */
export async function findUpdates(
  workspace: Workspace,
  packages: readonly ManifestPackage[],
  options: { readonly pre: boolean },
): Promise<{ readonly updates: readonly PackageUpdate[]; readonly errors: readonly HsmError[] }> {
  const reasons = await Promise.all(packages.map((it) => reasonToLeave(workspace, it)));
  const asked = packages.filter((_, index) => reasons[index] === undefined);
  const answers = await askRemotes(workspace, asked);
  const locked = await lockedCommits(workspace);
  const byKey = new Map(asked.map((it, index) => [it.key, answers[index]!]));
  const judged = packages.map((it, index): PackageUpdate => {
    const reason = reasons[index];
    const answer = byKey.get(it.key);
    const known = { package: it.name, pin: it.pin };
    if (answer === undefined) return { ...known, state: "left", reason: reason ?? "" };
    if (answer.error !== undefined) {
      return { ...known, state: "failed", reason: answer.error.message };
    }
    return {
      ...known,
      ...withMove(workspace, it, answer.refs, locked),
      ...judge(it, answer.refs, options),
    };
  });
  return {
    updates: await leaveOlder(workspace, packages, judged, byKey),
    errors: answers.flatMap((it) => it.error ?? []),
  };
}

async function reasonToLeave(
  workspace: Workspace,
  it: ManifestPackage,
): Promise<string | undefined> {
  const { name, key, pin } = it;
  if (isAppsAffair(it)) return "the app's own files say its version";
  if (pin === undefined) return `it has no pin yet: \`hsm pin ${name} TAG\` gives it one`;
  if (!("tag" in pin)) {
    const way = "branch" in pin
      ? `\`${relockCommand(workspace, [name]) ?? "hsm sync"}\` takes its newest commit`
      : `\`hsm update ${name} --to TAG\` takes a release`;
    return `it is pinned to ${describePin(pin)}: ${way}`;
  }
  if (await isPinnedLocally(workspace, key)) return "its pin is in hsm.local.yaml";
  return pinnedRelease(it) === undefined ? "its tag is no version" : undefined;
}

/** Why a package's tag is not what it was, if so. */
function withMove(
  workspace: Workspace,
  it: ManifestPackage,
  refs: RemoteRefs,
  locked: ReadonlyMap<string, LockedCommit>,
): Pick<PackageUpdate, "reason"> {
  const tag = tagOf(it) ?? "";
  const moved = movedTag(workspace, it, locked.get(it.key), refs.tags.get(tag));
  return moved === undefined ? {} : { reason: `${moved.reason}: ${moved.fix}` };
}

function judge(
  it: ManifestPackage,
  refs: RemoteRefs,
  options: { readonly pre: boolean },
): Pick<PackageUpdate, "newest" | "state" | "reason"> {
  const tag = tagOf(it) ?? "";
  const current = pinnedRelease(it);
  const newest = newestRelease(releaseTags(refs.tags.keys(), it), options);
  const reason = refs.tags.has(tag) ? {} : { reason: `its remote has no tag ${tag}` };
  if (newest === undefined || current === undefined) return { state: "current", ...reason };
  const isNewer = compareVersions(newest.version, current.version) > 0;
  return { newest: newest.tag, state: isNewer ? "outdated" : "current", ...reason };
}

/** Names of tags mislead: what says itself that it is older than what is pinned is left alone. */
async function leaveOlder(
  workspace: Workspace,
  packages: readonly ManifestPackage[],
  updates: readonly PackageUpdate[],
  answers: ReadonlyMap<string, RemoteAnswer>,
): Promise<readonly PackageUpdate[]> {
  if (!updates.some((it) => it.state === "outdated")) return updates;
  const statedVersion = await versionReader(workspace);
  const byName = new Map(packages.map((it) => [it.name, it]));
  return await mapAll(updates, workspace.jobs, async (update) => {
    const it = byName.get(update.package)!;
    const tag = tagOf(it) ?? "";
    const { newest, state } = update;
    // A tag that is gone has nothing more to say.
    const isThere = answers.get(it.key)?.refs?.tags.has(tag);
    if (state !== "outdated" || newest === undefined || !isThere) return update;
    using _ = workspace.tell.begin({
      work: "read-package",
      packages: [it.name],
      message: `Reading what ${it.name} says of itself`,
    });
    const [now, then] = await Promise.all(
      [tag, newest].map((at) => statedVersion(it, at)),
    );
    if (now === undefined || then === undefined || compareVersions(then, now) >= 0) return update;
    const reason = `${newest} says that it is ${formatVersion(then)}, ${tag} that it is ` +
      `${formatVersion(now)}: \`hsm update ${it.name} --to ${newest}\` takes it all the same`;
    return { ...update, state: "left", reason };
  });
}

/**
 * What reads the version that a package says it has at a tag, which need not be the one in the tag's name: undefined where
 * it is computed, or nobody can read it. The remote is asked only for what the cache does not have.
 */
async function versionReader(
  workspace: Workspace,
): Promise<(it: ManifestPackage, tag: string) => Promise<Version | undefined>> {
  const { prodSource } = await import("../packages/map_package.ts");
  const { PinReader } = await import("../metadata/pin_reader.ts");
  const { readPinned } = await import("../metadata/read_components.ts");
  const reader = new PinReader(workspace, []);
  return async (it, tag) => {
    const source = await prodSource(workspace, { ...it, pin: { tag } }, true);
    const known = await reader.read(source, { online: false });
    const online = known.kind === "unchecked";
    const pinned = online ? await reader.read(source, { online }) : known;
    const { metadata } = await readPinned(workspace, it, { source, pinned, online });
    return metadata?.version === undefined ? undefined : parseVersion(metadata.version);
  };
}

/** One error for all remotes that did not answer; undefined where all did. */
export function remotesAway(errors: readonly HsmError[]): HsmError | undefined {
  const [first, ...others] = errors;
  if (first === undefined || others.length === 0) return first;
  const names = errors.map((it) => String(it.details["package"]));
  return new HsmError(first.code, `Cannot ask the remotes of ${names.join(", ")}`, {
    causes: errors.flatMap((it) => [it.message, ...it.causes]),
    details: { packages: names },
    hint: errors.every((it) => it.hint === first.hint) ? first.hint : undefined,
  });
}
