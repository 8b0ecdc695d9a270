/**
 * The command as a process: `command.ts run|recover ROOT ENDING`. Prints the error, ends with its exit status.
 *
 * @module
 */

import { acquireLock } from "../../lib/transaction/lock.ts";
import { recover } from "../../lib/transaction/recover.ts";
import { type Ending, FILES, hsmErrors, runScenario } from "./scenario.ts";

const [what, root = ".", ending = "commit"] = Deno.args;
try {
  await using _lock = await acquireLock(root, { command: `hsm ${what}`, wait: true });
  await recover(root, { files: FILES });
  if (what === "run") await runScenario(root, ending as Ending, undefined, program);
} catch (error) {
  const errors = hsmErrors(error);
  console.log(errors.map(({ message, hint }) => `${message}\n${hint ?? ""}`).join("\n"));
  if (errors.length === 0) console.log(error);
  Deno.exit(Math.max(1, ...errors.map(({ exitStatus }) => exitStatus)));
}

/** Stands for uv: a process of its own, in which the shim injects no fault. */
function program(lock: string, text: string): void {
  const source = `${root}.source`;
  Deno.writeTextFileSync(source, text);
  new Deno.Command("mv", { args: [source, lock] }).outputSync();
}
