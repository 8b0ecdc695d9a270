/**
 * What uv takes from one developer's machine, and which folders it takes for the app's own projects.
 *
 * @module
 */

import { join } from "@std/path";
import { normalizeName } from "../../names.ts";
import { localPlace } from "../../project/local_place.ts";
import { readUvProject, type UvProject } from "./project.ts";
import { peekText } from "../../files/read_file.ts";
import type { LocalSource } from "../reader.ts";
import { SOURCES } from "./tables.ts";
import { isWorkspaceMember } from "./workspace.ts";

/** The sources in `[tool.uv.sources]` that are a path, a local file or the uv workspace. */
export function localSources(text: string, file: string): readonly LocalSource[] {
  return Object.entries(readUvProject(text, file).sources).flatMap(([name, value]) => {
    const at = [...SOURCES, name];
    const all = Array.isArray(value)
      ? value.map((it, index) => [it, [...at, index]] as const)
      : [[value, at] as const];
    return all.flatMap(([it, at]) => {
      const place = placeOf(it);
      if (place === undefined) return [];
      const { key, ...where } = place;
      return [{ name, ...where, at: [...at, key] }];
    });
  });
}

/** Where from, and the key that says so. */
function placeOf(
  source: unknown,
): Omit<LocalSource, "name" | "at"> & { readonly key: string } | undefined {
  const { path, url, workspace } = (source ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof path === "string") return { key: "path", path, place: `the path ${path}` };
  if (workspace === true) return { key: "workspace", path: undefined, place: "the workspace" };
  const local = typeof url === "string" ? localPlace(url) : undefined;
  return local && { key: "url", ...local };
}

/** Whether a folder, seen from the file's own, is a member of the workspace whose root the file is; undefined: it is of none. */
export function membersOf(
  text: string,
  file: string,
): ((folder: string) => boolean) | undefined {
  const { workspace } = readUvProject(text, file);
  return workspace && ((folder) => isWorkspaceMember(workspace, folder));
}

/**
 * The folders of a workspace's members, by normalized name, absolute.
 *
 * Looks as deep as the globs of `members` reach, and into no hidden folder.
 */
export async function findMembers(
  root: string,
  workspace: NonNullable<UvProject["workspace"]>,
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
          : readUvProject(text, `${path}/pyproject.toml`).name;
        if (name !== undefined) members.set(normalizeName(name), join(root, path));
      }
      if (left > 1) await visit(path, left - 1);
    }
  };
  if (depth > 0) await visit("", depth);
  return members;
}
