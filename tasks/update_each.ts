/**
 * `hsm update --each`: pins moved one after the other, as far as the app goes with them.
 *
 * @module
 */

import { HsmError, type HsmErrorCode } from "../lib/errors.ts";
import { describePin } from "../lib/packages/describe_pin.ts";
import type { Workspace } from "../lib/workspace/workspace.ts";
import { sync, type SyncOptions } from "./sync.ts";
import {
  findMoves,
  type PinMove,
  stageMoves,
  type UpdateOptions,
  type UpdateResult,
} from "./update/moves.ts";

/** What {@linkcode updateEach} moves. */
export type UpdateEachOptions =
  & Pick<UpdateOptions, "packages" | "pre">
  & Pick<SyncOptions, "yes" | "noCheck" | "args">;

/** A pin that stays where it is. */
export interface FailedMove extends PinMove {
  /** The code of the error with which the sync with its new pin failed. */
  readonly code: HsmErrorCode;
  /** What the error said. */
  readonly reason: string;
}

/** What {@linkcode updateEach} moved. */
export interface UpdateEachResult extends UpdateResult {
  /** The pins that moved, in the order in which they went in. */
  readonly moved: readonly PinMove[];
  /** The pins with which the app does not sync and verify: they are where they were. */
  readonly failed: readonly FailedMove[];
}

/** The errors that are about the pin that was moved, as the package manager's own are; after any other the next pin would fare no better. */
const VERDICTS: readonly HsmErrorCode[] = [
  "packages-incompatible",
  "source-ignored",
  "verify-failed",
];

/**
 * Moves pins to the newest release tags one after the other, each with a sync and the manifest's `verify` commands, and
 * keeps those that go in. What fails is tried again once others are in, for it may need them; and what is left in the
 * end is tried together.
 *
 * Touches what `sync` touches. Each move is a transaction of its own: whenever it ends, the app is whole with the pins
 * that are in. `undo` takes them back at once.
 *
 * @example
 * ```ts
 * import { openWorkspace, updateEach } from "@hsm/hsm";
 *
 * await using workspace = await openWorkspace();
 * const { moved, failed } = await updateEach(workspace);
 * console.log(`${moved.length} are in, ${failed.length} are not`);
 * for (const { package: name, reason } of failed) console.log(`${name}: ${reason}`);
 * ```
 *
 * @param workspace The workspace.
 * @param options Which packages, and what goes for the syncs.
 * @returns The pins that moved, in the order in which they went in, those that do not go in, with the error's code and
 * text, and the packages that are left alone.
 * @throws {HsmError} what `update` throws; what `sync` throws, where that is not the fault of a pin (`details.moved`
 * has those that are in)
 */
export async function updateEach(
  workspace: Workspace,
  options: UpdateEachOptions = {},
): Promise<UpdateEachResult> {
  const { moved: planned, left } = await findMoves(workspace, options);
  using _ = workspace.undoneTogether();
  const moved: PinMove[] = [];
  const waiting = [...planned];
  const errors = new Map<PinMove, HsmError>();
  try {
    // As soon as all that wait have failed since the last one went in, no other order helps.
    for (let failed = 0; failed < waiting.length;) {
      const move = waiting.shift()!;
      const error = await tryMoves(workspace, [move], options);
      if (error === undefined) {
        moved.push(move);
        failed = 0;
      } else {
        errors.set(move, error);
        waiting.push(move);
        failed++;
      }
    }
    if (waiting.length > 1 && await tryMoves(workspace, waiting, options) === undefined) {
      moved.push(...waiting.splice(0));
    }
  } catch (error) {
    if (error instanceof HsmError) error.addDetails({ moved });
    throw error;
  }
  const failed = planned.filter((it) => waiting.includes(it)).map((it): FailedMove => {
    const { code, message, causes } = errors.get(it)!;
    return { ...it, code, reason: [message, ...causes].join("\n") };
  });
  return { moved, failed, left };
}

/**
 * Moves pins and syncs; what fails is rolled back.
 *
 * @returns Why they do not go in; undefined: they are in.
 */
async function tryMoves(
  workspace: Workspace,
  moves: readonly PinMove[],
  { yes, noCheck, args }: UpdateEachOptions,
): Promise<HsmError | undefined> {
  const { tell } = workspace;
  const names = moves.map((it) => it.package).join(", ");
  const many = moves.length > 1;
  try {
    await stageMoves(workspace, moves);
    await sync(workspace, { yes, noCheck, args });
    const message = many ? `${names} are in` : `${names} is in: ${describePin(moves[0]?.to)}`;
    tell({ kind: "pins-tried", moves, success: true, message });
    return undefined;
  } catch (error) {
    if (!(error instanceof HsmError)) throw error;
    const isVerdict = [...VERDICTS, workspace.adapter.failure].includes(error.code);
    if (!isVerdict || isMissing(error)) throw error;
    await workspace.rollback();
    const message = many
      ? `${names} do not go in together either: ${error.message}`
      : `${names} stays at ${describePin(moves[0]?.from)}: ${error.message}`;
    tell({ kind: "pins-tried", moves, success: false, message });
    return error;
  }
}

/** A `verify` command that is not there is no verdict. */
function isMissing({ cause }: HsmError): boolean {
  return cause instanceof HsmError && cause.code === "tool-missing";
}
