/**
 * Reading what the check needs of the app's pyproject.toml.
 *
 * @module
 */

import { given } from "../../given.ts";
import { normalizeName, requirementName } from "../../names.ts";
import type { MetadataFile } from "../../project/metadata_file.ts";
import type { MetadataReader } from "../../project/metadata_reader.ts";
import { ownPlaces, withoutOwn } from "../../project/own.ts";
import { type AppResult, readApp as readWith } from "../../project/read_app.ts";
import type { Resolution, ScopedRequirements, StatedMetadata } from "../../reconcile/model.ts";
import { isTable, tableOf, textOf, textsOf } from "../../table.ts";
import { readSources } from "./read_sources.ts";

/**
 * Reads the app's metadata, dependency groups (PEP 735) and `[tool.uv]` settings.
 *
 * Only the user's own word counts: what `[tool.hsm]` records as added by HSM is left out, since the manifest may ask
 * for something else by now.
 *
 * @example
 * ```ts
 * import { readApp } from "./read_app.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const text = '[project]\nname = "app"\n[dependency-groups]\ndev = ["pytest"]\n';
 * const { app } = readApp({ component: "app", file: "pyproject.toml", text });
 * assertEquals(app?.dependencyGroups, { dev: ["pytest"] });
 * ```
 *
 * @param file The app's pyproject.toml.
 * @returns The app, and everything that is wrong with the file.
 */
export function readApp(file: MetadataFile): AppResult {
  return readWith(file, (reader, own, name) => {
    const constraints = ["tool", "uv", "constraint-dependencies"];
    const overrides = readEntries(reader, "override-dependencies", own.list("overrides"));
    const excluded = readEntries(reader, "exclude-dependencies", []);
    return {
      resolution: RESOLUTION,
      sources: readSources(file, reader),
      groupPythons: readGroupPythons(reader),
      conflicts: readConflicts(name, reader),
      environments: readEnvironments(reader),
      excluded: textsOf(excluded).map(normalizeName),
      stated: readStated(reader),
      overrides: textsOf(overrides),
      scoped: [...readScoped(overrides), ...readScoped(excluded, () => [])],
      constraints: withoutOwn(reader, constraints, own.list("constraints"), "constraints"),
    };
  });
}

const RESOLUTION: Resolution = {
  manager: "uv",
  environments: "[tool.uv] environments",
  conflicts: "[tool.uv] conflicts",
};

/** The entries of a list in which uv allows tables beside requirements, without HSM's own. */
function readEntries(
  reader: MetadataReader,
  key: string,
  own: readonly unknown[],
): readonly unknown[] {
  const path = ["tool", "uv", key];
  const list = reader.list(path, "requirements");
  if (list.some((it) => typeof it !== "string" && !isTable(it))) reader.wrong(path, "texts");
  const places = ownPlaces(list, own);
  return list.filter((_, at) => !places.has(at));
}

/** What stands in tables such as `{ package = { name = "a", version = "1" }, dependencies = ["b>=2"] }`. */
function readScoped(
  entries: readonly unknown[],
  instead = (text: string): readonly string[] => [text],
): readonly ScopedRequirements[] {
  return entries.filter(isTable).flatMap((entry) => {
    const { name, version } = tableOf(entry["package"]);
    if (typeof name !== "string") return [];
    const texts = textsOf(entry["dependencies"]);
    const byKey = Map.groupBy(texts, (text) => requirementName(text) ?? text);
    return [{
      key: normalizeName(name),
      version: textOf(version),
      instead: new Map([...byKey].map(([key, them]) => [key, them.flatMap(instead)])),
    }];
  });
}

function readEnvironments(reader: MetadataReader): readonly string[] {
  const { environments } = reader.table("tool", "uv");
  return typeof environments === "string"
    ? [environments]
    : reader.strings("tool", "uv", "environments");
}

function readStated(reader: MetadataReader): readonly StatedMetadata[] {
  return reader.list(["tool", "uv", "dependency-metadata"]).map(tableOf).flatMap((entry) => {
    const { name } = entry;
    const [version, requiresPython] = [entry["version"], entry["requires-python"]].map(textOf);
    if (typeof name !== "string") return [];
    return [{
      name,
      ...given({ version, requiresPython }),
      dependencies: textsOf(entry["requires-dist"]),
      optionalDependencies: Object.fromEntries(
        textsOf(entry["provides-extra"]).map((extra) => [extra, []]),
      ),
    }];
  });
}

/** The Python versions that uv takes a group for, where they are narrower than the app's. */
function readGroupPythons(reader: MetadataReader): Readonly<Record<string, string>> {
  const table = reader.table("tool", "uv", "dependency-groups");
  return Object.fromEntries(
    Object.entries(table).flatMap(([group, settings]) => {
      const python = tableOf(settings)["requires-python"];
      return typeof python === "string" ? [[normalizeName(group), python]] : [];
    }),
  );
}

/** The app's extras and groups that uv resolves apart from each other; what other projects keep apart is left to uv. */
function readConflicts(
  app: string | undefined,
  reader: MetadataReader,
): readonly (readonly string[])[] {
  const isOfApp = (it: unknown) =>
    it === undefined ||
    (typeof it === "string" && app !== undefined && normalizeName(it) === normalizeName(app));
  return reader.list(["tool", "uv", "conflicts"]).flatMap((set) => {
    const items = (Array.isArray(set) ? set : []).flatMap((item) => {
      if (!isTable(item) || !isOfApp(item["package"])) return [];
      const { extra, group } = item;
      if (typeof extra === "string") return [`extra:${normalizeName(extra)}`];
      return typeof group === "string" ? [`group:${normalizeName(group)}`] : [];
    });
    return items.length < 2 ? [] : [items];
  });
}
