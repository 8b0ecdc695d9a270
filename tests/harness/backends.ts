/**
 * Build backends from PyPI: fetched once, and kept between runs as an index in a folder.
 *
 * @module
 */

import { join } from "@std/path";
import { pipProgram } from "./pip.ts";
import { must } from "./program.ts";

/** With what hatchling wants for an editable install. */
const PACKAGES = ["hatchling==1.33.0", "editables==0.5", "setuptools==84.2.1"];

/** Beside what uv keeps: tests have a home of their own, and this is to outlive them. */
const CACHE = join(
  Deno.env.get("XDG_CACHE_HOME") || join(Deno.env.get("HOME") ?? "/tmp", ".cache"),
  "hsm-tests",
);

let fetched: Promise<string> | undefined;

/** The lines of a pyproject.toml by which uv takes backends from there, and nothing from elsewhere. */
export async function backendIndex(): Promise<string> {
  const folder = await (fetched ??= fetch());
  return `
[[tool.uv.index]]
name = "backends"
url = "${folder}"
format = "flat"
default = true
`;
}

async function fetch(): Promise<string> {
  const folder = join(CACHE, `backends-${PACKAGES.join("-").replaceAll("==", "-")}`);
  if (!await Deno.stat(folder).then(() => true, () => false)) {
    await Deno.mkdir(CACHE, { recursive: true });
    const unfinished = await Deno.makeTempDir({ dir: CACHE, prefix: "backends-" });
    const argv = [await pipProgram(), "download", "--quiet", "--dest", unfinished, ...PACKAGES];
    await must(argv, { cwd: "." });
    // Another test may have been faster.
    await Deno.rename(unfinished, folder).catch(() => Deno.remove(unfinished, { recursive: true }));
  }
  return folder;
}
