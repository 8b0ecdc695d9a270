/**
 * Which pins are to move, and where to.
 *
 * @module
 */

import { HsmError } from "../../lib/errors.ts";
import type { ManifestPackage } from "../../lib/manifest/model.ts";
import { isPinnedLocally } from "../../lib/packages/pins.ts";
import { askRemote, tagNotFound } from "../../lib/packages/ask_remotes.ts";
import { selectPackages } from "../../lib/packages/select.ts";
import { findUpdates, remotesAway } from "../../lib/survey/updates.ts";
import type { Workspace } from "../../lib/workspace/workspace.ts";
import type { PinMove } from "../../lib/events/outcomes.ts";

export type { PinMove };

/** What `update` moves. */
export interface UpdateOptions {
  /** The packages, by name or glob, such as `plug-*`; default: all. */
  readonly packages?: readonly string[] | undefined;
  /** The tag to move to, older or newer, of exactly one package; default: the newest release. */
  readonly to?: string | undefined;
  /** Whether pre-releases count. @default {false} */
  readonly pre?: boolean | undefined;
}

/** What `update` moved. */
export interface UpdateResult {
  /** The pins that moved, in the manifest's order. */
  readonly moved: readonly PinMove[];
  /** The packages that are left alone, and why. */
  readonly left: readonly { readonly package: string; readonly reason: string }[];
}

/** Finds out which pins are to move, and changes nothing. */
export async function findMoves(
  workspace: Workspace,
  { packages: names, to, pre = false }: UpdateOptions,
): Promise<UpdateResult> {
  const packages = selectPackages(workspace.manifest, names);
  return to === undefined
    ? await toNewest(workspace, packages, pre)
    : await toTag(workspace, packages, to);
}

/** Moves pins in hsm.yaml, in memory. */
export async function stageMoves(workspace: Workspace, moves: readonly PinMove[]): Promise<void> {
  await workspace.editManifest(
    moves.map((it) => ({ kind: "set-pin", package: it.package, pin: it.to })),
    { shared: true },
  );
  for (const it of moves) workspace.tell({ kind: "pinned", ...it });
}

async function toNewest(
  workspace: Workspace,
  packages: readonly ManifestPackage[],
  pre: boolean,
): Promise<UpdateResult> {
  const { updates, errors } = await findUpdates(workspace, packages, { pre });
  const away = remotesAway(errors);
  if (away !== undefined) throw away;
  return {
    moved: updates.flatMap(({ package: name, pin, newest, state }) =>
      state === "outdated" && newest !== undefined
        ? [{ package: name, from: pin, to: { tag: newest } }]
        : []
    ),
    left: updates.flatMap(({ package: name, state, reason = "" }) =>
      state === "left" || (state === "current" && reason !== "") ? [{ package: name, reason }] : []
    ),
  };
}

async function toTag(
  workspace: Workspace,
  packages: readonly ManifestPackage[],
  tag: string,
): Promise<UpdateResult> {
  const [it, ...others] = packages;
  if (it === undefined || others.length > 0) {
    throw new HsmError("usage", "Cannot update to one tag: it needs exactly one package", {
      hint: `run \`hsm update NAME --to ${tag}\``,
    });
  }
  if (await isPinnedLocally(workspace, it.key)) {
    throw new HsmError("usage", `Cannot update ${it.name}: its pin is in hsm.local.yaml`, {
      hint: "take it out there, or change it there by hand",
      details: { package: it.name },
    });
  }
  const refs = await askRemote(workspace, it);
  if (!refs.tags.has(tag)) throw tagNotFound(it, tag, refs);
  if (it.pin !== undefined && "tag" in it.pin && it.pin.tag === tag) return { moved: [], left: [] };
  return { moved: [{ package: it.name, from: it.pin, to: { tag } }], left: [] };
}
