/**
 * What an app of uv's has from git or from a folder: by `[tool.uv.sources]` in pyproject.toml, or by the URL of a requirement.
 *
 * @module
 */

import { dirname, isAbsolute, join } from "@std/path";
import { readDirectUrl } from "../../git/direct_url.ts";
import { normalizeName, requirementName } from "../../names.ts";
import { readUvProject, type UvProject } from "./project.ts";
import { given } from "../../given.ts";
import type { FolderPackage, ForeignFile, ForeignPackage, Skipped } from "../found_packages.ts";
import type { GitSource } from "../../source.ts";
import { tableOf } from "../../table.ts";
import { parseRequirement } from "../../versions/requirement.ts";
import { revision } from "../revision.ts";
import { useOf } from "./uses.ts";

/** The keys of a git source that the manifest has too. */
const KNOWN = ["git", "tag", "rev", "branch", "subdirectory", "editable", "lfs"];

/**
 * Reads the sources of a pyproject.toml that are in git or a folder. A source counts more than the URL of a requirement, as for uv. Pure.
 *
 * @param file The file, as messages name it.
 * @throws {HsmError} `pyproject-invalid`
 */
export function readUvSources(
  text: string,
  file: string,
): ForeignFile<ForeignPackage | FolderPackage> {
  const packages: (ForeignPackage | FolderPackage)[] = [];
  const skipped: Skipped[] = [];
  const project = readUvProject(text, file);
  const texts = requirementsOf(project);
  const required = new Set(texts.map(requirementName));
  for (const [name, source] of Object.entries(project.sources)) {
    if (Array.isArray(source)) {
      if (source.some((it) => typeof it?.git === "string")) {
        skipped.push({ name, reason: "it has several sources, which hsm.yaml cannot express" });
      }
      continue;
    }
    const use = useOf(source);
    // A source of what only others require says where it comes from, no more.
    const require = required.has(normalizeName(name)) ? undefined : false;
    if (use.kind === "path" && use.path !== undefined) {
      const folder = isAbsolute(use.path) ? use.path : join(dirname(file), use.path);
      packages.push({ name, folder, ...given({ require }) });
    }
    if (use.kind !== "git") continue;
    const foreign = Object.keys(tableOf(source)).find((key) => !KNOWN.includes(key));
    if (foreign !== undefined) {
      const reason = `its source has \`${foreign}\`, which hsm.yaml cannot express`;
      skipped.push({ name, reason });
      continue;
    }
    const { git, subdirectory, lfs } = use;
    const more = { subdirectory, ...given({ lfs, require }) };
    packages.push({ name, git, version: pinOf(use), mode: "prod", ...more });
  }
  const known = new Set(Object.keys(project.sources).map(normalizeName));
  for (const it of texts.flatMap((text) => readDirect(text) ?? [])) {
    const key = normalizeName(it.name);
    if (known.has(key)) continue;
    known.add(key);
    if ("reason" in it) skipped.push(it);
    else packages.push(it);
  }
  return { file, packages, skipped };
}

/** All that the project requires, wherever. */
function requirementsOf(project: UvProject): readonly string[] {
  return [
    ...project.dependencies,
    ...Object.values(project.optionalDependencies).flat(),
    ...Object.values(project.dependencyGroups).flat(),
  ];
}

/** What a requirement has from git; undefined: nothing. */
function readDirect(text: string): ForeignPackage | Skipped | undefined {
  const parsed = parseRequirement(text);
  const direct = parsed.ok && parsed.value.url !== undefined
    ? readDirectUrl(parsed.value.url)
    : undefined;
  if (!parsed.ok || direct === undefined) return undefined;
  const { name, extras, marker } = parsed.value;
  if (marker !== undefined) {
    return { name, reason: "it has a marker, which hsm.yaml cannot express" };
  }
  const { ref, subdirectory } = direct;
  // Who signs in is nobody's business but the user's, and hsm.yaml is everybody's.
  const git = direct.git.replace(/^(https?:\/\/)[^/@]*@/i, "$1");
  const version = ref === undefined ? "default-branch" : revision(ref);
  const more = given({ subdirectory, extras: extras.length === 0 ? undefined : extras });
  return { name, git, version, mode: "prod", ...more };
}

function pinOf({ tag, rev, branch }: GitSource): ForeignPackage["version"] {
  if (tag !== undefined) return { tag };
  // uv takes a tag or a branch for `rev` as well.
  if (rev !== undefined) return revision(rev);
  return branch === undefined ? "default-branch" : { branch };
}
