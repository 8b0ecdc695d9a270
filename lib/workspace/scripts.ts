/**
 * The programs that a script starts with `$`: known until they have ended, and ended with the workspace.
 *
 * @module
 */

import type { CompleteAdapter } from "../adapters/adapter.ts";
import { HsmError } from "../errors.ts";
import { given } from "../given.ts";
import { type Commands, createCommands } from "../process/commands.ts";
import type { Surroundings } from "../process/call.ts";
import { run } from "../process/run.ts";
import type { Shell } from "../process/shell.ts";

/** Runs a program, given what its process id is to be told to. */
export type Around = <T>(
  name: string,
  run: (onStart: (pid: number) => void) => Promise<T>,
) => Promise<T>;

/** The programs of a script. */
export class Scripts {
  readonly #$: Commands;
  readonly #around: Around;
  /** Those that run, by what ends with them. */
  readonly #running = new Map<Promise<unknown>, string>();
  /** Ends them. */
  readonly #leaving = new AbortController();

  /** `around`: what is done around each of them. */
  constructor(
    context: Surroundings & { readonly adapter?: Pick<CompleteAdapter, "programName" | "program"> },
    around: Around,
  ) {
    this.#around = around;
    const { root, env, adapter, tell } = context;
    const signal = AbortSignal.any([context.signal, this.#leaving.signal]);
    const surroundings = { root, env, signal, tell };
    this.#$ = createCommands(surroundings, {}, ([name = "", ...args], { onStderr: _, ...how }) => {
      const argv = [name === adapter?.programName ? adapter.program : name, ...args];
      return this.#known(
        name,
        (onStart) => run(argv, { cwd: root, ...given(how), onStart, tell }),
      );
    });
  }

  /** All of dax's `$`. */
  shell(): Promise<Shell> {
    return this.#$.shell();
  }

  readonly #known: Around = async (program, run) => {
    const running = this.#around(program, run);
    const ended = running.catch(() => {});
    this.#running.set(ended, program);
    return await running.finally(() => this.#running.delete(ended));
  };

  /**
   * Makes sure that none runs.
   *
   * @throws {HsmError} `usage`
   */
  refuseRunning(): void {
    const [program] = this.#running.values();
    if (program === undefined) return;
    throw new HsmError("usage", `Cannot commit: \`${program}\` still runs`, {
      hint: "wait for all that `$` has started",
    });
  }

  /** Waits until all have ended: what they still write would come after what is to be done. */
  async ended(): Promise<void> {
    await Promise.all(this.#running.keys());
  }

  /** Ends all, and waits for that. */
  async end(): Promise<void> {
    this.#leaving.abort(new HsmError("interrupted", "Cannot go on: the workspace was left"));
    await this.ended();
  }
}
