/**
 * uv's own workspaces, as far as HSM has to know of them: where the lock file is, and which folders are members.
 *
 * @module
 */

import { dirname, join, normalize } from "@std/path";
import { attempt } from "../../attempt.ts";
import { HsmError } from "../../errors.ts";
import { relativePath } from "../../platform/paths.ts";
import { peekText } from "../../files/read_file.ts";
import type { AppFiles } from "../adapter.ts";

/**
 * Whether a folder is a member of the workspace whose root has these settings.
 *
 * uv (0.13.9) looks for `members` folder by folder, and compares `exclude` with the whole path: there a `*` also stands
 * for `/`. Neither knows braces.
 *
 * @param path The folder, seen from the root, with `/`.
 */
export function isWorkspaceMember(
  workspace: { readonly members: readonly string[]; readonly exclude: readonly string[] },
  path: string,
): boolean {
  const isOneOf = (globs: readonly string[], star: string) =>
    globs.some((glob) => globPattern(glob, star).test(path));
  return isOneOf(workspace.members, "[^/]") && !isOneOf(workspace.exclude, ".");
}

/** Whether uv takes a folder for a member of a workspace: it wants a project there, and no workspace in the workspace. */
export async function isMaybeMember(files: AppFiles, folder: string): Promise<boolean> {
  const file = `${folder}/pyproject.toml`;
  try {
    const text = await files.read(file);
    if (text === undefined) return false;
    const { readUvProject } = await import("./project.ts");
    const project = readUvProject(text, file);
    return project.hasProject && project.workspace === undefined;
  } catch (error) {
    // What is wrong with it is for the check to say.
    if (error instanceof HsmError && error.code === "pyproject-invalid") return true;
    throw error;
  }
}

/** A glob of Rust's crate of that name, as uv takes it; what is none matches nothing. */
function globPattern(glob: string, star: string): RegExp {
  const source = normalize(glob).replaceAll("\\", "/").replace(/\/+$/, "").replace(
    /(^|\/)\*\*(?:\/|$)|\*+|\?|\[(!?)(\]?[^\]]*)\]|[\\^$.|+(){}[\]]/g,
    (text, before?: string, not?: string, set?: string) => {
      if (before !== undefined) return `${before}${text.endsWith("/") ? "(?:.*/)?" : ".*"}`;
      if (text.startsWith("*")) return `${star}*`;
      if (text === "?") return star;
      if (set !== undefined) {
        return `[${not === "!" ? "^" : ""}${set.replace(/[\\\]^[]/g, "\\$&")}]`;
      }
      return `\\${text}`;
    },
  );
  return attempt(() => new RegExp(`^${source}$`, "s")) ?? /(?!)/;
}

/**
 * The folder that holds uv.lock for a project: its own, or that of the workspace it is a member of. As for uv, the nearest
 * pyproject.toml above decides, whether it speaks of a workspace or not.
 *
 * @param read How a file is read, by its absolute path; undefined: it is not there. Default: from disk.
 */
export async function uvWorkspaceRoot(
  root: string,
  read: (path: string) => string | undefined | Promise<string | undefined> = peekText,
): Promise<string> {
  const own = await read(join(root, "pyproject.toml"));
  if (own === undefined || mentionsWorkspace(own)) return root;
  for (let folder = dirname(root); folder !== dirname(folder); folder = dirname(folder)) {
    const text = await read(join(folder, "pyproject.toml"));
    if (text === undefined) continue;
    if (!mentionsWorkspace(text)) return root;
    const { readUvProject } = await import("./project.ts");
    const { workspace } = readUvProject(text, join(folder, "pyproject.toml"));
    const path = relativePath(folder, root);
    return workspace !== undefined && isWorkspaceMember(workspace, path) ? folder : root;
  }
  return root;
}

function mentionsWorkspace(text: string): boolean {
  return /^\s*\[\s*tool\s*\.\s*uv\s*\.\s*workspace\s*\]/m.test(text) ||
    /\bworkspace\s*=\s*\{/.test(text) ||
    /\bworkspace\.members\b/.test(text);
}
