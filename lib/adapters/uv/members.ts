/**
 * Finding the members of a uv workspace.
 *
 * @module
 */

import { join } from "@std/path";
import { normalizeName } from "../../names.ts";
import { peekText } from "../../read_file.ts";
import type { ProjectFacts } from "../../pyproject/read.ts";
import { readProject } from "../../pyproject/read.ts";
import { isWorkspaceMember } from "./workspace.ts";

/**
 * The folders of a workspace's members, by normalized name, absolute.
 *
 * Looks as deep as the globs of `members` reach, and into no hidden folder.
 */
export async function findMembers(
  root: string,
  workspace: NonNullable<ProjectFacts["workspace"]>,
): Promise<ReadonlyMap<string, string>> {
  const members = new Map<string, string>();
  const depth = Math.max(
    0,
    ...workspace.members.map((it) => it.includes("**") ? 8 : it.split("/").length),
  );
  const visit = async (folder: string, left: number): Promise<void> => {
    for await (const entry of Deno.readDir(join(root, folder))) {
      if (!entry.isDirectory || entry.name.startsWith(".") || entry.name === "node_modules") {
        continue;
      }
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (isWorkspaceMember(workspace, path)) {
        const text = peekText(join(root, path, "pyproject.toml"));
        const name = text === undefined
          ? undefined
          : readProject(text, `${path}/pyproject.toml`).name;
        if (name !== undefined) members.set(normalizeName(name), join(root, path));
      }
      if (left > 1) await visit(path, left - 1);
    }
  };
  if (depth > 0) await visit("", depth);
  return members;
}
