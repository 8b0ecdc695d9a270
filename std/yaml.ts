/**
 * `@std/yaml` from npm: the package `deno-std` holds the same code, without types. They stand in
 * `types/yaml.d.ts`; docs/contributing.md says how to move to JSR.
 *
 * @module
 */

// @ts-types="./types/yaml.d.ts"
export { parse } from "npm:deno-std@^1.4.0/yaml/parse.js";
// @ts-types="./types/yaml.d.ts"
export { stringify } from "npm:deno-std@^1.4.0/yaml/stringify.js";
export type { ParseOptions, SchemaType, StringifyOptions } from "./types/yaml.d.ts";
