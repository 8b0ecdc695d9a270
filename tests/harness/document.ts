/**
 * What every document of `--json` must be: all tests' runs are held against it.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { findName } from "../../lib/command/words.ts";
import type { Run } from "./program.ts";
import { misfits } from "./shape.ts";
import { GLOBAL_OPTIONS } from "../../lib/command/globals.ts";
import { named } from "../../lib/command/option.ts";

/**
 * Asserts that standard output is one document, of a shape that is documented, and with an error if and only if something
 * failed.
 *
 * A program that was killed outright could not say anything.
 */
export function assertDocument(args: readonly string[], { code, stdout, command }: Run): void {
  const end = args.indexOf("--");
  const own = end < 0 ? args : args.slice(0, end);
  const isKilled = code === 137 && stdout === "";
  const isAsked = own.some((it) => it === "--json" || it.startsWith("--json="));
  if (!isAsked || isKilled) return;
  const all = `exit status ${code} of ${command}\n--- stdout\n${stdout}`;
  const document = parse(stdout, all);
  assertEquals(document["version"], 1, all);
  const isAnswer = own.includes("--exit-code") && code === 1;
  if (!isAnswer) assertEquals("error" in document, code !== 0, all);
  const isFailure = Object.keys(document).join() === "version,error";
  assertEquals(misfits(isFailure ? "failure" : shapeOf(own), document), [], all);
}

/** What the shape of a command line's document is called. */
function shapeOf(args: readonly string[]): string {
  const asks = (...words: string[]) => words.some((it) => args.includes(it));
  const globals = named(GLOBAL_OPTIONS);
  const { name = "", after } = findName(args, globals);
  if (asks("--version", "-V")) return "hsm --version";
  if (name === "help") {
    return findName(after, globals).name === undefined ? "hsm --help" : "hsm COMMAND --help";
  }
  if (asks("--help", "-h")) return name === "" ? "hsm --help" : "hsm COMMAND --help";
  return `hsm ${name}`.trim();
}

function parse(text: string, all: string): Record<string, unknown> {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`there is not one document on standard output: ${all}`, { cause: error });
  }
}
