/**
 * The `hsm` executable: a program of HSM's own commands, made as a team makes one of theirs.
 *
 * @module
 */

import deno from "./deno.json" with { type: "json" };
import { syncNothing } from "./lib/cli/nothing_to_do.ts";
import { runCli } from "./lib/cli/run_cli.ts";
import type { ProgramParts } from "./lib/command/program.ts";
import { hsmCommands } from "./tasks/mod.ts";

/**
 * What `hsm` is made of.
 *
 * @internal
 */
export const HSM: ProgramParts = {
  name: "hsm",
  version: deno.version,
  build: async () => await (await import("./lib/cli/read_build.ts")).readBuild(),
  summary: deno.description,
  start: [
    ["hsm sync", "install what hsm.yaml says"],
    ["hsm dev NAME", "work on a package: clone it, and use the checkout"],
    ["hsm prod NAME", "use its pinned version again"],
  ],
  commands: [hsmCommands()],
};

// The most frequent run of all, a sync with nothing to do, does without loading everything else.
if (import.meta.main) await runCli({ ...HSM, quick: syncNothing });
