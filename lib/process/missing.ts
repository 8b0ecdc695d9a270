/**
 * What to do about a program that is not there.
 *
 * @module
 */

import { type ProgramPlace, variable } from "../platform/program.ts";

/** Words that a shell knows, and nobody else. */
const SHELL_WORDS = new Set([
  ...[".", ":", "alias", "cd", "eval", "exec", "export", "read", "set", "shift", "source", "trap"],
  ...["type", "ulimit", "umask", "unalias", "unset", "pushd", "popd", "!", "{", "(", "[[", "case"],
  ...["for", "function", "if", "until", "while"],
]);

/**
 * Finds words for it. Pure.
 *
 * @param program The program, by path or by name, as it was to be run.
 * @param place How it was to be run; `env`: where that is another environment than HSM's own.
 */
export function hintOfMissing(
  program: string,
  { cwd, env, system }: Partial<ProgramPlace>,
): string {
  if (program === "") return "name a program";
  if (SHELL_WORDS.has(program) || /^\w+=/.test(program) || /[|&;<>$`*?]/.test(program)) {
    return `no shell reads the command: where it is one for a shell, run \`sh -c '${program} …'\``;
  }
  if (/\s/.test(program)) {
    return `it is taken for one word: leave out the quotes around it, or run \`sh -c '${program}'\``;
  }
  if (/[\\/]/.test(program)) return `a path is taken from the folder it is run in, ${cwd}`;
  const path = variable(env ?? {}, "PATH", system);
  if (env !== undefined && !path) return "PATH is not set: name the program by its path";
  return `install ${program === "git" ? "git" : "it"}, or put its folder on PATH` +
    (path === undefined ? "" : `; looked for in ${path}`);
}
