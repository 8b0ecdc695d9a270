/**
 * A look at the files of a workspace.
 *
 * @module
 */

import { join, resolve } from "@std/path";
import { faultOnWindows } from "../../lib/platform/file_names.ts";
import type { Context } from "../../lib/process/context.ts";
import { HsmError } from "../../lib/errors.ts";
import type { Manifest } from "../../lib/manifest/model.ts";
import { namesSchema, SCHEMA_FILE } from "../../lib/manifest/schema_line.ts";
import { ownUser } from "../../lib/files/owner.ts";
import { peekText } from "../../lib/files/read_file.ts";
import { readText } from "../../lib/files/read_text.ts";
import { findMissingRules, placesOf } from "../../lib/workspace/ignored.ts";
import { findSearchRules, SEARCH_FILE } from "../../lib/workspace/search_file.ts";
import { schemaText } from "../../lib/workspace/schema_file.ts";
import { STATE_FOLDER } from "../../lib/files/state_folder.ts";
import { error, type Finding, note, ok, warning } from "./model.ts";
import { isThere } from "../../lib/files/is_there.ts";

const JOURNAL = `${STATE_FOLDER}/journal`;

/** Looks at whether HSM may write where it writes, and whether others may read what they should not. */
export async function checkPermissions(root: string): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const name of [".", STATE_FOLDER, JOURNAL, "hsm.yaml", "pyproject.toml"]) {
    const path = join(root, name);
    // Of HSM's own folders a link counts as such: nothing may lead out of the root.
    const isOwn = name.startsWith(STATE_FOLDER);
    const look = isOwn ? Deno.lstat : Deno.stat;
    const stat = await look(path).catch(() => undefined);
    if (stat === undefined) continue;
    const shown = name === "." ? "the app's folder" : name;
    if (isOwn && !stat.isDirectory) {
      // What lies in place of the folder in it is told among the leftovers, and goes with the next command that writes.
      if (name === JOURNAL) continue;
      const what = stat.isSymlink ? "a link" : "no folder";
      findings.push(error("permissions", `${name} is ${what}`, `remove ${name}; hsm makes it`));
    } else if (!mayWrite(path, stat)) {
      const fix = `make it yours: \`chown\` or \`chmod u+w ${name}\``;
      const effect = "commands that change it fail, those that only look work";
      findings.push(warning("permissions", `${shown} cannot be written to: ${effect}`, fix));
    } else if (name === JOURNAL && ((stat.mode ?? 0) & 0o077) !== 0) {
      const fix = `run \`chmod 700 ${name}\``;
      findings.push(warning("permissions", `others may read ${name}, which holds old files`, fix));
    }
  }
  return findings.length > 0 ? findings : [ok("permissions", "hsm can write where it must")];
}

function mayWrite(path: string, stat: Deno.FileInfo): boolean {
  if (stat.isDirectory) return mayAdd(stat, ownUser(Deno.env.toObject()));
  try {
    // Opened and left as it is, not even its time of change is touched.
    Deno.openSync(path, { write: true }).close();
    return true;
  } catch {
    return false;
  }
}

/**
 * Whether a user may add files to a folder, by its permission bits: trying it would touch the folder. Who belongs to its
 * group is not known, so where the group may, anybody may. Pure.
 *
 * @param user undefined where the system does not tell.
 */
export function mayAdd(
  { mode, uid }: Pick<Deno.FileInfo, "mode" | "uid">,
  user: number | undefined,
): boolean {
  if (mode === null || uid === null || user === undefined || user === 0) return true;
  return (mode & (uid === user ? 0o200 : 0o022)) !== 0;
}

/** Looks at what git is to leave alone: whether a rule is missing, and whether something is committed all the same. */
export async function checkIgnored(
  context: Context,
  manifest: Manifest | undefined,
): Promise<readonly Finding[]> {
  const { root } = context;
  const findings: Finding[] = [];
  try {
    const { file, missing } = await findMissingRules(
      { ...context, read: (file) => readText(resolve(root, file), file, "io") },
      placesOf(manifest ?? { packagesDir: "packages", packages: [] }),
    );
    if (missing.length > 0) {
      const fix = `add these lines to ${file}; the next command that writes does it too`;
      findings.push(warning(".gitignore", `git does not ignore ${missing.join(", ")}`, fix));
    }
    for (const file of await trackedFiles(context, root)) {
      const fix = `run \`git rm --cached -r ${file}\``;
      findings.push(warning(".gitignore", `git tracks ${file}, which is nobody else's`, fix));
    }
  } catch (thrown) {
    // That there is no git has been said.
    if (!(thrown instanceof HsmError) || thrown.code !== "tool-missing") throw thrown;
  }
  const fine = "git leaves checkouts and personal settings alone";
  return findings.length > 0 ? findings : [ok(".gitignore", fine)];
}

/** What of HSM's own the app's repository holds; an `fsmonitor` of its configuration is not run. */
async function trackedFiles({ $ }: Context, root: string): Promise<readonly string[]> {
  const files = ["hsm.local.yaml", STATE_FOLDER];
  const listed = await $`git -c core.fsmonitor=false ls-files -z --cached -- ${files}`.cwd(root)
    .noThrow().text();
  const tracked = listed.split("\0");
  return files.filter((file) =>
    tracked.some((path) => path === file || path.startsWith(`${file}/`))
  );
}

/** Looks at whether those who search see the checkouts, as long as nobody has decided that by a file of their own. */
export async function checkSearch(
  context: Context,
  { packagesDir, packages }: Manifest,
): Promise<readonly Finding[]> {
  const { root } = context;
  const checkouts = packages.filter((it) => it.mode === "dev" && isThere(root, it.path))
    .map((it) => it.path);
  if (checkouts.length === 0) return [];
  try {
    const { text, missing } = await findSearchRules(context, { packagesDir, checkouts });
    if (text !== undefined || missing.length === 0) return [];
    const message = "rg, fd, ruff and the like skip the checkouts, which git ignores";
    const fix = `write ${missing.join(", ")} into a file ${SEARCH_FILE}; an empty one says no`;
    return [note(SEARCH_FILE, message, fix)];
  } catch (thrown) {
    // That there is no git has been said.
    if (!(thrown instanceof HsmError) || thrown.code !== "tool-missing") throw thrown;
    return [];
  }
}

/** Looks at whether there can be all checkouts on each system: a manifest is shared. */
export function checkNames({ packages }: Manifest): readonly Finding[] {
  return packages.flatMap((it) => {
    const why = faultOnWindows(it.path);
    if (why === undefined) return [];
    const message = `${it.path} of ${it.name} cannot be on Windows: ${why}`;
    return [warning("hsm.yaml", message, `give ${it.name} a \`path\` with another name`)];
  });
}

/** Looks at the schema beside a manifest that refers to it. */
export async function checkSchema(root: string): Promise<readonly Finding[]> {
  const manifest = peekText(join(root, "hsm.yaml"));
  if (!namesSchema(manifest)) return [];
  const text = peekText(join(root, SCHEMA_FILE));
  if (text === undefined) {
    const fix = "the next command that writes makes it";
    return [warning("schema", `${SCHEMA_FILE} is missing, which hsm.yaml names`, fix)];
  }
  if (text === await schemaText()) return [ok("schema", SCHEMA_FILE)];
  const fix = `delete ${SCHEMA_FILE}; the next command that writes makes it anew`;
  return [warning("schema", `${SCHEMA_FILE} is another hsm's`, fix)];
}
