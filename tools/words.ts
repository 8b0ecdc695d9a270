/**
 * The words that a task of this project is called with.
 *
 * @module
 */

import { parseArgs } from "@std/cli";

/**
 * The folder that a task is given, if it is, and its options, which have values. Anything else ends it with its usage: past an
 * option that it does not know it would make something else than was meant.
 */
export function readWords(task: string, ...options: string[]): Record<string, string | undefined> {
  const unknown: string[] = [];
  const { _: [folder, ...more], ...values } = parseArgs(Deno.args, {
    string: ["_", ...options],
    unknown: (word, option) => option === undefined || unknown.push(word),
  });
  if (unknown.length > 0 || more.length > 0 || Object.values(values).includes("")) {
    const usage = options.map((it) => ` [--${it} ${it.toUpperCase()}]`).join("");
    console.error(`usage: deno task ${task} [FOLDER]${usage}`);
    Deno.exit(2);
  }
  return { ...values as Record<string, string>, folder: folder?.toString() };
}
