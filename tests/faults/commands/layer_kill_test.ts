import { sweepKills } from "./layer_sweeps.ts";
import { UV } from "./managers.ts";

Deno.test("a kill at any call of any command leaves files and checkouts all old or all new", async () => {
  await sweepKills(UV, 2);
});
