/** What a scalar may be: text alone (`failsafe`), what JSON has, or dates and the numbers of YAML 1.1, too. */
export type SchemaType = "failsafe" | "json" | "core" | "default" | "extended";

/** How {@linkcode parse} reads. */
export interface ParseOptions {
  /** What a scalar may be. @default {"default"} */
  schema?: SchemaType;
  /** Whether the last of two equal keys counts; else they are an error. @default {false} */
  allowDuplicateKeys?: boolean;
}

/** How {@linkcode stringify} writes. */
export interface StringifyOptions {
  /** How far a level is indented. @default {2} */
  indent?: number;
  /** At which width texts are folded. @default {80} */
  lineWidth?: number;
  /** From which level on all is written in one line; -1: nowhere. @default {-1} */
  flowLevel?: number;
  /** What a scalar may be. @default {"default"} */
  schema?: SchemaType;
  /** Whether what occurs twice is written once, with an anchor. @default {true} */
  useAnchors?: boolean;
  /** Whether what YAML 1.1 reads as a boolean is quoted. @default {true} */
  compatMode?: boolean;
}

/** The data of a YAML document. */
export declare function parse(content: string, options?: ParseOptions): unknown;

/** Data as a YAML document. */
export declare function stringify(data: unknown, options?: StringifyOptions): string;
