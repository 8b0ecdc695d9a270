/**
 * A look for what a crash has left.
 *
 * @module
 */

import { basename, dirname, join } from "@std/path";
import { describeNewer, UPDATE_HSM } from "../../lib/files/format.ts";
import { isThereStill } from "../../lib/platform/process.ts";
import { readLockHolder } from "../../lib/transaction/lock.ts";
import { shortPath } from "../../lib/platform/paths.ts";
import { HALF_DONE, type JournalReading } from "../../lib/transaction/journal.ts";
import { STATE_FOLDER } from "../../lib/files/state_folder.ts";
import { error, type Finding, ok, warning } from "./model.ts";

const CHECK = "leftovers";

/** Names of what HSM writes to before it is complete, and of the originals that a rollback puts beside a file. */
const TEMPORARY = /^\.hsm-(?:\d+|new)-./;
const ORIGINAL = /.\.hsm-original(?:-\d+)?$/;
const STAGING = /^\..+\.hsm-./;

/**
 * Looks for an open journal, unfinished clones, and files that a rollback put beside others.
 *
 * @param checkouts The places of the checkouts, relative to the root.
 * @param journal What lies where an open journal would; undefined where that is not known.
 */
export async function checkLeftovers(
  root: string,
  checkouts: readonly string[],
  journal: JournalReading | undefined,
): Promise<readonly Finding[]> {
  const holder = readLockHolder(root);
  if (holder !== null && await isThereStill({ pid: holder.pid, at: holder.since }) === true) {
    const message = `\`${holder.command}\` (process ${holder.pid}) runs since ${holder.since}`;
    return [warning(CHECK, message, "look again when it has ended")];
  }
  const findings: Finding[] = [];
  if (journal?.kind === "own") {
    const fix = "run any command that writes, such as `hsm sync`: it restores the files first";
    findings.push(error(CHECK, HALF_DONE, fix));
  } else if (journal?.kind === "newer") {
    const message = `${shortPath(root, journal.path)} ${describeNewer(journal.format)}`;
    findings.push(error(CHECK, message, UPDATE_HSM));
  } else if (journal?.kind === "foreign" && journal.path !== join(root, STATE_FOLDER)) {
    const message = `${shortPath(root, journal.path)} is not used: ${journal.reason}`;
    findings.push(warning(CHECK, message, "the next command that writes puts it out of the way"));
  }
  for (const name of await namesIn(root)) {
    if (ORIGINAL.test(name)) {
      const fix = `compare it with ${name.replace(/\.hsm-original.*$/, "")}, then delete it`;
      findings.push(warning(CHECK, `${name} is what a file was before a rollback`, fix));
    } else if (TEMPORARY.test(name)) {
      findings.push(warning(CHECK, `${name} was never completed`, `delete ${name}`));
    }
  }
  for (const folder of new Set(checkouts.map((path) => dirname(path)))) {
    for (const name of await namesIn(join(root, folder))) {
      if (!STAGING.test(name)) continue;
      const path = join(folder, name);
      findings.push(warning(CHECK, `${path} is an unfinished clone`, `delete ${path}`));
    }
  }
  return findings.length > 0 || journal === undefined ? findings : [ok(CHECK, "none")];
}

async function namesIn(folder: string): Promise<readonly string[]> {
  const entries = await Array.fromAsync(Deno.readDir(folder)).catch(() => []);
  return entries.map((it) => basename(it.name)).sort();
}
