/**
 * What is kept of pinned commits, and where tags and branches were.
 *
 * @module
 */

import type { SetupPy } from "../project/setup_cfg.ts";
import { tableOf } from "../table.ts";

/** No file that describes a distribution is longer, in characters; of one that is, one more is kept. */
export const MAX_TEXT = 1024 * 1024;

/** The files of a distribution that describe it, at one commit. */
export interface DistributionFiles {
  /** The text of pyproject.toml; undefined where there is none. */
  readonly pyproject: string | undefined;
  /** The text of setup.cfg; undefined where there is none. */
  readonly setupCfg: string | undefined;
  /** What kind of setup.py there is. */
  readonly setupPy: SetupPy;
  /** Whether the repository may have submodules: whether there is a .gitmodules at its top. */
  readonly gitmodules: boolean;
  /** The nearest pyproject.toml above, where the distribution is in a folder of the repository and there is one. */
  readonly above?: FileAbove;
}

/** A pyproject.toml in a folder above a distribution's: it may be the root of a uv workspace. */
export interface FileAbove {
  /** Its folder, relative to the top of the repository; `""`: the top itself. */
  readonly folder: string;
  /** Its text. */
  readonly text: string;
}

const SETUP_PYS: readonly SetupPy[] = ["none", "bare", "program"];

/** Whether a value is what a commit says. */
export function isDistribution(value: unknown): value is DistributionFiles {
  const { pyproject, setupCfg, setupPy, gitmodules, above } = tableOf(value);
  const areTexts = [pyproject, setupCfg].every((it) => it === undefined || typeof it === "string");
  const isKind = SETUP_PYS.includes(setupPy as SetupPy) && typeof gitmodules === "boolean";
  const { folder, text } = tableOf(above);
  const isAbove = typeof folder === "string" && typeof text === "string";
  return areTexts && isKind && (above === undefined || isAbove);
}

/** Whether a value is the commit that a ref was at. */
export function isCommit(value: unknown): value is { readonly commit: string } {
  return isWholeCommit(tableOf(value)["commit"]);
}

/** Whether it is a whole commit, which also keeps it from being taken for an option of git. */
export function isWholeCommit(value: unknown): value is string {
  return typeof value === "string" && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i.test(value);
}
