/**
 * The files of HSM's own, as texts: pure functions from packages to texts, and back.
 *
 * @module
 */

import { HsmError } from "../../errors.ts";
import { normalizeName } from "../../names.ts";
import type { AppFiles } from "../adapter.ts";
import { type Entry, entryLine, readEntries, readEntry } from "./entry.ts";
import { CONSTRAINTS, LOCK, OWN_REQUIREMENTS, REQUIREMENTS } from "./files.ts";

/** What {@linkcode ownedTexts} makes the files of. */
export interface OwnedContent {
  /** What the app requires, in the manifest's order. */
  readonly required: readonly Entry[];
  /** What only comes from somewhere. */
  readonly governed: readonly Entry[];
  /** Whether the app is a project itself. */
  readonly isProject: boolean;
  /** Whether requirements.txt is to be brought. */
  readonly hasRequirements: boolean;
  /** Whether the file stays even where there is nothing in it, since a file of the user's brings it. */
  readonly isBrought: boolean;
}

/** The packages that the files have. */
export interface OwnedEntries {
  /** Those that are required, by normalized name. */
  readonly required: ReadonlyMap<string, Entry>;
  /** Those that only come from somewhere, by normalized name. */
  readonly governed: ReadonlyMap<string, Entry>;
}

/** What the first line of such a file begins with. */
const MARK = "# Written by hsm";

/** How uv is told to head the lock file. */
export const LOCK_COMMAND = "hsm sync";

/** The texts of the two files; undefined: there is to be none. */
export function ownedTexts(
  { required, governed, isProject, hasRequirements, isBrought }: OwnedContent,
): Readonly<Record<"requirements" | "constraints", string | undefined>> {
  if (required.length + governed.length === 0) {
    return { requirements: isBrought ? head([]) : undefined, constraints: undefined };
  }
  return {
    requirements: head([
      ...governed.length === 0 ? [] : [`-c ${CONSTRAINTS}`],
      ...required.map(entryLine),
      ...isProject ? ["-e ."] : [],
      ...hasRequirements ? [`-r ${OWN_REQUIREMENTS}`] : [],
    ]),
    // A constraint has no extras, and pip takes no editable one.
    constraints: governed.length === 0
      ? undefined
      : head(governed.map((it) => entryLine({ ...it, extras: [] }))),
  };
}

function head(lines: readonly string[]): string {
  return [
    `${MARK} as hsm.yaml says; what is changed here is overwritten by \`hsm sync\`.`,
    `# Without hsm: pip install -r ${REQUIREMENTS}`,
    ...lines,
    "",
  ].join("\n");
}

/** A text of such a file as one of the user's own: without what says whose it is. */
export function withoutHead(text: string): string {
  return text.startsWith(MARK) ? text.replace(/^(?:#.*\r?\n){2}/, "") : text;
}

/** The lines of such a file that are of no package. */
const FRAME = [`-c ${CONSTRAINTS}`, "-e .", `-r ${OWN_REQUIREMENTS}`, ""];

/** The packages of a file that HSM has handed over; undefined where there is none, or anything else is in it. */
export function readHandedOver(text: string | undefined): OwnedEntries["required"] | undefined {
  const isKnown = (line: string) => FRAME.includes(line) || readEntry(line) !== undefined;
  return text?.split(/\r?\n/).every(isKnown) ? readEntries(text) : undefined;
}

/**
 * Reads the files. One that HSM has handed over is its own again where all that is in it is managed.
 *
 * @param managed The packages, by normalized name.
 * @throws {HsmError} `pyproject-unsupported` where there is one that is not HSM's
 */
export async function readOwned(
  files: Pick<AppFiles, "read">,
  managed: ReadonlySet<string>,
): Promise<OwnedEntries> {
  const [required, governed] = await Promise.all([REQUIREMENTS, CONSTRAINTS].map(async (file) => {
    const text = await files.read(file);
    if (text !== undefined && !text.startsWith(MARK)) {
      const left = readHandedOver(text);
      if (left === undefined || [...left.keys()].some((it) => !managed.has(it))) {
        throw notOwned(file);
      }
    }
    return readEntries(text);
  }));
  return { required: required!, governed: governed! };
}

/** All packages that the files have, by normalized name. */
export function allOf({ required, governed }: OwnedEntries): ReadonlyMap<string, Entry> {
  return new Map([...governed, ...required]);
}

/** {@linkcode readOwned} for who does not judge: a file that is not HSM's says nothing. */
export async function peekOwned(files: Pick<AppFiles, "read">): Promise<OwnedEntries> {
  const [required, governed] = await Promise.all([REQUIREMENTS, CONSTRAINTS].map(async (file) => {
    const text = await files.read(file);
    return readEntries(text?.startsWith(MARK) ? text : undefined);
  }));
  return { required: required!, governed: governed! };
}

/**
 * Makes sure that a lock file is HSM's before there is anything else of HSM's.
 *
 * @throws {HsmError} `pyproject-unsupported`
 */
export async function refuseForeignLock(files: Pick<AppFiles, "read">): Promise<void> {
  const text = await files.read(LOCK);
  if (text !== undefined && !text.includes(`#    ${LOCK_COMMAND}`)) throw notOwned(LOCK);
}

function notOwned(file: string): HsmError {
  return new HsmError("pyproject-unsupported", `Cannot write ${file}: it is none of hsm's`, {
    hint: `give it another name: hsm keeps a file of that name`,
  });
}

/** Whether a package has an entry already that is the same. */
export function isSameEntry(one: Entry | undefined, other: Entry): boolean {
  return one !== undefined && normalizeName(one.name) === normalizeName(other.name) &&
    entryLine(one) === entryLine(other);
}
