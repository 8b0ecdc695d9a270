import { Chance } from "../harness/chance.ts";
import { FULL, managersNamed } from "../harness/managers.ts";
import { Mover } from "./moves.ts";

/** All of it is the same again with the same seed, but for how fast the machine is. */
const SEED = 1;

for (const manager of managersNamed("pip")) {
  for (const environment of [undefined, "own"]) {
    const where = environment === undefined ? "one of HSM's" : "one of its user's own";
    Deno.test(`${manager.label}: killed while uv locks or installs into ${where}, the next command finds the files, and a sync the environment`, async () => {
      await using mover = await Mover.make(manager, environment);
      const chance = new Chance(SEED);
      const turns = FULL ? 12 : 2;
      for (let turn = 0; turn < turns; turn++) {
        await mover.kill(turn % 4 === 0 ? ["map"] : ["sync"], {
          step: turn % 3 === 0 ? "lock" : "install",
          whom: turn % 2 === 0 ? "hsm" : "all",
          chance,
        });
      }
    });
  }
}
