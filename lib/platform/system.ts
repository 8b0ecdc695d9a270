/**
 * Which system this is, and how it is asked: the one place that both are known.
 *
 * What depends on it takes a {@linkcode Platform}, so that tests can be on another system.
 *
 * @module
 */

/** A system whose ways differ from the others'; other Unixes have those that macOS and POSIX have in common. */
export type System = "linux" | "darwin" | "windows";

/** The system that HSM runs on. */
export const SYSTEM: System = systemOf(Deno.build.os);

/** A system, and what its own programs answer. */
export interface Platform {
  readonly system: System;
  /** What a program of the system's prints; null where there is none, where it fails, and where HSM may not run it. */
  ask(argv: readonly string[]): Promise<string | null>;
}

/** The platform that HSM runs on. */
export const HERE: Platform = { system: SYSTEM, ask };

function systemOf(os: typeof Deno.build.os): System {
  if (os === "windows") return os;
  return os === "linux" || os === "android" ? "linux" : "darwin";
}

async function ask([program = "", ...args]: readonly string[]): Promise<string | null> {
  // Nobody is to be asked for a permission in the midst of this.
  if (Deno.permissions.querySync({ name: "run", command: program }).state !== "granted") {
    return null;
  }
  try {
    const { success, stdout } = await new Deno.Command(program, {
      args: [...args],
      // Times are read.
      env: { LC_ALL: "C", TZ: "UTC" },
      stdin: "null",
      stderr: "null",
    }).output();
    return success ? new TextDecoder().decode(stdout) : null;
  } catch {
    return null;
  }
}
