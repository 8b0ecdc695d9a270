import { ALL, managersNamed } from "../harness/managers.ts";
import { Mover } from "./moves.ts";

// Poetry 1.8 does not always recover from an end of its own while it fetches: "'Tag' object has no attribute 'parents'".
for (const manager of managersNamed("poetry").slice(0, 1)) {
  Deno.test(`${manager.label}: a signal while it locks or installs ends it, and files and environment are as before`, async () => {
    await using mover = await Mover.make(manager);
    await mover.interruptAll(ALL ? 6 : 2);
  });
}
