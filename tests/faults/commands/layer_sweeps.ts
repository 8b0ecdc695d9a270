/**
 * Kills and errors at the calls of the file layer, in every command that changes files, in-process.
 *
 * @module
 */

import { tally } from "../../harness/tally.ts";
import { isChange } from "../layer.ts";
import { MEMORY } from "./app.ts";
import { Judge } from "./judge.ts";
import { layerCalls, runWith } from "./layer_calls.ts";
import type { SweepManager } from "./managers.ts";
import { SCENARIOS } from "./scenarios.ts";
import { COMMIT, FULL, Sweep } from "./sweep.ts";

/**
 * Kills each command at its calls, and judges what the next one makes of it.
 *
 * @param step Each n-th of the calls that change anything is tried, and those of the commit always.
 */
export async function sweepKills(manager: SweepManager, step: number): Promise<void> {
  const kills = new Sweep();
  for (const [number, scenario] of SCENARIOS.entries()) {
    const { args } = scenario;
    let turn = number;
    await using judge = await Judge.of(manager, scenario, MEMORY);
    for (const [index, call] of (await layerCalls(judge, args)).entries()) {
      // Dying before a call that changes nothing leaves the same as dying before the one that comes next.
      if (!FULL && !isChange(call)) continue;
      // The others are killed there in another command: most of their calls are the same.
      if (!FULL && turn++ % step !== 0 && !COMMIT.test(call)) continue;
      const at = index + 1;
      await kills.point(`hsm ${args.join(" ")}, killed at call ${at}: ${call}`, async () => {
        await runWith(judge, args, { at, kind: "kill", extent: "from" });
        judge.assertWhole();
        await judge.recover(true);
      });
    }
  }
  tally({ kills: kills.tried });
  console.log(`fault sweep (commands, file layer, ${manager.name}): ${kills.tried} kills`);
  Sweep.end(kills);
}

/** What fails, and at each how many calls; "full" lets everything fail at each. */
const KINDS = [
  { kind: "ENOSPC", extent: "once", step: 5 },
  { kind: "ENOSPC", extent: "from", step: 17 },
  { kind: "EIO", extent: "once", step: 61 },
  { kind: "EIO", extent: "from", step: 61 },
  { kind: "EACCES", extent: "once", step: 61 },
  { kind: "EACCES", extent: "from", step: 61 },
  { kind: "EROFS", extent: "once", step: 61 },
  { kind: "EROFS", extent: "from", step: 61 },
] as const;

/**
 * Lets the calls of each command fail, and judges what it says and comes to.
 *
 * @param coarse How many times fewer calls are tried than of the package manager that is tried most; those of the commit
 * are always, where it is once.
 */
export async function sweepErrors(manager: SweepManager, coarse: number): Promise<void> {
  const errors = new Sweep();
  for (const [number, scenario] of SCENARIOS.entries()) {
    const { args } = scenario;
    await using judge = await Judge.of(manager, scenario, MEMORY);
    for (const [index, call] of (await layerCalls(judge, args)).entries()) {
      const at = index + 1;
      for (const [turn, { kind, extent, step }] of KINDS.entries()) {
        const isCommit = coarse === 1 && COMMIT.test(call);
        // Not each kind at the same calls, nor in each command, most of whose calls are the same.
        if (!FULL && (index + turn + number) % (step * coarse) !== 0 && !isCommit) continue;
        const where = `hsm ${args.join(" ")}, ${kind} ${extent} at call ${at}: ${call}`;
        await errors.point(where, async () => {
          const { ended } = await runWith(judge, args, { at, kind, extent });
          judge.assertWhole();
          await judge.assertTold(ended);
          await judge.recover(false);
        });
      }
    }
  }
  tally({ errors: errors.tried });
  console.log(`fault sweep (commands, file layer, ${manager.name}): ${errors.tried} errors`);
  Sweep.end(errors);
}
