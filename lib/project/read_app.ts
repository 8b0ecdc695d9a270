/**
 * Reading what the check needs of an app's pyproject.toml.
 *
 * @module
 */

import type { App } from "../reconcile/model.ts";
import type { Problem } from "../reconcile/problem.ts";
import { readGroups } from "./groups.ts";
import type { MetadataFile } from "./metadata_file.ts";
import { type MetadataReader, readMetadataFile } from "./metadata_reader.ts";
import { type Own, readOwn, withoutOwn } from "./own.ts";
import { metadataOf } from "./read_metadata.ts";

/** What `readApp` gives. */
export interface AppResult {
  /** The app; undefined where its file is broken. */
  readonly app: App | undefined;
  /** What is wrong with the file; a whole app carries the same. */
  readonly problems: readonly Problem[];
}

/** What a package manager's own tables say of an app; what may be left out is as PEP 621 and PEP 735 have it. */
export type ManagersWord =
  & Partial<
    Pick<
      App,
      | "name"
      | "version"
      | "requiresPython"
      | "dependencies"
      | "optionalDependencies"
      | "dependencyGroups"
    >
  >
  & Pick<
    App,
    | "sources"
    | "groupPythons"
    | "conflicts"
    | "environments"
    | "excluded"
    | "stated"
    | "overrides"
    | "scoped"
    | "constraints"
    | "resolution"
  >;

/** The word of one that has none. */
export const NOTHING: ManagersWord = {
  sources: [],
  groupPythons: {},
  conflicts: [],
  environments: [],
  excluded: [],
  stated: [],
  overrides: [],
  scoped: [],
  constraints: [],
};

/**
 * Reads the app's metadata (PEP 621) and dependency groups (PEP 735), without what HSM has added.
 *
 * @param file The app's pyproject.toml.
 * @param readManagers Reads what the package manager's own tables say.
 * @returns The app, and everything that is wrong with the file.
 */
export function readApp(
  file: MetadataFile,
  readManagers: (reader: MetadataReader, own: Own, name: string | undefined) => ManagersWord = () =>
    NOTHING,
): AppResult {
  const { reader, problem } = readMetadataFile(file);
  if (reader === undefined) return { app: undefined, problems: [problem] };
  const own = readOwn(reader);
  const metadata = metadataOf(reader, []);
  const app: App = {
    ...metadata,
    dependencies: withoutOwn(reader, ["project", "dependencies"], own.requirements(undefined)),
    dependencyGroups: readGroups(reader, own),
    ...readManagers(reader, own, metadata.name),
    file: file.file,
    injected: own.injected,
    problems: reader.problems,
  };
  return { app, problems: reader.problems };
}
