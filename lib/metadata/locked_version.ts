/**
 * Versions that a build computes, as the lock file has them: the package manager has built that very commit.
 *
 * @module
 */

import { normalizeName } from "../names.ts";
import { type LockedCommit, lockedCommits } from "../packages/locked.ts";
import type { Component } from "../reconcile/model.ts";
import type { Workspace } from "../workspace/workspace.ts";

/** Gives components the versions that the lock file has for their commits, where their own files do not tell. */
export async function withLockedVersions(
  workspace: Workspace,
  components: readonly Component[],
): Promise<readonly Component[]> {
  // Most packages write theirs down, and a large lock file takes long to read.
  if (!components.some(isOpen)) return components;
  const locked = await lockedCommits(workspace);
  return components.map((it) => withLockedVersion(it, locked.get(normalizeName(it.name))));
}

/** Whether a pin's version is not known, or a guess. */
function isOpen({ commit, metadata }: Component): boolean {
  if (commit === undefined || metadata === undefined) return false;
  const { version, dynamic, guesses = [] } = metadata;
  return version === undefined ? dynamic.includes("version") : guesses.includes("version");
}

function withLockedVersion(component: Component, locked: LockedCommit | undefined): Component {
  const { commit, metadata } = component;
  if (metadata === undefined || !isOpen(component)) return component;
  if (locked?.version === undefined || locked.commit !== commit) return component;
  const { version: _, ...lines } = metadata.lines;
  return {
    ...component,
    metadata: {
      ...metadata,
      version: locked.version,
      lines,
      files: { ...metadata.files, version: "uv.lock" },
      guesses: metadata.guesses?.filter((it) => it !== "version") ?? [],
    },
  };
}
