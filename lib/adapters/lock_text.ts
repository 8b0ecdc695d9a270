/**
 * What lock files have in common: a `[[package]]` for each, with its name.
 *
 * @module
 */

import { normalizeName } from "../names.ts";
import type { Need } from "./reader.ts";

/**
 * The line, from 1, of a package that says something. Pure.
 *
 * @param key The package's normalized name.
 */
export function packageLine(
  text: string,
  key: string,
  says: (line: string) => boolean,
): number | undefined {
  let isPackage = false;
  for (const [index, line] of text.split("\n").entries()) {
    const name = /^name = "(.*)"/.exec(line)?.[1];
    if (line.startsWith("[[")) isPackage = false;
    else if (name !== undefined) isPackage = normalizeName(name) === key;
    else if (isPackage && says(line)) return index + 1;
  }
  return undefined;
}

/** The extras of packages that something asks for. */
export class AskedExtras {
  readonly #byName = new Map<string, Set<string>>();

  /** Those of a package, by its normalized name: those that are added later as well. */
  of(key: string): Set<string> {
    const found = this.#byName.get(key) ?? new Set();
    this.#byName.set(key, found);
    return found;
  }

  /** Adds what is asked for. */
  add(needs: readonly Need[]): void {
    for (const { key, extras } of needs) {
      for (const extra of extras) this.of(key).add(extra);
    }
  }
}
