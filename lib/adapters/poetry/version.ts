/**
 * Which Poetry there is, and whether it will do.
 *
 * @module
 */

import { join } from "@std/path";
import { peekText } from "../../files/read_file.ts";
import { peekDocument } from "../../project/document.ts";
import type { AdapterContext } from "../adapter.ts";
import { askVersion, refuseOlder, type VersionedTool } from "../ask_version.ts";
import { poetryProgram } from "./call.ts";
import { installedVersion } from "./installed_version.ts";

/** The oldest Poetry that HSM works with: major, minor. */
const OLDEST = [1, 8] as const;

/** The oldest that knows a `[project]` table. */
const WITH_PROJECT = [2, 0] as const;

/**
 * Finds out which Poetry there is.
 *
 * @throws {HsmError} `tool-missing`, `tool-too-old`
 */
export async function checkVersion(context: AdapterContext): Promise<string> {
  const { env, root } = context;
  const tool: VersionedTool = {
    name: "Poetry",
    program: poetryProgram(env),
    variable: env["HSM_POETRY"] ? "HSM_POETRY" : undefined,
    answer: /\bPoetry \(version (\d+\.\d+[^)]*)\)/,
    install: "install it with `uv tool install poetry` or `pipx install poetry`, " +
      "or name one in HSM_POETRY",
    update:
      "update it (`uv tool upgrade poetry`, `pipx upgrade poetry`) or name a newer one in HSM_POETRY",
  };
  const version = await installedVersion(tool.program, context) ?? await askVersion(context, tool);
  refuseOlder(tool, version, OLDEST);
  if (hasProject(root)) refuseOlder(tool, version, WITH_PROJECT, "an app with a [project] table");
  return version;
}

function hasProject(root: string): boolean {
  const text = peekText(join(root, "pyproject.toml"));
  return text !== undefined && peekDocument(text)?.value(["project", "name"]) !== undefined;
}
