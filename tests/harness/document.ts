/**
 * What every document of `--json` must be: all tests' runs are held against it.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import type { Run } from "./program.ts";

/**
 * Asserts that standard output is one document: with its version, and with an error if and only if something failed.
 *
 * A program that was killed outright could not say anything.
 */
export function assertDocument(args: readonly string[], { code, stdout, command }: Run): void {
  const end = args.indexOf("--");
  const own = end < 0 ? args : args.slice(0, end);
  const isKilled = code === 137 && stdout === "";
  if (!own.includes("--json") || isKilled) return;
  const all = `exit status ${code} of ${command}\n--- stdout\n${stdout}`;
  const document = parse(stdout, all);
  assertEquals(document["version"], 1, all);
  const isAnswer = own.includes("--exit-code") && code === 1;
  if (!isAnswer) assertEquals("error" in document, code !== 0, all);
}

function parse(text: string, all: string): Record<string, unknown> {
  try {
    const document: unknown = JSON.parse(text);
    assert(typeof document === "object" && document !== null && !Array.isArray(document));
    return document as Record<string, unknown>;
  } catch (error) {
    throw new Error(`there is not one document on standard output: ${all}`, { cause: error });
  }
}
