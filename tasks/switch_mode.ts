/**
 * What `hsm dev` and `hsm prod` have in common.
 *
 * @module
 */

import type { CommandContext, CommandOutcome } from "../lib/command/command.ts";
import { HsmError } from "../lib/errors.ts";
import type { InjectInto, Mode } from "../lib/manifest/model.ts";
import { standsIn } from "../lib/manifest/stand_ins.ts";
import { describePin } from "../lib/packages/describe_pin.ts";
import { shortPath } from "../lib/platform/paths.ts";
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
  switchTo: (
    workspace: Workspace,
    options: SwitchOptions & { readonly inject?: InjectInto | undefined },
  ) => Promise<SwitchResult>,
) {
  return async (
    context: CommandContext,
    options: Given<typeof MODE_OPTIONS> & Pick<FinishOptions, "filter"> & {
      readonly inject?: InjectInto | undefined;
    },
  ): Promise<CommandOutcome<Synced<SwitchResult>>> => {
    const { packages: named, shared = false, wait = false, inject, ...how } = options;
    await using workspace = await context.open({ wait });
    const packages = await packagesFor(mode, workspace, context, named);
    const data = await switchTo(workspace, { packages, shared, inject });
    if (data.switched.length === 0) return { data, text: "", proof: "No package was chosen" };
    const text = describe(data, context, how.noSync ? undefined : workspace);
    return await finish(workspace, context, data, { text, ...how }).catch(hintAtNoVerify);
  };
}

/** @param synced The workspace, where all that was switched is so in the environment, too. */
function describe(
  { switched }: SwitchResult,
  { style, width, verbose }: Page,
  synced: Workspace | undefined,
): string {
  const change = ({ from, to, inject }: ModeSwitch) =>
    from !== to || inject === undefined ? `${from} → ${to}` : `stays in ${to} mode`;
  const rows = sumUp(switched, {
    kind: (it) => `${it.from} ${it.to} ${it.inject ?? ""}`,
    one: (it) => [
      { text: it.package, paint: style.bold },
      it.from === it.to && it.inject === undefined ? `is in ${it.to} mode already` : change(it),
      ...(synced === undefined ? [] : describeUse(it, synced)),
    ],
    many: ([first, ...others]) => [
      countOf(others.length + 1, "package"),
      first.from === first.to && first.inject === undefined
        ? `are in ${first.to} mode already`
        : change(first),
    ],
    verbose,
  });
  return columns(rows, width);
}

/** How the checkout of a package is used, where that is not what everybody expects. */
function describeUse(
  { package: name, from, to, inject }: ModeSwitch,
  { manifest, edited, lockFiles, root }: Workspace,
): readonly string[] {
  const it = manifest.packages.find((it) => it.name === name)!;
  const files = [...edited, ...lockFiles.map((it) => shortPath(root, it))].join(" and ");
  const isInPlace = from === to && inject !== undefined;
  if (!standsIn(it)) return isInPlace && to === "dev" ? [`${files} say ${it.path} now`] : [];
  const pin = it.pin === undefined ? "what is locked" : describePin(it.pin);
  const rest = isInPlace ? "are as in prod mode again" : "stay as they are";
  return [`${it.path} stands in for ${pin}; ${files} ${rest}`];
}
