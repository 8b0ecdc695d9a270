/**
 * Errors at each call of the file layer, in every command that changes files, in-process.
 *
 * @module
 */

import { tally } from "../../harness/tally.ts";
import { MEMORY } from "./app.ts";
import { Judge } from "./judge.ts";
import { layerCalls, runWith } from "./layer_calls.ts";
import { SCENARIOS } from "./scenarios.ts";
import { COMMIT, FULL, Sweep } from "./sweep.ts";

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

Deno.test("an error at any call of any command is told, with all back, or with instructions", async () => {
  const errors = new Sweep();
  for (const [number, scenario] of SCENARIOS.entries()) {
    const { args } = scenario;
    await using judge = await Judge.of(scenario, MEMORY);
    for (const [index, call] of (await layerCalls(judge, args)).entries()) {
      const at = index + 1;
      for (const [turn, { kind, extent, step }] of KINDS.entries()) {
        // Not each kind at the same calls, nor in each command, most of whose calls are the same.
        if (!FULL && (index + turn + number) % step !== 0 && !COMMIT.test(call)) continue;
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
  console.log(`fault sweep (commands, file layer): ${errors.tried} errors`);
  Sweep.end(errors);
});
