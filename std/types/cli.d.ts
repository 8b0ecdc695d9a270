/** How {@linkcode parseArgs} reads the arguments. */
export interface ParseOptions {
  /** Whether everything after `--` is kept apart, under the key `--`. */
  readonly "--"?: boolean;
  /** Other names of an option. */
  readonly alias?: Readonly<Record<string, string | readonly string[]>>;
  /** Options without a value. */
  readonly boolean?: boolean | string | readonly string[];
  /** What an option is when it is absent. */
  readonly default?: Readonly<Record<string, unknown>>;
  /** Options that may stand several times. */
  readonly collect?: string | readonly string[];
  /** Booleans that `--no-NAME` turns off. */
  readonly negatable?: string | readonly string[];
  /** Whether everything after the first positional is positional. */
  readonly stopEarly?: boolean;
  /** Options with a text value. */
  readonly string?: string | readonly string[];
  /** Called with each option that is not known; false leaves it out. */
  readonly unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}

/** What {@linkcode parseArgs} read. */
export interface Args {
  /** The positionals. */
  readonly _: readonly (string | number)[];
  /** Everything after `--`, where that is kept apart. */
  readonly "--"?: readonly string[];
  readonly [option: string]: unknown;
}

/** Reads command-line arguments. */
export declare function parseArgs(args: readonly string[], options?: ParseOptions): Args;
