/**
 * Shows what `hsm sync` would do, and keeps it: `plan.ts plan.json`. examples/apply.ts does just that.
 *
 * @module
 */

import { openWorkspace, plan } from "@hsm/hsm";

const [file = "plan.json"] = Deno.args;
await using workspace = await openWorkspace({ readonly: true });
const planned = await plan(workspace);
const { clones, files, installs = [], unknown, problems } = planned;

for (const { path, git, commit } of clones) console.log(`clone ${git} at ${commit} into ${path}`);
for (const { diff } of files) console.log(diff);
for (const { action, what } of installs) console.log(`${action} ${what}`);
if (unknown !== undefined) console.log(`what is installed is not known: ${unknown}`);
for (const { severity, message } of problems) console.log(`${severity}: ${message}`);

await Deno.writeTextFile(file, JSON.stringify(planned, null, 2));
