/**
 * Does what examples/plan.ts has shown, or fails where anything has changed since: `apply.ts plan.json`.
 *
 * @module
 */

import { apply, openWorkspace, type SyncPlan } from "@hsm/hsm";

const [file = "plan.json"] = Deno.args;
const planned: SyncPlan = JSON.parse(await Deno.readTextFile(file));
await using workspace = await openWorkspace();
const { checkouts, injected } = await apply(workspace, planned);

const cloned = checkouts.filter((it) => it.state === "cloned").length;
console.log(`${cloned} cloned, ${injected.changes.length} changes`);
