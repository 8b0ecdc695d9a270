/**
 * vcstool's `.repos` files.
 *
 * @module
 */

import { parse } from "@std/yaml";
import { HsmError } from "../../lib/errors.ts";
import type { ForeignFile, ForeignPackage, Skipped } from "../../lib/adapters/found_packages.ts";
import { gitRevision } from "../../lib/adapters/revision.ts";
import { isTable, tableOf } from "../../lib/table.ts";

/** A repository of the file: where it is checked out, and its options. */
type Repository = readonly [path: string, options: Readonly<Record<string, unknown>>];

/**
 * Reads the repositories of a `.repos` file, or of the list that rosinstall has and vcstool reads too. Pure.
 *
 * @param file The file, as messages name it.
 * @throws {HsmError} `manifest-invalid` where it is no such file
 */
export function readRepos(text: string, file: string): ForeignFile {
  const packages: ForeignPackage[] = [];
  const skipped: Skipped[] = [];
  for (const [path, options] of readRepositories(text, file)) {
    const option = (key: string) => {
      const found = options[key];
      return typeof found === "string" && found !== "" ? found : undefined;
    };
    const type = option("type") ?? "git";
    const git = option("url");
    if (type !== "git") skipped.push({ name: path, reason: `it is kept in ${type}, not in git` });
    else if (git === undefined) skipped.push({ name: path, reason: "it has no url" });
    else {
      const version = option("version");
      packages.push({
        name: path.slice(path.lastIndexOf("/") + 1),
        git,
        version: version === undefined ? "default-branch" : gitRevision(version),
        path,
      });
    }
  }
  return { file, packages, skipped };
}

function readRepositories(text: string, file: string): readonly Repository[] {
  const refuse = (state: string, cause?: unknown) =>
    new HsmError("manifest-invalid", `Cannot read ${file}: ${state}`, {
      hint: "a `.repos` file begins with `repositories:`, or is a list of `- git:`",
      cause,
    });
  let data: unknown;
  try {
    // Versions such as 1.10 would lose their last digit as numbers; equal keys are none of vcstool's business.
    data = parse(text, { schema: "failsafe", allowDuplicateKeys: true });
  } catch (error) {
    throw refuse((error as Error).message.split("\n")[0] ?? "", error);
  }
  const repositories = Array.isArray(data)
    ? data.map(readListed)
    : isTable(data)
    ? readNamed(data["repositories"])
    : undefined;
  const known = repositories?.filter((it) => it !== undefined);
  if (known === undefined || known.length < repositories!.length) {
    throw refuse("it names no repositories");
  }
  return known.map(([path, options]) => [path.replace(/\/+$/, ""), options]);
}

/** `repositories:` with a table each, by path. */
function readNamed(repositories: unknown): readonly Repository[] | undefined {
  if (repositories === null) return [];
  if (!isTable(repositories)) return undefined;
  return Object.entries(repositories).map(([path, it]) => [path, tableOf(it)]);
}

/** `- git: { local-name: PATH, uri: URL, version: REF }`. */
function readListed(item: unknown): Repository | undefined {
  const [[type, options] = [], ...others] = isTable(item) ? Object.entries(item) : [];
  if (type === undefined || others.length > 0 || !isTable(options)) return undefined;
  const { "local-name": path, uri, version } = options;
  return typeof path === "string" ? [path, { type, url: uri, version }] : undefined;
}
