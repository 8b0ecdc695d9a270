/**
 * Reading Poetry's own tables, as poetry-core turns them into the metadata of what it builds.
 *
 * @module
 */

import { given } from "../given.ts";
import { normalizeName } from "../names.ts";
import { isTable, listOf, type Table, textOf, textsOf } from "../table.ts";
import type { MetadataReader } from "./metadata_reader.ts";
import type { ComponentMetadata } from "../reconcile/model.ts";
import {
  joinMarkers,
  platformMarkerOfPoetry,
  pythonMarkerOfPoetry,
  pythonOfPoetry,
  specifiersOfPoetry,
} from "./poetry_constraint.ts";
import { parseRequirement } from "../versions/requirement.ts";
import type { Parsed } from "../versions/specifiers.ts";

/** A dependency of Poetry's, as a requirement. */
interface Dependency {
  readonly requirement: string;
  /** Its name, normalized. */
  readonly key: string;
  /** Whether only extras ask for it. */
  readonly isOptional: boolean;
  /** The keys that lead to it. */
  readonly path: readonly string[];
}

const TABLE = ["tool", "poetry", "dependencies"] as const;

/**
 * The metadata that poetry-core makes of a pyproject.toml. Its groups are for those who work on the package, and are
 * no part of it.
 *
 * @param project What its `[project]` table says; undefined: there is none.
 * @param reader Takes the problems and lines.
 */
export function readPoetry(
  project: ComponentMetadata | undefined,
  reader: MetadataReader,
): ComponentMetadata {
  const poetry = reader.table("tool", "poetry");
  if (poetry["package-mode"] === false) {
    reader.broken(
      "Poetry builds no package of it: package-mode is false",
      "take package-mode = false out of [tool.poetry]",
    );
  }
  return readPoetryTables(project, reader);
}

/**
 * What {@linkcode readPoetry} reads, of what need not be a package.
 *
 * @param added The requirements that are left out.
 */
export function readPoetryTables(
  project: ComponentMetadata | undefined,
  reader: MetadataReader,
  added: readonly string[] = [],
): ComponentMetadata {
  const name = project?.name ?? reader.string("tool", "poetry", "name");
  const isComputed = isVersionComputed(reader);
  const version = project?.version ?? reader.string("tool", "poetry", "version");
  const table = reader.table(...TABLE);
  const requiresPython = project?.requiresPython ?? readPythonOfPoetry(reader);
  return {
    ...given({ name, version: isComputed ? undefined : version, requiresPython }),
    ...readDependencies(table, project, reader, added),
    dynamic: isComputed ? ["version"] : [],
    // uv applies them to nothing without a [project] table.
    sources: project?.sources ?? [],
    lines: reader.lines,
  };
}

/** Whether poetry-dynamic-versioning replaces the version: it must be switched on, and take part in the build. */
function isVersionComputed(reader: MetadataReader): boolean {
  const settings = reader.table("tool", "poetry-dynamic-versioning");
  if (settings["enable"] !== true) return false;
  const { requires, "build-backend": backend } = reader.table("build-system");
  const named = textsOf([backend, ...listOf(requires)]);
  return named.some((it) => /^poetry[-_.]dynamic[-_.]version/i.test(it));
}

/** The Python versions in Poetry's own table: those that it locks for, and of a package without `[project]` all that it says. */
export function readPythonOfPoetry(reader: MetadataReader): string | undefined {
  const python = reader.table(...TABLE)["python"];
  if (typeof python !== "string" || python.trim() === "*") return undefined;
  const path = [...TABLE, "python"];
  reader.note("requires-python", path);
  const parsed = pythonOfPoetry(python);
  if (parsed.ok) return parsed.value;
  reader.skip(`the Python version "${python}"`, parsed.reason, reader.line(path));
  return undefined;
}

type Dependencies = Pick<ComponentMetadata, "dependencies" | "optionalDependencies">;

/** Poetry's dependencies and those of `[project]`, put together as poetry-core does. */
function readDependencies(
  table: Table,
  project: ComponentMetadata | undefined,
  reader: MetadataReader,
  added: readonly string[],
): Dependencies {
  const { dependencies = [], optionalDependencies = {}, dynamic = [] } = project ?? {};
  const isRequired = dependencies.length > 0;
  const isOptional = Object.values(optionalDependencies).some((list) => list.length > 0);
  const isMixed = dynamic.some((it) => it === "dependencies" || it === "optional-dependencies");
  // What [project] lists is all that there is, unless it says that one of its two lists is made elsewhere.
  if (isRequired && (isOptional || !isMixed)) return { dependencies, optionalDependencies };
  if (isOptional && !isMixed) return { dependencies, optionalDependencies };
  // The extras of Poetry's own table count only where [project] names no dependency and no extra.
  if (isRequired) return { dependencies, optionalDependencies: {} };
  const own = Object.keys(table).filter((it) => it.toLowerCase() !== "python")
    .flatMap((it) => readDependency([...TABLE, it], table[it], reader))
    .filter((it) => !added.includes(it.requirement));
  const hasExtras = Object.keys(optionalDependencies).length > 0;
  const extras = hasExtras ? {} : readExtras(own, reader);
  const inExtras = new Set(Object.values(extras).flat());
  const note = (path: string, list: readonly Dependency[]): readonly string[] => {
    for (const [index, it] of list.entries()) reader.note(`${path}.${index}`, it.path);
    return list.map((it) => it.requirement);
  };
  const plain = own.filter((it) => !it.isOptional && !inExtras.has(it));
  // A marker on an extra asks for it, without a list of extras.
  const marked = own.filter((it) => it.isOptional && !inExtras.has(it) && hasExtraMarker(it));
  return {
    dependencies: note("dependencies", [...plain, ...marked]),
    optionalDependencies: hasExtras ? optionalDependencies : Object.fromEntries(
      Object.entries(extras).map(([extra, list]) => [
        extra,
        note(`optional-dependencies.${extra}`, list),
      ]),
    ),
  };
}

function hasExtraMarker({ requirement }: Dependency): boolean {
  return /;.*\bextra\b/.test(requirement);
}

function readExtras(
  own: readonly Dependency[],
  reader: MetadataReader,
): Readonly<Record<string, readonly Dependency[]>> {
  const table = reader.table("tool", "poetry", "extras");
  return Object.fromEntries(
    Object.keys(table).map((extra) => {
      const names = textsOf(table[extra]).map(normalizeName);
      return [extra, names.flatMap((name) => own.filter((it) => it.key === name))];
    }),
  );
}

/** The dependencies in one of Poetry's tables, as requirements (PEP 508), and the keys that lead to each. */
export function readPoetryGroup(
  path: readonly string[],
  reader: MetadataReader,
): readonly { readonly text: string; readonly path: readonly string[] }[] {
  return Object.entries(reader.table(...path))
    .filter(([name]) => name.toLowerCase() !== "python")
    .flatMap(([name, value]) => readDependency([...path, name], value, reader))
    .map(({ requirement: text, path }) => ({ text, path }));
}

/** A dependency: a constraint, a table, or a list of them. */
function readDependency(
  path: readonly string[],
  value: unknown,
  reader: MetadataReader,
): readonly Dependency[] {
  const name = path.at(-1)!;
  const key = normalizeName(name);
  return (Array.isArray(value) ? value : [value]).flatMap((item) => {
    const table: Table = isTable(item) ? item : { version: item };
    const isOptional = table["optional"] === true;
    const written = requirementOf(name, table);
    const parsed = written.ok ? parseRequirement(written.value) : written;
    if (parsed.ok && written.ok) return [{ requirement: written.value, key, isOptional, path }];
    reader.skip(`the dependency on ${name}`, parsed.ok ? "" : parsed.reason, reader.line(path));
    // That it is needed is known all the same.
    return parseRequirement(name).ok ? [{ requirement: name, key, isOptional, path }] : [];
  });
}

function requirementOf(name: string, table: Table): Parsed<string> {
  const { extras, markers, python, platform } = table;
  const list = textsOf(extras);
  const specifiers = sourceOf(table) ?? specifiersOfPoetry(textOf(table["version"] ?? "*") ?? "");
  const byPython = pythonMarkerOfPoetry(textOf(python) ?? "*");
  const byPlatform = platformMarkerOfPoetry(textOf(platform) ?? "*");
  for (const part of [specifiers, byPython, byPlatform]) if (!part.ok) return part;
  const marker = joinMarkers(
    [textOf(markers) ?? "", ...[byPython, byPlatform].map((it) => it.ok ? it.value : "")],
    " and ",
  );
  const what = `${name}${list.length === 0 ? "" : `[${list.join(",")}]`}`;
  const version = specifiers.ok ? specifiers.value : "";
  return { ok: true, value: `${what}${version}${marker === "" ? "" : ` ; ${marker}`}` };
}

/** The URL that a dependency comes from: a path stays relative to the file, for where that lies is not known here. */
function sourceOf(table: Table): Parsed<string> | undefined {
  const text = (key: string) => textOf(table[key]);
  const folder = text("subdirectory");
  const fragment = folder === undefined ? "" : `#subdirectory=${folder}`;
  const at = (url: string): Parsed<string> => ({ ok: true, value: ` @ ${url}${fragment}` });
  const git = text("git");
  if (git !== undefined) {
    const url = gitUrl(git);
    if (url === undefined) return { ok: false, reason: `"${git}" is not the URL of a repository` };
    const ref = text("branch") ?? text("tag") ?? text("rev");
    return at(`git+${url}${ref === undefined ? "" : `@${ref}`}`);
  }
  const path = text("path") ?? text("file");
  if (path !== undefined) {
    return at(`${path.startsWith("/") ? "file://" : "file:"}${encodeURI(path)}`);
  }
  const url = text("url");
  return url === undefined ? undefined : at(url);
}

/** A repository's URL; the scp form becomes one of ssh. */
function gitUrl(git: string): string | undefined {
  if (git.includes("://")) return git;
  const [, host, port = "", path] = /^([^/:]+)(:\d+(?=\/))?[:/]+(.+)$/.exec(git) ?? [];
  return host === undefined || /^\.*$/.test(host) ? undefined : `ssh://${host}${port}/${path}`;
}
