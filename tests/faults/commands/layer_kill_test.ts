/**
 * Kills at each call of the file layer, in every command that changes files, in-process.
 *
 * @module
 */

import { tally } from "../../harness/tally.ts";
import { isChange } from "../layer.ts";
import { MEMORY } from "./app.ts";
import { Judge } from "./judge.ts";
import { layerCalls, runWith } from "./layer_calls.ts";
import { SCENARIOS } from "./scenarios.ts";
import { COMMIT, FULL, Sweep } from "./sweep.ts";

Deno.test("a kill at any call of any command leaves files and checkouts all old or all new", async () => {
  const kills = new Sweep();
  for (const [number, scenario] of SCENARIOS.entries()) {
    const { args } = scenario;
    let turn = number;
    await using judge = await Judge.of(scenario, MEMORY);
    for (const [index, call] of (await layerCalls(judge, args)).entries()) {
      // Dying before a call that changes nothing leaves the same as dying before the one that comes next.
      if (!FULL && !isChange(call)) continue;
      // The others are killed there in another command: most of their calls are the same.
      if (!FULL && turn++ % 2 === 1 && !COMMIT.test(call)) continue;
      const at = index + 1;
      await kills.point(`hsm ${args.join(" ")}, killed at call ${at}: ${call}`, async () => {
        await runWith(judge, args, { at, kind: "kill", extent: "from" });
        judge.assertWhole();
        await judge.recover(true);
      });
    }
  }
  tally({ kills: kills.tried });
  console.log(`fault sweep (commands, file layer): ${kills.tried} kills`);
  Sweep.end(kills);
});
