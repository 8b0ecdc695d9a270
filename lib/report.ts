/**
 * What a run tells while it runs. Results are returned, not reported.
 *
 * @module
 */

/** One piece of work whose progress is shown. */
export interface Progress extends Disposable {
  /** Whether anybody sees it: where nobody does, what is told need not be found out. */
  readonly isShown: boolean;
  /** Shows how far it is. `percent` is 0 to 100, where known. */
  update(text: string, percent?: number): void;
}

/** How a program's own messages are shown. */
export interface ProgramOptions {
  /** Keeps them back, always or unless the program succeeds. */
  readonly quiet?: "always" | "unless-done" | undefined;
  /** Lines that nobody misses once the program has succeeded. */
  readonly noise?: RegExp;
  /** Lines of which there may be many, and those that say the same in short. */
  readonly many?: { readonly lines: RegExp; readonly sum: RegExp };
}

/** A running program's own messages. Disposing of it without an end drops what was not shown yet. */
export interface ProgramReport extends Disposable {
  /** A piece of them, as it came. */
  output(text: string): void;
  /** The program has ended. */
  ended(success: boolean): void;
}

/**
 * Where a run's messages go. Every text is one line without its end, but for what it quotes: that is as it came, and
 * whoever shows it makes it printable.
 *
 * @example
 * ```ts
 * import { openWorkspace, type Reporter, silentReporter } from "@hsm/hsm";
 *
 * const warnings: string[] = [];
 * const reporter: Reporter = { ...silentReporter(), warn: (message) => void warnings.push(message) };
 * await using workspace = await openWorkspace({ reporter, readonly: true });
 * workspace.reporter.warn("kept for the end");
 * console.log(warnings); // ["kept for the end"]
 * ```
 */
export interface Reporter {
  /** Something was done. */
  info(message: string): void;
  /** Something was done as one of many, whose sum is told by `info`. */
  detail(message: string): void;
  /** Something deserves attention. */
  warn(message: string): void;
  /** A program was run; `milliseconds` is what it took, `folder` where it ran, absolute. */
  command(argv: readonly string[], milliseconds: number, folder?: string): void;
  /** A piece of a program's own output, as it came. */
  output(text: string): void;
  /** Work that may take long begins; disposing of the result ends it. */
  progress(label: string): Progress;
  /** A program begins that may take long and says what it does; disposing of the result ends it. */
  program(label: string, options?: ProgramOptions): ProgramReport;
  /** Nothing moves on the terminal until the result is disposed of: a question or another program has it. */
  suspend(): Disposable;
}

/**
 * A reporter that says nothing.
 *
 * @example
 * ```ts
 * import { openWorkspace, silentReporter } from "@hsm/hsm";
 *
 * await using workspace = await openWorkspace({ reporter: silentReporter(), readonly: true });
 * workspace.reporter.warn("nobody reads this");
 * ```
 */
export function silentReporter(): Reporter {
  const nothing = {
    isShown: false,
    update() {},
    output() {},
    ended() {},
    [Symbol.dispose]() {},
  };
  return {
    info() {},
    detail() {},
    warn() {},
    command() {},
    output() {},
    progress: () => nothing,
    program: () => nothing,
    suspend: () => nothing,
  };
}
