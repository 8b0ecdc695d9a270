/**
 * `@std/fs`: npm's `deno-std` has not got it. The same names with the same semantics, made of npm's `fs-extra` and
 * `@nodelib/fs.walk` where there is something to make; docs/contributing.md says how to move to JSR.
 *
 * @module
 */

export { copy, type CopyOptions } from "./fs/copy.ts";
export { emptyDir } from "./fs/empty_dir.ts";
export { ensureDir } from "./fs/ensure_dir.ts";
export { ensureFile } from "./fs/ensure_file.ts";
export { exists, type ExistsOptions } from "./fs/exists.ts";
export { move, type MoveOptions } from "./fs/move.ts";
export { walk, type WalkEntry, type WalkOptions } from "./fs/walk.ts";
