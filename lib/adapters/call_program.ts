/**
 * Calling a package manager.
 *
 * @module
 */

import { createCommands } from "../process/commands.ts";
import type { RunResult } from "../process/run.ts";
import type { AdapterContext, AdapterRunOptions } from "./adapter.ts";

/** A package manager, as it is called. */
export interface Callable {
  /** What messages call it. */
  readonly name: string;
  /** The program. */
  readonly program: string;
  /** Arguments of every call, which no message names. */
  readonly always?: readonly string[];
  /** How it goes about it; what it changed and its warnings are what stays on a terminal. */
  readonly noise: RegExp;
  /** What it changed, package by package and in a word. */
  readonly many: { readonly lines: RegExp; readonly sum: RegExp };
}

/** How one call is made. */
export interface CallOptions extends Pick<AdapterRunOptions, "quiet" | "onStart"> {
  /** Whether what it says on standard output is data, and no message. @default {false} */
  readonly isData?: boolean;
}

/** How a call ended; its arguments are those that a person would type. */
export interface CallResult extends RunResult {
  /** What it said, on whichever stream, in the order in which it came. */
  readonly said: string;
}

/** Runs a package manager, and tells its own messages. */
export async function callProgram(
  { name, program, always = [], noise, many }: Callable,
  args: readonly string[],
  context: AdapterContext,
  { quiet, onStart, isData = false }: CallOptions = {},
): Promise<CallResult> {
  using work = context.tell.begin(
    { work: "program", message: [name, ...args].join(" ") },
    { quiet, noise, many },
  );
  let said = "";
  const show = (text: string) => {
    said += text;
    work.output(text);
  };
  const $ = createCommands(context, {
    detached: context.detached ?? false,
    limit: Infinity,
    ...(isData ? {} : { onStdout: show }),
    onStderr: show,
    ...(onStart ? { onStart } : {}),
  });
  // Those of every call stand in front: behind `--` they would be words.
  const result = await $`${program} ${always} ${args}`.noThrow();
  work.ended(result.success);
  return { ...result, argv: [program, ...args], said };
}
