/**
 * An edit of a large pyproject.toml, beside the two parses that any safe edit needs.
 *
 * @module
 */

import { parseTOML } from "toml-eslint-parser";
import { injectSources } from "../lib/adapters/uv/inject.ts";
import { compare, type Comparison, type Took } from "./compare.ts";

/** Injects one source into a pyproject.toml of so many lines. */
export async function measureEdit(
  { lines, runs }: { readonly lines: number; readonly runs: number },
): Promise<Comparison> {
  const before = largePyproject(lines);
  const plan = {
    packages: [{
      name: "my-plugin",
      source: { kind: "path", path: "packages/my-plugin" } as const,
      extras: [],
      group: undefined,
      require: true,
    }],
    constraints: [],
    overrides: [],
    excludes: [],
  };
  const { text: after } = injectSources(before, plan);
  const added = after.split("\n").filter((line) => line.includes("my-plugin")).length;
  if (added < 2 || injectSources(after, { ...plan, packages: [] }).text !== before) {
    throw new Error("the edit did not do its work");
  }
  const parse = (text: string) => parseTOML(text, { tomlVersion: "1.1" });
  return await compare(
    { run: () => repeat(() => injectSources(before, plan)) },
    { run: () => repeat(() => [parse(before), parse(after)]) },
    runs,
  );
}

/** Several times in a row, so that no side has to clear up after the other. */
function repeat(work: () => unknown): Promise<Took> {
  const started = performance.now();
  for (let time = 0; time < 5; time++) work();
  return Promise.resolve({ wall: performance.now() - started });
}

/** A pyproject.toml as long as the longest that people have: requirements, and tables of tools. */
function largePyproject(lines: number): string {
  const fifth = Math.round(lines / 5);
  const requirements = Array.from(
    { length: fifth },
    (_, at) => `    "package-${at}[extra]>=${at % 90}.${at % 7},<${at % 90 + 1}",\n`,
  );
  const tables = Array.from(
    { length: Math.round(lines * 4 / 5 / 5) },
    (_, at) =>
      `[tool.some.section-${at}]\nname = "value ${at}"\nlist = [${at}, 2, 3]\nflag = true # why\n\n`,
  );
  return `[project]\nname = "app"\nversion = "0.1.0"\nrequires-python = ">=3.9"\ndependencies = [\n` +
    `${requirements.join("")}]\n\n${tables.join("")}`;
}
