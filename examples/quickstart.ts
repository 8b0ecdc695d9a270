/**
 * The four tasks in their order: what `hsm sync --yes` does.
 *
 * Run it in the app's folder:
 * `deno run --allow-read --allow-write --allow-env --allow-run=git,uv examples/quickstart.ts`
 */

import { clone, inject, install, map, openWorkspace } from "@hsm/hsm";

await using workspace = await openWorkspace();
const { checkouts } = await clone(workspace, { yes: true });
const { sources } = await map(workspace, { checkouts });
const { changes } = await inject(workspace, { sources });
await install(workspace);

console.log(`${sources.length} packages, ${checkouts.length} of them in dev mode`);
for (const { package: name, what, action } of changes) console.log(`${action} ${what} of ${name}`);
