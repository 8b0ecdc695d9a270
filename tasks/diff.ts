/**
 * `hsm diff`: what a sync would change.
 *
 * @module
 */

import { redact } from "../lib/text/redact.ts";
import { columns } from "../lib/text/columns.ts";
import type { Page } from "../lib/text/page.ts";
import { paintDiff } from "../lib/text/diff.ts";
import { type Command, defineCommand } from "../lib/command/command.ts";
import { given } from "../lib/given.ts";
import type { InstallStep } from "../lib/adapters/adapter.ts";
import type { RenewalReason, StandInChange } from "../lib/events/outcomes.ts";
import { describeReason } from "../lib/packages/standing.ts";
import type { Difference } from "../lib/survey/differences.ts";
import type { PackageUse, PlannedPackage } from "../lib/survey/planned_packages.ts";
import type { Workspace } from "../lib/workspace/workspace.ts";
import { flag } from "../lib/command/options.ts";
import { packageOptions } from "../lib/command/package_options.ts";
import { lookAhead } from "./look_ahead.ts";
import { heed, surveyForSync } from "./steps.ts";

export type { Difference, PackageUse, PlannedPackage, RenewalReason, StandInChange };

/** What {@linkcode diff} compares. */
export interface DiffOptions {
  /** The packages, by name or glob, such as `plug-*`; default: all. */
  readonly packages?: readonly string[];
}

/** What {@linkcode diff} found. */
export interface DiffResult {
  /** Whether a sync would change anything. */
  readonly different: boolean;
  /** Whether there is no lock file yet, so that a sync would write one. */
  readonly unlocked: boolean;
  /** The packages that it would change. */
  readonly packages: readonly PlannedPackage[];
  /** The change of pyproject.toml as a unified diff; empty where there is none. */
  readonly diff: string;
  /** What it would do to the environment, in order; left out where that is nothing, or not known. */
  readonly installs?: readonly InstallStep[];
  /** Why it is not known what it would do to the environment. */
  readonly unknown?: string;
  /** What it would do about checkouts that stand in for packages; left out where that is nothing. */
  readonly standIns?: readonly StandInChange[];
  /** All that is not in line, as `status` has it; left out where everything is. */
  readonly differences?: readonly Difference[];
}

/**
 * Finds out what `sync` would change: checkouts that it would clone, pyproject.toml, the lock file, and what it would
 * install.
 *
 * Touches nothing, and builds nothing.
 *
 * @example
 * ```ts
 * import { diff, openWorkspace } from "@hsm/hsm";
 *
 * await using workspace = await openWorkspace({ readonly: true });
 * const { different, packages, diff: text } = await diff(workspace);
 * if (different) console.log(packages.map((it) => it.package), text);
 * ```
 *
 * @param workspace The workspace.
 * @param options Which packages.
 * @returns What would change of each package, of pyproject.toml as a unified diff, and of the environment.
 * @throws {HsmError} what `map` and `inject` throw
 */
export async function diff(workspace: Workspace, options: DiffOptions = {}): Promise<DiffResult> {
  await using survey = surveyForSync(workspace, { ...options, dryRun: true });
  const ahead = await lookAhead(survey);
  heed(workspace, ahead.problems, { noCheck: true });
  const { unlocked, packages, files, installs = [], unknown, standIns, differences } = ahead;
  return {
    different: differences.length > 0,
    unlocked,
    packages,
    diff: files.map((it) => it.diff).join(""),
    ...given({
      installs: installs.length === 0 ? undefined : installs,
      unknown,
      standIns: standIns.length === 0 ? undefined : standIns,
      differences: differences.length === 0 ? undefined : differences,
    }),
  };
}

function describePlan(
  { packages, standIns = [] }: DiffResult,
  { style, width }: Page,
): string {
  const byName = new Map(standIns.map((it) => [it.package, it]));
  return columns(
    packages.map((it) => {
      const moved = it.from.mode === "prod" && it.to.mode === "prod" && it.from.git !== it.to.git;
      const [from, to] = [describeUse(it.from, moved), describeUse(it.to, moved)];
      const standIn = byName.get(it.package);
      const done = [
        ...it.clone ? ["clones it"] : [],
        ...standIn === undefined ? [] : [describeStep(standIn)],
      ];
      return [
        { text: it.package, paint: style.bold },
        from === to ? to : `${from} → ${to}`,
        { text: done.join(", "), paint: style.dim },
      ];
    }),
    width,
  );
}

/** What would be done about a checkout that stands in. */
function describeStep({ action, reason }: StandInChange): string {
  if (action === "remove") return "lets it stand in no longer";
  return reason === undefined
    ? "lets it stand in"
    : `lets it stand in again: ${describeReason(reason, true)}`;
}

function describeUse(
  { mode, place, for: stoodFor, git, version }: PackageUse,
  showsGit: boolean,
): string {
  if (mode === undefined) return "-";
  return [
    mode,
    stoodFor === undefined ? place ?? "" : `${place}, for ${stoodFor}`,
    showsGit && git !== undefined ? `of ${git}` : "",
    version === undefined || place?.endsWith(version) ? "" : `(${version})`,
  ].filter((part) => part !== "").join(" ");
}

/** A word on the lock file, where pyproject.toml is no reason for it to change. */
function describeLock({ unlocked, diff, differences = [] }: DiffResult): string {
  if (unlocked) return "There is no lock file yet: a sync writes it\n";
  const own = differences.filter((it) => it.kind === "lock" && it.package === undefined);
  return diff === "" ? own.map((it) => `${it.message}\n`).join("") : "";
}

/** What a sync would do to the environment, in uv's own way of writing it; where nobody can say it, what is the matter with it. */
function describeInstalls(
  { installs, unknown, unlocked, differences = [] }: DiffResult,
  { style }: Page,
): string {
  if (unknown !== undefined) {
    return style.dim(`What a sync would install is not known: ${unknown}`) + "\n";
  }
  if (installs === undefined) {
    if (unlocked) return "";
    return differences.filter((it) => it.kind === "environment" && it.package === undefined)
      .map((it) => `${it.message}\n`).join("");
  }
  const signs = {
    install: style.green("+"),
    uninstall: style.red("-"),
    reinstall: style.yellow("~"),
  };
  return installs.map(({ action, what }) => ` ${signs[action]} ${redact(what)}\n`).join("");
}

/** `hsm diff`. */
export const diffCommand: Command<DiffResult> = defineCommand({
  name: "diff",
  group: "Every day",
  summary: "Show what a sync would change and install; change nothing",
  examples: ["hsm diff", "hsm diff my-plugin", "hsm diff --exit-code"],
  positional: "packages",
  options: {
    ...packageOptions("Only these; default: all"),
    exitCode: flag("Exit with 1 if a sync would change anything"),
  },
  async run(context, { packages, exitCode = false }) {
    await using workspace = await context.open({ readonly: true });
    const result = await diff(workspace, given({ packages }));
    const blocks = [
      describePlan(result, context) + describeLock(result),
      paintDiff(result.diff, context.style),
      describeInstalls(result, context),
    ];
    return {
      data: result,
      text: blocks.filter((it) => it !== "").join("\n"),
      proof: result.different ? undefined : "A sync would change nothing",
      answer: exitCode && result.different ? 1 : 0,
    };
  },
});
