/**
 * Which version of a package manager there is, and whether it will do.
 *
 * @module
 */

import { HsmError } from "../errors.ts";
import { createCommands } from "../process/commands.ts";
import type { RunResult } from "../process/run.ts";
import type { AdapterContext } from "./adapter.ts";

/** A package manager, as it is asked for its version. */
export interface VersionedTool {
  /** What messages call it. */
  readonly name: string;
  /** The program. */
  readonly program: string;
  /** The variable that names it; undefined: it is the one on PATH. */
  readonly variable: string | undefined;
  /** What it answers, with its version as the first group. */
  readonly answer: RegExp;
  /** How one comes by it, where no variable names it. */
  readonly install: string;
  /** How one comes by a newer one. */
  readonly update: string;
}

/** The first two numbers of a version. */
type Release = readonly [major: number, minor: number];

/**
 * Asks a package manager for its version.
 *
 * @throws {HsmError} `tool-missing`
 */
export async function askVersion(context: AdapterContext, tool: VersionedTool): Promise<string> {
  const { name, program, variable, answer } = tool;
  const install = variable === undefined
    ? tool.install
    : `correct ${variable}, which names it, or unset it`;
  let result: RunResult;
  try {
    result = await createCommands(context)`${program} --version`.noThrow();
  } catch (error) {
    if (!(error instanceof HsmError) || error.code !== "tool-missing") throw error;
    throw new HsmError("tool-missing", `Cannot find ${name}: there is no program ${program}`, {
      hint: install,
      cause: error,
    });
  }
  const version = answer.exec(result.stdout)?.[1];
  if (!result.success || version === undefined) {
    throw new HsmError(
      "tool-missing",
      `Cannot use ${program}: it does not answer as ${name} does`,
      { hint: install, causes: `${result.stdout}${result.stderr}`.trim().split("\n").slice(0, 3) },
    );
  }
  return version;
}

/**
 * Refuses a version that is too old.
 *
 * @param who What needs a newer one.
 * @throws {HsmError} `tool-too-old`
 */
export function refuseOlder(
  { name, program, update }: VersionedTool,
  version: string,
  oldest: Release,
  who = "HSM",
): void {
  if (!isOlder(version, oldest)) return;
  throw new HsmError(
    "tool-too-old",
    `Cannot use ${name} ${version} at ${program}: ${who} needs ${oldest.join(".")} or newer`,
    { hint: update },
  );
}

/** Whether a version comes before another one. Pure. */
export function isOlder(version: string, [major, minor]: Release): boolean {
  const [a = 0, b = 0] = version.split(".").map((it) => parseInt(it));
  return a < major || (a === major && b < minor);
}
