/**
 * `@std/text` from npm: the package `deno-std` holds the same code, without types. They stand in
 * `types/text.d.ts`; docs/contributing.md says how to move to JSR.
 *
 * @module
 */

// @ts-types="./types/text.d.ts"
export { levenshteinDistance } from "npm:deno-std@^1.4.0/text/levenshtein_distance.js";
