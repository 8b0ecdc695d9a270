/**
 * `@std/cli` from npm: the package `deno-std` holds the same code, without types. They stand in
 * `types/cli.d.ts`; docs/contributing.md says how to move to JSR.
 *
 * @module
 */

// @ts-types="./types/cli.d.ts"
export { parseArgs } from "npm:deno-std@^1.4.0/cli/parse_args.js";
export type { Args, ParseOptions } from "./types/cli.d.ts";
