import { ALL, managersNamed } from "../harness/managers.ts";
import { Mover } from "./moves.ts";

// Poetry 1.8 does not always recover from an end of its own while it fetches: "'Tag' object has no attribute 'parents'".
for (const manager of managersNamed("poetry").slice(0, 1)) {
  Deno.test(`${manager.label}: killed at any moment, the next command finds the files, and a sync the environment`, async () => {
    await using mover = await Mover.make(manager);
    await mover.killAll(ALL ? 12 : 1);
  });
}
