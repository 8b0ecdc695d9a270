import { ALL } from "../../harness/managers.ts";
import { sweepErrors, sweepKills } from "./layer_sweeps.ts";
import { PIP } from "./managers.ts";

Deno.test("pip: a kill at any call of any command leaves files and checkouts all old or all new", async () => {
  await sweepKills(PIP, ALL ? 6 : 15);
});

Deno.test("pip: an error at any call of any command is told, with all back, or with instructions", async () => {
  await sweepErrors(PIP, ALL ? 6 : 12);
});
