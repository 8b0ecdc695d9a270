/**
 * What `hsm dev` and `hsm prod` have in common.
 *
 * @module
 */

import type { CommandContext, CommandOutcome } from "../lib/command/command.ts";
import { HsmError } from "../lib/errors.ts";
import type { Mode } from "../lib/manifest/model.ts";
import type { ModeSwitch } from "../lib/packages/mode.ts";
import { NO_PACKAGES } from "../lib/packages/none.ts";
import type { Given } from "../lib/command/option.ts";
import { flag } from "../lib/command/options.ts";
import { packageOptions } from "../lib/command/package_options.ts";
import { columns } from "../lib/text/columns.ts";
import type { Page } from "../lib/text/page.ts";
import { sumUp } from "../lib/text/sum_up.ts";
import { countOf } from "../lib/text/words.ts";
import type { Workspace } from "../lib/workspace/workspace.ts";
import { finish, type FinishOptions, type Synced } from "./finish.ts";
import { hintAtNoVerify } from "../lib/cli/describe_sync.ts";

/** What `dev` and `prod` switch. */
export interface SwitchOptions {
  /** The packages, by name or glob, such as `plug-*`. */
  readonly packages: readonly string[];
  /** Switches in hsm.yaml, for everybody, instead of in hsm.local.yaml. @default {false} */
  readonly shared?: boolean | undefined;
}

/** What `dev` and `prod` switched. */
export interface SwitchResult {
  /** The packages asked for, in the manifest's order. */
  readonly switched: readonly ModeSwitch[];
}

/** The options of the commands that switch modes. */
export const MODE_OPTIONS = {
  ...packageOptions("The packages; on a terminal default: those that you choose"),
  shared: flag("Switch in hsm.yaml, for everybody"),
  noSync: flag("Only switch; clone and install nothing"),
  noCheck: flag("Go on though something does not fit"),
  noVerify: flag("Leave out what verify in hsm.yaml names"),
  wait: flag("Wait for another hsm in this workspace"),
};

/** Those of them that contradict each other. */
export const MODE_EXCLUDES = [
  ["noSync", "--", "without a sync nothing is passed on"],
  ["noSync", "noVerify", "without a sync nothing is verified"],
] as const;

/**
 * The packages that are to get a mode: those that were named, else those that a person chooses of the ones without it.
 *
 * @throws {HsmError} `usage` where nobody is there to choose, or nothing to choose from
 */
async function packagesFor(
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

/** Runs a command that switches modes: into the files, and unless told otherwise into the environment. */
export function runSwitch(
  mode: Mode,
  switchTo: (workspace: Workspace, options: SwitchOptions) => Promise<SwitchResult>,
) {
  return async (
    context: CommandContext,
    options: Given<typeof MODE_OPTIONS> & Pick<FinishOptions, "filter">,
  ): Promise<CommandOutcome<Synced<SwitchResult>>> => {
    const { packages: named, shared = false, wait = false, ...how } = options;
    await using workspace = await context.open({ wait });
    const packages = await packagesFor(mode, workspace, context, named);
    const data = await switchTo(workspace, { packages, shared });
    if (data.switched.length === 0) return { data, text: "", proof: "No package was chosen" };
    const text = describe(data, context);
    return await finish(workspace, context, data, { text, ...how }).catch(hintAtNoVerify);
  };
}

function describe({ switched }: SwitchResult, { style, width, verbose }: Page): string {
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
  return columns(rows, width);
}
