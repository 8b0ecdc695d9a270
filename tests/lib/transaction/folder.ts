/**
 * A folder for one test, with files in it.
 *
 * @module
 */

import { join } from "@std/path";

/** A folder that goes when the test ends. */
export interface TestFolder extends Disposable {
  /** Its path, without links. */
  readonly root: string;
  /** The path of something in it. */
  at(name: string): string;
  /** A file's text; null when there is none. */
  read(name: string): string | null;
  /** Writes a file. */
  write(name: string, text: string): void;
  /** All names in it, `.hsm` left out. */
  names(): readonly string[];
}

/** Makes a folder with files. */
export function testFolder(
  files: Readonly<Record<string, string>> = {},
  parent?: string,
): TestFolder {
  const root = Deno.realPathSync(
    Deno.makeTempDirSync(parent === undefined ? { prefix: "hsm-" } : { dir: parent }),
  );
  const at = (name: string): string => join(root, name);
  const write = (name: string, text: string): void => Deno.writeTextFileSync(at(name), text);
  for (const [name, text] of Object.entries(files)) write(name, text);
  return {
    root,
    at,
    write,
    read: (name) => {
      try {
        return Deno.readTextFileSync(at(name));
      } catch (error) {
        if (error instanceof Deno.errors.NotFound) return null;
        throw error;
      }
    },
    names: () =>
      [...Deno.readDirSync(root)].map((entry) => entry.name).filter((name) => name !== ".hsm")
        .sort(),
    [Symbol.dispose]: () => Deno.removeSync(root, { recursive: true }),
  };
}
