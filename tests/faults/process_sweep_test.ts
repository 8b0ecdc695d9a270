/**
 * Kills and errors at the system calls of real processes, through a shim around the C library.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { recover } from "../../lib/transaction/recover.ts";
import { tally } from "../harness/tally.ts";
import { testFolder } from "../lib/transaction/folder.ts";
import { INSTRUCTIONS } from "./commands/judge.ts";
import { buildShim, type ProcessFault, shimVariables, takeCalls } from "./shim.ts";
import { damage, type Ending, FILES, prepare, runScenario, stateOf, strays } from "./scenario.ts";

const FULL = Deno.env.get("HSM_FAULT_SWEEP") === "full";
/** Every n-th call gets an error; each call gets a kill. "full" does both at each call. */
const ERROR_STEP = FULL ? 1 : 11;
const KINDS = ["ENOSPC", "EIO", "EACCES", "EROFS"] as const;

const HERE = fromFileUrl(new URL(".", import.meta.url));

interface Run {
  readonly code: number;
  readonly killed: boolean;
  readonly output: string;
  /** Calls made. */
  readonly calls: number;
}

async function command(
  what: "run" | "recover",
  root: string,
  ending: Ending,
  shim: string,
  fault?: ProcessFault,
  env: Readonly<Record<string, string>> = {},
): Promise<Run> {
  const { code, signal, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-A", join(HERE, "command.ts"), what, root, ending],
    env: { ...shimVariables(shim, root, fault), ...env, NO_COLOR: "1" },
  }).output();
  const output = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  return { code, killed: signal === "SIGKILL", output, calls: takeCalls(root).length };
}

async function checkRecovered(root: string, where: string): Promise<void> {
  assertEquals(damage(root), [], where);
  await recover(root, { files: FILES });
  assert(stateOf(root) !== "mixed", `${where}: neither old nor new`);
  assertEquals(strays(root), [], where);
}

/** Two at a time: the machines that test are small. */
async function each(numbers: readonly number[], run: (n: number) => Promise<void>): Promise<void> {
  const queue = numbers.values();
  await Promise.all([1, 2].map(async () => {
    for (const n of queue) await run(n);
  }));
}

function numbers(count: number, step: number): number[] {
  return Array.from({ length: Math.ceil(count / step) }, (_, i) => 1 + i * step);
}

Deno.test("a real process survives kills and errors at its system calls", async () => {
  using build = testFolder();
  const shim = await buildShim(build.root);
  if (shim === null) {
    console.log("fault sweep (processes): skipped, it needs Linux and gcc");
    return;
  }
  let kills = 0;
  let errors = 0;
  for (const ending of ["commit", "rollback"] as const) {
    const total = await (async () => {
      using folder = testFolder({}, build.root);
      prepare(folder.root);
      const run = await command("run", folder.root, ending, shim);
      assertEquals(run.code, 0, run.output);
      return run.calls;
    })();
    assert(total > 40, `the shim sees ${total} calls`);
    const killStep = ending === "commit" || FULL ? 1 : 3;
    await each(numbers(total, killStep), async (at) => {
      const where = `${ending}, killed at system call ${at} of ${total}`;
      using folder = testFolder({}, build.root);
      prepare(folder.root);
      const run = await command("run", folder.root, ending, shim, { at });
      assert(run.killed, `${where}: ${run.output}`);
      kills++;
      await checkRecovered(folder.root, where);
    });
    for (const errno of KINDS) {
      for (const from of [false, true]) {
        await each(numbers(total, ERROR_STEP), async (at) => {
          const where = `${ending}, ${errno} ${from ? "from" : "at"} system call ${at} of ${total}`;
          using folder = testFolder({}, build.root);
          prepare(folder.root);
          const run = await command("run", folder.root, ending, shim, { at, errno, from });
          errors++;
          if (run.code === 0) {
            assertEquals(stateOf(folder.root), ending === "commit" ? "new" : "old", where);
          } else if (run.code === 1) {
            assertMatch(run.output, /^Cannot /, where);
            assertEquals(stateOf(folder.root), "old", `${where}: ${run.output}`);
          } else {
            assertEquals(run.code, 3, `${where}: ${run.output}`);
            assertMatch(run.output, INSTRUCTIONS, where);
          }
          await checkRecovered(folder.root, where);
        });
      }
    }
  }
  // Recovery as a process of its own, killed at each call.
  const crashed = async (root: string): Promise<void> => {
    prepare(root);
    // Near the end of the command: all is changed, nothing is committed.
    const at = await beforeCommit(build.root, shim);
    await command("run", root, "commit", shim, { at });
    assertEquals(stateOf(root), "new");
  };
  using first = testFolder({}, build.root);
  await crashed(first.root);
  const total = (await command("recover", first.root, "commit", shim)).calls;
  assert(total > 5, `the shim sees ${total} calls of the recovery`);
  await each(numbers(total, 1), async (at) => {
    const where = `recovery killed at system call ${at} of ${total}`;
    using folder = testFolder({}, build.root);
    await crashed(folder.root);
    assert((await command("recover", folder.root, "commit", shim, { at })).killed, where);
    kills++;
    await checkRecovered(folder.root, where);
    assertEquals(stateOf(folder.root), "old", where);
  });
  tally({ kills, errors });
  console.log(`fault sweep (processes): ${kills} kills, ${errors} errors`);
});

Deno.test("a file system without locks is told, and nothing is touched", async () => {
  using build = testFolder();
  const shim = await buildShim(build.root);
  if (shim === null) {
    console.log("no locks: skipped, it needs Linux and gcc");
    return;
  }
  for (const [errno, text] of [[37, "No locks available"], [95, "Operation not supported"]]) {
    using folder = testFolder({}, build.root);
    prepare(folder.root);
    const run = await command("run", folder.root, "commit", shim, undefined, {
      HSM_FAULT_FLOCK: `${errno}`,
    });
    assertEquals(run.code, 1);
    assert(run.output.startsWith(`Cannot lock the workspace: ${text}`), run.output);
    assertEquals(stateOf(folder.root), "old");
  }
});

let commitCall: Promise<number> | undefined;

/** The number of the system call that commits. */
function beforeCommit(parent: string, shim: string): Promise<number> {
  return commitCall ??= (async () => {
    const counted = async (at: number): Promise<boolean> => {
      using folder = testFolder({}, parent);
      prepare(folder.root);
      await command("run", folder.root, "commit", shim, { at });
      await recover(folder.root, { files: FILES });
      return stateOf(folder.root) === "new";
    };
    let [old, committed] = [1, 1000];
    while (committed - old > 1) {
      const middle = (old + committed) >> 1;
      if (await counted(middle)) committed = middle;
      else old = middle;
    }
    return old;
  })();
}

Deno.test("a full disk: the command fails or succeeds whole, and the rollback needs no room", async () => {
  using folder = testFolder();
  const { root } = folder;
  if (!await mount(root)) {
    console.log("full disk: skipped, mounting a tmpfs is not permitted");
    return;
  }
  try {
    let failed = 0;
    // Less and less room, down to none when the transaction begins.
    for (let room = 60; room >= 0; room--) {
      const app = join(root, `app-${room}`);
      Deno.mkdirSync(app);
      prepare(app);
      fill(root, room);
      let error: unknown = null;
      try {
        await runScenario(app, "commit");
      } catch (thrown) {
        error = thrown;
      }
      const where = `room for ${room} blocks: ${error}`;
      assertEquals(stateOf(app), error === null ? "new" : "old", where);
      if (error !== null) failed++;
      // Nothing was freed; the files are back all the same.
      Deno.removeSync(join(root, "filler"));
      await recover(app, { files: FILES });
      assertEquals(strays(app), [], where);
      Deno.removeSync(app, { recursive: true });
    }
    assert(failed > 3, `${failed} commands met the full disk`);
    tally({ errors: failed });
    console.log(`full disk: ${failed} of 61 commands met it`);
  } finally {
    // Whoever looks at all processes may be in it for a moment.
    await new Deno.Command("umount", { args: ["--lazy", root] }).output();
  }
});

async function mount(path: string): Promise<boolean> {
  try {
    const args = ["-t", "tmpfs", "-o", "size=512k", "tmpfs", path];
    return (await new Deno.Command("mount", { args, stderr: "null" }).output()).success;
  } catch {
    return false;
  }
}

/** Fills the disk up to some blocks of 4 KiB. */
function fill(root: string, room: number): void {
  using file = Deno.openSync(join(root, "filler"), { createNew: true, write: true });
  try {
    for (;;) file.writeSync(new Uint8Array(4096));
  } catch {
    file.truncateSync(Math.max(0, file.statSync().size - room * 4096));
  }
}
