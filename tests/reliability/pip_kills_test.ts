import { ALL, managersNamed } from "../harness/managers.ts";
import { Mover } from "./moves.ts";

for (const manager of managersNamed("pip")) {
  for (const environment of manager.environment === undefined ? [undefined, "own"] : [undefined]) {
    const where = environment === undefined ? "its own" : "one of its user's";
    Deno.test(`${manager.label}: killed while uv locks or installs into ${where}, the next command finds the files, and a sync the environment`, async () => {
      await using mover = await Mover.make(manager, environment);
      await mover.killAll(ALL ? 12 : 2);
    });
  }
}
