/**
 * The files of checkouts, as one look at the workspace sees them.
 *
 * @module
 */

import { join } from "@std/path";
import { once } from "../process/once.ts";
import { readText } from "../files/read_text.ts";

/** Reads files of checkouts, each of them once: all who ask are told the same, whatever an editor saves meanwhile. */
export interface CheckoutFiles {
  /**
   * The text of a file in a checkout.
   *
   * @param file Its path, relative to the root, with `/`.
   * @returns undefined where there is no such file.
   * @throws {HsmError} `pyproject-invalid` where it is not UTF-8 or too large; `io`
   */
  text(file: string): Promise<string | undefined>;
}

/** The files of the checkouts of an app, as they are from now on. */
export function filesOf({ root }: { readonly root: string }): CheckoutFiles {
  return { text: once((file) => readText(join(root, file), file, "pyproject-invalid")) };
}
