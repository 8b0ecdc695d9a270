/**
 * What `hsm dev` and `hsm prod` have in common.
 *
 * @module
 */

import type { CommandContext, CommandOutcome } from "../lib/command.ts";
import { HsmError } from "../lib/errors.ts";
import type { Mode } from "../lib/manifest/model.ts";
import type { ModeSwitch } from "../lib/packages/mode.ts";
import { NO_PACKAGES } from "../lib/packages/none.ts";
import { flag } from "../lib/options.ts";
import { allPackages, packageNames } from "../lib/packages/options.ts";
import { columns } from "../lib/text/columns.ts";
import { sumUp } from "../lib/text/sum_up.ts";
import { countOf } from "../lib/text/words.ts";
import type { Workspace } from "../lib/workspace/workspace.ts";
import { finish, type Synced } from "./finish.ts";
import { hintAtNoVerify } from "./sync_workspace.ts";

/** The options of the commands that switch modes. */
export function modeOptions(shared: string) {
  return {
    packages: packageNames("The packages; on a terminal default: those that you choose"),
    all: allPackages(),
    shared: flag(shared),
    noSync: flag("Only switch; clone and install nothing"),
    noCheck: flag("Go on though something does not fit"),
    noVerify: flag("Leave out what verify in hsm.yaml names"),
    wait: flag("Wait for another hsm in this workspace"),
  };
}

/**
 * The packages that are to get a mode: those that were named, else those that a person chooses of the ones without it.
 *
 * @throws {HsmError} `usage` where nobody is there to choose, or nothing to choose from
 */
export async function packagesFor(
  mode: Mode,
  workspace: Workspace,
  context: CommandContext,
  named: readonly string[] | undefined,
): Promise<readonly string[]> {
  if (named !== undefined) return named;
  const { packages } = workspace.manifest;
  const others = packages.filter((it) => it.mode !== mode).map((it) => it.name);
  if (others.length > 0 && context.choose !== undefined) {
    const question = mode === "dev" ? "Work on which packages?" : "Use which at their pins again?";
    return await context.choose(question, others, workspace.signal);
  }
  throw new HsmError("usage", `Cannot run hsm ${mode}: it needs a NAME`, {
    hint: packages.length === 0
      ? NO_PACKAGES
      : others.length === 0
      ? `all packages are in ${mode} mode already`
      : `name one or more of ${others.join(", ")}, or all with \`--all\``,
  });
}

/** Brings a switch of modes to its end: into the files, and unless told otherwise into the environment. */
export async function finishSwitch(
  workspace: Workspace,
  context: CommandContext,
  options: {
    readonly switched: readonly ModeSwitch[];
    readonly noSync?: boolean | undefined;
    readonly noCheck?: boolean | undefined;
    readonly noVerify?: boolean | undefined;
    readonly filter?: string | undefined;
  },
): Promise<CommandOutcome<Synced<{ readonly switched: readonly ModeSwitch[] }>>> {
  const { switched, ...how } = options;
  if (switched.length === 0) {
    return { data: { switched }, text: "", proof: "No package was chosen" };
  }
  const { style, width, verbose } = context;
  const rows = sumUp(switched, {
    kind: (it) => `${it.from} ${it.to}`,
    one: (it) => [
      { text: it.package, paint: style.bold },
      it.from === it.to ? `is in ${it.to} mode already` : `${it.from} → ${it.to}`,
    ],
    many: ([{ from, to }, ...others]) => [
      countOf(others.length + 1, "package"),
      from === to ? `are in ${to} mode already` : `${from} → ${to}`,
    ],
    verbose,
  });
  const text = columns(rows, width);
  return await finish(workspace, context, { data: { switched }, text, ...how })
    .catch(hintAtNoVerify);
}
