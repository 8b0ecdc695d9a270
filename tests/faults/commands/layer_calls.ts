/**
 * The calls of the file layer that a command makes.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { type Fault, faultyLayer } from "../layer.ts";
import type { Ended } from "./app.ts";
import type { Judge } from "./judge.ts";

/** Runs a command to its end: what each of its calls is, and its path relative to the root. */
export async function layerCalls(
  judge: Judge,
  args: readonly string[],
): Promise<readonly string[]> {
  const { ended, calls } = await runWith(judge, args, {
    at: Infinity,
    kind: "EIO",
    extent: "once",
  });
  assertEquals(ended.code, 0, ended.stderr);
  assert(await judge.recover(false) !== "old");
  return calls;
}

/** Runs a command with a fault in one of its calls. */
export async function runWith(
  judge: Judge,
  args: readonly string[],
  fault: Fault,
): Promise<{ readonly ended: Ended; readonly calls: readonly string[] }> {
  judge.restore();
  const { layer, trace } = faultyLayer(fault);
  const ended = await judge.app.hsm(args, layer);
  return { ended, calls: trace.map((it) => it.replaceAll(`${judge.app.root}/`, "")) };
}
