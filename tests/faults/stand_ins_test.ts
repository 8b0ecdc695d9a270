/**
 * Kills and errors at the system calls of a real hsm that lets a checkout stand in, or ends that, with the real uv.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { hsmCommand } from "../harness/app.ts";
import { processesIn } from "../harness/processes.ts";
import { start } from "../harness/program.ts";
import { AHEAD, StandInApp } from "../harness/stand_ins.ts";
import { tally } from "../harness/tally.ts";
import { testFolder } from "../lib/transaction/folder.ts";
import { restoreSnapshot, type Snapshot, takeSnapshot } from "./commands/snapshot.ts";
import { FULL, Sweep } from "./commands/sweep.ts";
import { buildShim, ERRNOS, type ProcessFault, shimVariables, takeCalls } from "./shim.ts";

const KINDS = Object.keys(ERRNOS) as (keyof typeof ERRNOS)[];

/** How many points of a command are tried. */
const SAMPLE = 7;

/** One app with a command of its own. */
class Sweeping {
  readonly #it: StandInApp;
  readonly #args: readonly string[];
  readonly #shim: string;
  readonly #before: Snapshot;

  constructor(it: StandInApp, args: readonly string[], shim: string) {
    [this.#it, this.#args, this.#shim] = [it, args, shim];
    this.#before = takeSnapshot(it.app.root);
  }

  /** Runs the command on the app as it was. */
  async run(fault?: ProcessFault) {
    const { app } = this.#it;
    restoreSnapshot(app.root, this.#before);
    const ended = await start([...hsmCommand(), ...this.#args], {
      cwd: app.root,
      env: { ...app.env, ...shimVariables(this.#shim, app.root, fault) },
      detached: true,
    }).ended;
    while (processesIn(app.folder).length > 0) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return { ended, calls: takeCalls(app.root) };
  }

  /** Asserts that it is never silently the wrong code, and that the next sync mends it. */
  async assertMended(): Promise<void> {
    const it = this.#it;
    if (await it.agrees()) assertEquals(await it.imported("my-plugin"), await this.#wanted());
    (await it.app.hsm("sync")).expect({ code: 0 });
    assertEquals(await it.imported("my-plugin"), await this.#wanted());
    assertEquals(await it.agrees(), true);
    assertEquals((await it.installed()).filter((name) => name.includes("tmp")), []);
    await it.assertClean();
  }

  /** What is to be imported, as the manifest says by now. */
  async #wanted(): Promise<string> {
    const local = await this.#it.app.read("hsm.local.yaml");
    const ahead = `${AHEAD} ${AHEAD} my-plugin my-plugin-command`;
    return local.includes("mode: dev") ? ahead : "1.0.0 1.0.0";
  }
}

for (const args of [["dev", "my-plugin"], ["prod", "my-plugin"]]) {
  Deno.test(`hsm ${args[0]} that is killed or fails anywhere in the environment is told, and mended by the next sync`, async () => {
    using build = testFolder();
    const shim = await buildShim(build.root);
    if (shim === null) {
      return console.log("fault sweep (stand-ins): skipped, it needs Linux and gcc");
    }
    await using it = await StandInApp.make();
    await it.dev("my-plugin");
    if (args[0] === "dev") (await it.app.hsm("prod", "my-plugin")).expect({ code: 0 });
    const sweeping = new Sweeping(it, args, shim);
    const { ended, calls } = await sweeping.run();
    assertEquals(ended.code, 0, ended.stderr);
    await sweeping.assertMended();
    const concerned = calls.flatMap((call, index) =>
      /\.venv\/|^start \S*uv /.test(call) ? [{ call, at: index + 1 }] : []
    );
    const step = FULL ? 1 : concerned.length / SAMPLE;
    const [kills, errors] = [new Sweep(), new Sweep()];
    for (let turn = 0; turn * step < concerned.length; turn++) {
      const { call, at } = concerned[Math.floor(turn * step)]!;
      const where = `hsm ${args.join(" ")}, at call ${at}: ${call}`;
      await kills.point(`${where}: killed`, async () => {
        const { ended } = await sweeping.run({ at });
        assert([0, 128 + 9].includes(ended.code), `exit ${ended.code}: ${ended.stderr}`);
        await sweeping.assertMended();
      });
      if (call.startsWith("start ") || (!FULL && turn % 2 === 1)) continue;
      const errno = KINDS[turn % KINDS.length]!;
      await errors.point(`${where}: ${errno}`, async () => {
        const { ended } = await sweeping.run({ at, errno });
        if (ended.code !== 0) assertMatch(ended.stderr, /^error: Cannot /m);
        await sweeping.assertMended();
      });
    }
    tally({ kills: kills.tried, errors: errors.tried });
    Sweep.end(kills, errors);
  });
}
