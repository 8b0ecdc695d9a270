/**
 * `hsm sync` with nothing to do: known, and done, before the rest of HSM is loaded.
 *
 * @module
 */

import { callUv, uvProgram, uvSyncArguments } from "../adapters/uv/call.ts";
import { uvEnvironment } from "../adapters/uv/variables.ts";
import { withoutRepository } from "../git/ask.ts";
import { nearestRoot } from "../workspace/root.ts";
import { describeSynced, hasNote, syncedPackages } from "../workspace/synced.ts";
import { acquireLock } from "../transaction/lock.ts";
import { lookForJournal } from "../transaction/journal.ts";
import { trapSignals } from "../transaction/signals.ts";
import { lineReporter } from "../console/line_reporter.ts";
import { renderError, toHsmError } from "./show_error.ts";
import { createStyle } from "../text/style.ts";
import type { System } from "./system.ts";
import { terminalRegion } from "./terminal_region.ts";

/** Options that change nothing here: that to be quiet, and the other. */
const QUIET = /^(--quiet|-y*q[qy]*)$/;
const YES = /^(--yes|-y+)$/;

/**
 * Asks uv alone, if the command line is a plain `hsm sync`, and nothing has changed since the last one.
 *
 * Takes the lock. Whatever is not as it is to be, uv's failure included, is left to the command itself, which also finds
 * the words for it.
 *
 * @returns The exit status; undefined where there is more to do.
 */
export async function syncNothing(system: System): Promise<number | undefined> {
  const [name, ...options] = system.args;
  if (name !== "sync" || !options.every((it) => QUIET.test(it) || YES.test(it))) return undefined;
  const root = rootOf(system.cwd);
  if (root === undefined || !hasNote(root)) return undefined;
  const quiet = options.some((it) => QUIET.test(it));
  const style = createStyle(system.color.stderr);
  using region = await terminalRegion({ quiet }, style, system);
  const reporter = lineReporter({ globals: { quiet }, style, write: system.stderr, region });
  const onRepeat = () => reporter.info("Ending already: what runs ends first");
  using trap = trapSignals({ onRepeat });
  const { signal } = trap;
  const env = uvEnvironment(withoutRepository(system.env));
  try {
    const command = ["hsm", ...system.args].join(" ");
    await using _lock = await acquireLock(root, { command, signal });
    const packages = lookForJournal(root).kind === "none" ? syncedPackages(root) : undefined;
    if (packages === undefined) return undefined;
    const { success } = await callUv(
      uvProgram(env),
      uvSyncArguments({ lock: "locked" }),
      { root, env, signal, reporter },
      { quiet: "unless-done" },
    );
    if (!success) return undefined;
    reporter.info(describeSynced(packages));
    return 0;
  } catch (thrown) {
    if (!signal.aborted) return undefined;
    const error = toHsmError(thrown);
    system.stderr(renderError(error, [], style, false));
    return error.exitStatus;
  }
}

function rootOf(directory: string): string | undefined {
  try {
    return nearestRoot(directory);
  } catch {
    // The command itself says what is wrong.
    return undefined;
  }
}
