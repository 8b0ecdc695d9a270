import { Chance } from "../harness/chance.ts";
import { ALL, managersNamed } from "../harness/managers.ts";
import { Mover } from "./moves.ts";

/** All of it is the same again with the same seed, but for how fast the machine is. */
const SEED = 1;

// Poetry 1.8 does not always recover from an end of its own while it fetches: "'Tag' object has no attribute 'parents'".
for (const manager of managersNamed("poetry").slice(0, 1)) {
  Deno.test(`${manager.label}: killed at any moment, the next command finds the files, and a sync the environment`, async () => {
    await using mover = await Mover.make(manager);
    const chance = new Chance(SEED);
    const times = ALL ? 12 : 1;
    for (let turn = 0; turn < times; turn++) {
      await mover.kill(turn % 4 === 1 ? ["map"] : ["sync"], {
        step: turn % 3 === 1 ? "lock" : "install",
        whom: turn % 2 === 0 ? "hsm" : "all",
        chance,
      });
    }
  });
}
