/**
 * vcstool's `.repos` files.
 *
 * @module
 */

import { parse } from "yaml";
import { HsmError } from "../errors.ts";
import type { ForeignFile, ForeignPackage, Skipped } from "./model.ts";
import { revision } from "./uv_sources.ts";

/**
 * Reads the repositories of a `.repos` file. Pure.
 *
 * @param file The file, as messages name it.
 * @throws {HsmError} `manifest-invalid` where it is no such file
 */
export function readRepos(text: string, file: string): ForeignFile {
  const repositories = readRepositories(text, file);
  const packages: ForeignPackage[] = [];
  const skipped: Skipped[] = [];
  for (const [path, value] of Object.entries(repositories)) {
    const entry = isTable(value) ? value : {};
    const option = (key: string) => {
      const found = entry[key];
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
        version: version === undefined ? "default-branch" : revision(version),
        path,
      });
    }
  }
  return { file, packages, skipped };
}

function readRepositories(text: string, file: string): Readonly<Record<string, unknown>> {
  const refuse = (state: string, cause?: unknown) =>
    new HsmError("manifest-invalid", `Cannot read ${file}: ${state}`, {
      hint: "a `.repos` file begins with `repositories:`",
      ...(cause === undefined ? {} : { cause }),
    });
  let data: unknown;
  try {
    // Versions such as 1.10 would lose their last digit as numbers.
    data = parse(text, { schema: "failsafe", logLevel: "silent" });
  } catch (error) {
    throw refuse((error as Error).message.split("\n")[0] ?? "", error);
  }
  const repositories = isTable(data) ? data["repositories"] : undefined;
  if (repositories === "") return {};
  if (!isTable(repositories)) throw refuse("it names no repositories");
  return repositories;
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
