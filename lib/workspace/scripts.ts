/**
 * The programs that a script starts with `$`: known until they have ended, and ended with the workspace.
 *
 * @module
 */

import { HsmError } from "../errors.ts";
import { run } from "../process/run.ts";
import { createShell, type Shell } from "../process/shell.ts";
import type { WorkspaceContext } from "./context.ts";

/** Runs a program, given what its process id is to be told to. */
export type Around = <T>(
  name: string,
  run: (onStart: (pid: number) => void) => Promise<T>,
) => Promise<T>;

/** The programs of a script. */
export class Scripts {
  readonly #context: WorkspaceContext;
  readonly #around: Around;
  #shell: Promise<Shell> | undefined;
  /** Those that run, by what ends with them. */
  readonly #running = new Map<Promise<unknown>, string>();
  /** Ends them. */
  readonly #leaving = new AbortController();

  /** `around`: what is done around each of them. */
  constructor(context: WorkspaceContext, around: Around) {
    this.#context = context;
    this.#around = around;
  }

  /** dax's `$`, made when it is asked for first. */
  shell(): Promise<Shell> {
    const { root, env, adapter, reporter } = this.#context;
    const signal = AbortSignal.any([this.#context.signal, this.#leaving.signal]);
    return this.#shell ??= createShell(
      { root, env, signal, reporter },
      ([name = "", ...args], it) => {
        const argv = [name === adapter.name ? adapter.program : name, ...args];
        return this.#known(name, (onStart) => run(argv, { ...it, onStart, reporter }));
      },
    );
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
