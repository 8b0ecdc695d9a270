import { FULL } from "../../harness/managers.ts";
import { POETRY } from "./managers.ts";
import { sweepProcesses } from "./process_sweep.ts";

if (FULL) {
  Deno.test("Poetry: any hsm process survives kills and errors at its system calls", async () => {
    await sweepProcesses(POETRY, 2);
  });
}
