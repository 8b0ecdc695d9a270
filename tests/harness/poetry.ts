/**
 * Poetry from PyPI: each version installed once, by uv, and kept between runs.
 *
 * @module
 */

import { dirname, join } from "@std/path";
import { KEPT, pypiProgram } from "./pypi_program.ts";
import { must } from "./program.ts";

/** The versions that tests run: the newest, and the oldest that HSM promises. */
export type PoetryVersion = "2.5.1" | "1.8.5";

/** The program, installed if it is not there yet. */
export function poetryProgram(version: PoetryVersion): Promise<string> {
  return pypiProgram("poetry", version);
}

/** The variables that an app of Poetry's is tried with. */
export async function poetryEnvironment(
  version: PoetryVersion,
): Promise<Readonly<Record<string, string>>> {
  const program = await poetryProgram(version);
  return {
    HSM_POETRY: program,
    PATH: `${dirname(program)}:${Deno.env.get("PATH")}`,
    POETRY_KEYRING_ENABLED: "false",
    POETRY_VIRTUALENVS_IN_PROJECT: "true",
    POETRY_CACHE_DIR: join(KEPT, "pypoetry"),
  };
}

let source: Promise<string> | undefined;

/**
 * The lines that let Poetry ask the index's pages for people's tools: what it asks on its own account a mirror need not have.
 */
export function poetrySource(): Promise<string> {
  return source ??= readIndex().then((url) =>
    `\n[[tool.poetry.source]]\nname = "simple"\nurl = "${url}"\npriority = "primary"\n`
  );
}

async function readIndex(): Promise<string> {
  const named = ["UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL"].map((it) => Deno.env.get(it))
    .find((it) => it);
  if (named !== undefined) return named;
  const program = await Deno.realPath(await poetryProgram("2.5.1"));
  const code =
    "import inspect; from poetry.repositories.pypi_repository import PyPiRepository as it\n" +
    "print(inspect.signature(it.__init__).parameters['url'].default)";
  const url = await must([join(dirname(program), "python"), "-c", code], { cwd: "." });
  return `${url.trim()}simple`;
}
