/**
 * How long the check takes in memory, and how it grows: `deno run bench/reconcile.ts`.
 *
 * @module
 */

import type { App, Component } from "../lib/reconcile/model.ts";
import { reconcile } from "../lib/reconcile/reconcile.ts";

const ROUNDS = 7;
const REQUIREMENTS = 10;

/** The names and specifiers that component `index` of `count` requires. */
type Shape = (index: number, nth: number, count: number) => string;

const SHAPES: Readonly<Record<string, Shape>> = {
  "mostly distinct": (index, nth, count) =>
    `lib-${(index * 7 + nth * 131) % (count * 3)}>=${nth}.${index % 50},<${nth + 90}`,
  "the same ten": (index, nth) => `lib-${nth}>=${nth}.${index},!=${nth}.${index}.1,<100`,
  "ten and markers": (index, nth) =>
    `lib-${nth}>=${nth}.${index % 90}; python_version < "3.${
      9 + nth % 5
    }" or sys_platform == "win32"`,
  "managed ones": (index, nth, count) => `plug-${(index + nth + 1) % count}>=1.0,<2`,
};

function makeComponents(count: number, shape: Shape): readonly Component[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `plug-${index}`,
    mode: "dev",
    file: `packages/plug-${index}/pyproject.toml`,
    metadata: {
      name: `plug-${index}`,
      version: "1.2.0",
      requiresPython: ">=3.9",
      dependencies: Array.from({ length: REQUIREMENTS }, (_, nth) => shape(index, nth, count)),
      optionalDependencies: {},
      dynamic: [],
      sources: [],
      lines: {},
    },
    extras: [],
    require: true,
  }));
}

const app: App = {
  name: "app",
  file: "pyproject.toml",
  requiresPython: ">=3.9",
  dependencies: [],
  optionalDependencies: {},
  dynamic: [],
  sources: [],
  lines: {},
  dependencyGroups: {},
  groupPythons: {},
  conflicts: [],
  injected: {},
  excluded: [],
  stated: [],
  environments: [],
  overrides: [],
  scoped: [],
  constraints: [],
};

function measure(components: readonly Component[]): { first: number; best: number } {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    const { problems } = reconcile({ app, components });
    times.push(performance.now() - start);
    if (problems.length > 0) throw new Error(problems[0]!.message);
  }
  return { first: times[0]!, best: Math.min(...times) };
}

if (import.meta.main) {
  for (const [name, shape] of Object.entries(SHAPES)) {
    let last: number | undefined;
    for (const count of [100, 1000, 4000]) {
      const { first, best } = measure(makeComponents(count, shape));
      const ratio = last === undefined ? "" : `, ${(best / last).toFixed(1)} times the line above`;
      console.log(
        `${name}, ${count} components: ${best.toFixed(1)} ms (first ${
          first.toFixed(1)
        } ms)${ratio}`,
      );
      last = best;
    }
  }
}
