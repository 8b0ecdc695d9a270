/**
 * Where uv's environment is.
 *
 * @module
 */

import { isAbsolute, join } from "@std/path";
import { SYSTEM } from "../../platform/system.ts";
import { uvWorkspaceRoot } from "./workspace.ts";

/**
 * The app's environment: UV_PROJECT_ENVIRONMENT, else `.venv`, in the folder that also holds the lock file.
 *
 * @returns The folder, absolute, whether it exists or not.
 */
export async function environmentFolder(
  root: string,
  env: Readonly<Record<string, string>>,
): Promise<string> {
  const folder = env["UV_PROJECT_ENVIRONMENT"] || ".venv";
  return isAbsolute(folder) ? folder : join(await uvWorkspaceRoot(root), folder);
}

/** An environment's Python. */
export function pythonOf(environment: string): string {
  return SYSTEM === "windows"
    ? join(environment, "Scripts", "python.exe")
    : join(environment, "bin", "python");
}
