/**
 * Versions that a build computes, as the lock file has them: the package manager has built that very commit.
 *
 * @module
 */

import type { LockedCommit } from "../packages/locked.ts";
import { pickLines } from "../project/metadata_reader.ts";
import type { Component } from "../reconcile/model.ts";

/** Whether a pin's version is not known, or a guess. Most packages write theirs down, and a large lock file takes long to read. */
export function isVersionUnsure({ commit, metadata }: Component): boolean {
  if (commit === undefined || metadata === undefined) return false;
  const { version, dynamic, guesses = [] } = metadata;
  return version === undefined ? dynamic.includes("version") : guesses.includes("version");
}

/** A component of which that is so, with the version that the lock file has for its commit. */
export function withLockedVersion(
  component: Component,
  locked: LockedCommit | undefined,
): Component {
  const { commit, metadata } = component;
  if (metadata === undefined || locked?.version === undefined) return component;
  if (locked.commit !== commit) return component;
  return {
    ...component,
    metadata: {
      ...metadata,
      version: locked.version,
      lines: pickLines([metadata.lines, (name) => name !== "version"]),
      files: { ...metadata.files, version: locked.file ?? "the lock file" },
      guesses: metadata.guesses?.filter((it) => it !== "version") ?? [],
    },
  };
}
