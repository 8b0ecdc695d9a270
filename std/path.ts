/**
 * `@std/path` from npm: the package `deno-std` holds the same code, without types. They stand in
 * `types/path.d.ts`; docs/contributing.md says how to move to JSR.
 *
 * @module
 */

// @ts-types="./types/path.d.ts"
export { basename } from "npm:deno-std@^1.4.0/path/basename.js";
// @ts-types="./types/path.d.ts"
export { dirname } from "npm:deno-std@^1.4.0/path/dirname.js";
// @ts-types="./types/path.d.ts"
export { fromFileUrl } from "npm:deno-std@^1.4.0/path/from_file_url.js";
// @ts-types="./types/path.d.ts"
export { globToRegExp } from "npm:deno-std@^1.4.0/path/glob_to_regexp.js";
// @ts-types="./types/path.d.ts"
export { isAbsolute } from "npm:deno-std@^1.4.0/path/is_absolute.js";
// @ts-types="./types/path.d.ts"
export { join } from "npm:deno-std@^1.4.0/path/join.js";
// @ts-types="./types/path.d.ts"
export { normalize } from "npm:deno-std@^1.4.0/path/normalize.js";
// @ts-types="./types/path.d.ts"
export { relative } from "npm:deno-std@^1.4.0/path/relative.js";
// @ts-types="./types/path.d.ts"
export { resolve } from "npm:deno-std@^1.4.0/path/resolve.js";
// @ts-types="./types/path.d.ts"
export { SEPARATOR } from "npm:deno-std@^1.4.0/path/constants.js";
// @ts-types="./types/path.d.ts"
export { toFileUrl } from "npm:deno-std@^1.4.0/path/to_file_url.js";
