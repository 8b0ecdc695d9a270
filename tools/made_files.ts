/**
 * Files that a tool makes, and their being current.
 *
 * @module
 */

import { parseArgs } from "@std/cli";
import { ensureDir } from "@std/fs";
import { dirname, fromFileUrl, join } from "@std/path";

const PROJECT = fromFileUrl(new URL("..", import.meta.url));

/** Texts by their paths in the project. */
export type MadeFiles = Readonly<Record<string, string>>;

/**
 * Writes those that are not current; with `--check` on the command line it says so instead, and fails.
 *
 * @param task The task that makes them.
 */
export async function keepFiles(task: string, files: MadeFiles): Promise<void> {
  const { check } = parseArgs(Deno.args, { boolean: ["check"] });
  for (const [file, text] of Object.entries(await findOutdated(files))) {
    if (check) {
      console.error(`${file} is not current: run \`deno task ${task}\``);
      Deno.exitCode = 1;
    } else {
      const path = join(PROJECT, file);
      await ensureDir(dirname(path));
      await Deno.writeTextFile(path, text);
      console.log(`wrote ${file}`);
    }
  }
}

/** Those that are not current, as they are to be. */
export async function findOutdated(files: MadeFiles): Promise<MadeFiles> {
  const outdated: Record<string, string> = {};
  for (const [file, made] of Object.entries(files)) {
    const text = await format(made, file.split(".").at(-1)!);
    const before = await Deno.readTextFile(join(PROJECT, file)).catch(() => "");
    if (text !== before) outdated[file] = text;
  }
  return outdated;
}

/** A text as `deno fmt` leaves it; a picture as it is. */
async function format(text: string, ext: string): Promise<string> {
  if (ext === "svg") return text;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--quiet", `--ext=${ext}`, "--line-width=100", "-"],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(`${text}\n`));
  await writer.close();
  const { success, stdout } = await child.output();
  if (!success) throw new Error("`deno fmt` failed");
  return new TextDecoder().decode(stdout);
}
