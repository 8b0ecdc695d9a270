/**
 * Reading what the check needs of the app's pyproject.toml, Poetry's own tables included.
 *
 * @module
 */

import { given } from "../../given.ts";
import { normalizeName } from "../../names.ts";
import type { MetadataFile } from "../../project/metadata_file.ts";
import type { MetadataReader } from "../../project/metadata_reader.ts";
import { readGroups } from "../../project/groups.ts";
import { type Own, ownPlaces, withoutOwn } from "../../project/own.ts";
import { readPoetryGroup, readPoetryTables, readPythonOfPoetry } from "../../project/poetry.ts";
import { type AppResult, NOTHING, readApp as readWith } from "../../project/read_app.ts";
import { metadataOf } from "../../project/read_metadata.ts";
import type { Resolution } from "../../reconcile/model.ts";
import { dependencyTables, MAIN } from "./tables.ts";

/**
 * Poetry has no setting for either, and nothing with which one source could overrule another. The group that sources stand in
 * is for every Python of the app's.
 */
const RESOLUTION: Resolution = {
  manager: "poetry",
  environments: "its settings",
  conflicts: "its settings",
  sourcesWin: false,
  forEveryPython: true,
};

/** What Poetry takes an app for that says nothing of it, as far as anybody still asks. */
const EVERY_PYTHON = ">=3.4";

/**
 * Reads the app's metadata and groups, as Poetry puts together what `[project]`, `[dependency-groups]` and its own tables
 * say. What HSM has added is left out.
 *
 * @param file The app's pyproject.toml.
 * @returns The app, and everything that is wrong with the file.
 */
export function readApp(file: MetadataFile): AppResult {
  return readWith(file, (reader, own) => {
    const added = own.requirements(undefined);
    const project = reader.value(["project"]) === undefined ? undefined : {
      ...metadataOf(reader, []),
      dependencies: withoutOwn(reader, ["project", "dependencies"], added),
    };
    const { name, version, dependencies, optionalDependencies, requiresPython } = readPoetryTables(
      project,
      reader,
      added,
    );
    const inProject = project?.requiresPython;
    // For the lock file Poetry's own word counts for more, where there are both.
    const python = inProject === undefined
      ? requiresPython
      : readPythonOfPoetry(reader) ?? inProject;
    const isOwn = inProject === undefined && python !== undefined;
    return {
      ...NOTHING,
      ...given({ name, version }),
      requiresPython: python ?? EVERY_PYTHON,
      dependencies,
      optionalDependencies,
      dependencyGroups: readAllGroups(reader, own),
      resolution: { ...RESOLUTION, pythonKey: isOwn ? "python" : "requires-python" },
    };
  });
}

/** The dependency groups (PEP 735), and those of Poetry's tables. */
function readAllGroups(
  reader: MetadataReader,
  own: Own,
): Readonly<Record<string, readonly string[]>> {
  const groups = new Map(Object.entries(readGroups(reader, own)));
  for (const path of dependencyTables((it) => reader.value(it))) {
    if (path.join() === MAIN.join()) continue;
    const name = normalizeName(path.length === 3 ? "dev" : path.at(-2)!);
    const texts = readPoetryGroup(path, reader);
    const added = ownPlaces(texts.map((it) => it.text), own.requirements(name));
    const present = groups.get(name) ?? [];
    const kept = texts.filter((_, at) => !added.has(at));
    for (const [at, it] of kept.entries()) {
      reader.note(`dependency-groups.${name}.${present.length + at}`, it.path);
    }
    groups.set(name, [...present, ...kept.map((it) => it.text)]);
  }
  return Object.fromEntries(groups);
}
