/**
 * `hsm sync`: the four tasks in their order, from the manifest to the environment.
 *
 * @module
 */

import {
  ADAPTER_ARGUMENTS,
  type Command,
  type CommandContext,
  type CommandOutcome,
  defineCommand,
} from "../lib/command/command.ts";
import { hintAtNoVerify, syncOutcome } from "../lib/cli/describe_sync.ts";
import { HsmError } from "../lib/errors.ts";
import { given } from "../lib/given.ts";
import { standsIn } from "../lib/manifest/stand_ins.ts";
import type { InjectResult } from "../lib/survey/write_plan.ts";
import { isInPull } from "../lib/workspace/open.ts";
import { describeSynced } from "../lib/workspace/synced.ts";
import type { Workspace } from "../lib/workspace/workspace.ts";
import { carryOut, type SyncOptions, type SyncResult } from "./carry_out.ts";
import { install } from "./install.ts";
import { flag } from "../lib/command/options.ts";
import { objectFilter, packageOptions } from "../lib/command/package_options.ts";

export type { InjectResult, SyncOptions, SyncResult };

/**
 * Brings everything to what the manifest says, in one call: clones what is missing, maps, checks, injects and installs.
 *
 * Touches missing checkouts, pyproject.toml, the lock file and the environment. If anything fails, all but the new
 * checkouts goes back; else it is permanent.
 *
 * @example
 * ```ts
 * import { openWorkspace, sync } from "@hsm/hsm";
 *
 * await using workspace = await openWorkspace();
 * const { checkouts, injected } = await sync(workspace, { yes: true });
 * console.log(checkouts); // [{ package: "my-plugin", path: "packages/my-plugin", state: "present" }]
 * console.log(injected.changed); // false: pyproject.toml said it all already
 * ```
 *
 * @param workspace The workspace.
 * @param options Which packages, what to leave out, and how far to go.
 * @returns What each step came to.
 * @throws {HsmError} `packages-incompatible` where something does not fit, before anything is touched; `out-of-date`
 * with `locked`; what `clone`, `map`, `inject` and `install` throw
 */
export async function sync(
  workspace: Workspace,
  options: SyncOptions = {},
): Promise<SyncResult> {
  if (options.standIns) {
    const { renewStandIns } = await import("./renew_stand_ins.ts");
    return await renewStandIns(workspace);
  }
  const installs = !options.dryRun && options.until !== "inject";
  if (workspace.hasInjected && installs) return await installInjected(workspace, options);
  return await carryOut(workspace, options);
}

/** What `sync()` was in 0.1, where a script has injected before. */
async function installInjected(
  workspace: Workspace,
  { args, locked, noVerify }: SyncOptions,
): Promise<SyncResult> {
  const old = "installs what was injected, as it did in 0.1";
  const message = `sync() after inject() ${old}: call install() instead; 0.3 syncs anew here`;
  workspace.tell({ kind: "warned", message });
  const synced = await install(workspace, given({ args, locked, noVerify }));
  const injected = { changed: false, changes: [], diff: "" };
  return { checkouts: [], sources: [], injected, synced };
}

/** `hsm sync`. */
export const syncCommand: Command<SyncResult> = defineCommand({
  name: "sync",
  group: "Every day",
  summary: "Clone, map, inject and install: everything as the manifest says",
  description: "If anything fails, or on Ctrl-C, every file is as it was before.",
  examples: ["hsm sync", "hsm sync --locked", "hsm sync --stand-ins", "hsm sync -- --extra dev"],
  positional: "packages",
  passthrough: ADAPTER_ARGUMENTS,
  excludes: [
    ["locked", "dryRun", "with --locked no file is to change; `hsm diff --exit-code` only looks"],
    ["standIns", "packages", "it renews all checkouts that stand in"],
    ["standIns", "locked", "it goes by the lock file as it is, whatever the other files say"],
    ["standIns", "dryRun", "it writes no file; `hsm status` says what stands in"],
    ["standIns", "noCheck", "it checks nothing"],
    ["standIns", "noVerify", "it verifies nothing"],
    ["standIns", "filter", "it clones nothing"],
    ["standIns", "--", "it installs nothing else"],
  ],
  options: {
    ...packageOptions("Only these; the others stay as they are"),
    locked: flag("Change no file; fail if one does not match the manifest (for CI)"),
    dryRun: flag("Only show the change of pyproject.toml, as a unified diff"),
    noCheck: flag("Go on though something does not fit"),
    noVerify: flag("Leave out what verify in hsm.yaml names"),
    filter: objectFilter(),
    standIns: flag("Only renew the checkouts that stand in; change no file (for git's hooks)"),
    wait: flag("Wait for another hsm in this workspace"),
  },
  async run(context, options) {
    const { packages, locked, filter, dryRun = false, wait = false, ...how } = options;
    if (how.standIns) return await renew(context, wait);
    await using workspace = await context.open({ readonly: dryRun, wait, ...given({ locked }) });
    const asked = given({ packages, locked, filter, dryRun, yes: context.yes, ...how });
    const result = await sync(workspace, { ...asked, args: context.passthrough })
      .catch(hintAtNoVerify);
    return syncOutcome(result, { dryRun, page: context, workspace, packages });
  },
});

/** `hsm sync --stand-ins`. */
async function renew(context: CommandContext, wait: boolean): Promise<CommandOutcome<SyncResult>> {
  if (isInPull(context.opening)) {
    return { data: NOTHING, text: "", proof: "`hsm pull --app` syncs once git has ended" };
  }
  // Like a sync in which no file is to change: where the root may not be written to, there is no lock.
  const workspace = await context.open({ locked: true, wait })
    .catch((error) => unlessAllStandIn(context, error));
  if (workspace === undefined) {
    return { data: NOTHING, text: "", proof: "All checkouts stand in; another hsm runs" };
  }
  await using _ = workspace;
  const result = await sync(workspace, { standIns: true });
  const isAny = workspace.manifest.packages.some(standsIn);
  return {
    data: result,
    text: "",
    proof: isAny ? describeSynced(result.sources.length) : "No checkout stands in for anything",
  };
}

/** Where another hsm runs, and all stands in nevertheless, there is nothing to fail for. */
async function unlessAllStandIn(context: CommandContext, error: unknown): Promise<undefined> {
  if (!(error instanceof HsmError) || error.code !== "workspace-locked") throw error;
  await using workspace = await context.open({ readonly: true });
  const { allStandIn } = await import("./renew_stand_ins.ts");
  if (await allStandIn(workspace)) return undefined;
  throw error.withHint(
    "run `hsm sync` as soon as it has ended: something else is locked, or installed, than what stands in",
  );
}

/** What came of a sync that did nothing. */
const NOTHING: SyncResult = {
  checkouts: [],
  sources: [],
  injected: { changed: false, changes: [], diff: "" },
  synced: undefined,
};
