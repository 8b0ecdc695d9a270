/**
 * `hsm pin`: the way back from dev, with what was made there.
 *
 * @module
 */

import { verifyCheckout } from "../lib/checkout/verify.ts";
import { tagCommit } from "../lib/checkout/tag_commit.ts";
import { checkoutPin, readCleanCheckout } from "./pin/shared_commit.ts";
import { ADAPTER_ARGUMENTS, type Command, defineCommand } from "../lib/command/command.ts";
import { HsmError } from "../lib/errors.ts";
import type { ManifestPackage, Mode, Pin } from "../lib/manifest/model.ts";
import { lockedCommits } from "../lib/packages/locked.ts";
import { switchMode } from "../lib/packages/mode.ts";
import { movedFromCheckout, movedTag } from "../lib/packages/moved_tag.ts";
import { describePin } from "../lib/packages/describe_pin.ts";
import { ownEntry, unsetPin } from "../lib/packages/pins.ts";
import { askRemote, tagNotFound } from "../lib/packages/ask_remotes.ts";
import { selectPackages } from "../lib/packages/select.ts";
import { findUnsharedWork } from "../lib/packages/unshared_work.ts";
import type { Workspace } from "../lib/workspace/workspace.ts";
import { flag, packageName, required, text } from "../lib/command/options.ts";
import { finish, type Synced } from "./finish.ts";

export type { Synced };

/** What {@linkcode pin} pins. */
export interface PinOptions {
  /** The package, by name. */
  readonly package: string;
  /** The tag; default: the tag at the checkout's HEAD, else its commit. */
  readonly tag?: string | undefined;
}

/** What {@linkcode pin} pinned. */
export interface PinResult {
  /** The package's name. */
  readonly package: string;
  /** Its mode before; now it is in prod mode. */
  readonly mode: Mode;
  /** Its pin before; left out where it had none. */
  readonly from?: Pin | undefined;
  /** Its pin now. */
  readonly to: Pin;
}

/**
 * Pins a package to what its checkout is at, or to a tag, and puts it into prod mode, in memory: `sync`, `inject` or
 * `workspace.commit()` writes it.
 *
 * Touches hsm.yaml, and hsm.local.yaml where that pins the package or holds its mode, in the workspace's transaction.
 * The checkout stays as it is; where its own tag or commit becomes the pin, everything in it must be committed, and the
 * remote must have it, so that everybody can install it.
 *
 * @example
 * ```ts
 * import { openWorkspace, pin, sync } from "@hsm/hsm";
 *
 * await using workspace = await openWorkspace();
 * const { from, to } = await pin(workspace, { package: "my-plugin" });
 * console.log(from, to); // { tag: "v1.2.0" } { tag: "v1.3.0" }
 * await sync(workspace);
 * ```
 *
 * @param workspace The workspace.
 * @param options The package, and a tag where it is not to be what the checkout is at.
 * @returns The pins before and now.
 * @throws {HsmError} `checkout-dirty`, which says what is to be committed or pushed; `pin-not-found`, which lists
 * nearby tags; `checkout-missing`, `checkout-mismatch`, `git-failed`, `package-unknown`, `usage` where several packages
 * are meant, `manifest-invalid`, `tool-missing`
 */
export async function pin(workspace: Workspace, options: PinOptions): Promise<PinResult> {
  const [it, ...others] = selectPackages(workspace.manifest, [options.package]);
  if (it === undefined || others.length > 0) {
    throw new HsmError("usage", "Cannot pin but one package at a time", {
      hint: "name the one: each is pinned to what its own checkout is at",
    });
  }
  const to = options.tag === undefined
    ? await ownPin(workspace, it)
    : await tagPin(workspace, it, options.tag);
  await writePin(workspace, it, to);
  workspace.tell({ kind: "pinned", package: it.name, from: it.pin, to });
  if (options.tag !== undefined && it.mode === "dev") {
    for (const message of await findUnsharedWork(workspace, [it])) {
      workspace.tell({ kind: "warned", packages: [it.name], message });
    }
  }
  return { package: it.name, mode: it.mode, from: it.pin, to };
}

async function ownPin(workspace: Workspace, it: ManifestPackage): Promise<Pin> {
  // What is wrong in the checkout is said before the remote is asked.
  const state = await readCleanCheckout(workspace, it);
  await verifyCheckout(workspace, it);
  return await checkoutPin(workspace, it, state, await askRemote(workspace, it));
}

async function tagPin(workspace: Workspace, it: ManifestPackage, tag: string): Promise<Pin> {
  const refs = await askRemote(workspace, it);
  const commit = refs.tags.get(tag);
  if (commit === undefined) throw tagNotFound(it, tag, refs);
  const [local, locked] = await Promise.all([
    tagCommit(workspace, it, tag),
    lockedCommits(workspace),
  ]);
  const moved = [
    movedFromCheckout(it, tag, local, commit),
    movedTag(workspace, { name: it.name, pin: { tag } }, locked.get(it.key), commit),
  ];
  for (const found of moved) {
    if (!found) continue;
    const message = `${it.name}: ${found.reason}: ${found.fix}`;
    workspace.tell({ kind: "warned", packages: [it.name], message });
  }
  return { tag };
}

/** Writes the pin for everybody, and the mode into the file that holds it. */
async function writePin(workspace: Workspace, it: ManifestPackage, to: Pin): Promise<void> {
  const { name, key } = it;
  const local = await ownEntry(workspace, "hsm.local.yaml", key);
  const shared = await ownEntry(workspace, "hsm.yaml", key);
  // A personal pin would hide the new one.
  await workspace.editManifest(unsetPin(name, local.keys), { shared: false });
  await workspace.editManifest([{ kind: "set-pin", package: name, pin: to }], { shared: true });
  if (it.mode === "prod") return;
  const isShared = !local.keys.has("mode") &&
    (shared.keys.has("mode") || local.mode === undefined);
  if (isShared && shared.keys.has("mode")) {
    const unset = { kind: "unset-package-key", package: name, key: "mode" } as const;
    await workspace.editManifest([unset], { shared: true });
  }
  await switchMode(workspace, { packages: [name], mode: "prod", shared: isShared });
}

/** `hsm pin`. */
export const pinCommand: Command<Synced<PinResult>> = defineCommand({
  name: "pin",
  group: "The manifest",
  summary: "Go back to prod mode, at the checkout's own tag or commit, or at TAG",
  description: "The checkout must be clean, and its remote must have what becomes the pin.",
  examples: ["hsm pin my-plugin", "hsm pin my-plugin v1.2.0"],
  positional: ["package", "tag"],
  passthrough: ADAPTER_ARGUMENTS,
  excludes: [
    ["noSync", "--", "without a sync nothing is passed on"],
  ],
  options: {
    package: required(packageName("The package")),
    tag: {
      ...text("The tag to pin it to; default: its own, or its commit", "TAG"),
      completes: "tags",
    },
    noSync: flag("Only pin; install nothing"),
    dryRun: flag("Only show what it would be pinned to"),
    noCheck: flag("Go on though something does not fit"),
    wait: flag("Wait for another hsm in this workspace"),
  },
  async run(
    context,
    { package: name, tag, noCheck, noSync = false, dryRun = false, wait = false },
  ) {
    await using workspace = await context.open({ readonly: dryRun, wait });
    if (tag !== undefined && workspace.manifest.packages.some((it) => it.name === tag)) {
      throw new HsmError("usage", `Cannot pin ${name} to ${tag}: that is a package, not a tag`, {
        hint: "pin one package at a time",
      });
    }
    const result = await pin(workspace, { package: name, tag });
    const text = describe(result);
    if (dryRun) return { data: result, text };
    return await finish(workspace, context, result, { text, noSync, noCheck });
  },
});

function describe({ package: name, mode, from, to }: PinResult): string {
  const moved = describePin(from) === describePin(to)
    ? describePin(to)
    : `${describePin(from)} → ${describePin(to)}`;
  return `${name}  ${mode === "prod" ? "" : `${mode} → prod, `}${moved}\n`;
}
