/**
 * Moves of a real package manager's app, which are killed, interrupted, or fail.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { exists } from "@std/fs";
import { join } from "@std/path";
import { attempt } from "../../lib/attempt.ts";
import type { TestApp } from "../harness/app.ts";
import { Chance } from "../harness/chance.ts";
import type { Manager } from "../harness/managers.ts";
import { assertNoProcesses, processesIn } from "../harness/processes.ts";
import { must, type Run } from "../harness/program.ts";
import { uvProgram } from "../harness/repository.ts";
import { tally } from "../harness/tally.ts";
import { sleep, startGroup } from "./processes.ts";

/** The move: two packages to versions that are newer, which takes a lock and an install. */
const MOVE = ["update"];

const CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/** All of it is the same again with the same seed, but for how fast the machine is. */
const SEED = 1;

/** When a signal comes, and to whom. */
interface Moment {
  readonly step: "lock" | "install";
  /** The process group, as from a terminal, or hsm alone. */
  readonly whom: "all" | "hsm";
}

/** Each signal, to each, at each step; the first two are a sample. */
const INTERRUPTIONS: readonly (readonly [keyof typeof CODES, Moment["step"], Moment["whom"]])[] = [
  ["SIGINT", "lock", "all"],
  ["SIGTERM", "install", "hsm"],
  ["SIGTERM", "lock", "hsm"],
  ["SIGINT", "install", "all"],
  ["SIGINT", "install", "hsm"],
  ["SIGTERM", "install", "all"],
];

/** An app that is in line, with something to move, and what it is before that. */
export class Mover implements AsyncDisposable {
  readonly #app: TestApp;
  readonly #manager: Manager;
  /** That of the environment. */
  readonly #folder: string;
  readonly #texts: Record<string, string | null>;
  readonly #rest: string;
  readonly #environment: string;
  readonly #chance = new Chance(SEED);
  /** The longest time after the beginning of a step, in milliseconds. */
  readonly #longest = { lock: 1_500, install: 6_000 };

  private constructor(
    manager: Manager,
    app: TestApp,
    folder: string,
    [texts, rest, environment]: readonly [Record<string, string | null>, string, string],
  ) {
    [this.#manager, this.#app, this.#folder] = [manager, app, folder];
    [this.#texts, this.#rest, this.#environment] = [texts, rest, environment];
  }

  /**
   * Makes the app.
   *
   * @param environment The folder of an environment that its user has made, with a package of the user's own.
   */
  static async make(manager: Manager, environment?: string): Promise<Mover> {
    const app = await manager.app({
      dependencies: ["idna"],
      plugins: [{ name: "plug-a" }, { name: "plug-b" }, { name: "plug-c" }],
      manifest: (environment === undefined ? "" : `environment: ${environment}\n`) +
        "packages:\n  plug-a: v1.0.0\n  plug-b: v1.0.0\n  plug-c: { tag: v1.0.0, mode: dev }\n",
    });
    if (environment !== undefined) {
      const uv = (...args: string[]) =>
        must([uvProgram(), ...args, "--quiet"], { cwd: app.root, env: app.env });
      await uv("venv", environment);
      await uv("pip", "install", "--python", environment, "sniffio");
    }
    (await app.hsm("sync", "--yes")).expect({ code: 0 });
    for (const name of ["plug-a", "plug-b"]) {
      await app.plugin(name).release({ name, version: "1.2.0", backend: manager.backend });
    }
    const before = [await app.texts(), await restOf(app)] as const;
    const folder = environment ?? ".venv";
    return new Mover(manager, app, folder, [...before, await environmentOf(app, folder)]);
  }

  /** Asserts that the files are whole and as before, and that nothing is left beside them, nor any process. */
  async #assertBack(where: string): Promise<void> {
    await assertNoProcesses(this.#app.folder);
    assertEquals(await this.#app.texts(), this.#texts, where);
    assertEquals(await restOf(this.#app), this.#rest, where);
    assertEquals(await this.#isOpen(), false, where);
  }

  /** Whether there is a transaction that did not come to its end. */
  async #isOpen(): Promise<boolean> {
    return await exists(join(this.#app.root, ".hsm/journal/open"));
  }

  /** Asserts that what is installed is what was. */
  async #assertInstalled(where: string): Promise<void> {
    assertEquals(await environmentOf(this.#app, this.#folder), this.#environment, where);
  }

  /** Interrupts the move in so many ways; 6 are all. */
  async interruptAll(count: number): Promise<void> {
    for (const [signal, step, whom] of INTERRUPTIONS.slice(0, count)) {
      await this.#interrupt(signal, { step, whom });
    }
  }

  /** Kills the move so many times: mostly hsm alone or with all, while it installs, before a sync; each fourth before a map. */
  async killAll(count: number): Promise<void> {
    for (let turn = 0; turn < count; turn++) {
      await this.#kill(turn % 4 === 1 ? "map" : "sync", {
        step: turn % 3 === 1 ? "lock" : "install",
        whom: turn % 2 === 0 ? "hsm" : "all",
      });
    }
  }

  /** Runs the move, and sends a signal at a moment of one of its steps; then all is to be as before by itself. */
  async #interrupt(signal: keyof typeof CODES, moment: Moment): Promise<void> {
    const [run, where] = await this.#signal(signal, moment);
    assertEquals(run.code, CODES[signal], where);
    assertStringIncludes(run.stderr, `error: Cannot go on: interrupted by ${signal}\n`, where);
    assert(!run.stderr.includes("not brought back"), where);
    await this.#assertBack(where);
    await this.#assertInstalled(where);
  }

  /**
   * Runs the move, and kills it at a moment of one of its steps; then the next command is to find the files as before, and
   * a sync the environment.
   */
  async #kill(next: "map" | "sync", moment: Moment): Promise<void> {
    const [, where] = await this.#signal("SIGKILL", moment);
    (await this.#app.hsm(next)).expect({ code: 0, stderr: /did not end well; restored / });
    await this.#assertBack(where);
    if (next !== "sync") (await this.#app.hsm("sync")).expect({ code: 0 });
    await this.#assertBack(where);
    await this.#assertInstalled(where);
  }

  /** How fast a machine is cannot be told beforehand: where the move has ended by then, the signal comes earlier. */
  async #signal(
    signal: Deno.Signal,
    { step, whom }: Moment,
  ): Promise<readonly [Run, string]> {
    for (;;) {
      const after = Math.round(this.#chance.next() * this.#longest[step]);
      const group = startGroup(this.#app, {}, ...MOVE);
      let hasEnded = false;
      group.ended.finally(() => hasEnded = true);
      while (!hasEnded && !this.#isIn(step)) await sleep(5);
      const isSeen = !hasEnded;
      const began = performance.now();
      while (!hasEnded && performance.now() < began + after) await sleep(5);
      if (!hasEnded) {
        attempt(() => whom === "all" ? group.signal(signal) : Deno.kill(group.pid, signal));
      }
      const run = await group.ended;
      if (run.code === 0 || (signal === "SIGKILL" && !await this.#isOpen())) {
        const took = performance.now() - began;
        if (isSeen) this.#longest[step] = Math.min(this.#longest[step] / 2, took);
        await assertNoProcesses(this.#app.folder);
        (await this.#app.hsm("undo")).expect({ code: 0 });
        continue;
      }
      tally(signal === "SIGKILL" ? { kills: 1 } : { signals: 1 });
      const moment = `${signal} to ${whom}, ${after} ms after the beginning of the ${step}`;
      return [run, `${moment}\n${run.stderr}`];
    }
  }

  /** Whether a program runs that takes a step. */
  #isIn(step: Moment["step"]): boolean {
    const pattern = this.#manager.steps[step];
    return processesIn(this.#app.root).some((it) => pattern.test(it.command));
  }

  /** Removes everything. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#app[Symbol.asyncDispose]();
  }
}

/** What is in the app's folder, by its names. */
async function restOf(app: TestApp): Promise<string> {
  const names = [...await app.list("."), ...await app.list("packages")];
  return names.join("\n");
}

/** What is installed in a folder, and whether it can be imported. */
async function environmentOf({ root, env }: TestApp, folder: string): Promise<string> {
  const python = join(root, folder, "bin/python");
  const run = (...argv: string[]) => must(argv, { cwd: root, env });
  const values = "import idna, plug_a, plug_b, plug_c; print(plug_a.VALUE, plug_b.VALUE)";
  return await run(uvProgram(), "pip", "freeze", "--quiet", "--python", python) +
    await run(python, "-c", values);
}
