/**
 * `hsm sync` with nothing to do: known, and done, before the rest of HSM is loaded.
 *
 * @module
 */

import { quickUv } from "../adapters/uv/call.ts";
import { attempt } from "../attempt.ts";
import { withoutRepository } from "../git/ask.ts";
import { nearestRoot } from "../workspace/root.ts";
import { describeSynced, hasNote, readSynced } from "../workspace/synced.ts";
import { acquireLock } from "../transaction/lock.ts";
import { lookForJournal } from "../transaction/journal.ts";
import { createTell } from "../events/tell.ts";
import { trapSignals } from "../process/signals.ts";
import { lineReporter } from "../console/line_reporter.ts";
import { renderError, toHsmError } from "./show_error.ts";
import { createStyle } from "../text/style.ts";
import type { System } from "./system.ts";
import { terminalRegion } from "./terminal_region.ts";

/** The package managers that can be asked alone: nothing else of them is loaded. */
const QUICK = [quickUv];

/** Options that change nothing here: that to be quiet, and the other. */
const QUIET = /^(--quiet|-y*q[qy]*)$/;
const YES = /^(--yes|-y+)$/;

/**
 * Asks the package manager alone, if the command line is a plain `hsm sync`, and nothing has changed since the last one.
 *
 * Takes the lock. Whatever is not as it is to be, a failure included, is left to the command itself, which also finds
 * the words for it.
 *
 * @returns The exit status; undefined where there is more to do.
 */
export async function syncNothing(
  program: string,
  system: System,
): Promise<number | undefined> {
  const [name, ...options] = system.args;
  if (name !== "sync" || !options.every((it) => QUIET.test(it) || YES.test(it))) return undefined;
  // The command itself says what is wrong.
  const root = attempt(() => nearestRoot(system.cwd));
  if (root === undefined || !hasNote(root)) return undefined;
  const quiet = options.some((it) => QUIET.test(it));
  const style = createStyle(system.color.stderr);
  using region = await terminalRegion({ quiet }, style, system);
  const reporter = lineReporter({ globals: { quiet }, style, write: system.stderr, region });
  const onRepeat = () => reporter.info("Ending already: what runs ends first");
  using trap = trapSignals({ onRepeat });
  const { signal } = trap;
  const tell = createTell({ reporter });
  const env = withoutRepository(system.env);
  try {
    const command = [program, ...system.args].join(" ");
    await using _lock = await acquireLock(root, { command, signal });
    const synced = lookForJournal(root).kind === "none" ? readSynced(root, env) : undefined;
    const quick = QUICK.find((it) => it.name === synced?.adapter);
    if (synced === undefined || !await quick?.sync({ root, env, signal, tell })) {
      return undefined;
    }
    reporter.info(describeSynced(synced.packages));
    return 0;
  } catch (thrown) {
    if (!signal.aborted) return undefined;
    const error = toHsmError(thrown);
    system.stderr(renderError(error, [], style, false));
    return error.exitStatus;
  }
}
