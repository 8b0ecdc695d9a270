/**
 * Programs from PyPI that only tests use: each version installed once, by uv, and kept between runs.
 *
 * @module
 */

import { join } from "@std/path";
import { must } from "./program.ts";
import { uvProgram } from "./repository.ts";

/** Beside what uv keeps: tests have a home of their own, and this is to outlive them. */
export const KEPT: string = join(
  Deno.env.get("XDG_CACHE_HOME") || join(Deno.env.get("HOME") ?? "/tmp", ".cache"),
  "hsm-tests",
);

const installed = new Map<string, Promise<string>>();

/**
 * A program, installed if it is not there yet; two that install it at once wait for each other in uv.
 *
 * @param distribution Its name on PyPI.
 * @param version Its version there.
 * @param program Its own name, where it is another one.
 */
export function pypiProgram(
  distribution: string,
  version: string,
  program: string = distribution,
): Promise<string> {
  const key = `${distribution}-${version}`;
  const known = installed.get(key) ?? install(key, `${distribution}==${version}`, program);
  installed.set(key, known);
  return known;
}

async function install(key: string, requirement: string, name: string): Promise<string> {
  const bin = join(KEPT, key);
  const env = { UV_TOOL_DIR: join(KEPT, `${key}-tools`), UV_TOOL_BIN_DIR: bin };
  const program = join(bin, name);
  if (!await Deno.stat(program).then(() => true, () => false)) {
    await must([uvProgram(), "tool", "install", "--quiet", requirement], { cwd: ".", env });
  }
  return program;
}
