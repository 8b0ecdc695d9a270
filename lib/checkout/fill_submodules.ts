/**
 * Bringing the submodules of a checkout that are not there.
 *
 * @module
 */

import { join, resolve } from "@std/path";
import type { Context } from "../process/context.ts";
import { relativePath } from "../platform/paths.ts";
import { messageOf } from "../process/failed_program.ts";
import { cloneSubmodules, type CloneWays } from "../git/commands.ts";
import { literal } from "../git/gitmodules.ts";
import { gitFolder } from "../git/folder.ts";
import { READING } from "../git/reading.ts";
import { isFilled, type Submodule, wantedSubmodules } from "./submodules.ts";
import { readCheckoutState, reasonToStay } from "./state.ts";
import { exists, infoAt } from "../files/is_there.ts";

/** How {@linkcode fillSubmodules} goes about it. */
export interface FillOptions extends CloneWays {
  /** How many are cloned at a time. */
  readonly jobs: number;
  /** Is told the paths of those that are there now, relative to the checkout, with `/`. */
  readonly onFilled?: (paths: readonly string[]) => void;
}

/** Why submodules are still not there. */
export interface Gap {
  /** Their paths, relative to the checkout, with `/`; none where nobody knows which there are. */
  readonly paths: readonly string[];
  /** The reason, for people. */
  readonly reason: string;
  /** Whether they could not be fetched; else something of the user's lies in the way. */
  readonly isFailure: boolean;
}

/**
 * Clones the submodules that a checkout is to have and has not, nested ones too, each at its recorded commit. Starts no
 * program where there is no `.gitmodules`.
 *
 * Touches only folders of submodules that are missing or empty, and what git keeps of them; nothing else is overwritten.
 *
 * @param directory The checkout, absolute.
 * @returns What is still not there; empty where all is.
 * @throws {HsmError} `tool-missing`
 */
export async function fillSubmodules(
  context: Context,
  directory: string,
  options: FillOptions,
): Promise<readonly Gap[]> {
  const wanted = await wantedSubmodules(context, directory);
  if (wanted === undefined) {
    const reason = "git cannot read its .gitmodules";
    return [{ paths: [], reason, isFailure: false }];
  }
  const gaps: Gap[] = [];
  const missing: Submodule[] = [];
  for (const it of wanted) {
    if (isFilled(join(directory, it.path))) continue;
    const reason = await findObstacle(context, directory, it);
    if (reason === undefined) missing.push(it);
    else gaps.push({ paths: [it.path], reason, isFailure: false });
  }
  if (missing.length > 0) {
    const pathspecs = missing.map((it) => literal(it.path));
    const outcome = await cloneSubmodules(context, { ...options, directory, pathspecs });
    const left = missing.filter((it) => !isFilled(join(directory, it.path)));
    const filled = missing.filter((it) => !left.includes(it));
    if (filled.length > 0) options.onFilled?.(filled.map((it) => it.path));
    if (left.length > 0) {
      const reason = reasonOf(outcome.message);
      gaps.push({ paths: left.map((it) => it.path), reason, isFailure: true });
    }
  }
  for (const { path } of wanted) {
    const folder = join(directory, path);
    if (!isFilled(folder)) continue;
    const onFilled = (paths: readonly string[]) =>
      options.onFilled?.(paths.map((it) => `${path}/${it}`));
    for (const gap of await fillSubmodules(context, folder, { ...options, onFilled })) {
      gaps.push({ ...gap, paths: gap.paths.map((it) => `${path}/${it}`) });
    }
  }
  return gaps;
}

/** Tells people of the submodules that a checkout has now. */
export function tellFilled(
  { tell }: Context,
  path: string,
): (submodules: readonly string[]) => void {
  return (submodules) => {
    const what = `the submodule${submodules.length === 1 ? "" : "s"} ${submodules.join(", ")}`;
    tell({ kind: "submodules-cloned", path, submodules, message: `Cloned ${what} of ${path}` });
  };
}

/** A gap as a part of a sentence. */
export function describeGap({ paths, reason, isFailure }: Gap): string {
  if (paths.length === 0) return reason;
  const many = paths.length > 1;
  const state = isFailure ? "could not be cloned" : many ? "are missing" : "is missing";
  return `its submodule${many ? "s" : ""} ${paths.join(", ")} ${state}: ${reason}`;
}

/** The way out where submodules of a package could not be cloned or fetched, for a reason. */
export function withoutSubmodules(name: string, reason: string): string {
  const way = `set \`submodules: false\` of ${name} in hsm.yaml to do without them in dev mode`;
  const refused = /transport '(\w+)' not allowed/.exec(reason)?.[1];
  return refused === undefined
    ? way
    : `${way}; whether git may fetch them is up to its \`protocol.${refused}.allow\``;
}

/** git's words for why it could not clone a submodule, each once: it tries twice, and names a folder that is none yet. */
function reasonOf(message: string): string {
  const reasons = new Set<string>();
  const urls = new Set<string>();
  for (const line of messageOf({ stderr: message, code: 0 })) {
    const url = /^fatal: clone of '(.*)' into submodule path '/.exec(line)?.[1];
    if (url !== undefined) urls.add(url);
    else if (!/^Failed to clone '/.test(line)) reasons.add(line);
  }
  const from = urls.size === 0 ? "" : ` (${[...urls].join(", ")})`;
  return `${[...reasons].join("; ")}${from}`;
}

/** What of the user's would be lost if git filled a submodule: it checks out by force. */
async function findObstacle(
  context: Context,
  directory: string,
  { name, path }: Submodule,
): Promise<string | undefined> {
  const detour = foreignPlace(directory, path);
  if (detour !== undefined) return detour;
  // git takes no such name.
  if (name.split(/[\\/]/).includes("..")) return `git takes no submodule named ${name}`;
  const kept = join(gitFolder(directory), "modules", name);
  if (!exists(kept)) return undefined;
  const $ = context.$.with({ cwd: kept });
  const options = [`--git-dir=${kept}`, `--work-tree=${kept}`, ...READING];
  const others = ["--branches", "--tags", "--remotes"];
  const [only, configured] = await Promise.all([
    $`git ${options} rev-list --max-count=1 HEAD --not ${others} --`.noThrow(),
    $`git ${options} config core.worktree`.noThrow().text(),
  ]);
  const shown = (folder: string) => relativePath(directory, folder);
  if (!only.success) return `git cannot use ${shown(kept)}; remove it, and it is cloned anew`;
  if (only.stdout !== "") return `${shown(kept)} is at a commit that no branch has`;
  const before = resolve(kept, configured);
  if (before === join(directory, path) || !exists(join(before, ".git"))) return undefined;
  const reading = await readCheckoutState(context, before);
  const reason = reading.kind === "checkout" ? reasonToStay(reading.state) : undefined;
  return reason === undefined ? undefined : `${shown(before)}, where it was, ${reason}`;
}

/** What lies at a submodule's place, or on the way to it, and is not its own. */
function foreignPlace(directory: string, path: string): string | undefined {
  const segments = path.split("/");
  for (const [index] of segments.entries()) {
    const folder = segments.slice(0, index + 1).join("/");
    const stat = infoAt(join(directory, folder));
    if (stat === undefined) return undefined;
    if (!stat.isDirectory) return `${folder} is ${stat.isSymlink ? "a link" : "a file"}`;
  }
  const names = Array.from(Deno.readDirSync(join(directory, path)), (it) => it.name);
  const others = names.filter((it) => it !== ".git");
  return others.length === 0 ? undefined : `there is ${others[0]} in its folder; move that away`;
}
