/**
 * Kills and errors at the system calls of real hsm processes, in every command that changes files.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { hsmCommand } from "../../harness/app.ts";
import { start } from "../../harness/program.ts";
import { tally } from "../../harness/tally.ts";
import { testFolder } from "../../lib/transaction/folder.ts";
import { buildShim, ERRNOS, type ProcessFault, shimVariables, takeCalls } from "../shim.ts";
import type { Ended } from "./app.ts";
import { Judge } from "./judge.ts";
import type { SweepManager } from "./managers.ts";
import { SCENARIOS } from "./scenarios.ts";
import { FULL, Sweep } from "./sweep.ts";

/** What a process that was killed exits with. */
const KILLED = 128 + 9;

const KINDS = Object.keys(ERRNOS) as (keyof typeof ERRNOS)[];

/** The milliseconds after which all dies at once, git included: somewhere in a clone. */
const CRASHES = [4, 12];

/** The faults of a command that are tried: "full" tries all its calls. */
function faultsOf(
  calls: readonly string[],
  turn: number,
  coarse: number,
): Record<"kills" | "errors", readonly ProcessFault[]> {
  const numbersOf = (pattern: RegExp) => calls.flatMap((it, i) => pattern.test(it) ? [i + 1] : []);
  // A program that cannot be started is no matter of the disk.
  const [starts, files] = [numbersOf(/^start /), numbersOf(/^(?!start )/)];
  const special = numbersOf(/^rename (?:\.gitignore|\.hsm\/journal\/\d+)$/).flatMap((
    at,
  ) => [at, at + 1]);
  const killed = FULL
    ? [...starts, ...files]
    : [...some(files, 5 / coarse), ...some(starts, 4 / coarse), ...special];
  const failed = FULL ? files : some(files, 4 / coarse);
  return {
    kills: [
      ...[...new Set(killed)].filter((at) => at <= calls.length).map((at) => ({ at })),
      // A checkout that comes about; one that git moves is git's to keep whole.
      ...numbersOf(/^start \S*git .*\b(?:clone|init|commit) /)
        .flatMap((at) =>
          some(CRASHES, CRASHES.length / (FULL ? 1 : coarse)).map((group) => ({ at, group }))
        ),
    ],
    errors: failed.flatMap((at, i) => {
      const errno = KINDS[(i + turn) % KINDS.length]!;
      return (FULL ? [false, true] : [i % 2 === 1]).map((from) => ({ at, errno, from }));
    }),
  };
}

/** So many, evenly spread. */
function some(numbers: readonly number[], count: number): readonly number[] {
  const step = numbers.length / count;
  const chosen = Array.from(
    { length: Math.ceil(count) },
    (_, i) => numbers[Math.floor((i + 0.5) * step)],
  );
  return [...new Set(chosen.filter((it) => it !== undefined))];
}

async function run(
  { app }: Judge,
  args: readonly string[],
  shim: string,
  fault?: ProcessFault,
): Promise<{ readonly ended: Ended; readonly calls: readonly string[] }> {
  const ended = await start([...hsmCommand(), ...args], {
    cwd: app.root,
    env: { ...app.env, ...shimVariables(shim, app.root, fault) },
    detached: true,
  }).ended;
  return { ended, calls: takeCalls(app.root) };
}

/**
 * Kills each command at its system calls, lets them fail, and judges what it says and comes to.
 *
 * @param coarse How many times fewer calls are tried than of the package manager that is tried most.
 */
export async function sweepProcesses(manager: SweepManager, coarse: number): Promise<void> {
  using build = testFolder();
  const shim = await buildShim(build.root);
  if (shim === null) {
    console.log("fault sweep (commands, processes): skipped, it needs Linux and gcc");
    return;
  }
  const [kills, errors] = [new Sweep(), new Sweep()];
  for (const [turn, scenario] of SCENARIOS.entries()) {
    const { args } = scenario;
    await using judge = await Judge.of(manager, scenario);
    const whole = await run(judge, args, shim);
    assertEquals(whole.ended.code, 0, whole.ended.stderr);
    assert(await judge.assertSettled(false) !== "old");
    const faults = faultsOf(whole.calls, turn, coarse);
    assert(faults.kills.length > 0 && faults.errors.length > 0, "the shim sees no calls");
    const name = ({ at, errno, from, group }: ProcessFault) =>
      `hsm ${args.join(" ")}, at system call ${at} of ${whole.calls.length} (${
        whole.calls[at - 1]
      }): ${errno ?? "killed"}${from ? " from it on" : ""}${
        group ? ` with all after ${group} ms` : ""
      }`;
    for (const fault of faults.kills) {
      await kills.point(name(fault), async () => {
        judge.restore();
        const { ended } = await run(judge, args, shim, fault);
        // Threads do not always come to the same call in the same turn.
        assert([KILLED, 0].includes(ended.code), `exit ${ended.code}: ${ended.stderr}`);
        await judge.quiet();
        judge.assertWhole();
        await judge.recover(true);
      });
    }
    for (const fault of faults.errors) {
      await errors.point(name(fault), async () => {
        judge.restore();
        const { ended } = await run(judge, args, shim, fault);
        judge.assertWhole();
        // Where everything fails from then on, HSM cannot remove what it had begun either.
        const unclean = fault.from === true;
        await judge.assertTold(ended, unclean);
        await judge.recover(unclean);
      });
    }
  }
  tally({ kills: kills.tried, errors: errors.tried });
  console.log(
    `fault sweep (commands, processes, ${manager.name}): ${kills.tried} kills, ${errors.tried} errors`,
  );
  Sweep.end(kills, errors);
}
