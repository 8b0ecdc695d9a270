/**
 * What would change, without changing anything: the diff of pyproject.toml.
 */

import { inject, map, openWorkspace } from "@hsm/hsm";

await using workspace = await openWorkspace({ readonly: true });
const { sources } = await map(workspace);
const { changed, diff } = await inject(workspace, { sources, dryRun: true });

console.log(changed ? diff : "pyproject.toml is as hsm.yaml says");
