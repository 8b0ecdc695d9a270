/**
 * Making pylock.hsm.toml, in the app's folder or apart from it.
 *
 * @module
 */

import { join } from "@std/path";
import { makeTemporary } from "../../files/make_temporary.ts";
import { isFile } from "../../files/is_there.ts";
import { MAX_WRITTEN_BYTES, peekText } from "../../files/read_file.ts";
import type { RunResult } from "../../process/run.ts";
import { peekDocument } from "../../project/document.ts";
import type { AdapterContext, AdapterRunOptions } from "../adapter.ts";
import { callWithin } from "../uv/look.ts";
import { callUv } from "../uv/call.ts";
import { entryFile, filesOnDisk } from "./app_disk.ts";
import { compileArguments, pythonOf } from "./call.ts";
import { peekEnvironment } from "./environment.ts";
import { LOCK } from "./files.ts";
import { lockedPython } from "./lock.ts";

const DATA = { isData: true } as const;

/** The text of the lock file; undefined where there is none. */
export function readLockFile(root: string): string | undefined {
  return peekText(join(root, LOCK), MAX_WRITTEN_BYTES);
}

/** Brings the lock file to what the app's files say; without files of HSM's there is none. */
export async function lockApp(
  context: AdapterContext,
  { args = [], ...options }: AdapterRunOptions,
): Promise<RunResult> {
  const entry = await entryFile(filesOnDisk(context.root));
  if (entry === undefined) {
    if (isFile(join(context.root, LOCK))) await Deno.remove(join(context.root, LOCK));
    return done(context, ["uv", "pip", "compile"]);
  }
  const argv = await compileFor(context, { entry, lock: LOCK, args });
  return await callUv(argv, context, { ...options, ...DATA });
}

/** A result of nothing that was to be done. */
export function done({ root }: AdapterContext, argv: readonly string[]): RunResult {
  return { argv, cwd: root, code: 0, success: true, stdout: "", stderr: "", isCut: false };
}

/** The arguments that lock, by the Python versions that the app is for. */
export async function compileFor(
  context: AdapterContext,
  { entry, lock, args = [] }: {
    readonly entry: string;
    readonly lock: string;
    readonly args?: readonly string[];
  },
): Promise<readonly string[]> {
  const { root } = context;
  const found = (await peekEnvironment(context))?.folder;
  return compileArguments({
    ...{ entry, lock, args },
    environment: found !== undefined && isFile(pythonOf(found)) ? found : undefined,
    pythonVersion: lowestPython(root) ?? lockedPython(readLockFile(root) ?? ""),
  });
}

/** The lowest Python version that the app allows; undefined where it does not say. */
function lowestPython(root: string): string | undefined {
  const text = peekText(join(root, "pyproject.toml"), MAX_WRITTEN_BYTES);
  const wanted = text && peekDocument(text)?.string("project", "requires-python");
  const versions = [...(wanted || "").matchAll(/(?:>=|~=|==)\s*(\d+(?:\.\d+)*)/g)]
    .map(([, version = ""]) => version);
  return versions.sort((one, other) => compare(one, other)).at(-1);
}

function compare(one: string, other: string): number {
  const [first, second] = [one, other].map((it) => it.split(".").map(Number));
  for (const at of [0, 1, 2]) {
    const difference = (first![at] ?? 0) - (second![at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** A lock file that was made apart, and the folder that its paths are seen from. */
export interface ApartLock {
  /** Whether it could be made. */
  readonly success: boolean;
  /** What uv said. */
  readonly stderr: string;
  /** The lock file; "" where there is none. */
  readonly text: string;
  /** Its folder, absolute. */
  readonly folder: string;
}

/**
 * Makes the lock file anew in a temporary folder, from the files in the app's folder or others. The app's stays as it is.
 *
 * @param how `isLook`: without the network, builds and patience.
 * @param entry The file that brings all, absolute or seen from the app's folder.
 */
export async function lockApart<T>(
  context: AdapterContext,
  { entry, isLook = false, args = [] }: {
    readonly entry: string;
    readonly isLook?: boolean;
    readonly args?: readonly string[];
  },
  use: (lock: ApartLock) => T | Promise<T>,
): Promise<T> {
  await using temporary = await makeTemporary("hsm-lock-");
  const folder = await Deno.realPath(temporary.path);
  const lock = join(folder, LOCK);
  const before = readLockFile(context.root);
  if (before !== undefined) await Deno.writeTextFile(lock, before);
  const more = isLook ? [...args, ...LOOK] : args;
  const argv = await compileFor(context, { entry, lock, args: more });
  const call = isLook ? callWithin : callUv;
  const { success, stderr } = await call(argv, context, { quiet: "always", ...DATA });
  return await use({
    success,
    stderr,
    text: success ? peekText(lock, MAX_WRITTEN_BYTES) ?? "" : "",
    folder,
  });
}

/** What keeps uv from servers and builds. */
export const LOOK = ["--offline", "--no-build", "--no-python-downloads"] as const;
