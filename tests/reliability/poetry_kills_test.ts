import { Chance } from "../harness/chance.ts";
import { ALL, managersNamed } from "../harness/managers.ts";
import { Mover } from "./moves.ts";

/** All of it is the same again with the same seed, but for how fast the machine is. */
const SEED = 1;

for (const [index, manager] of managersNamed("poetry").entries()) {
  Deno.test(`${manager.label}: killed at any moment, the next command finds the files, and a sync the environment`, async () => {
    await using mover = await Mover.make(manager);
    const chance = new Chance(SEED);
    const times = !ALL ? 1 : index === 0 ? 12 : 4;
    for (let turn = 0; turn < times; turn++) {
      await mover.kill(turn % 4 === 1 ? ["map"] : ["sync"], {
        step: turn % 3 === 1 ? "lock" : "install",
        whom: turn % 2 === 0 ? "hsm" : "all",
        chance,
      });
    }
  });
}
