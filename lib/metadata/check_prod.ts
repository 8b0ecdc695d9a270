/**
 * Whether an app is fit for others: nothing in it comes from one developer's machine.
 *
 * @module
 */

import { normalize } from "@std/path";
import { isWorkspaceMember } from "../adapters/uv_workspace.ts";
import type { Manifest } from "../manifest/model.ts";
import { normalizeName } from "../names.ts";
import { readProject } from "../pyproject/read.ts";
import type { Problem } from "../reconcile/problem.ts";

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
  const { sources, workspace } = readProject(pyproject, "pyproject.toml");
  // Its source follows from its mode.
  const told = new Set(problems.map((it) => it.sides[0]?.component));
  const managed = new Map(manifest.packages.map((it) => [normalizeName(it.name), it.name]));
  for (const [key, value] of Object.entries(sources)) {
    const name = managed.get(normalizeName(key));
    for (const source of (Array.isArray(value) ? value : [value]) as Record<string, unknown>[]) {
      const { path } = source;
      const isMember = name === undefined && typeof path === "string" && workspace !== undefined &&
        isWorkspaceMember(workspace, path);
      const isDev = name !== undefined
        ? path !== undefined || source["workspace"] === true
        : typeof path === "string" && !isMember && leavesRepository(path, manifest.packagesDir);
      if (!isDev || told.has(name)) continue;
      const where = typeof path === "string" ? `the path ${path}` : "the workspace";
      problems.push(devSource(
        name ?? key,
        "pyproject.toml",
        `${name ?? key} comes from ${where} in pyproject.toml`,
        name === undefined
          ? `take its source out of [tool.uv.sources], or name ${key} in hsm.yaml`
          : `run \`hsm prod ${name}\``,
      ));
    }
  }
  return problems;
}

/** Whether a path is one that the app's own repository does not hold. */
function leavesRepository(path: string, packagesDir: string): boolean {
  const folder = normalize(path).replaceAll("\\", "/");
  return folder.startsWith("../") || folder.startsWith("/") || /^[a-z]:/i.test(folder) ||
    folder === packagesDir || folder.startsWith(`${packagesDir}/`);
}

function devSource(component: string, file: string, message: string, fix: string): Problem {
  return { code: "dev-source", severity: "error", message, sides: [{ component, file }], fix };
}
