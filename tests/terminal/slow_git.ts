/**
 * A git whose clones wait for a sign, to look at the terminal meanwhile.
 *
 * @module
 */

import { ensureDir } from "@std/fs";
import { join } from "@std/path";
import type { TestApp } from "../harness/app.ts";

/** When clones go on. */
export interface SlowGit {
  /** Lets clones go on. */
  release(): Promise<void>;
  /** Makes clones wait again. */
  hold(): Promise<void>;
}

/**
 * Puts a `git` in the app's `bin` that tells each clone's progress and waits until it is released.
 *
 * @param percent How far the clone of a plugin is said to be, by the plugin's name.
 */
export async function slowGit(
  app: TestApp,
  percent: Readonly<Record<string, number>>,
): Promise<SlowGit> {
  const bin = join(app.folder, "bin");
  const sign = join(app.folder, "go");
  const git = (Deno.env.get("PATH") ?? "").split(":").map((it) => join(it, "git"));
  const real = git.find((it) => isFile(it)) ?? "git";
  const cases = Object.entries(percent).map(([name, done]) =>
    `*/${name}\\ *) printf 'Receiving objects: %3d%% (%d/100)\\r' ${done} ${done} >&2;;`
  );
  const script = `#!/bin/sh
case " $* " in *" clone "*)
  case "$* " in ${cases.join(" ")} esac
  while [ ! -e ${sign} ]; do sleep 0.05; done;;
esac
exec ${real} "$@"
`;
  await ensureDir(bin);
  await Deno.writeTextFile(join(bin, "git"), script, { mode: 0o755 });
  return {
    release: () => Deno.writeTextFile(sign, ""),
    hold: () => Deno.remove(sign),
  };
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
