/**
 * Programs that are made with `runCli`, run in an app's folder.
 *
 * @module
 */

import { fromFileUrl } from "@std/path";
import type { TestApp } from "./app.ts";
import { Run, type Running, start } from "./program.ts";

const PROJECT = fromFileUrl(new URL("../..", import.meta.url));

/** The command line that runs a script of this project. */
export function scriptCommand(path: string): readonly string[] {
  return [
    ...[Deno.execPath(), "run", "--quiet", "--no-prompt", "--cached-only"],
    ...["--allow-read", "--allow-write", "--allow-env", "--allow-run"],
    `--config=${PROJECT}deno.json`,
    `${PROJECT}${path}`,
  ];
}

/** The tool with a command for each thing that such a one can do. */
export const OWN_TOOL: readonly string[] = scriptCommand("tests/harness/own_tool.ts");

/** Starts a program in the app's folder, or another one. */
export function startTool(
  app: TestApp,
  command: readonly string[],
  args: readonly string[],
  cwd: string = app.root,
): Running {
  const running = start([...command, ...args], { cwd, env: app.env });
  const masked = (text: string) => text.replaceAll(app.folder, "[DIR]");
  return {
    ...running,
    ended: running.ended.then(({ code, stdout, stderr }) =>
      new Run(`mytool ${args.join(" ")}`, code, masked(stdout), masked(stderr))
    ),
  };
}
