/**
 * `@std/toml` from npm: the package `deno-std` holds the same code, without types. They stand in
 * `types/toml.d.ts`; docs/contributing.md says how to move to JSR.
 *
 * @module
 */

// @ts-types="./types/toml.d.ts"
export { parse } from "npm:deno-std@^1.4.0/toml/parse.js";
// @ts-types="./types/toml.d.ts"
export { stringify } from "npm:deno-std@^1.4.0/toml/stringify.js";
