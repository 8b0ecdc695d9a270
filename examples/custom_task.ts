/**
 * A task of one's own between map and inject: the nightly build takes every package from its main branch.
 *
 * Nothing is committed, so that leaving the block brings every file back, whatever the tests say.
 */

import { inject, map, type MappedPackage, openWorkspace } from "@hsm/hsm";

function fromMain(it: MappedPackage): MappedPackage {
  if (it.source.kind !== "git") return it;
  const { git, subdirectory } = it.source;
  const folder = subdirectory === undefined ? {} : { subdirectory };
  return { ...it, source: { kind: "git", git, branch: "main", ...folder } };
}

await using workspace = await openWorkspace();
const { sources } = await map(workspace);
await inject(workspace, { sources: sources.map(fromMain) });

const $ = await workspace.shell();
console.log(await $`uv run --quiet python -c ${"import app_test; app_test.run()"}`.text());
