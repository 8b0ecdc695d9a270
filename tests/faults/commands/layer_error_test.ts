import { sweepErrors } from "./layer_sweeps.ts";
import { UV } from "./managers.ts";

Deno.test("an error at any call of any command is told, with all back, or with instructions", async () => {
  await sweepErrors(UV, 1);
});
