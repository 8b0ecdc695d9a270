/**
 * Kills and errors at each call of the file layer, in-process.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { recover, type RecoverResult } from "../../lib/transaction/recover.ts";
import type { FileLayer } from "../../lib/files/layer.ts";
import { tally } from "../harness/tally.ts";
import { testFolder } from "../lib/transaction/folder.ts";
import { type Fault, faultyLayer } from "./layer.ts";
import {
  damage,
  type Ending,
  FILES,
  hsmErrors,
  NEW,
  prepare,
  runScenario,
  stateOf,
  strays,
} from "./scenario.ts";

const FULL = Deno.env.get("HSM_FAULT_SWEEP") === "full";

/** A recovery that dies is tried at every n-th kill; "full" tries it at each. */
const NESTED_STEP = FULL ? 1 : 9;

/** A file system in memory, where there is one: nothing here needs a real disk. */
const MEMORY = isFolder("/dev/shm") ? "/dev/shm" : undefined;

const ENDINGS: readonly Ending[] = ["commit", "rollback"];

function recoverWith(root: string, layer?: FileLayer): Promise<RecoverResult> {
  return recover(root, { files: FILES, ...(layer && { layer }) });
}

/** Runs the command with a fault; false when it ended before the fault came. */
async function runWith(root: string, ending: Ending, fault: Fault): Promise<[boolean, unknown]> {
  const { layer, calls } = faultyLayer(fault);
  let error: unknown = null;
  try {
    await runScenario(root, ending, layer);
  } catch (thrown) {
    error = thrown;
  }
  return [calls() >= fault.at, error];
}

async function checkRecovered(root: string, where: string): Promise<void> {
  await recoverWith(root);
  assert(stateOf(root) !== "mixed", `${where}: neither old nor new`);
  assertEquals(strays(root), [], where);
}

function* faults(kind: Fault["kind"], extent: Fault["extent"]): Generator<Fault> {
  for (let at = 1;; at++) yield { at, kind, extent };
}

Deno.test("a kill at any call leaves whole files, and recovery makes them all old or all new", async () => {
  let kills = 0;
  let nested = 0;
  for (const ending of ENDINGS) {
    for (const fault of faults("kill", "from")) {
      const where = `${ending}, killed at call ${fault.at}`;
      using folder = testFolder({}, MEMORY);
      const { root } = folder;
      prepare(root);
      const [fired] = await runWith(root, ending, fault);
      assertEquals(damage(root), [], where);
      await checkRecovered(root, where);
      if (!fired) {
        assertEquals(stateOf(root), ending === "commit" ? "new" : "old");
        break;
      }
      kills++;
      if (fault.at % NESTED_STEP !== 0) continue;
      for (const second of faults("kill", "from")) {
        using folder = testFolder({}, MEMORY);
        const { root } = folder;
        const both = `${where}, recovery killed at call ${second.at}`;
        prepare(root);
        await runWith(root, ending, fault);
        const { layer, calls } = faultyLayer(second);
        await recoverWith(root, layer).catch(() => {});
        assertEquals(damage(root), [], both);
        await checkRecovered(root, both);
        if (calls() < second.at) break;
        nested++;
      }
    }
  }
  assert(kills > 150, `${kills} kills`);
  tally({ kills: kills + nested });
  console.log(`fault sweep (file layer): ${kills} kills, ${nested} kills of the recovery`);
});

Deno.test("an I/O error at any call is told, with all files back, or with instructions", async () => {
  let errors = 0;
  for (const ending of ENDINGS) {
    for (const kind of ["ENOSPC", "EIO", "EACCES"] as const) {
      for (const extent of ["once", "from"] as const) {
        for (const fault of faults(kind, extent)) {
          const where = `${ending}, ${kind} ${extent} at call ${fault.at}`;
          using folder = testFolder({}, MEMORY);
          const { root } = folder;
          prepare(root);
          const [fired, error] = await runWith(root, ending, fault);
          assertEquals(damage(root), [], where);
          const found = hsmErrors(error);
          for (const { message } of found) assertMatch(message, /^Cannot .*[^.]$/);
          const failed = found.find(({ code }) => code === "rollback-failed");
          if (failed !== undefined) {
            assertEquals(failed.exitStatus, 3);
            assertMatch(failed.hint ?? "", /run any hsm command|then run the command again/, where);
          } else if (error !== null) {
            assert(found.length > 0, `${where}: ${error}`);
            assert(found.some(({ message }) => message.includes(kind)), where);
            assertEquals(stateOf(root), "old", where);
          } else {
            assertEquals(stateOf(root), ending === "commit" ? "new" : "old", where);
          }
          await checkRecovered(root, where);
          if (!fired) break;
          errors++;
        }
      }
    }
  }
  assert(errors > 900, `${errors} errors`);
  tally({ errors });
  console.log(`fault sweep (file layer): ${errors} errors`);
});

Deno.test("an I/O error at any call of the recovery is told, and the next one succeeds", async () => {
  let errors = 0;
  for (const extent of ["once", "from"] as const) {
    for (const fault of faults("EIO", extent)) {
      const where = `recovery, EIO ${extent} at call ${fault.at}`;
      using folder = testFolder({}, MEMORY);
      const { root } = folder;
      prepare(root);
      // The last call before the commit: everything is changed by then.
      await runWith(root, "commit", {
        at: await lastCallBeforeCommit(),
        kind: "kill",
        extent: "from",
      });
      assertEquals(stateOf(root), "new");
      const { layer, calls } = faultyLayer(fault);
      await recoverWith(root, layer).catch((error) => assert(hsmErrors(error).length === 1, where));
      assertEquals(damage(root), [], where);
      await recoverWith(root);
      assertEquals(stateOf(root), "old", where);
      assertEquals(strays(root), [], where);
      if (calls() < fault.at) break;
      errors++;
    }
  }
  assert(errors > 60, `${errors} errors`);
  tally({ errors });
  console.log(`fault sweep (file layer): ${errors} errors in the recovery`);
});

let commitCall: number | undefined;

/** The number of the call that renames the journal into the history. */
async function lastCallBeforeCommit(): Promise<number> {
  if (commitCall !== undefined) return commitCall;
  for (const fault of faults("kill", "from")) {
    using folder = testFolder({}, MEMORY);
    prepare(folder.root);
    const [fired] = await runWith(folder.root, "commit", fault);
    if (!fired) break;
    await recoverWith(folder.root);
    if (stateOf(folder.root) === "new") return commitCall = fault.at - 1;
  }
  throw new Error(`the command never came to ${NEW.length} new files`);
}

function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}
