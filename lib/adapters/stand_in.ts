/**
 * Stand-ins: checkouts that are installed in place of what the lock file says, while the app's files stay as they are.
 *
 * A package manager takes one for the locked package, by the metadata beside it. A mark of HSM's there tells the truth.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { isAbsolute, join } from "@std/path";
import { attempt } from "../attempt.ts";
import { FORMATS } from "../files/format.ts";
import { peekText } from "../files/read_file.ts";
import { asTable } from "../table.ts";

/** The checkout of a package, and the folder in it that is to be imported in place of what the lock file says. */
export interface StandIn {
  /** The package's normalized name. */
  readonly key: string;
  /** The folder of the distribution in the checkout, absolute. */
  readonly folder: string;
}

/** A checkout that stands in for something in an environment. */
export interface FoundStandIn extends StandIn {
  /** The file that says so, absolute: it goes with what is installed. */
  readonly mark: string;
  /** Whether it stays what is imported though something else is installed in its place. */
  readonly isGuarded: boolean;
  /** The file that sees to it that it is imported, and says what is installed for checkouts alone, absolute. */
  readonly guard: string;
  /** What only checkouts need in that environment; undefined: nothing, and nobody has asked. */
  readonly extras: FoundNeeds | undefined;
}

/** What only checkouts need, as it lies in an environment. */
export interface FoundNeeds {
  /** What it was made from, as one word: letters and digits. */
  readonly key: string;
  /** Those parts of that which change without HSM, likewise. */
  readonly basis: string;
  /** The folders that it is imported from, absolute; none where nothing is needed. */
  readonly folders: readonly string[];
}

/** How a package stands that a checkout is to stand in for. */
export type StandInState =
  /** The checkout stands in for what the lock file says. */
  | "ok"
  /** The package itself is installed, or nothing: it was reinstalled, or the environment is a new one. */
  | "missing"
  /** The checkout stands in for what the lock file said before. */
  | "stale-pin"
  /** Its metadata, such as entry points, is not what is installed. */
  | "stale-metadata"
  /** Files by which it is imported or run are gone, or are others. */
  | "damaged"
  /** It stands in, but what only checkouts need is gone, or may be something else by now. */
  | "stale-needs"
  /** It is installed for itself, by somebody else, and the package manager will not leave it there. */
  | "foreign";

/** How a package stands that a checkout is to stand in for, and how it did. */
export interface Standing {
  /** How it stands. */
  readonly state: StandInState;
  /** Whether a checkout has stood in for it in this environment before. */
  readonly hasStoodIn: boolean;
}

/** The file that says of an installed package that a checkout stands in for it, beside its metadata. */
export const MARK = "hsm.json";

/** What the mark says. */
export interface Mark {
  /** The folder of the distribution, absolute. */
  readonly path: string;
  /** {@linkcode metadataDigest} of it, when it was installed. */
  readonly digest: string;
}

/** The text of a mark. */
export function writeMark({ path, digest }: Mark): string {
  return `${JSON.stringify({ version: FORMATS.mark, path, digest })}\n`;
}

/** Reads the mark in a `.dist-info` folder; undefined where there is none that this HSM knows. */
export function peekMark(folder: string): Mark | undefined {
  const data = asTable(attempt(() => JSON.parse(peekText(join(folder, MARK)) ?? "")));
  const { version, path, digest } = data ?? {};
  if (version !== FORMATS.mark || typeof path !== "string" || typeof digest !== "string") return;
  if (!isAbsolute(path)) return;
  return { path, digest };
}

/** The files that a build reads a distribution's metadata from. */
const METADATA_FILES = ["pyproject.toml", "setup.cfg", "setup.py"];

/** A digest of the files that say what a distribution is: where it is another, what is installed of it is old. */
export function metadataDigest(folder: string): string {
  const hash = createHash("sha256");
  for (const file of METADATA_FILES) {
    const text = peekText(join(folder, file));
    hash.update(`${file}\0${text?.length ?? "-"}\0${text ?? ""}`);
  }
  return hash.digest("hex");
}
