/**
 * What `--version` says.
 *
 * @module
 */

import type { Build } from "../command/build.ts";
import type { Program } from "../command/command.ts";

/** A program's version: a line that stays short, with what it was made from and for, and one for what it runs on. */
export function describeVersion({ name, version }: Program, build: Build | undefined): string {
  if (build === undefined) return `${name} ${version}\n`;
  const commit = build.commit?.replace(/^(.{9})[0-9a-f]+/, "$1");
  const facts = [commit, build.target].filter((it) => it !== undefined);
  return `${name} ${version} (${facts.join(", ")})\ndeno ${build.deno}\n`;
}
