/**
 * The states of many checkouts, by a few git calls: to start a program a hundred times takes Deno as long as git needs
 * for all the answers.
 *
 * @module
 */

import { dirname } from "@std/path";
import type { Context } from "../process/context.ts";
import { operationIn } from "../git/operation.ts";
import { READING } from "../git/reading.ts";
import { pathSeparator } from "../platform/program.ts";
import { mapAll } from "../process/pool.ts";
import { parseStatuses, STATUS } from "./parse_status.ts";
import { checkoutAt, type CheckoutReading, placeOf, readCheckoutState } from "./state.ts";

/** What stands between paths in a variable. */
const SEPARATOR = pathSeparator();

/** Fewer checkouts than this for each call, and it saves nothing. */
const LEAST = 4;

/**
 * Reads the states of checkouts, each as `readCheckoutState()` does.
 *
 * @param directories Their folders, absolute.
 * @param jobs How many gits run at a time.
 * @returns The readings, in the order of the folders.
 * @throws {HsmError} `tool-missing`
 */
export async function readCheckoutStates(
  context: Context,
  directories: readonly string[],
  jobs: number,
): Promise<readonly CheckoutReading[]> {
  const groups = intoGroups(directories, Math.min(jobs, Math.floor(directories.length / LEAST)));
  const readings = await mapAll(groups, jobs, (group) => readGroup(context, group));
  const byDirectory = new Map(readings.flat());
  return await mapAll(
    directories,
    jobs,
    async (it) => byDirectory.get(it) ?? await readCheckoutState(context, it),
  );
}

function intoGroups(items: readonly string[], count: number): readonly (readonly string[])[] {
  return Array.from({ length: count }, (_, group) => items.filter((_, at) => at % count === group));
}

/** What one call tells; folders of which it tells nothing are left out. */
async function readGroup(
  { $ }: Context,
  directories: readonly string[],
): Promise<readonly (readonly [string, CheckoutReading])[]> {
  const places = directories.flatMap((directory) => {
    const place = placeOf(directory);
    return typeof place === "string" ? [{ directory, place }] : [];
  });
  const [first] = places;
  if (first === undefined) return [];
  const listed = places.flatMap(({ place }) => ["-c", `hsm.checkout=${place}`]);
  const ceilings = new Set(places.map(({ place }) => dirname(place)));
  // It ends at the first folder that is no checkout; git before 2.30 does not know it at all.
  const asked = $`git ${READING} ${listed} for-each-repo --config=hsm.checkout -- ${STATUS}`
    .cwd(dirname(first.place)).env({ GIT_CEILING_DIRECTORIES: [...ceilings].join(SEPARATOR) })
    .noThrow().spawn();
  const operations = places.map(({ place }) => operationIn(place));
  const { success, stdout } = await asked;
  const states = parseStatuses(stdout);
  if (!success || states.length !== places.length) return [];
  return places.map(({ directory, place }, at) => [
    directory,
    checkoutAt(place, states[at]!, operations[at]),
  ]);
}
