/**
 * Running programs in tests, and saying all that is expected of a run.
 *
 * @module
 */

import { assertEquals, assertMatch } from "@std/assert";
import { ENGLISH } from "./language.ts";

/** A program that has ended. */
export class Run {
  /** What was run. */
  readonly command: string;
  /** The exit status. */
  readonly code: number;
  /** Standard output, paths of the test's folder replaced by `[DIR]`. */
  readonly stdout: string;
  /** Standard error, likewise. */
  readonly stderr: string;

  /** Takes down how a program ended. */
  constructor(command: string, code: number, stdout: string, stderr: string) {
    this.command = command;
    this.code = code;
    this.stdout = stdout;
    this.stderr = stderr;
  }

  /** Asserts all that is given; texts are compared whole, patterns searched for. */
  expect(expected: {
    readonly code: number;
    readonly stdout?: string | RegExp;
    readonly stderr?: string | RegExp;
  }): this {
    const all = `${this.command}\n--- stdout\n${this.stdout}--- stderr\n${this.stderr}`;
    assertEquals(this.code, expected.code, `exit status ${this.code} of ${all}`);
    for (const stream of ["stdout", "stderr"] as const) {
      const wanted = expected[stream];
      if (typeof wanted === "string") assertEquals(this[stream], wanted, all);
      else if (wanted !== undefined) assertMatch(this[stream], wanted, all);
    }
    return this;
  }

  /** The document on standard output, but for its version, which all have. */
  json(): Record<string, unknown> {
    const { version: _, ...document } = JSON.parse(this.stdout);
    return document;
  }
}

/** How {@linkcode start} starts a program. */
export interface StartOptions {
  /** The folder it runs in. */
  readonly cwd: string;
  /** Variables beside those of the tests. */
  readonly env?: Readonly<Record<string, string>>;
  /** In a process group of its own. @default {false} */
  readonly detached?: boolean;
}

/** A program that runs. */
export interface Running {
  /** The process. */
  readonly pid: number;
  /** Sends a signal. */
  kill(signal: Deno.Signal): void;
  /** Resolves when it has ended. */
  readonly ended: Promise<Run>;
}

/** Starts a program without a terminal; it speaks English unless it is told otherwise. */
export function start(
  argv: readonly string[],
  { cwd, env = {}, detached = false }: StartOptions,
): Running {
  const [program = "", ...args] = argv;
  const child = new Deno.Command(program, {
    args,
    cwd,
    env: { ...ENGLISH, ...env },
    detached,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  return {
    pid: child.pid,
    kill: (signal) => child.kill(signal),
    ended: child.output().then(({ code, stdout, stderr }) => {
      const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
      return new Run(argv.join(" "), code, text(stdout), text(stderr));
    }),
  };
}

/** Runs a program that must succeed. */
export async function must(argv: readonly string[], options: StartOptions): Promise<string> {
  const run = await start(argv, options).ended;
  return run.expect({ code: 0 }).stdout;
}
