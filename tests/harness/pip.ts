/**
 * pip from PyPI, installed once, by uv, and kept between runs.
 *
 * @module
 */

import { join } from "@std/path";
import { must } from "./program.ts";
import { uvProgram } from "./repository.ts";

const VERSION = "26.3";

/** Beside what uv keeps: tests have a home of their own, and this is to outlive them. */
const CACHE = join(
  Deno.env.get("XDG_CACHE_HOME") || join(Deno.env.get("HOME") ?? "/tmp", ".cache"),
  "hsm-tests",
);

let installed: Promise<string> | undefined;

/** The program, which installs into another environment by `--python`. */
export function pipProgram(): Promise<string> {
  return installed ??= install();
}

async function install(): Promise<string> {
  const bin = join(CACHE, `pip-${VERSION}`);
  const program = join(bin, "pip");
  if (!await Deno.stat(program).then(() => true, () => false)) {
    const env = { UV_TOOL_DIR: join(CACHE, `pip-${VERSION}-tools`), UV_TOOL_BIN_DIR: bin };
    await must([uvProgram(), "tool", "install", "--quiet", `pip==${VERSION}`], { cwd: ".", env });
  }
  return program;
}

/** What pip has built and fetched, kept between runs as well. */
export function pipCache(): Readonly<Record<string, string>> {
  return { PIP_CACHE_DIR: join(CACHE, "pip-cache") };
}
