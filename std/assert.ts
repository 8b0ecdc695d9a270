/**
 * `@std/assert` from npm: the package `deno-std` holds the same code, without types. They stand in
 * `types/assert.d.ts`; docs/contributing.md says how to move to JSR.
 *
 * @module
 */

// @ts-types="./types/assert.d.ts"
export { assert } from "npm:deno-std@^1.4.0/assert/assert.js";
// @ts-types="./types/assert.d.ts"
export { AssertionError } from "npm:deno-std@^1.4.0/assert/assertion_error.js";
// @ts-types="./types/assert.d.ts"
export { assertEquals } from "npm:deno-std@^1.4.0/assert/equals.js";
// @ts-types="./types/assert.d.ts"
export { assertExists } from "npm:deno-std@^1.4.0/assert/exists.js";
// @ts-types="./types/assert.d.ts"
export { assertInstanceOf } from "npm:deno-std@^1.4.0/assert/instance_of.js";
// @ts-types="./types/assert.d.ts"
export { assertMatch } from "npm:deno-std@^1.4.0/assert/match.js";
// @ts-types="./types/assert.d.ts"
export { assertNotEquals } from "npm:deno-std@^1.4.0/assert/not_equals.js";
// @ts-types="./types/assert.d.ts"
export { assertNotMatch } from "npm:deno-std@^1.4.0/assert/not_match.js";
// @ts-types="./types/assert.d.ts"
export { assertRejects } from "npm:deno-std@^1.4.0/assert/rejects.js";
// @ts-types="./types/assert.d.ts"
export { assertStringIncludes } from "npm:deno-std@^1.4.0/assert/string_includes.js";
// @ts-types="./types/assert.d.ts"
export { assertThrows } from "npm:deno-std@^1.4.0/assert/throws.js";
