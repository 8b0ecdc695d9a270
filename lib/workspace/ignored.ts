/**
 * What git is to leave alone: checkouts, and personal settings. They are nobody else's.
 *
 * The rules go into the app's .gitignore; into git's own `info/exclude` where that is a link, which git (since 2.32)
 * does not read, and where nothing that git sees is to change.
 *
 * @module
 */

import { basename, dirname, isAbsolute, join, resolve } from "@std/path";
import type { Context } from "../process/context.ts";
import type { Manifest } from "../manifest/model.ts";
import { isUnseen } from "../manifest/stand_ins.ts";
import { READING } from "../git/reading.ts";
import { mapAll } from "../process/pool.ts";
import { shortPath } from "../platform/paths.ts";
import { realFiles } from "../files/layer.ts";
import { ioError } from "../files/system_error.ts";

/** The app's own file of rules, relative to the root. */
export const GITIGNORE = ".gitignore";

/** The personal settings, relative to the root. */
export const SETTINGS = "hsm.local.yaml";

/** Stands for the checkouts to come. */
const ANY = "NAME";

/** The places that git is to leave alone, beside the personal settings. */
export interface Places {
  /** The folder of checkouts, relative to the root. */
  readonly packagesDir: string;
  /** The places of checkouts, relative to the root; those outside of it are not the app's repository's. */
  readonly checkouts: readonly string[];
  /** Whether nothing that git sees is to change. @default {false} */
  readonly unseen?: boolean;
}

/** The places of a manifest's packages. Pure. */
export function placesOf(manifest: Pick<Manifest, "packagesDir" | "packages">): Places {
  const { packagesDir, packages } = manifest;
  const checkouts = packages.filter((it) => it.mode === "dev").map((it) => it.path);
  return { packagesDir, checkouts, unseen: isUnseen(manifest) };
}

/** A file of rules, and what it lacks. */
export interface IgnoreRules {
  /** Its path, relative to the root with `/` where inside. */
  readonly file: string;
  /** What it holds; undefined: it is not there. */
  readonly text: string | undefined;
  /** The lines that it lacks. */
  readonly missing: readonly string[];
}

/** What looking needs: git, the app's folder, and its files, by path, as they are or are about to be. */
type Looking = Context & {
  readonly read: (file: string) => Promise<string | undefined>;
};

/**
 * Finds out which rules git lacks: for checkouts, those to come included, and for personal settings. What it ignores already,
 * whoever says so, needs none; none hides files of the app's own. Changes nothing, and asks git only where the file itself
 * does not tell.
 *
 * @throws {HsmError} `io`, `tool-missing`
 */
export async function findMissingRules(context: Looking, places: Places): Promise<IgnoreRules> {
  if (!isLink(context.root)) {
    const own = await findMissingIn(context, places, { file: GITIGNORE, prefix: "" });
    if (!places.unseen || own.missing.length === 0) return own;
  }
  const exclude = await excludeFile(context);
  if (exclude === undefined) return { file: GITIGNORE, text: undefined, missing: [] };
  return await findMissingIn(context, places, exclude);
}

/** A file of rules, and what paths in it begin with. */
export interface RulesFile {
  readonly file: string;
  readonly prefix: string;
}

async function findMissingIn(
  context: Looking,
  { packagesDir, checkouts }: Places,
  rules: RulesFile,
): Promise<IgnoreRules> {
  const { root } = context;
  const text = await context.read(rules.file);
  const told = new Set(text?.split(/\r?\n/).map((line) => line.trim().replace(/^\/|\/$/g, "")));
  const isTold = (path: string) => told.has(`${rules.prefix}${path}`);
  const places = [
    ...(packagesDir === "." ? [] : [`${packagesDir}/${ANY}`]),
    ...checkouts.flatMap((it) => placeInside(root, it) ?? []),
    SETTINGS,
  ].filter((it) => !isTold(it) && !(isBelow(it, packagesDir) && isTold(packagesDir)));
  const missing = await missingPlaces(context, packagesDir, places);
  const lines = missing.map((it) => ignoreLine(`${rules.prefix}${it}`));
  return { file: rules.file, text, missing: lines };
}

/** The rule for a place alone. */
export function ignoreLine(place: string): string {
  return `/${place.replace(/[\\*?[]| $/g, "\\$&")}`;
}

/** The text of a file of rules with the lines that it lacks, at its end, in its own line ending. */
export function withMissingRules({ text = "", missing }: IgnoreRules): string {
  const end = text.includes("\r\n") ? "\r\n" : "\n";
  const separator = text === "" || text.endsWith("\n") ? "" : end;
  return text + separator + missing.map((line) => line + end).join("");
}

/**
 * The files of rules that HSM may write to, relative to the root with `/` where inside; none where git reads none. Makes
 * nothing but git's folder for its own one.
 *
 * @param unseen Whether nothing that git sees is to change.
 */
export async function rulesAtStake(context: Context, unseen: boolean): Promise<readonly string[]> {
  const own = isLink(context.root) ? [] : [GITIGNORE];
  if (own.length > 0 && !unseen) return own;
  const exclude = await excludeFile(context);
  if (exclude === undefined) return own;
  // A repository may have been made without git's templates.
  realFiles().makeFolder(dirname(resolve(context.root, exclude.file)), 0o777);
  return [...own, exclude.file];
}

/** The places, as rules name them, that git neither ignores nor has anything tracked in. */
async function missingPlaces(
  context: Context,
  packagesDir: string,
  places: readonly string[],
): Promise<readonly string[]> {
  if (places.length === 0) return [];
  const { $ } = context;
  // A rule for folders does not match a link to one.
  const nameOf = (place: string) =>
    place === SETTINGS || kindOf(join(context.root, place)) === "link" ? place : `${place}/`;
  const ask = async (names: readonly string[]) =>
    await $`git ${READING} check-ignore -z --stdin --no-index`.stdinText(names.join("\0"))
      .noThrow();
  const names = places.map(nameOf);
  const [all, listed] = await Promise.all([
    ask(names),
    $`git ${READING} --literal-pathspecs ls-files -z --cached -- ${packagesDir} ${places}`
      .noThrow(),
  ]);
  // Where there is no repository git fails: nothing is ignored, or tracked. Else one of them is none that it takes.
  const isRefused = all.code > 1 && listed.success;
  const answers = isRefused ? await mapAll(names, 8, (it) => ask([it])) : [all];
  const ignored = new Set(answers.flatMap(({ stdout }) => stdout.split("\0")));
  const tracked = listed.stdout.split("\0");
  const missing = places.filter((place) =>
    !ignored.has(nameOf(place)) && !tracked.some((file) => file === place || isBelow(file, place))
  );
  const isShared = packagesDir === "." || tracked.some((file) => isBelow(file, packagesDir)) ||
    holdsOthers(join(context.root, packagesDir));
  const rules = missing.map((place) =>
    isShared || !isBelow(place, packagesDir) ? place : `${packagesDir}/`
  );
  return [...new Set(rules)].filter((it) => it !== `${packagesDir}/${ANY}`);
}

/** Whether in the folder of checkouts lies what is none: the app's own, which a rule for the folder would hide. */
function holdsOthers(folder: string): boolean {
  try {
    return realFiles().list(folder).some((name) =>
      !/^\..+\.hsm-/.test(name) && kindOf(join(folder, name, ".git")) === undefined
    );
  } catch (error) {
    throw ioError("look for checkouts", folder, error);
  }
}

/** A place relative to the root, without links on the way; undefined where it is not inside. */
export function placeInside(root: string, path: string): string | undefined {
  const folder = dirname(join(root, path));
  const real = kindOf(folder) === undefined ? folder : realFiles().realPath(folder);
  const inside = shortPath(root, join(real, basename(path)));
  return isAbsolute(inside) ? undefined : inside;
}

/** The rules that {@linkcode withMissingRules} may have written for places, as lines. */
export function linesFor(places: readonly string[], prefix = ""): readonly string[] {
  return places.flatMap((it) => [it, `${it}/`]).map((it) => ignoreLine(`${prefix}${it}`));
}

/** git's own file of rules; undefined where there is no repository. */
export async function excludeFile(context: Context): Promise<RulesFile | undefined> {
  const { root, $ } = context;
  const { success, stdout } =
    await $`git ${READING} rev-parse --git-path info/exclude --show-prefix`.noThrow();
  const [path, prefix = ""] = stdout.split("\n");
  return success && path ? { file: shortPath(root, resolve(root, path)), prefix } : undefined;
}

function isLink(root: string): boolean {
  return kindOf(join(root, GITIGNORE)) === "link";
}

function isBelow(path: string, folder: string): boolean {
  return path.startsWith(`${folder}/`);
}

function kindOf(path: string): string | undefined {
  return realFiles().facts(path)?.kind;
}
