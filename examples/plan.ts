/**
 * Shows what `hsm sync` would do and keeps it in a file: `plan.ts plan plan.json`; does just that, or fails where anything
 * has changed since: `plan.ts apply plan.json`.
 *
 * @module
 */

import { apply, openWorkspace, plan, type SyncPlan } from "@hsm/hsm";

const [task = "plan", file = "plan.json"] = Deno.args;

if (task === "apply") {
  const planned: SyncPlan = JSON.parse(await Deno.readTextFile(file));
  await using workspace = await openWorkspace();
  const { checkouts, injected } = await apply(workspace, planned);
  const cloned = checkouts.filter((it) => it.state === "cloned");
  console.log(`${cloned.length} cloned, ${injected.changes.length} changes`);
} else {
  await using workspace = await openWorkspace({ readonly: true });
  const planned = await plan(workspace);
  const { clones, files, installs = [], unknown, problems } = planned;
  for (const { path, git, commit } of clones) console.log(`clone ${git} at ${commit}: ${path}`);
  for (const { diff } of files) console.log(diff);
  for (const { action, what } of installs) console.log(`${action} ${what}`);
  if (unknown !== undefined) console.log(`what is installed is not known: ${unknown}`);
  for (const { severity, message } of problems) console.log(`${severity}: ${message}`);
  await Deno.writeTextFile(file, JSON.stringify(planned, null, 2));
}
