/**
 * What HSM has done to an environment, noted in the environment itself: it goes where that goes.
 *
 * @module
 */

import { join } from "@std/path";
import { attempt } from "../../attempt.ts";
import { MAX_NOTE_BYTES, peekText } from "../../files/read_file.ts";
import { writeOwnFile } from "../../files/write_own_file.ts";
import { tableOf, textsOf } from "../../table.ts";

/** What HSM has done to an environment. */
export interface EnvironmentMark {
  /** Whether HSM has made it, so that nothing is in it but what HSM has installed. */
  readonly isMade: boolean;
  /** The normalized names of what HSM has installed in it. */
  readonly installed: readonly string[];
}

const FILE = "hsm-environment.json";

/** Reads the note; one that is missing or damaged says nothing. */
export function readMark(folder: string): EnvironmentMark {
  const text = peekText(join(folder, FILE), MAX_NOTE_BYTES) ?? "";
  const { made, installed } = tableOf(attempt(() => JSON.parse(text)));
  return { isMade: made === true, installed: textsOf(installed) };
}

/** Writes the note. Touches nothing else in the environment. */
export function writeMark(folder: string, { isMade, installed }: EnvironmentMark): void {
  const note = { made: isMade, installed: [...installed].sort() };
  writeOwnFile(join(folder, FILE), `${JSON.stringify(note)}\n`);
}
