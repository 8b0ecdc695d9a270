/**
 * `deno task man`: the man pages, into dist/man/man1; `deno task man FOLDER` puts `man1` elsewhere.
 *
 * They are dated as SOURCE_DATE_EPOCH says, else by the last commit, else today.
 *
 * @module
 */

import { ensureDir } from "@std/fs";
import { fromFileUrl, join, resolve } from "@std/path";
import { HSM } from "../cli.ts";
import { programOf } from "../lib/command/program.ts";
import { sourceTime } from "../lib/git/source_commit.ts";
import { manPages } from "./man_pages.ts";
import { readWords } from "./words.ts";

const root = fromFileUrl(new URL("..", import.meta.url));

/** The pages of hsm, by the names of their files. */
export async function hsmManPages(): Promise<Readonly<Record<string, string>>> {
  return await manPages(programOf(HSM), await dateOfPages());
}

async function dateOfPages(): Promise<Date> {
  const epoch = Deno.env.get("SOURCE_DATE_EPOCH") || await sourceTime(root);
  return epoch === undefined ? new Date() : new Date(Number(epoch) * 1000);
}

if (import.meta.main) {
  const folder = resolve(readWords("man").folder ?? join(root, "dist/man"), "man1");
  const pages = Object.entries(await hsmManPages());
  await ensureDir(folder);
  // Of commands that there are no more. All else in the folder may be anybody's.
  for (const { name } of Deno.readDirSync(folder)) {
    if (/^hsm-.+\.1$/.test(name)) await Deno.remove(join(folder, name));
  }
  for (const [file, page] of pages) await Deno.writeTextFile(join(folder, file), page);
  console.log(`wrote ${pages.length} man pages to ${folder}`);
}
