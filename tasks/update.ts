/**
 * `hsm update`: pins moved to newer releases.
 *
 * @module
 */

import { columns } from "../lib/text/columns.ts";
import type { Page } from "../lib/text/page.ts";
import {
  ADAPTER_ARGUMENTS,
  type Command,
  type CommandOutcome,
  defineCommand,
} from "../lib/command/command.ts";
import { HsmError } from "../lib/errors.ts";
import { describePin } from "../lib/packages/describe_pin.ts";
import type { Workspace } from "../lib/workspace/workspace.ts";
import { finish, type Synced } from "./finish.ts";
import {
  findMoves,
  type PinMove,
  stageMoves,
  type UpdateOptions,
  type UpdateResult,
} from "./update/moves.ts";
import type { UpdateEachOptions, UpdateEachResult } from "./update_each.ts";
import { flag, text } from "../lib/command/options.ts";
import { packageOptions } from "../lib/command/package_options.ts";

export type { PinMove, UpdateOptions, UpdateResult };

/**
 * Moves pins in hsm.yaml to the newest release tags, in memory: `sync`, `inject` or `workspace.commit()` writes it.
 *
 * Touches hsm.yaml, in the workspace's transaction; everything but the pins stays as it is, to the byte. Packages
 * pinned by a branch or a commit, those that hsm.local.yaml pins, and those whose newest tag says itself that it is
 * older than the pin, are left alone. If any remote is away, nothing moves.
 *
 * @example
 * ```ts
 * import { openWorkspace, sync, update } from "@hsm/hsm";
 *
 * await using workspace = await openWorkspace();
 * const { moved } = await update(workspace);
 * console.log(moved); // [{ package: "my-plugin", from: { tag: "v1.2.0" }, to: { tag: "v1.3.0" } }]
 * if (moved.length > 0) await sync(workspace);
 * ```
 *
 * @param workspace The workspace.
 * @param options Which packages, or a tag for one.
 * @returns The pins that moved, and the packages that are left alone, with the reason.
 * @throws {HsmError} `git-failed` where a remote is away; `pin-not-found` with `to`, which lists nearby tags;
 * `package-unknown`, `usage`, `manifest-invalid`
 */
export async function update(
  workspace: Workspace,
  options: UpdateOptions = {},
): Promise<UpdateResult> {
  const result = await findMoves(workspace, options);
  await stageMoves(workspace, result.moved);
  return result;
}

function describe(
  { moved, left, failed = [] }: UpdateResult & Partial<UpdateEachResult>,
  { style, width }: Page,
): string {
  const name = (it: { readonly package: string }) => ({ text: it.package, paint: style.bold });
  return columns([
    ...moved.map((it) => [name(it), `${describePin(it.from)} → ${describePin(it.to)}`]),
    ...failed.map((it) => [name(it), {
      text: `stays at ${describePin(it.from)}: ${describePin(it.to)} does not go in`,
      paint: style.yellow,
    }]),
    ...left.map((it) => [name(it), { text: `left alone: ${it.reason}`, paint: style.dim }]),
  ], width);
}

const NOTHING = "There is nothing to update";

/** The document of `hsm update`. */
export type UpdateDocument = Synced<UpdateResult> & Partial<UpdateEachResult>;

/**
 * `hsm update`.
 *
 * @throws {HsmError} `update-failed` where `--each` leaves pins as they were
 */
export const updateCommand: Command<UpdateDocument> = defineCommand({
  name: "update",
  group: "The manifest",
  summary: "Move pins to the newest releases, and sync: all or nothing",
  description:
    "With `--each`: one pin after the other, and those stay moved with which the app syncs and verifies.",
  examples: [
    "hsm update --dry-run",
    "hsm update my-plugin",
    "hsm update my-plugin --to v1.1.0",
    "hsm update --each",
  ],
  positional: "packages",
  passthrough: ADAPTER_ARGUMENTS,
  excludes: [
    ["each", "to", "`--to` moves one pin as it is"],
    ["to", "pre", "the tag is said, and no release is looked for"],
  ],
  options: {
    ...packageOptions("Only these; default: all"),
    to: { ...text("The tag to move to, of one package", "TAG"), completes: "tags" },
    each: flag("One pin after the other; keep those that verify, and name the others"),
    pre: flag("Take pre-releases for releases"),
    dryRun: flag("Only show what would move"),
    noCheck: flag("Go on though something does not fit"),
    wait: flag("Wait for another hsm in this workspace"),
  },
  async run(context, { packages, to, each = false, pre, noCheck, dryRun = false, wait = false }) {
    await using workspace = await context.open({ readonly: dryRun, wait });
    if (each && !dryRun) {
      const { yes, passthrough: args } = context;
      return await runEach(workspace, { packages, pre, yes, noCheck, args }, context);
    }
    const result = await update(workspace, { packages, to, pre });
    const text = describe(result, context);
    const proof = result.moved.length === 0 ? NOTHING : undefined;
    if (dryRun || proof !== undefined) return { data: result, text, proof };
    return await finish(workspace, context, result, { text, noCheck }).catch((error) => {
      const isOpen = result.moved.length > 1 && error instanceof HsmError &&
        error.hint === undefined &&
        ["verify-failed", workspace.adapter.failure].includes(error.code);
      throw isOpen ? error.withHint("`hsm update --each` finds out which pin it is") : error;
    });
  },
});

/** `hsm update --each`. */
async function runEach(
  workspace: Workspace,
  options: UpdateEachOptions,
  page: Page,
): Promise<CommandOutcome<UpdateEachResult>> {
  const { updateEach } = await import("./update_each.ts");
  const result = await updateEach(workspace, options);
  const { moved, failed } = result;
  return {
    data: result,
    text: describe(result, page),
    proof: moved.length + failed.length === 0 ? NOTHING : undefined,
    failure: eachFailure(result),
  };
}

/** The error that some pins did not go in; undefined where all did. */
function eachFailure({ moved, failed }: UpdateEachResult): HsmError | undefined {
  if (failed.length === 0) return undefined;
  const names = failed.map((it) => it.package);
  const others = moved.length === 0
    ? ""
    : moved.length === 1
    ? "; the other one is in"
    : `; the other ${moved.length} are in`;
  const state = `with ${names.length > 1 ? "any of them" : "it"} the app does not sync and verify`;
  return new HsmError("update-failed", `Cannot update ${names.join(", ")}: ${state}${others}`, {
    causes: failed.map(({ package: name, from, to, reason }) =>
      `${name} ${describePin(from)} → ${describePin(to)}: ${reason}`
    ),
    details: { packages: names },
  });
}
