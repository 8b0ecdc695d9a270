/**
 * `hsm diff`: what a sync would change.
 *
 * @module
 */

import { join } from "@std/path";
import { redact } from "../lib/text/redact.ts";
import { columns } from "../lib/text/columns.ts";
import type { Page } from "../lib/text/page.ts";
import { paintDiff } from "../lib/text/diff.ts";
import { type Command, defineCommand } from "../lib/command/command.ts";
import { given } from "../lib/given.ts";
import { installedOf } from "../lib/packages/installed.ts";
import { normalizeName } from "../lib/names.ts";
import type { Change } from "../lib/change.ts";
import type { InstallPlan, InstallStep, Use } from "../lib/adapters/adapter.ts";
import { readProject } from "../lib/project/read_project.ts";
import { readText } from "../lib/files/read_text.ts";
import type { Difference } from "../lib/survey/differences.ts";
import { judge } from "../lib/survey/judge.ts";
import type { FilesPlan } from "../lib/survey/plan_files.ts";
import { writePlan } from "../lib/survey/write_plan.ts";
import type { Source } from "../lib/source.ts";
import type { Workspace } from "../lib/workspace/workspace.ts";
import { flag } from "../lib/command/options.ts";
import { packageOptions } from "../lib/packages/options.ts";
import { checkoutsFor, planSync, surveyForSync } from "./steps.ts";

export type { Difference } from "../lib/survey/differences.ts";

/** What {@linkcode diff} compares. */
export interface DiffOptions {
  /** The packages, by name or glob, such as `plug-*`; default: all. */
  readonly packages?: readonly string[];
}

/** How a package is used, as far as that is known without changing anything. */
export interface PackageUse {
  /** How it is used; undefined: pyproject.toml says nothing of it. */
  readonly mode: "prod" | "dev" | undefined;
  /** The tag, commit or branch in prod mode, the folder in dev mode. */
  readonly place: string | undefined;
  /** The repository, in prod mode. */
  readonly git: string | undefined;
  /** The version that is installed, or that the checkout says it has. */
  readonly version: string | undefined;
}

/** What a sync would do with one package. */
export interface PlannedPackage {
  /** Its name. */
  readonly package: string;
  /** How it is used now. */
  readonly from: PackageUse;
  /** How it would be used. */
  readonly to: PackageUse;
  /** Whether its checkout would be cloned. */
  readonly clone: boolean;
  /** What would change in pyproject.toml. */
  readonly changes: readonly Change[];
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
  /** All that is not in line, as `status` has it; left out where everything is. */
  readonly differences?: readonly Difference[];
}

/**
 * Finds out what a sync would change: checkouts that it would clone, pyproject.toml, the lock file, and what it would
 * install. Writes nothing and builds nothing.
 *
 * @example
 * ```ts
 * import { diff, openWorkspace } from "@hsm/hsm";
 *
 * await using workspace = await openWorkspace({ readonly: true });
 * const { packages } = await diff(workspace);
 * console.log(packages.map((it) => it.package));
 * ```
 *
 * @throws {HsmError} what `map` and `inject` throw
 */
export async function diff(workspace: Workspace, options: DiffOptions = {}): Promise<DiffResult> {
  const before = await workspace.adapter.uses(workspace.filesFor());
  await using survey = surveyForSync(workspace, { ...options, dryRun: true });
  const checkouts = await checkoutsFor(survey, { dryRun: true });
  const missing = checkouts.filter((it) => it.state === "missing").map((it) => it.package);
  const plan = await planSync(survey, { noCheck: true });
  const { differences, lock, strangers, install } = await judge(survey, plan);
  const injected = await writePlan(workspace, plan, { dryRun: true });
  const names = touchedNames(workspace, plan.changes, missing);
  const installed = await installedOf(workspace, new Set(names.map(normalizeName)));
  const packages: PlannedPackage[] = [];
  for (const name of names) {
    const key = normalizeName(name);
    const source = plan.sources.find((it) => normalizeName(it.package) === key)?.source;
    packages.push({
      package: name,
      from: { ...useOf(before.get(key)), version: installed.get(key)?.version },
      to: { ...useOf(source), version: await checkoutVersion(workspace, source) },
      clone: missing.includes(name),
      changes: plan.changes.filter((it) => normalizeName(it.package) === key),
    });
  }
  const isUpToDate = !injected.changed && lock.state === "current" && strangers?.length === 0;
  const { steps = [], reason } = isUpToDate ? install : await planInstall(workspace, plan, missing);
  return {
    different: differences.length > 0,
    unlocked: lock.state === "missing",
    packages,
    diff: injected.diff,
    ...given({
      installs: steps.length === 0 ? undefined : steps,
      unknown: reason,
      differences: differences.length === 0 ? undefined : differences,
    }),
  };
}

/** What would be installed once the files are written. */
async function planInstall(
  workspace: Workspace,
  { texts }: FilesPlan,
  missing: readonly string[],
): Promise<InstallPlan> {
  if (missing.length > 0) {
    const reason = `${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} not cloned yet`;
    return { environment: "kept", steps: undefined, reason };
  }
  return await workspace.adapter.wouldInstall(workspace.adapterContext, texts);
}

/** The packages that something would happen to: those of the manifest in its order, then those that have left it. */
function touchedNames(
  { manifest }: Workspace,
  changes: readonly Change[],
  missing: readonly string[],
): readonly string[] {
  // An exclude names a folder.
  const changed = changes.filter((it) => it.what !== "exclude").map((it) => it.package);
  const touched = new Map([...changed, ...missing].map((it) => [normalizeName(it), it]));
  const known = manifest.packages.filter((it) => touched.delete(it.key));
  return [...known.map((it) => it.name), ...touched.values()];
}

/** How a package is used that the files have from there, now or then. */
function useOf(from: Use | Source | undefined): Omit<PackageUse, "version"> {
  if (from?.kind === "path") return { mode: "dev", place: from.path, git: undefined };
  if (from?.kind !== "git") return { mode: undefined, place: undefined, git: undefined };
  const { git, tag, rev, branch } = from;
  return { mode: "prod", place: tag ?? rev ?? branch, git };
}

/** The version that a checkout says it has, where it is there and says so without being built. */
async function checkoutVersion(
  workspace: Workspace,
  source: Source | undefined,
): Promise<string | undefined> {
  if (source === undefined || source.kind === "git") return undefined;
  const file = `${source.path}/pyproject.toml`;
  try {
    const text = await readText(join(workspace.root, file), file, "pyproject-invalid");
    return text === undefined ? undefined : readProject(text, file).version;
  } catch {
    // What is wrong with it is for `check` to say.
    return undefined;
  }
}

function describePlan(packages: readonly PlannedPackage[], { style, width }: Page): string {
  return columns(
    packages.map((it) => {
      const moved = it.from.mode === "prod" && it.to.mode === "prod" && it.from.git !== it.to.git;
      return [
        { text: it.package, paint: style.bold },
        `${describeUse(it.from, moved)} → ${describeUse(it.to, moved)}`,
        { text: it.clone ? "clones it" : "", paint: style.dim },
      ];
    }),
    width,
  );
}

function describeUse({ mode, place, git, version }: PackageUse, showsGit: boolean): string {
  if (mode === undefined) return "-";
  return [
    mode,
    place ?? "",
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

/** What a sync would do to the environment, in uv's own way of writing it. */
function describeInstalls({ installs, unknown }: DiffResult, { style }: Page): string {
  if (unknown !== undefined) {
    return style.dim(`What a sync would install is not known: ${unknown}`) + "\n";
  }
  const signs = {
    install: style.green("+"),
    uninstall: style.red("-"),
    reinstall: style.yellow("~"),
  };
  return installs?.map(({ action, what }) => ` ${signs[action]} ${redact(what)}\n`).join("") ?? "";
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
      describePlan(result.packages, context) + describeLock(result),
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
