/**
 * An app of pip's as it is, without what tells in its files what is HSM's. Pure: texts in, texts out.
 *
 * @module
 */

import { withoutRecord } from "../../project/record.ts";
import type { AppFiles, Written } from "../adapter.ts";
import { compileArguments } from "./call.ts";
import { CONSTRAINTS, LOCK, OWN_REQUIREMENTS, REQUIREMENTS } from "./files.ts";
import { hatchFiles } from "./hatch_settings.ts";
import { lockedPython } from "./lock.ts";
import { LOCK_COMMAND, withoutHead } from "./owned_files.ts";
import { bringsOwned, reachedFiles } from "./reach.ts";
import { handOverAside } from "./set_aside.ts";

/** The files as the user's own: the lock file names what makes it. */
export async function handOver(files: AppFiles): Promise<Written["texts"]> {
  const texts = new Map<string, string>();
  const put = async (file: string, change: (text: string) => string) => {
    const text = texts.get(file) ?? await files.read(file);
    if (text !== undefined) texts.set(file, change(text));
  };
  const reached = await reachedFiles(files);
  for (const { path } of reached) await put(path, handOverAside);
  for (const it of [REQUIREMENTS, CONSTRAINTS]) await put(it, withoutHead);
  for (const it of await hatchFiles(files, false)) {
    await put(it, (text) => withoutRecord(text, it));
  }
  const entry = bringsOwned(reached) ? OWN_REQUIREMENTS : REQUIREMENTS;
  await put(
    LOCK,
    (text) => text.replace(`#    ${LOCK_COMMAND}`, `#    ${commandFor(text, entry)}`),
  );
  return texts;
}

/** What makes a lock file, as a person would type it: one that names HSM it would not be. */
function commandFor(text: string, entry: string): string {
  const pythonVersion = lockedPython(text);
  const args = compileArguments({ entry, lock: LOCK, pythonVersion, environment: undefined });
  return ["uv", ...args].join(" ").replace(` --custom-compile-command ${LOCK_COMMAND}`, "")
    .replace(" --quiet", "");
}
