/**
 * Packages that an app of pip's has from git or from a folder: in its requirement files, and in its pyproject.toml.
 *
 * @module
 */

import { basename } from "@std/path";
import { readDirectUrl } from "../../git/direct_url.ts";
import { given } from "../../given.ts";
import { normalizeName, requirementName } from "../../names.ts";
import { localPlace } from "../../project/local_place.ts";
import { readProject } from "../../project/read_project.ts";
import { parseRequirement } from "../../versions/requirement.ts";
import type { AppFiles } from "../adapter.ts";
import type { FolderPackage, ForeignFile, ForeignPackage, Skipped } from "../found_packages.ts";
import { revision } from "../revision.ts";
import { CONSTRAINTS, REQUIREMENTS } from "./files.ts";
import { readHandedOver } from "./owned_files.ts";
import { type ReachedFile, reachedFiles } from "./reach.ts";
import { readRequirementFile, type RequirementLine } from "./requirement_file.ts";

/** The files that HSM has handed over to the user, as though the app's own reached them. */
async function handedOver(files: AppFiles): Promise<readonly ReachedFile[]> {
  const found: ReachedFile[] = [];
  for (const path of [REQUIREMENTS, CONSTRAINTS]) {
    const text = await files.read(path);
    if (text === undefined || readHandedOver(text) === undefined) continue;
    const isRequired = path === REQUIREMENTS;
    found.push({ path, text, isRequired, isConstraint: !isRequired, isCompiled: false });
  }
  return found;
}

/**
 * Reads the packages of an app: those of the requirement files that requirements.txt reaches, and of HSM's former ones. Of one that is only constrained it
 * says that the app does not require it; one that pyproject.toml has from somewhere stays, and says why.
 *
 * @throws {HsmError} `pyproject-invalid`
 */
export async function readAppPackages(
  files: AppFiles,
): Promise<readonly ForeignFile<ForeignPackage | FolderPackage>[]> {
  const pyproject = await files.pyproject();
  const reached = [...await reachedFiles(files), ...await handedOver(files)];
  const [required, others] = [true, false].map((isRequired) =>
    reached.filter((it) => it.isRequired === isRequired)
  );
  const names = new Set([
    ...requirementsOf(pyproject, PYPROJECT),
    ...required!.flatMap(({ text }) => readRequirementFile(text)),
  ].map(({ value }) => requirementName(value)));
  const project = readPipPackages(pyproject, PYPROJECT);
  const fixed = new Set(project.skipped.map((it) => normalizeName(it.name)));
  const isFree = (it: ForeignPackage | FolderPackage) => !fixed.has(normalizeName(it.name ?? ""));
  const found = [project];
  for (const { text, path, isRequired, isCompiled } of [...required!, ...others!]) {
    const { packages, ...file } = readPipPackages(text, path);
    const written = isCompiled ? await readSource(files, path) : new Map();
    const asked = packages.filter(isFree).map((it) => {
      const key = normalizeName(it.name ?? "");
      const stated = written.get(key) ?? it;
      return isRequired || names.has(key) ? stated : { ...stated, require: false };
    });
    found.push({ ...file, packages: asked });
  }
  return found;
}

/** What somebody has written where a compiled file has the commits that were found. By normalized name. */
async function readSource(
  files: AppFiles,
  compiled: string,
): Promise<ReadonlyMap<string, ForeignPackage | FolderPackage>> {
  const source = compiled.replace(/\.txt$/, ".in");
  const { packages } = readPipPackages(await files.read(source) ?? "", source);
  return new Map(
    packages.flatMap((it) => it.name === undefined ? [] : [[normalizeName(it.name), it]]),
  );
}

/**
 * Reads the packages of a requirement file that come from git or from a folder. Those of a pyproject.toml pip has from there
 * whatever else is said.
 *
 * @param file The file, as messages name it.
 * @throws {HsmError} `pyproject-invalid`
 */
export function readPipPackages(
  text: string,
  file: string,
): ForeignFile<ForeignPackage | FolderPackage> {
  const isProject = file.endsWith(".toml");
  const lines = isProject
    ? requirementsOf(text, file)
    : readRequirementFile(text).filter(({ kind }) => kind === "requirement" || kind === "editable");
  const packages: (ForeignPackage | FolderPackage)[] = [];
  const skipped: Skipped[] = [];
  for (const line of lines) {
    const read = readLine(line);
    if (read === undefined) continue;
    if ("reason" in read) skipped.push(read);
    else if (isProject) skipped.push({ name: read.name ?? line.value, reason: FIXED });
    else packages.push(read);
  }
  return { file, packages, skipped };
}

const PYPROJECT = "pyproject.toml";

const FIXED =
  "project.dependencies has it from a URL, which pip cannot overrule: require it by its name alone, and `hsm add` it";

type Line = Pick<RequirementLine, "kind" | "value">;

/** The requirements of a pyproject.toml that are always installed. */
function requirementsOf(text: string, file: string): readonly Line[] {
  return readProject(text, file).dependencies.map((value) => ({ kind: "requirement", value }));
}

/** What a line has from git or a folder; undefined: nothing, or the app itself. */
function readLine(
  { kind, value }: Line,
): ForeignPackage | FolderPackage | Skipped | undefined {
  const parsed = parseRequirement(value);
  if (parsed.ok && parsed.value.url === undefined) return undefined;
  const { name, url, extras, marker } = parsed.ok
    ? { ...parsed.value, url: parsed.value.url! }
    : placeIn(value);
  if (marker !== undefined) {
    return { name: name ?? url, reason: "it has a marker, which hsm.yaml cannot express" };
  }
  const asked = extras.length === 0 ? {} : { extras };
  const direct = readDirectUrl(url);
  if (direct === undefined) {
    const vcs = /^(hg|svn|bzr)\+/.exec(url)?.[1];
    if (vcs !== undefined) {
      return { name: name ?? url, reason: `it is kept in ${vcs}, not in git` };
    }
    // Without a separator it is a requirement that nobody understands.
    if (kind === "requirement" && !/^\.|[/\\]|^file:/i.test(url)) return undefined;
    const folder = localPlace(url)?.path;
    if (folder === undefined || /^(?:\.\/?)*$/.test(folder)) return undefined;
    return { name, folder, ...asked };
  }
  const { git, ref, subdirectory } = direct;
  const plain = git.replace(/^(https?:\/\/)[^/@]*@/i, "$1");
  const last = basename(plain.replace(/\/+$/, "")).replace(/\.git$/, "");
  return {
    name: name ?? last,
    git: plain,
    version: ref === undefined ? "default-branch" : revision(ref),
    // Who has it editable works on it, as far as it is not pinned.
    ...kind === "editable" ? {} : { mode: "prod" },
    ...asked,
    ...given({ subdirectory }),
    ...plain === git ? {} : { doubt: "the login is left out of its address: git asks for it" },
  };
}

/** What a line says that is no requirement by PEP 508: a path or a URL, perhaps with its name and extras behind it. */
function placeIn(text: string) {
  const [value = "", marker] = text.split(/\s;\s*|;\s+/);
  const [place = "", fragment = ""] = value.trim().split(/#(.*)/s);
  const egg = new URLSearchParams(fragment).get("egg") ?? undefined;
  const [, path = place, ofPath] = /^(.*?)\[([^\]]*)\]$/s.exec(place) ?? [];
  const [, name, ofName] = /^([^[]*)(?:\[([^\]]*)\])?$/.exec(egg ?? "") ?? [];
  const extras = (ofPath ?? ofName ?? "").split(",").map((it) => it.trim()).filter((it) => it);
  const url = fragment === "" || !place.includes(":") ? path : `${path}#${fragment}`;
  return { name: name || undefined, url, extras, marker };
}
