/**
 * Which test files a command line means.
 *
 * @module
 */

import { join } from "@std/path";

/** What `deno test` is told. */
export interface TestArguments {
  /** The words that are no folder, in their order. */
  readonly words: readonly string[];
  /** The files of the folders, without those that are ignored. */
  readonly files: readonly string[];
}

/**
 * Puts the test files in it in the place of each folder that is named, all tests where nothing is, and leaves out what
 * `--ignore` names: of several folders Deno (2.6) heeds that in the first one only.
 *
 * @param root The folder that paths are relative to.
 */
export function testArguments(args: readonly string[], root: string): TestArguments {
  const ignored = args.flatMap((it) => /^--ignore=(.*)/.exec(it)?.[1]?.split(",") ?? []);
  const rest = args.filter((it) => !it.startsWith("--ignore="));
  const isFolder = (it: string) => Deno.statSync(join(root, it)).isDirectory;
  const folders = rest.filter((it) => it.endsWith("/") && isFolder(it));
  const words = rest.filter((it) => !folders.includes(it));
  if (words.every((it) => it.startsWith("-")) && folders.length === 0) folders.push("tests/");
  const isIgnored = (file: string) => ignored.some((it) => `${file}/`.startsWith(`${it}/`));
  const files = folders.flatMap((folder) => filesIn(root, folder.replace(/\/+$/, "")))
    .filter((file) => !isIgnored(file));
  return { words, files };
}

function filesIn(root: string, folder: string): readonly string[] {
  const entries = [...Deno.readDirSync(join(root, folder))].map((entry) => ({
    path: `${folder}/${entry.name}`,
    ...entry,
  }));
  return entries.sort((a, b) => a.path < b.path ? -1 : 1).flatMap(({ path, isDirectory }) =>
    isDirectory ? filesIn(root, path) : path.endsWith("_test.ts") ? [path] : []
  );
}
