/** The data of a TOML document; of two equal keys one counts. */
export declare function parse(tomlString: string): Record<string, unknown>;

/** Data as a TOML document. */
export declare function stringify(
  obj: Record<string, unknown>,
  options?: {
    /** Whether the keys' `=` stand in one column. @default {false} */
    keyAlignment?: boolean;
  },
): string;
