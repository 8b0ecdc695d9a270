/**
 * Poetry's own dependencies that come from git or from a folder.
 *
 * @module
 */

import { dirname, isAbsolute, join } from "@std/path";
import { given } from "../../given.ts";
import { normalizeName, requirementName } from "../../names.ts";
import { readProject } from "../../project/read_project.ts";
import { readStrictly } from "../../project/strict_document.ts";
import { tableOf, textsOf } from "../../table.ts";
import { parseRequirement } from "../../versions/requirement.ts";
import type { GitSource } from "../../source.ts";
import type { Use } from "../adapter.ts";
import type { FolderPackage, ForeignFile, ForeignPackage, Skipped } from "../found_packages.ts";
import { revision } from "../revision.ts";
import { useOf } from "./source_table.ts";
import { SOURCES } from "./tables.ts";
import { dependenciesIn, requirementsOf, useOfUrl } from "./uses.ts";

/** The keys of such a dependency that the manifest has too, and those that stay where they are. */
const KNOWN = [
  ...["git", "tag", "rev", "branch", "subdirectory", "path", "develop", "extras"],
  ...["optional", "markers", "python", "platform", "version"],
];

/**
 * Reads the dependencies of a pyproject.toml that come from git or from a folder, in Poetry's tables and in lists of
 * requirements. Pure.
 *
 * @param file The file, as messages name it.
 * @throws {HsmError} `pyproject-invalid`
 */
export function readPoetryPackages(
  text: string,
  file: string,
): ForeignFile<ForeignPackage | FolderPackage> {
  const packages = new Map<string, ForeignPackage | FolderPackage>();
  const skipped: Skipped[] = [];
  const add = (name: string, use: Use | undefined, asked: readonly string[], require?: false) => {
    const extras = { ...asked.length === 0 ? {} : { extras: asked }, ...given({ require }) };
    if (use?.kind === "git") {
      const { git, subdirectory } = use;
      const place = { git, ...given({ subdirectory }) };
      const version = pinOf(use);
      packages.set(normalizeName(name), { name, ...place, version, mode: "prod", ...extras });
    } else if (use?.kind === "path" && use.path !== undefined) {
      const folder = isAbsolute(use.path) ? use.path : join(dirname(file), use.path);
      packages.set(normalizeName(name), { name, folder, ...extras });
    }
  };
  const required = new Set<string | undefined>();
  for (const it of requirementsOf(readProject(text, file))) {
    required.add(requirementName(it));
    add(requirementName(it) ?? it, useOfUrl(it), extrasIn(it));
  }
  for (const { name, value, at } of dependenciesIn(readStrictly(text, file))) {
    // HSM's former group, which comes last, says where packages come from, no more.
    const isRequired = !isInOwnGroup(at) || required.has(normalizeName(name));
    if (isRequired) required.add(normalizeName(name));
    if (Array.isArray(value)) {
      if (value.some((it) => ["git", "path"].some((key) => typeof tableOf(it)[key] === "string"))) {
        skipped.push({ name, reason: "it has several sources, which hsm.yaml cannot express" });
      }
      continue;
    }
    const foreign = Object.keys(tableOf(value)).find((key) => !KNOWN.includes(key));
    const use = useOf(value);
    if (use !== undefined && use.kind !== "foreign" && foreign !== undefined) {
      const reason = `its source has \`${foreign}\`, which hsm.yaml cannot express`;
      skipped.push({ name, reason });
    } else add(name, use, textsOf(tableOf(value)["extras"]), isRequired ? undefined : false);
  }
  return { file, packages: [...packages.values()], skipped };
}

function isInOwnGroup(at: readonly (string | number)[]): boolean {
  return SOURCES.every((key, index) => key === at[index]);
}

function extrasIn(text: string): readonly string[] {
  const parsed = parseRequirement(text);
  return parsed.ok ? parsed.value.extras : [];
}

function pinOf({ tag, rev, branch }: GitSource): ForeignPackage["version"] {
  if (tag !== undefined) return { tag };
  // Poetry takes a tag or a branch for `rev` as well.
  if (rev !== undefined) return revision(rev);
  return branch === undefined ? "default-branch" : { branch };
}
