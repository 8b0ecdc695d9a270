import { Chance } from "../harness/chance.ts";
import { ALL, managersNamed } from "../harness/managers.ts";
import { Mover } from "./moves.ts";

/** All of it is the same again with the same seed, but for how fast the machine is. */
const SEED = 1;

const MOMENTS = [
  ["SIGINT", "lock", "all"],
  ["SIGTERM", "install", "hsm"],
] as const;

const MORE = [
  ["SIGTERM", "lock", "hsm"],
  ["SIGINT", "install", "all"],
  ["SIGINT", "install", "hsm"],
  ["SIGTERM", "install", "all"],
] as const;

for (const [index, manager] of managersNamed("poetry").entries()) {
  Deno.test(`${manager.label}: a signal while it locks or installs ends it, and files and environment are as before`, async () => {
    await using mover = await Mover.make(manager);
    const chance = new Chance(SEED);
    for (const [signal, step, whom] of [...MOMENTS, ...ALL && index === 0 ? MORE : []]) {
      await mover.interrupt(signal, { step, whom, chance });
    }
  });
}
