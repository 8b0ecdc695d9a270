/**
 * A file layer that fails, or dies, at its n-th call.
 *
 * @module
 */

import { type FileLayer, realFiles } from "../../lib/files/layer.ts";

/** What the system says. */
const ERRORS = {
  ENOSPC: "No space left on device (os error 28)",
  EIO: "Input/output error (os error 5)",
  EACCES: "Permission denied (os error 13)",
  EROFS: "Read-only file system (os error 30)",
} as const;

/** An injected fault. */
export interface Fault {
  /** The number of the call, from 1. */
  readonly at: number;
  /** A kill (no call succeeds any more, nothing is cleaned up), or an error. */
  readonly kind: "kill" | keyof typeof ERRORS;
  /** Only this call fails, or all from it on. */
  readonly extent: "once" | "from";
}

/** A layer with a fault, and whether it came to it. */
export interface FaultyLayer {
  /** The layer. */
  readonly layer: FileLayer;
  /** How many calls were made. */
  calls(): number;
  /** The calls: what each is, and its path. */
  readonly trace: readonly string[];
}

/** The calls that change nothing: they only look, or wait for the disk. */
const UNCHANGING: readonly (keyof FileLayer)[] = [
  ...["facts", "readLink", "realPath", "read", "list"] as const,
  ...["sync", "syncFolder"] as const,
];

/** Whether a call of a trace changes anything. */
export function isChange(call: string | undefined): boolean {
  return !UNCHANGING.some((name) => call?.startsWith(`${name} `));
}

/** The real files with a fault; nothing waits for the disk, for speed. */
export function faultyLayer(fault: Fault): FaultyLayer {
  let calls = 0;
  const trace: string[] = [];
  const real = realFiles();
  const layer = new Proxy(real, {
    get(target, name: keyof FileLayer) {
      return (...args: unknown[]) => {
        calls++;
        trace.push([name, ...args.filter((it) => typeof it === "string")].join(" "));
        const dead = fault.extent === "from" || fault.kind === "kill";
        if (calls === fault.at && (name === "create" || name === "append")) {
          // What a write leaves when it is cut short.
          const [path, content, mode] = args as [string, Uint8Array, number];
          const half = content.subarray(0, content.length >> 1);
          if (name === "create") target.create(path, half, mode);
          else target.append(path, half);
        }
        if (calls === fault.at || (dead && calls > fault.at)) throw failure(fault);
        if (name === "sync" || name === "syncFolder") return;
        return (target[name] as (...args: unknown[]) => unknown)(...args);
      };
    },
  });
  return { layer, calls: () => calls, trace };
}

function failure({ kind }: Fault): Error {
  if (kind === "kill") return new Error("killed");
  return Object.assign(new Error(ERRORS[kind]), { code: kind });
}
