/**
 * Merging the user's own edits of a file at stake with what it becomes: as git does it, and where git gives up, by what the
 * file says.
 *
 * @module
 */

import { attempt } from "../../lib/attempt.ts";
import type { Context } from "../../lib/process/context.ts";
import { mergeTexts, type Versions } from "../../lib/git/merge_texts.ts";
import { HsmError } from "../../lib/errors.ts";
import { checkFile } from "../../lib/manifest/parse.ts";
import { readProject } from "../../lib/project/read_project.ts";
import { parseData } from "../../lib/toml/parse.ts";
import { saysBoth } from "./merge_data.ts";
import { mergeLines } from "./merge_lines.ts";
import { mergeRequirements } from "./merge_requirements.ts";

/**
 * Merges two versions of a file at stake.
 *
 * @param file Its name, relative to the root.
 * @param lists The lists of requirements in pyproject.toml that are the package manager's own.
 * @returns undefined where both changed the same, each in its own way.
 * @throws {HsmError} `git-failed`, `io`
 */
export async function mergeFile(
  context: Context,
  file: string,
  versions: Versions,
  lists: readonly (readonly string[])[],
): Promise<string | undefined> {
  const merged = await mergeTexts(context, versions);
  if (merged === versions.theirs || (merged !== undefined && isWhole(file, merged))) return merged;
  for (const merge of file === "pyproject.toml" ? [mergeLines, mergeRequirements] : [mergeLines]) {
    const text = await merge(versions, lists).catch(noneIfUnfit);
    if (text !== undefined && isBoth(file, text, versions)) return text;
  }
  return undefined;
}

/** What cannot be read or edited is not merged. */
function noneIfUnfit(error: unknown): undefined {
  if (!(error instanceof HsmError)) throw error;
}

/** Whether what a merge by lines has made of a file is still one of its kind. */
function isWhole(file: string, text: string): boolean {
  try {
    if (file === "pyproject.toml") readProject(text, file);
    return true;
  } catch (error) {
    return noneIfUnfit(error) ?? false;
  }
}

function isBoth(file: string, text: string, { base, mine, theirs }: Versions): boolean {
  const read = readerOf(file);
  // A list of rules, a line each.
  if (read === undefined) return true;
  const versions = () => ({ base: read(base), mine: read(mine), theirs: read(theirs) });
  return attempt(() => saysBoth(read(text), versions())) ?? false;
}

function readerOf(file: string): ((text: string) => unknown) | undefined {
  if (file === "pyproject.toml") return parseData;
  if (!file.endsWith(".yaml")) return undefined;
  return (text) => {
    const checked = checkFile({ path: file, text });
    if (checked === undefined) throw new HsmError("manifest-invalid", `Cannot read ${file}`);
    return checked.data;
  };
}
