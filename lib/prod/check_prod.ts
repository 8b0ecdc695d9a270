/**
 * Whether an app is fit for others: nothing in it comes from one developer's machine.
 *
 * @module
 */

import type { Manifest } from "../manifest/model.ts";
import type { Problem } from "../reconcile/problem.ts";
import { describeLocalSource, findDevSources, type LocalSource } from "./dev_sources.ts";

/**
 * The packages in dev mode, and the dev sources in pyproject.toml: those of managed packages, and any path that leaves
 * the root or leads into the folder of checkouts. Pure.
 *
 * @param manifest The manifest.
 * @param shared What hsm.yaml says by itself.
 * @param pyproject The text of pyproject.toml.
 */
export function checkProd(
  manifest: Manifest,
  shared: Manifest,
  pyproject: string,
): readonly Problem[] {
  const problems: Problem[] = [];
  for (const [index, { name, mode }] of manifest.packages.entries()) {
    // For others only hsm.yaml counts; a personal prod mode hides nothing from them.
    if (shared.packages[index]?.mode === "dev") {
      const fix = `run \`hsm prod --shared ${name}\``;
      problems.push(devSource(name, "hsm.yaml", `${name} is in dev mode`, fix));
    } else if (mode === "dev") {
      const fix = `run \`hsm prod ${name}\``;
      problems.push(devSource(name, "hsm.local.yaml", `${name} is in dev mode`, fix));
    }
  }
  // Its source follows from its mode.
  const told = new Set(problems.map((it) => it.sides[0]?.component));
  const { packagesDir, packages } = manifest;
  const managed = new Map(packages.map((it) => [it.key, it.name]));
  const found = findDevSources(pyproject, "pyproject.toml", { managed, packagesDir });
  for (const source of found) {
    const { name, isManaged } = source;
    if (isManaged && told.has(name)) continue;
    const message = `${describeLocalSource(source)} in pyproject.toml`;
    problems.push(devSource(name, "pyproject.toml", message, devFix(source)));
  }
  return problems;
}

/** What to do about a dev source. */
export function devFix(
  { name, isManaged, at }: Pick<LocalSource, "name" | "isManaged" | "at">,
): string {
  if (isManaged) return `run \`hsm prod ${name}\``;
  const list = at.filter((it) => typeof it === "string");
  const table = list[2] === "sources" ? list.slice(0, 3) : list;
  return `take its source out of [${table.join(".")}], or name ${name} in hsm.yaml`;
}

function devSource(component: string, file: string, message: string, fix: string): Problem {
  return { code: "dev-source", severity: "error", message, sides: [{ component, file }], fix };
}
