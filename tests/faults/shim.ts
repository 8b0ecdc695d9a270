/**
 * The shim around the C library that injects faults into a process.
 *
 * @module
 */

import { assert } from "@std/assert";
import { fromFileUrl, join } from "@std/path";

/** The numbers of errors. */
export const ERRNOS = { ENOSPC: 28, EIO: 5, EACCES: 13, EROFS: 30 } as const;

/** A fault in a process. */
export interface ProcessFault {
  /** The number of the system call, from 1. */
  readonly at: number;
  /** What it fails with; left out: the process is killed. */
  readonly errno?: keyof typeof ERRNOS;
  /** All calls from it on fail. */
  readonly from?: boolean;
  /** The whole process group is killed, so many milliseconds after a program was started. */
  readonly group?: number;
}

/** Builds the shim in a folder; null where there is no Linux or no gcc. */
export async function buildShim(folder: string): Promise<string | null> {
  if (Deno.build.os !== "linux") return null;
  const shim = join(folder, "fault.so");
  const source = fromFileUrl(new URL("./fault.c", import.meta.url));
  try {
    const { success, stderr } = await new Deno.Command("gcc", {
      args: ["-shared", "-fPIC", "-O1", "-w", "-o", shim, source, "-ldl"],
    }).output();
    assert(success, new TextDecoder().decode(stderr));
    return shim;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/**
 * The variables that inject a fault, or none, into a process.
 *
 * @param root The folder whose files count.
 */
export function shimVariables(
  shim: string,
  root: string,
  fault?: ProcessFault,
): Readonly<Record<string, string>> {
  return {
    LD_PRELOAD: shim,
    HSM_FAULT_DIR: `${root}/`,
    HSM_FAULT_LOG: logOf(root),
    ...(fault && { HSM_FAULT_AT: `${fault.at}` }),
    ...(fault?.errno && { HSM_FAULT_ERRNO: `${ERRNOS[fault.errno]}` }),
    ...(fault?.from && { HSM_FAULT_FROM: "1" }),
    ...(fault?.group && { HSM_FAULT_GROUP: `${fault.group}` }),
  };
}

/** The system calls of the last process with a shim for this folder: what each is, and its path relative to the folder. */
export function takeCalls(root: string): readonly string[] {
  const text = Deno.readTextFileSync(logOf(root));
  Deno.removeSync(logOf(root));
  return text.split("\n").slice(0, -1).map((line) => line.replaceAll(`${root}/`, ""));
}

function logOf(root: string): string {
  return `${root}.calls`;
}
