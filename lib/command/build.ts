/**
 * What a program was made from, and runs on: told with its version.
 *
 * @module
 */

/** What a program was made from, and runs on. */
export interface Build {
  /**
   * The commit that it was made from, or, run from its sources, that they are at; `-dirty` behind it where files differ
   * from it. Not there where nobody knows.
   */
  readonly commit?: string | undefined;
  /** The platform, as Deno and Rust call it. */
  readonly target: string;
  /** The version of Deno. */
  readonly deno: string;
}
