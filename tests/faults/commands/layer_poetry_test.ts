import { ALL } from "../../harness/managers.ts";
import { sweepErrors, sweepKills } from "./layer_sweeps.ts";
import { POETRY } from "./managers.ts";

Deno.test("Poetry: a kill at any call of any command leaves files and checkouts all old or all new", async () => {
  await sweepKills(POETRY, ALL ? 6 : 15);
});

Deno.test("Poetry: an error at any call of any command is told, with all back, or with instructions", async () => {
  await sweepErrors(POETRY, ALL ? 6 : 12);
});
