/**
 * Which Poetry there is, and whether it will do.
 *
 * @module
 */

import { join } from "@std/path";
import { HsmError } from "../../errors.ts";
import { peekText } from "../../files/read_file.ts";
import { createCommands } from "../../process/commands.ts";
import type { RunResult } from "../../process/run.ts";
import { peekDocument } from "../../project/document.ts";
import type { AdapterContext } from "../adapter.ts";
import { poetryProgram } from "./call.ts";

/** The oldest Poetry that HSM works with: major, minor. */
const OLDEST = [1, 8] as const;

/** The oldest that knows a `[project]` table. */
const WITH_PROJECT = 2;

const INSTALL = "install it with `uv tool install poetry` or `pipx install poetry`";

/**
 * Asks Poetry for its version.
 *
 * @returns Its first number.
 * @throws {HsmError} `tool-missing`, `tool-too-old`
 */
export async function checkVersion(context: AdapterContext): Promise<number> {
  const { env, root } = context;
  const program = poetryProgram(env);
  const isNamed = Boolean(env["HSM_POETRY"]);
  const install = isNamed
    ? "correct HSM_POETRY, which names it, or unset it"
    : `${INSTALL}, or name one in HSM_POETRY`;
  let result: RunResult;
  try {
    result = await createCommands(context)`${program} --version --no-ansi`.noThrow();
  } catch (error) {
    if (!(error instanceof HsmError) || error.code !== "tool-missing") throw error;
    throw new HsmError("tool-missing", `Cannot find Poetry: there is no program ${program}`, {
      hint: install,
      cause: error,
    });
  }
  const version = /\bPoetry \(version ((\d+)\.(\d+)[^)]*)\)/.exec(result.stdout);
  if (!result.success || version === null) {
    throw new HsmError("tool-missing", `Cannot use ${program}: it does not answer as Poetry does`, {
      hint: install,
      causes: `${result.stdout}${result.stderr}`.trim().split("\n").slice(0, 3),
    });
  }
  const [, name, ...numbers] = version;
  const [major = 0, minor = 0] = numbers.map(Number);
  const tooOld = (needs: string) =>
    new HsmError("tool-too-old", `Cannot use Poetry ${name} at ${program}: ${needs}`, {
      hint:
        "update it (`uv tool upgrade poetry`, `pipx upgrade poetry`) or name a newer one in HSM_POETRY",
    });
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
    throw tooOld(`HSM needs ${OLDEST.join(".")} or newer`);
  }
  if (major < WITH_PROJECT && hasProject(root)) {
    throw tooOld(`an app with a [project] table needs ${WITH_PROJECT}.0 or newer`);
  }
  return major;
}

function hasProject(root: string): boolean {
  const text = peekText(join(root, "pyproject.toml"));
  return text !== undefined && peekDocument(text)?.value(["project", "name"]) !== undefined;
}
