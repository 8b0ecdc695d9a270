import { UV } from "./managers.ts";
import { sweepProcesses } from "./process_sweep.ts";

Deno.test("any hsm process survives kills and errors at its system calls", async () => {
  await sweepProcesses(UV, 1);
});
