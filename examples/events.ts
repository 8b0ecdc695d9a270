/**
 * A build log of a sync: how long each step took, what was done, and what wants attention.
 */

import { type HsmEvent, openWorkspace, silentReporter, sync } from "@hsm/hsm";

const steps = new Map<number, string>();

function log(event: HsmEvent): void {
  const time = event.at.slice(11, 19);
  if (event.kind === "started") steps.set(event.id, event.message ?? event.work);
  else if (event.kind === "ended") {
    const seconds = (event.milliseconds / 1000).toFixed(1);
    console.log(`${time}  ${steps.get(event.id)}: ${seconds} s`);
  } else if (event.kind === "committed") {
    console.log(`${time}  committed ${event.files.join(", ") || "nothing"}`);
  } else if (event.kind === "rolled-back") {
    console.log(`${time}  as before: ${event.restored.join(", ")}`);
  } else if (event.message !== undefined) console.log(`${time}  ${event.message}`);
}

const quiet = { reporter: silentReporter(), tellsRestored: false };
await using workspace = await openWorkspace({ ...quiet, onEvent: log });
await sync(workspace, { yes: true });
