/**
 * A git that does something of the test's before it does its work.
 *
 * @module
 */

import { ensureDir } from "@std/fs";
import { join } from "@std/path";
import type { TestApp } from "./app.ts";

/**
 * Puts shell scripts before git, by the command that they are for.
 *
 * @returns The variables that make hsm use it.
 */
export async function wrapGit(
  app: TestApp,
  scripts: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const folder = join(app.folder, "bin");
  await ensureDir(folder);
  const path = Deno.env.get("PATH") ?? "";
  const cases = Object.entries(scripts).map(([command, script]) =>
    `    ${command})\n      ${script}\n      break;;\n`
  );
  await Deno.writeTextFile(
    join(folder, "git"),
    `#!/bin/sh
for word in "$@"; do
  case "$word" in
${cases.join("")}  esac
done
PATH='${path}' exec git "$@"
`,
    { mode: 0o755 },
  );
  return { PATH: `${folder}:${path}` };
}
