/**
 * uv's own git sources: `[tool.uv.sources]` in pyproject.toml.
 *
 * @module
 */

import { normalizeName, requirementName } from "../../names.ts";
import { readUvProject, type UvProject } from "./project.ts";
import { given } from "../../given.ts";
import type { ForeignFile, ForeignPackage, Skipped } from "../found_packages.ts";
import type { GitSource } from "../../source.ts";
import { tableOf } from "../../table.ts";
import { revision } from "../revision.ts";
import { useOf } from "./uses.ts";

/** The keys of a git source that the manifest has too. */
const KNOWN = ["git", "tag", "rev", "branch", "subdirectory", "editable", "lfs"];

/**
 * Reads the git sources of a pyproject.toml. Pure.
 *
 * @param file The file, as messages name it.
 * @throws {HsmError} `pyproject-invalid`
 */
export function readUvSources(text: string, file: string): ForeignFile {
  const packages: ForeignPackage[] = [];
  const skipped: Skipped[] = [];
  const project = readUvProject(text, file);
  const required = requiredNames(project);
  for (const [name, source] of Object.entries(project.sources)) {
    if (Array.isArray(source)) {
      if (source.some((it) => typeof it?.git === "string")) {
        skipped.push({ name, reason: "it has several sources, which hsm.yaml cannot express" });
      }
      continue;
    }
    const use = useOf(source);
    if (use.kind !== "git") continue;
    const foreign = Object.keys(tableOf(source)).find((key) => !KNOWN.includes(key));
    if (foreign !== undefined) {
      const reason = `its source has \`${foreign}\`, which hsm.yaml cannot express`;
      skipped.push({ name, reason });
      continue;
    }
    const { git, subdirectory, lfs } = use;
    // A source of what only others require says where it comes from, no more.
    const require = required.has(normalizeName(name)) ? undefined : false;
    const more = { subdirectory, ...given({ lfs, require }) };
    packages.push({ name, git, version: pinOf(use), mode: "prod", ...more });
  }
  return { file, packages, skipped };
}

/** The normalized names of all that the project requires, wherever. */
function requiredNames(project: UvProject): ReadonlySet<string | undefined> {
  return new Set(
    [
      ...project.dependencies,
      ...Object.values(project.optionalDependencies).flat(),
      ...Object.values(project.dependencyGroups).flat(),
    ].map(requirementName),
  );
}

function pinOf({ tag, rev, branch }: GitSource): ForeignPackage["version"] {
  if (tag !== undefined) return { tag };
  // uv takes a tag or a branch for `rev` as well.
  if (rev !== undefined) return revision(rev);
  return branch === undefined ? "default-branch" : { branch };
}
