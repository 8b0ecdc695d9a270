/**
 * A task of one's own between map and inject: the nightly build takes every package from the default branch of its
 * repository.
 *
 * Nothing of it stays, whatever the tests say: files and environment are what they were.
 */

import { inject, map, type MappedPackage, openWorkspace } from "@hsm/hsm";

function newest(it: MappedPackage): MappedPackage {
  if (it.source.kind !== "git") return it;
  const { git, subdirectory } = it.source;
  const folder = subdirectory === undefined ? {} : { subdirectory };
  return { ...it, source: { kind: "git", git, ...folder } };
}

await using workspace = await openWorkspace();
const { sources } = await map(workspace);
await inject(workspace, { sources: sources.map(newest) });

const $ = await workspace.shell();
await $`uv sync`;
await $`uv pip check`; // here your tests: uv run pytest

await workspace.rollback();
