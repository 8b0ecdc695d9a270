/**
 * What a failure of uv's means where it does pip's work.
 *
 * @module
 */

import type { Explanation } from "../adapter.ts";
import { printable } from "../../text/printable.ts";
import { explainUvFailure } from "../uv/failure.ts";
import { explainHatchFailure } from "./hatch_failure.ts";

/** Reads what uv or Hatch said. Pure. Where a package is to come from two places, it is a requirement that names the other one. */
export function explainPipFailure(text: string): Explanation {
  const ofHatch = explainHatchFailure(text);
  if (ofHatch.cause !== undefined) return ofHatch;
  const [, is, wanted] =
    /interpreter resolved to Python (\S+), which is incompatible .*Python requirement: `([^`]+)`/
      .exec(text) ?? [];
  if (is !== undefined) {
    return {
      cause: `the environment has Python ${is}, and what is locked is for Python ${wanted}`,
      hint: "remove the environment, so that it is made anew, or change `requires-python` in " +
        "the app's pyproject.toml",
    };
  }
  // An environment is made where there is no Python: what lies there may be what is left of one, or anybody's.
  const folder = /A (?:virtual environment|directory) already exists at: (.+)$/m.exec(text)?.[1];
  if (folder !== undefined) {
    return {
      cause: `there is something at ${printable(folder.trim())} that is no whole environment`,
      hint: "remove it, or name another folder under `environment:` in hsm.yaml",
    };
  }
  const { misplaced, ...explanation } = explainUvFailure(text);
  // An app need not say which versions it works with, and the environment's own counts in any case.
  const python = /^raise `requires-python` .*, (or use another version of .*)$/
    .exec(explanation.hint ?? "")?.[1];
  if (python !== undefined) {
    const hint =
      "use an environment with such a Python, and raise `requires-python` where the app " +
      `has one; ${python}`;
    return { ...explanation, hint };
  }
  if (!/conflicting URLs for package/.test(text)) {
    return misplaced === undefined ? explanation : { ...explanation, misplaced };
  }
  const by = /Failed to resolve dependencies for (?:package )?`([\w.-]+)/.exec(text)?.[1];
  const where = by === undefined ? "what requires it" : `the requirements of ${by}`;
  return {
    ...explanation,
    hint: `take the URL of ${misplaced} out of ${where}: pip cannot overrule it`,
  };
}
