/**
 * `hsm sync` with nothing to do: known, and done, before the rest of HSM is loaded.
 *
 * @module
 */

import { quickUv } from "../adapters/uv/call.ts";
import { GLOBAL_OPTIONS } from "../command/globals.ts";
import { named } from "../command/option.ts";
import { findName, takeApart } from "../command/words.ts";
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

const GLOBALS = named(GLOBAL_OPTIONS);

/** Options that change nothing here but what is told. */
const HARMLESS = ["quiet", "yes"];

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
  const { before, name, after } = findName(system.args, GLOBALS);
  const { parts, passthrough } = takeApart([...before, ...after], GLOBALS);
  const given = parts.map((it) => it.kind === "option" && !it.value ? it.option.key : "");
  if (name !== "sync" || passthrough || !given.every((it) => HARMLESS.includes(it))) {
    return undefined;
  }
  // The command itself says what is wrong.
  const root = attempt(() => nearestRoot(system.cwd));
  if (root === undefined || !hasNote(root)) return undefined;
  const quiet = given.includes("quiet");
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
    if (synced === undefined) return undefined;
    const quick = QUICK.find((it) => it.name === synced.adapter);
    const { environment, marks } = synced;
    if (!await quick?.sync({ root, env, environment, signal, tell }, marks)) return undefined;
    reporter.info(describeSynced(synced.packages));
    return 0;
  } catch (thrown) {
    if (!signal.aborted) return undefined;
    const error = toHsmError(thrown);
    system.stderr(renderError(error, [], style, false));
    return error.exitStatus;
  }
}
