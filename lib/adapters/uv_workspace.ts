/**
 * uv's own workspaces, as far as HSM has to know of them: where the lock file is, and which folders are members.
 *
 * @module
 */

import { dirname, globToRegExp, join, relative } from "@std/path";
import { peekText } from "../read_file.ts";

/** Whether a folder is a member of the workspace whose root has these settings. */
export function isWorkspaceMember(
  workspace: { readonly members: readonly string[]; readonly exclude: readonly string[] },
  path: string,
): boolean {
  const matches = (glob: string) =>
    globToRegExp(glob.replace(/^\.\//, "").replace(/\/+$/, ""), { os: "linux" }).test(path);
  return workspace.members.some(matches) && !workspace.exclude.some(matches);
}

/**
 * The folder that holds uv.lock for a project: its own, or that of the workspace it is a member of.
 *
 * Reads the pyproject.toml of the folders above only as far as one speaks of a workspace.
 */
export async function uvWorkspaceRoot(root: string): Promise<string> {
  const own = peekText(join(root, "pyproject.toml"));
  if (own === undefined || mentionsWorkspace(own)) return root;
  for (let folder = dirname(root); folder !== dirname(folder); folder = dirname(folder)) {
    const text = peekText(join(folder, "pyproject.toml"));
    if (text === undefined || !mentionsWorkspace(text)) continue;
    const { readProject } = await import("../pyproject/read.ts");
    const { workspace } = readProject(text, join(folder, "pyproject.toml"));
    const path = relative(folder, root).replaceAll("\\", "/");
    return workspace !== undefined && isWorkspaceMember(workspace, path) ? folder : root;
  }
  return root;
}

function mentionsWorkspace(text: string): boolean {
  return /^\s*\[\s*tool\s*\.\s*uv\s*\.\s*workspace\s*\]/m.test(text) ||
    /\bworkspace\s*=\s*\{/.test(text) ||
    /\bworkspace\.members\b/.test(text);
}
