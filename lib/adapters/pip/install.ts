/**
 * Installing what pylock.hsm.toml says.
 *
 * @module
 */

import { join } from "@std/path";
import { HsmError } from "../../errors.ts";
import { makeTemporary } from "../../files/make_temporary.ts";
import { isFile } from "../../files/is_there.ts";
import type { RunResult } from "../../process/run.ts";
import type { AdapterContext, AdapterRunOptions, AdapterSyncOptions } from "../adapter.ts";
import { callUv, installByUv } from "../uv/call.ts";
import { entryFile, filesOnDisk } from "./app_disk.ts";
import { installArguments, pythonOf } from "./call.ts";
import { compileFor, done, lockApart, readLockFile } from "./compile.ts";
import { findEnvironment, type PipEnvironment } from "./environment.ts";
import { LOCK, OWN_REQUIREMENTS } from "./files.ts";
import { findLeftOver } from "./left_over.ts";
import { isSameLock, readLock } from "./lock.ts";
import { readMark, writeMark } from "./mark.ts";
import { splitPipArguments } from "./options.ts";
import { isProject } from "./project.ts";

type Options = Pick<AdapterRunOptions, "quiet" | "onStart">;

/** Brings the environment to what the lock file says. With `locked` only where that is what the app's files ask for. */
export async function syncEnvironment(
  context: AdapterContext,
  { lock, dryRun = false, args = [], ...options }: AdapterSyncOptions,
): Promise<RunResult> {
  const split = splitPipArguments(args);
  const entry = await entryFile(filesOnDisk(context.root));
  if (entry !== undefined && (lock === "locked" || dryRun)) {
    const failed = await refuseStale(context, entry, split.lock);
    if (failed !== undefined) return failed;
  }
  if (dryRun) return done(context, ["uv", "pip", "sync", LOCK]);
  if (entry === undefined) return await installOwn(context, split, options);
  return await installLock(context, LOCK, split.sync, options);
}

/** Why the lock file will not do; undefined: it will. */
async function refuseStale(
  context: AdapterContext,
  entry: string,
  args: readonly string[],
): Promise<RunResult | undefined> {
  const { root } = context;
  const fail = (stderr: string): RunResult => ({
    ...done(context, ["uv", "pip", "compile", entry]),
    ...{ code: 1, success: false, stderr },
  });
  const before = readLockFile(root);
  if (before === undefined) return fail(`error: ${LOCK} is missing\n`);
  return await lockApart(context, { entry, args }, ({ success, stderr, text, folder }) => {
    if (!success) return fail(stderr);
    const isCurrent = isSameLock([before, text], [root, folder]);
    return isCurrent ? undefined : fail(`error: ${LOCK} is not what ${entry} asks for\n`);
  });
}

/** Without packages of the manifest what the app itself asks for is all that there is, and nothing is locked. */
async function installOwn(
  context: AdapterContext,
  args: Readonly<Record<"lock" | "sync", readonly string[]>>,
  options: Options,
): Promise<RunResult> {
  const { root } = context;
  const files = filesOnDisk(root);
  const lines = [
    ...await isProject(files) ? ["-e ."] : [],
    ...files.has(OWN_REQUIREMENTS) ? [`-r ${join(root, OWN_REQUIREMENTS)}`] : [],
  ];
  await using temporary = await makeTemporary("hsm-lock-");
  const folder = await Deno.realPath(temporary.path);
  const [entry, lock] = [join(folder, OWN_REQUIREMENTS), join(folder, LOCK)];
  await Deno.writeTextFile(entry, lines.map((line) => `${line}\n`).join(""));
  const argv = await compileFor(context, { entry, lock, args: args.lock });
  const compiled = await callUv(argv, context, { ...options, isData: true });
  return compiled.success ? await installLock(context, lock, args.sync, options) : compiled;
}

/** Installs a lock file: all that there is in an environment of HSM's making, and beside what is there in another. */
async function installLock(
  context: AdapterContext,
  lock: string,
  args: readonly string[],
  options: Options,
): Promise<RunResult> {
  const text = lock === LOCK ? readLockFile(context.root) : await Deno.readTextFile(lock);
  if (text === undefined) {
    throw new HsmError("io", `Cannot install what ${LOCK} says: there is none`, {
      hint: "run `hsm sync`",
    });
  }
  const environment = await findEnvironment(context);
  const { folder } = environment;
  const made = await makeMissing(context, environment, options);
  if (made?.success === false) return made;
  const { isMade, installed } = readMark(folder);
  const names = [...new Set((readLock(text) ?? []).map((it) => it.key))];
  // Whatever of it comes to be there is HSM's, also where it does not come to its end.
  writeMark(folder, { isMade, installed: [...new Set([...installed, ...names])] });
  const argv = installArguments({ lock, environment: folder, isExact: isMade, args });
  const result = await installByUv(argv, context, folder, options);
  if (!result.success) return result;
  const left = await findLeftOver(environment, names);
  const removed = left.length === 0
    ? undefined
    : await callUv(["pip", "uninstall", "--python", folder, "--", ...left], context, options);
  if (removed?.success === false) return removed;
  writeMark(folder, { isMade, installed: names });
  return { ...result, stderr: [result, removed].map((it) => it?.stderr ?? "").join("") };
}

/** Makes the environment where it is missing; undefined where it is there. */
async function makeMissing(
  context: AdapterContext,
  { folder, make }: PipEnvironment,
  options: Options,
): Promise<RunResult | undefined> {
  if (isFile(pythonOf(folder))) return undefined;
  if (make !== undefined) return await make(context, options);
  throw new HsmError("usage", `Cannot install into ${folder}: there is no Python environment`, {
    hint: "activate another one, or name one under `environment:` in hsm.yaml",
  });
}
