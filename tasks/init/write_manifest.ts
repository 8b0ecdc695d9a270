/**
 * Writing a new workspace's files.
 *
 * @module
 */

import { join, resolve } from "@std/path";
import { HsmError } from "../../lib/errors.ts";
import { exists } from "../../lib/files/is_there.ts";
import { readText } from "../../lib/files/read_text.ts";
import { knownWith } from "../../lib/manifest/adapter_names.ts";
import type { Manifest } from "../../lib/manifest/model.ts";
import { parseManifest } from "../../lib/manifest/parse.ts";
import type { Context } from "../../lib/process/context.ts";
import { acquireLock } from "../../lib/transaction/lock.ts";
import { Transaction } from "../../lib/transaction/transaction.ts";
import { filesAtStake } from "../../lib/workspace/at_stake.ts";
import { beginCodeWorkspace, type BegunCodeWorkspace } from "../../lib/workspace/code_workspace.ts";
import type { WorkspaceContext } from "../../lib/workspace/context.ts";
import {
  findMissingRules,
  ignoreLine,
  placesOf,
  withMissingRules,
} from "../../lib/workspace/ignored.ts";
import type { ManagerFiles } from "../../lib/workspace/manager_files.ts";
import { type OpenWorkspaceOptions, undoCrash } from "../../lib/workspace/open.ts";
import { ensureSchema } from "../../lib/workspace/schema_file.ts";
import { findSearchRules } from "../../lib/workspace/search_file.ts";
import type { Workspace } from "../../lib/workspace/workspace.ts";

/** Where a new workspace is written. */
export type Place = Context & ManagerFiles & Pick<WorkspaceContext, "adapter" | "layer">;

/** Asks whether those who search are to see the checkouts; where nobody can answer they are not. */
export async function askSearchable(
  place: Place,
  text: string,
  { confirm }: Pick<OpenWorkspaceOptions, "confirm">,
): Promise<boolean> {
  if (confirm === undefined) return false;
  const { search } = await findRules(place, text);
  if (search.missing.length === 0) return false;
  const lines = search.missing.join(", ");
  return await confirm(
    `Let rg, fd, ruff and the like see the checkouts (${lines} in ${search.file})?`,
    place.signal,
  );
}

function parsed({ adapter }: Place, text: string): Manifest {
  return parseManifest({ shared: { path: "hsm.yaml", text } }, knownWith(adapter));
}

/**
 * The rules that the files of a new workspace lack.
 *
 * @param others What else git is to leave alone.
 */
async function findRules(place: Place, text: string, others: readonly string[] = []) {
  const { root } = place;
  const { packagesDir } = parsed(place, text);
  const places = { packagesDir, checkouts: others };
  const read = (file: string) => readText(resolve(root, file), file, "io");
  const rules = await findMissingRules({ ...place, read }, places);
  const hidden = rules.missing.some((it) => it.endsWith(`${ignoreLine(packagesDir)}/`))
    ? [packagesDir]
    : [];
  return { rules, search: await findSearchRules(place, { packagesDir, checkouts: [] }, hidden) };
}

/** What is written beside hsm.yaml. */
interface WrittenBeside {
  /** The lines that were written for those who search. */
  readonly searchable: readonly string[];
  /** VS Code's workspace file, where it was wanted. */
  readonly codeWorkspace: BegunCodeWorkspace | undefined;
}

/**
 * Writes hsm.yaml, the rules that git lacks, and what else is wanted, in one transaction.
 *
 * @param how `app`: what VS Code's workspace file is to be named after; undefined: none is wanted.
 */
export async function writeManifest(
  place: Place,
  text: string,
  { command, isSearchable, app }: {
    readonly command: string;
    readonly isSearchable: boolean;
    readonly app: string | undefined;
  },
): Promise<WrittenBeside> {
  const { root, layer, signal } = place;
  await using _lock = await acquireLock(root, { command, layer, signal });
  await undoCrash(place);
  // Another run may have been faster.
  refuseWorkspace(root);
  const code = app === undefined
    ? undefined
    : await beginCodeWorkspace(root, app, parsed(place, text));
  await ensureSchema(root, [text]);
  const { rules, search } = await findRules(place, text, newOnly(code));
  const files = [...await filesAtStake(place), ...code === undefined ? [] : [code.file]];
  await using transaction = await Transaction.begin({ root, files, command, layer });
  await transaction.write("hsm.yaml", text, { expected: null });
  for (const it of isSearchable ? [rules, search] : [rules]) {
    if (it.missing.length === 0) continue;
    await transaction.write(it.file, withMissingRules(it), { expected: it.text ?? null });
  }
  if (code !== undefined) {
    await transaction.write(code.file, code.after, { expected: code.before ?? null });
  }
  await transaction.commit();
  return { searchable: isSearchable ? search.missing : [], codeWorkspace: code };
}

/** Lets HSM keep a VS Code workspace file in a workspace that is there, and makes that permanent. */
export async function addCodeWorkspace(
  workspace: Workspace,
  app: string,
): Promise<BegunCodeWorkspace> {
  const { root, manifest } = workspace;
  const code = await beginCodeWorkspace(root, app, manifest);
  await workspace.stage(code.file, code.after);
  for (const file of newOnly(code)) {
    const places = placesOf(manifest);
    const rules = await findMissingRules(workspace, { ...places, checkouts: [file] });
    const missing = rules.missing.filter((it) => it.endsWith(ignoreLine(file)));
    if (missing.length > 0) {
      await workspace.stage(rules.file, withMissingRules({ ...rules, missing }));
    }
  }
  await workspace.commit();
  return code;
}

/** A new one follows what one person works on, and is nobody else's; one that is there may be everybody's. */
function newOnly(code: BegunCodeWorkspace | undefined): readonly string[] {
  return code === undefined || code.before !== undefined ? [] : [code.file];
}

/** Refuses a folder that is a workspace already. */
export function refuseWorkspace(root: string): void {
  if (exists(join(root, "hsm.yaml"))) {
    throw new HsmError("usage", `Cannot init ${root}: there is an hsm.yaml already`, {
      hint: "add packages to it with `hsm add NAME`",
    });
  }
}
