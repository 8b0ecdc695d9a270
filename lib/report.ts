/**
 * What a run tells while it runs. Results are returned, not reported.
 *
 * @module
 */

/** One piece of work whose progress is shown. */
export interface Progress extends Disposable {
  /** Shows how far it is. `percent` is 0 to 100, where known. */
  update(text: string, percent?: number): void;
}

/** Where a run's messages go. Every text is one line without its end. */
export interface Reporter {
  /** Something was done. */
  info(message: string): void;
  /** Something deserves attention. */
  warn(message: string): void;
  /** A program was run; `milliseconds` is what it took. */
  command(argv: readonly string[], milliseconds: number): void;
  /** A piece of a program's own output, as it came. */
  output(text: string): void;
  /** Work that may take long begins; disposing of the result ends it. */
  progress(label: string): Progress;
}

/** A reporter that says nothing: the default for scripts. */
export function silentReporter(): Reporter {
  const progress: Progress = { update() {}, [Symbol.dispose]() {} };
  return { info() {}, warn() {}, command() {}, output() {}, progress: () => progress };
}
