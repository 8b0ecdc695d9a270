/**
 * Finding a distribution by its name among the files of a repository.
 *
 * @module
 */

import { dirname } from "@std/path";
import { HsmError } from "../errors.ts";
import { normalizeName } from "../names.ts";
import { inFolder } from "../platform/paths.ts";
import { peekDocument } from "../project/document.ts";

/** The files of a repository: of a checkout, or of a commit. Paths are relative to its top, with `/`. */
export interface RepositoryFiles {
  /** The text of a file; undefined where there is none. */
  text(path: string): Promise<string | undefined>;
  /** Whether there is such a file. */
  has(path: string): Promise<boolean>;
  /** The pyproject.toml files that may have a name, given normalized, wherever they are. */
  pyprojects(name: string): Promise<readonly string[]>;
}

/**
 * The folders of a distribution: the repository's top alone (`""`) where it may be the one, else all whose pyproject.toml
 * has the name.
 *
 * @param name Its normalized name.
 */
export async function findFolders(
  files: RepositoryFiles,
  name: string,
): Promise<readonly string[]> {
  const top = await readFolder(files, "");
  if (top === "unclear" || (typeof top === "object" && normalizeName(top.name) === name)) {
    return [""];
  }
  const folders = [];
  for (const path of await files.pyprojects(name)) {
    const declared = await readName(files, path);
    if (typeof declared === "object" && normalizeName(declared.name) === name) {
      folders.push(dirname(path));
    }
  }
  return folders;
}

/**
 * What a folder holds: a distribution with its name, one whose name is not known without its build, or none.
 *
 * @param folder The folder; `""`: the repository's top.
 */
export async function readFolder(
  files: Pick<RepositoryFiles, "text" | "has">,
  folder: string,
): Promise<{ readonly name: string } | "unclear" | undefined> {
  const declared = await readName(files, inFolder(folder, "pyproject.toml"));
  if (declared !== undefined) return declared;
  const has = (name: string) => files.has(inFolder(folder, name));
  return await has("setup.cfg") || await has("setup.py") ? "unclear" : undefined;
}

async function readName(
  files: Pick<RepositoryFiles, "text">,
  path: string,
): Promise<{ readonly name: string } | "unclear" | undefined> {
  try {
    const text = await files.text(path);
    if (text === undefined) return undefined;
    const document = peekDocument(text);
    // What is wrong with it is for the check to say, together with all else that is.
    if (document === undefined) return "unclear";
    const name = document.string("project", "name") ?? document.string("tool", "poetry", "name");
    if (name !== undefined) return { name };
    // It may be a name that its build computes.
    return /^\s*\[build-system\]/m.test(text) ? "unclear" : undefined;
  } catch (error) {
    if (error instanceof HsmError && error.code === "pyproject-invalid") return "unclear";
    throw error;
  }
}
