/**
 * A stand-in for uv, to make things happen at a chosen moment.
 *
 * @module
 */

import { exists } from "@std/fs";
import { join } from "@std/path";
import type { TestApp } from "./app.ts";
import { uvProgram } from "./repository.ts";

/**
 * Makes a program that answers `--version` as uv does, and runs a shell script for everything else but the installing of
 * what is locked (`sync --frozen`), the second step of a sync.
 *
 * @param install What it does then.
 * @returns The variables that make hsm use it.
 */
export async function fakeUv(
  app: TestApp,
  script: string,
  install = "exit 0",
): Promise<Record<string, string>> {
  const path = join(app.folder, "fake-uv");
  const text = `#!/bin/sh
if [ "$1" = --version ]; then echo "uv 99.0.0"; exit 0; fi
if [ "$2" = --frozen ]; then ${install}; fi
${script}
`;
  await Deno.writeTextFile(path, text, { mode: 0o755 });
  return { HSM_UV: path };
}

/** Waits until a file is there, such as one that a fake uv writes when it has begun. */
export async function waitForFile(path: string): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!await exists(path)) {
    if (performance.now() > deadline) throw new Error(`${path} did not come`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/**
 * Makes a uv that does something of its own in place of a call, or before it; else it is the real one.
 *
 * @param call What its arguments are like, as a pattern of the shell's.
 * @param script What it does then; it may end by itself.
 * @param when Where it does, as the shell says it. Default: the first time.
 * @returns The variables that make hsm use it.
 */
export async function uvThat(
  app: TestApp,
  call: string,
  script: string,
  when = '[ ! -e "$0.done" ]',
): Promise<Record<string, string>> {
  const path = join(app.folder, "uv-that");
  await Deno.remove(`${path}.done`).catch(() => {});
  const text = `#!/bin/sh
case "$*" in
${call}) if ${when}; then touch "$0.done"; ${script}; fi ;;
esac
exec '${uvProgram()}' "$@"
`;
  await Deno.writeTextFile(path, text, { mode: 0o755 });
  return { HSM_UV: path };
}
