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

// Poetry 1.8 does not always recover from an end of its own while it fetches: "'Tag' object has no attribute 'parents'".
for (const manager of managersNamed("poetry").slice(0, 1)) {
  Deno.test(`${manager.label}: a signal while it locks or installs ends it, and files and environment are as before`, async () => {
    await using mover = await Mover.make(manager);
    const chance = new Chance(SEED);
    for (const [signal, step, whom] of [...MOMENTS, ...ALL ? MORE : []]) {
      await mover.interrupt(signal, { step, whom, chance });
    }
  });
}
