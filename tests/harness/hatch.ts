/**
 * Hatch from PyPI, installed once, by uv, and kept between runs.
 *
 * @module
 */

import { dirname, join } from "@std/path";
import { must } from "./program.ts";
import { uvProgram } from "./repository.ts";

/** The version that tests run. */
const VERSION = "1.18.2";

/** Beside what uv keeps: tests have a home of their own, and this is to outlive them. */
const CACHE = join(
  Deno.env.get("XDG_CACHE_HOME") || join(Deno.env.get("HOME") ?? "/tmp", ".cache"),
  "hsm-tests",
);

let installed: Promise<string> | undefined;

/** The program, installed if it is not there yet; two that install it at once wait for each other in uv. */
export function hatchProgram(): Promise<string> {
  return installed ??= install();
}

async function install(): Promise<string> {
  const bin = join(CACHE, `hatch-${VERSION}`);
  const env = { UV_TOOL_DIR: `${bin}-tools`, UV_TOOL_BIN_DIR: bin };
  const program = join(bin, "hatch");
  if (!await Deno.stat(program).then(() => true, () => false)) {
    await must([uvProgram(), "tool", "install", "--quiet", `hatch==${VERSION}`], { cwd: ".", env });
  }
  return program;
}

/** The variables that an app in Hatch's environment is tried with; what Hatch keeps goes with the test's home. */
export async function hatchEnvironment(): Promise<Readonly<Record<string, string>>> {
  const program = await hatchProgram();
  return { HSM_HATCH: program, PATH: `${dirname(program)}:${Deno.env.get("PATH")}` };
}
