/**
 * What the last complete sync went by: as long as it all stays the same, the next one has nothing to do but ask the
 * package manager.
 *
 * The note says which files HSM's answer depends on, and what they held, by a digest of their contents: no time stamp
 * is trusted. Where the answer depends on anything else, there is no note. And it says which file it was written to: one
 * that came by git or by copy is not believed.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { basename, dirname, isAbsolute, join, normalize } from "@std/path";
import { inFolder } from "../platform/paths.ts";
import deno from "../../deno.json" with { type: "json" };
import { areOthers } from "../files/owner.ts";
import { MARK } from "../adapters/stand_in.ts";
import { attempt } from "../attempt.ts";
import { relativePath } from "../platform/paths.ts";
import type { CheckoutFiles } from "./checkout_files.ts";
import { rootsAbove } from "../files/fold_path.ts";
import { FORMATS, newerFormat } from "../files/format.ts";
import type { PackageSource } from "../adapters/adapter.ts";
import { isAppsAffair, standsIn } from "../manifest/stand_ins.ts";
import { normalizeName } from "../names.ts";
import { countOf } from "../text/words.ts";
import { MAX_NOTE_BYTES, MAX_WRITTEN_BYTES, peekText, readFile } from "../files/read_file.ts";
import { realFiles } from "../files/layer.ts";
import { writeOwnFile } from "../files/write_own_file.ts";
import type { AppFile } from "./files.ts";
import type { Workspace } from "./workspace.ts";

/** The note, relative to the root. */
const NOTE = ".hsm/synced.json";

/** What tells where a checkout is from, relative to it. */
const CONFIG = "/.git/config";

/** The files that the answer is made from, beside those of dev packages and the package manager's. */
const SOURCES: readonly AppFile[] = ["hsm.yaml", "hsm.local.yaml", "pyproject.toml"];

/** What a sync leaves behind, beside the lock file. */
const RESULTS = [".gitignore", ".hsm/schema.json"];

interface Note {
  readonly version: number;
  readonly hsm: string;
  /** Where the app was: what a manifest says of other places may depend on that. */
  readonly root: string;
  /** The file that it was written to. */
  readonly identity: string;
  /** How many packages there are. */
  readonly packages: number;
  /** The name of what asks the package manager. */
  readonly adapter: string;
  /** What the manifest says of the environment. */
  readonly environment?: string | undefined;
  readonly files: readonly string[];
  readonly digest: string;
}

/**
 * Notes that the app is in sync, if that can be told by files alone: not with `verify` commands, with packages that
 * follow a branch, in a workspace of the package manager's, where it wants to be asked anew, or where a checkout's place, origin or metadata is not plain to see.
 *
 * Touches `.hsm/synced.json`. Call it once everything is committed, and still under the lock.
 */
export async function noteSynced(
  workspace: Workspace,
  sources: readonly PackageSource[],
  checkouts: CheckoutFiles,
): Promise<void> {
  const { root, manifest, adapter } = workspace;
  const contents = manifest.verify.length > 0
    ? undefined
    : await inputs(workspace, sources, checkouts);
  if (adapter.quick === undefined || contents === undefined) return await forgetSynced(workspace);
  const about = {
    version: FORMATS.note,
    hsm: deno.version,
    root,
    packages: manifest.packages.length,
    adapter: adapter.quick.name,
    environment: manifest.environment,
    files: [...contents.keys()],
    digest: digest(contents),
  };
  const before = readNote(root);
  const isSaid = before?.digest === about.digest && before.adapter === about.adapter;
  if (isSaid || isNewer(peekNote(root))) return;
  // Without the note the next sync only takes longer.
  const text = (identity: string) => JSON.stringify({ ...about, identity });
  attempt(() => writeOwnFile(join(root, NOTE), text));
}

/** Takes the note away, if there is one. */
export async function forgetSynced({ root }: Pick<Workspace, "root">): Promise<void> {
  if (!isNewer(peekNote(root))) await Deno.remove(join(root, NOTE)).catch(() => {});
}

/** Whether there is a note, whatever it says. Touches nothing. */
export function hasNote(root: string): boolean {
  return attempt(() => realFiles().facts(join(root, NOTE)))?.kind === "file";
}

/** What a note says that counts. */
export interface Synced extends Pick<Note, "packages" | "adapter" | "environment"> {
  /** The marks of the checkouts that stand in for something, absolute. */
  readonly marks: readonly string[];
}

/**
 * How many packages are in sync, and by which package manager, if a note says that all are, and nothing has changed since.
 * Touches nothing.
 */
export function readSynced(
  root: string,
  env: Readonly<Record<string, string>>,
): Synced | undefined {
  const note = readNote(root);
  const now = note && attempt(() => digest(readFiles(root, note.files)));
  if (note === undefined || now !== note.digest) return undefined;
  // Of a checkout that has become somebody else's, git has to be asked.
  const folders = note.files.filter((it) => it.endsWith(CONFIG)).flatMap((it) => {
    const git = join(root, dirname(it));
    return [dirname(git), git];
  });
  const isOurs = attempt(() => !areOthers(folders, env));
  if (!isOurs) return undefined;
  const marks = note.files.filter((it) => basename(it) === MARK).map((it) => join(root, it));
  return { ...note, marks };
}

/** What a sync says that came to an end, where it has nothing else to show. */
export function describeSynced(packages: number): string {
  if (packages === 0) return "The app is in line";
  return `${countOf(packages, "package")} ${packages === 1 ? "is" : "are"} in line`;
}

/** The note, if this HSM wrote it here. */
function readNote(root: string): Note | undefined {
  const facts = attempt(() => realFiles().facts(join(root, NOTE)));
  const note = facts?.kind === "file" ? peekNote(root) : undefined;
  const isOwn = note?.version === FORMATS.note && note.hsm === deno.version &&
    note.root === root && note.identity === facts?.identity && typeof note.digest === "string" &&
    Number.isSafeInteger(note.packages) && typeof note.adapter === "string" &&
    ["string", "undefined"].includes(typeof note.environment) &&
    Array.isArray(note.files) && note.files.every(isInput);
  return isOwn ? note as Note : undefined;
}

/** What lies where the note would. */
function peekNote(root: string): Partial<Note> | undefined {
  return attempt(() => JSON.parse(peekText(join(root, NOTE), MAX_NOTE_BYTES) ?? "")) ?? undefined;
}

/** Whether a newer HSM has noted it: that stays, and is worth nothing to it once a file has changed. */
function isNewer(note: Partial<Note> | undefined): boolean {
  return newerFormat("note", note?.version) !== undefined;
}

/** Whether a note may name a file: one in the root, or one of a checkout's three beside it. */
function isInput(file: unknown): boolean {
  if (typeof file !== "string" || isAbsolute(file)) return false;
  return !normalize(file).startsWith("..") ||
    /\/(?:\.git\/config|\.gitmodules|pyproject\.toml)$/.test(file);
}

/** What files hold, by their paths relative to the root; undefined: there is no such file. */
type Contents = ReadonlyMap<string, Uint8Array | undefined>;

/** The files that tell whether the app is in sync; undefined where more than files does. */
async function inputs(
  workspace: Workspace,
  sources: readonly PackageSource[],
  checkouts: CheckoutFiles,
): Promise<Contents | undefined> {
  const { root, manifest, adapter } = workspace;
  const locks = workspace.lockFiles.map((it) => relativePath(root, it));
  const byName = new Map(sources.map((it) => [normalizeName(it.package), it.source]));
  const files = readFiles(root, [...locks, ...RESULTS, ...adapter.settings]);
  // What the answer was made from counts, whatever the files say by now.
  for (const file of new Set([...SOURCES, ...workspace.edited])) {
    const text = await workspace.read(file);
    files.set(file, text === undefined ? undefined : encoder.encode(text));
  }
  const inPlace = new Map(
    (await adapter.standIns(workspace.adapterContext)).map((it) => [it.key, it]),
  );
  for (const it of manifest.packages) {
    if (isAppsAffair(it) && !standsIn(it)) continue;
    const { key, path, subdirectory } = it;
    const written = byName.get(key);
    if (written?.kind === "git" && written.branch !== undefined) return undefined;
    let source = written;
    if (standsIn(it)) {
      const standIn = inPlace.get(key);
      if (standIn === undefined) return undefined;
      // Whoever installs anything else in its place removes the mark.
      for (const file of [standIn.mark, standIn.guard]) {
        files.set(relativePath(root, file), readFile(file, LIMIT));
      }
      source = { kind: "path", path: relativePath(root, standIn.folder) };
    }
    if (source === undefined) return undefined;
    if (source.kind === "git") continue;
    // A distribution that had to be searched for may have got a double.
    if (source.path !== (subdirectory === undefined ? path : `${path}/${subdirectory}`)) {
      return undefined;
    }
    const look = async (file: string) => {
      const text = await checkouts.text(file).catch(() => undefined);
      files.set(file, text === undefined ? undefined : encoder.encode(text));
      return text;
    };
    for (const file of [`${path}${CONFIG}`, `${source.path}/pyproject.toml`]) {
      const text = await look(file);
      if (text === undefined || !isPlain(file, text)) return undefined;
    }
    // The root of a workspace has sources for its members, and may stand in any folder above.
    for (const folder of rootsAbove(subdirectory)) {
      await look(inFolder(path, inFolder(folder, "pyproject.toml")));
    }
    // What names other submodules may want them cloned. To look for one that is not there takes its time.
    const submodules = `${path}/.gitmodules`;
    if (await look(submodules) === undefined) files.delete(submodules);
  }
  return files;
}

const encoder = new TextEncoder();

/** Whether all is plain to see in a file: in metadata nothing is computed. */
function isPlain(file: string, text: string): boolean {
  return !file.endsWith("pyproject.toml") ||
    (/^\[project\]/m.test(text) && !text.includes("dynamic"));
}

function digest(contents: Contents): string {
  const hash = createHash("sha256");
  for (const [file, content] of contents) {
    hash.update(`${file}\0${content?.length ?? "-"}\0`);
    if (content !== undefined) hash.update(content);
  }
  return hash.digest("hex");
}

function readFiles(root: string, files: readonly string[]): Map<string, Uint8Array | undefined> {
  return new Map(files.map((file) => [file, readFile(join(root, file), LIMIT)]));
}

/** A lock file may be long. */
const LIMIT = { limit: MAX_WRITTEN_BYTES };
