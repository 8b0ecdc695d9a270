/**
 * A new library, made by Poetry.
 *
 * @module
 */

import { join } from "@std/path";
import { peekText } from "../../files/read_file.ts";
import type { RunResult } from "../../process/run.ts";
import type { AdapterContext, NewLibraryOptions } from "../adapter.ts";
import { callPoetry } from "./call.ts";

/**
 * Has Poetry make a library whose modules lie in `src`. Touches nothing outside of its folder.
 *
 * @param major The first number of Poetry's version: 1 has another layout unless it is told, and takes the Python that it runs with.
 */
export async function newLibrary(
  context: AdapterContext,
  { directory, name, requiresPython }: NewLibraryOptions,
  major: number,
): Promise<RunResult> {
  const isOld = major < 2;
  const python = isOld || requiresPython === undefined ? [] : [`--python=${requiresPython}`];
  const args = ["new", `--name=${name}`, ...isOld ? ["--src"] : [], ...python, "--", directory];
  const result = await callPoetry(args, context, { quiet: "always" });
  if (result.success && isOld && requiresPython !== undefined) {
    const file = join(directory, "pyproject.toml");
    const text = peekText(file) ?? "";
    await Deno.writeTextFile(
      file,
      text.replace(/^python = ".*"/m, () => `python = ${JSON.stringify(requiresPython)}`),
    );
  }
  return result;
}
