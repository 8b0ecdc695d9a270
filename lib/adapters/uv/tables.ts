/**
 * The tables of uv's in pyproject.toml.
 *
 * @module
 */

/** The keys that lead to the sources. */
export const SOURCES: readonly string[] = ["tool", "uv", "sources"];

/** The lists of requirements that are uv's own; `*` stands for every key. */
export const REQUIREMENTS: readonly (readonly string[])[] = [
  ["tool", "uv", "dev-dependencies"],
  ["tool", "uv", "constraint-dependencies"],
  ["tool", "uv", "override-dependencies"],
  ["tool", "uv", "build-constraint-dependencies"],
  ["tool", "uv", "extra-build-dependencies", "*"],
];
