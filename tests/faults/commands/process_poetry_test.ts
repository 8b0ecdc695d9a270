import { ALL } from "../../harness/managers.ts";
import { POETRY } from "./managers.ts";
import { sweepProcesses } from "./process_sweep.ts";

Deno.test({
  name: "Poetry: any hsm process survives kills and errors at its system calls",
  ignore: !ALL,
  fn: () => sweepProcesses(POETRY, 2),
});
