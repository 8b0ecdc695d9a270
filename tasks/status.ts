/**
 * `hsm status`: every package, from the manifest to what is really installed.
 *
 * @module
 */

import { messageOf } from "../lib/process/failed_program.ts";
import { fetchUpstream, hintOfFailure, tellFetched } from "../lib/checkout/fetch_upstream.ts";
import { type CheckoutGroup, concerning, groupByCheckout } from "../lib/checkout/group.ts";
import { missingBranch } from "../lib/checkout/missing_branch.ts";
import { readCheckoutStates } from "../lib/checkout/read_states.ts";
import {
  type CheckoutReading,
  type CheckoutState,
  describeCheckout,
  dirtyCount,
  isUpstreamGone,
  readCheckoutState,
} from "../lib/checkout/state.ts";
import { table } from "../lib/text/columns.ts";
import type { Page } from "../lib/text/page.ts";
import { type Command, defineCommand } from "../lib/command/command.ts";
import type { Difference } from "../lib/survey/differences.ts";
import { judge } from "../lib/survey/judge.ts";
import { planUnlessSynced } from "../lib/survey/plan_files.ts";
import { Survey } from "../lib/survey/survey.ts";
import type { GitOperation } from "../lib/git/operation.ts";
import { given } from "../lib/given.ts";
import type { InstalledPackage, Origin } from "../lib/packages/installed.ts";
import type { ManifestPackage, Mode, Pin } from "../lib/manifest/model.ts";
import { describePin } from "../lib/packages/describe_pin.ts";
import { describeInstalled } from "../lib/packages/describe_installed.ts";
import { mapAll } from "../lib/process/pool.ts";
import { redact } from "../lib/text/redact.ts";
import { NO_PACKAGES } from "../lib/packages/none.ts";
import { selectPackages } from "../lib/packages/select.ts";
import type { Workspace } from "../lib/workspace/workspace.ts";
import { flag } from "../lib/command/options.ts";
import { packageOptions } from "../lib/command/package_options.ts";

export type { Difference, GitOperation, InstalledPackage, Origin };

/** What {@linkcode status} looks at. */
export interface StatusOptions {
  /** The packages, by name or glob, such as `plug-*`; default: all. */
  readonly packages?: readonly string[];
  /** Asks the remotes first how far the checkouts are behind. @default {false} */
  readonly fetch?: boolean;
}

/** A dev package's checkout, as it is now. */
export interface StatusCheckout {
  /** Its folder, relative to the root, with `/`. */
  readonly path: string;
  /** Whether it is one; `foreign`: something else lies there. */
  readonly state: "present" | "missing" | "foreign";
  /** The commit at HEAD. */
  readonly commit?: string;
  /** The branch; left out where HEAD is detached. */
  readonly branch?: string;
  /** The branch that the manifest says is to be checked out, where the checkout has never been there. */
  readonly missingBranch?: string;
  /** The branch it follows. */
  readonly upstream?: string;
  /** How many commits it has that the upstream has not. */
  readonly ahead?: number;
  /** How many commits the upstream has that it has not. */
  readonly behind?: number;
  /** Whether the branch it follows is no longer at its remote, as far as was fetched. */
  readonly upstreamGone?: boolean;
  /** How many files differ from the commit, untracked ones included. */
  readonly dirty?: number;
  /** Its submodules that are not as it records them; left out where all are. */
  readonly submodules?: readonly StatusSubmodule[];
  /** How many stashes there are. */
  readonly stashes?: number;
  /** What git is in the middle of. */
  readonly operation?: GitOperation;
  /** Why the remote was not reached, where it was asked. */
  readonly fetchError?: string;
}

/** A submodule of a checkout that is not as the checkout records it. */
export interface StatusSubmodule {
  /** Its folder, relative to the checkout, with `/`. */
  readonly path: string;
  /** `missing`: not cloned; `moved`: at another commit than recorded; `changed`: its files differ from its commit. */
  readonly state: "missing" | "moved" | "changed";
}

/** A package, as it is now. */
export interface PackageStatus {
  /** The package's name. */
  readonly package: string;
  /** How it is used. */
  readonly mode: Mode;
  /** Its version in production. */
  readonly pin?: Pin;
  /** Its checkout, in dev mode. */
  readonly checkout?: StatusCheckout;
  /** What is installed of it. */
  readonly installed?: InstalledPackage;
  /** What does not agree. */
  readonly drift: readonly Difference[];
}

/** What {@linkcode status} found. */
export interface StatusResult {
  /** The packages asked for, in the manifest's order. */
  readonly packages: readonly PackageStatus[];
  /** What does not agree of the app as a whole: its lock file, what is installed beside the packages. Left out where all does. */
  readonly app?: readonly Difference[];
  /** Whether the manifest, the checkouts, pyproject.toml, the lock file and the environment agree. */
  readonly agrees: boolean;
}

/**
 * Looks at every package: its mode and pin, the state of its checkout, what is really installed (by the environment's
 * own metadata, PEP 610), and whether a sync would change anything.
 *
 * Touches nothing, and runs no code but git's and the package manager's, which builds nothing: at most one call for
 * each dev checkout, a few more for one that has submodules, none for a prod package. With `fetch` the checkouts'
 * remote-tracking branches are brought up to date first; a remote that is away is a warning.
 *
 * @example
 * ```ts
 * import { openWorkspace, status } from "@hsm/hsm";
 *
 * await using workspace = await openWorkspace({ readonly: true });
 * const { packages, agrees } = await status(workspace);
 * console.log(agrees); // true
 * console.log(packages[0]?.installed); // { version: "1.2.0", origin: { kind: "git", url: "https://…", … } }
 * ```
 *
 * @param workspace The workspace.
 * @param options Which packages, and whether to ask the remotes.
 * @returns What there is of each package, in the manifest's order; what does not agree is in its `drift`.
 * @throws {HsmError} `package-unknown`, `pyproject-invalid`, `tool-missing`
 */
export async function status(
  workspace: Workspace,
  options: StatusOptions = {},
): Promise<StatusResult> {
  const packages = selectPackages(workspace.manifest, options.packages);
  await using survey = new Survey(workspace, { packages, asks: "none", assumesClones: true });
  const reading = readCheckouts(survey, options.fetch ?? false);
  // git may refuse what its files call a checkout.
  const placeOf = async (it: ManifestPackage) => {
    const { reading: found, gaps = [] } = (await reading).get(it) ?? {};
    return found?.kind === "checkout" ? { kind: found.kind, gaps } : found;
  };
  const judging = planUnlessSynced(survey).then((plan) => judge(survey, plan, placeOf));
  const [checkouts, { differences, installed }] = await Promise.all([reading, judging]);
  const app = differences.filter((it) => it.package === undefined);
  return {
    packages: packages.map((it) => ({
      package: it.name,
      mode: it.mode,
      ...given({
        pin: it.pin,
        checkout: checkouts.has(it) ? summarize(it, checkouts.get(it)!) : undefined,
        installed: installed.get(it.key),
      }),
      drift: differences.filter((difference) => difference.package === it.name)
        .map(({ kind, message }) => ({ kind, message })),
    })),
    ...(app.length === 0 ? {} : { app }),
    agrees: differences.length === 0,
  };
}

interface FoundCheckout {
  readonly reading: CheckoutReading;
  readonly fetchError?: string | undefined;
  /** Whether the fetch found that what it follows is gone. */
  readonly isGone?: boolean;
  /** The submodules that it is to have and has not. */
  readonly gaps?: readonly string[];
  /** The branch that it is to be on, where it has none of that name. */
  readonly missingBranch?: string | undefined;
}

async function readCheckouts(
  survey: Survey,
  fetches: boolean,
): Promise<ReadonlyMap<ManifestPackage, FoundCheckout>> {
  const { workspace, packages } = survey;
  const dev = packages.filter((it) => it.mode === "dev");
  const groups = groupByCheckout(workspace.root, dev);
  const directories = groups.map((it) => it.directory);
  const read = await readCheckoutStates(workspace, directories, workspace.jobs);
  const readings = new Map(directories.map((it, at) => [it, read[at]!]));
  const found = await mapAll(groups, workspace.jobs, async (group) => {
    const reading = readings.get(group.directory)!;
    const own = await mapAll(group.packages, 1, (it) => asOwnCheckout(survey, it, reading));
    const branch = reading.kind === "checkout" && reading.state.upstream !== undefined &&
        own.includes(reading)
      ? reading.state.branch
      : undefined;
    const now = !fetches || branch === undefined
      ? { reading }
      : await fetchGroup(workspace, group, { reading, branch });
    const isOwn = reading.kind === "checkout" && own.includes(reading);
    const place = await survey.checkout(group.packages[0]);
    const more = {
      gaps: place?.kind === "checkout" ? place.gaps : [],
      missingBranch: isOwn ? await missingBranch(workspace, group) : undefined,
    };
    return group.packages.map((it, at) => {
      return [it, own[at] === reading ? { ...now, ...more } : { reading: own[at]! }] as const;
    });
  });
  return new Map(found.flat());
}

/** What a checkout is after it was fetched into, or why it was not. */
async function fetchGroup(
  workspace: Workspace,
  group: CheckoutGroup,
  { reading, branch }: { readonly reading: CheckoutReading; readonly branch: string },
): Promise<FoundCheckout> {
  const { directory, path, names } = group;
  using _ = workspace.tell.begin({
    work: "fetch",
    ...concerning(group),
    message: `Fetching ${names}`,
  });
  const warn = (message: string) =>
    workspace.tell({ kind: "warned", ...concerning(group), message });
  const { success, gone, notes, ...result } = await fetchUpstream(workspace, group, branch);
  if (success) {
    tellFetched(workspace, group, notes);
    if (gone !== undefined) warn(`${path}: ${gone.reason}; ${gone.hint}`);
    const isGone = gone !== undefined;
    return { reading: await readCheckoutState(workspace, directory), isGone };
  }
  const fetchError = messageOf(result).join("; ");
  const hint = hintOfFailure(workspace, path, result);
  const more = hint === undefined ? "" : `; ${hint}`;
  warn(`Cannot fetch ${names}: ${fetchError}${more}`);
  return { reading, fetchError };
}

/** What is no checkout of the package's own repository is foreign, too. */
async function asOwnCheckout(
  survey: Survey,
  it: ManifestPackage,
  reading: CheckoutReading,
): Promise<CheckoutReading> {
  if (reading.kind !== "checkout") return reading;
  const place = await survey.checkout(it);
  return place?.kind === "foreign" ? place : reading;
}

function summarize(
  { path }: ManifestPackage,
  { reading, fetchError, isGone = false, gaps, missingBranch }: FoundCheckout,
): StatusCheckout {
  if (reading.kind !== "checkout") return { path, state: reading.kind };
  const { commit, branch, upstream, ahead, behind, stashes, operation } = reading.state;
  const submodules = submodulesOf(reading.state, gaps);
  return {
    path,
    state: "present",
    ...given({ commit, branch, missingBranch, upstream, ahead, behind }),
    ...(isGone || isUpstreamGone(reading.state) ? { upstreamGone: true } : {}),
    dirty: dirtyCount(reading.state),
    ...(submodules.length === 0 ? {} : { submodules }),
    stashes,
    ...given({ operation, fetchError }),
  };
}

function submodulesOf(
  { submodules }: CheckoutState,
  missing: readonly string[] = [],
): readonly StatusSubmodule[] {
  return [
    ...missing.map((path) => ({ path, state: "missing" as const })),
    ...submodules.filter((it) => !missing.includes(it.path)).flatMap((it) => [
      ...(it.isMoved ? [{ path: it.path, state: "moved" as const }] : []),
      ...(it.isChanged ? [{ path: it.path, state: "changed" as const }] : []),
    ]),
  ];
}

/**
 * The state of packages as text; what differs of the app follows from what differs of a package, where there is that.
 *
 * @internal
 */
export function describeStatus(
  packages: readonly PackageStatus[],
  page: Page,
  { app = [], root = "" }: { readonly app?: StatusResult["app"]; readonly root?: string } = {},
): string {
  const isInLine = packages.every((it) => it.drift.length === 0);
  const lines = isInLine ? app.map((it) => `${page.style.yellow(redact(it.message))}\n`) : [];
  return [describePackages(packages, page, root), lines.join("")].filter((it) => it !== "").join(
    "\n",
  );
}

function describePackages(
  packages: readonly PackageStatus[],
  { style, width }: Page,
  root: string,
): string {
  if (packages.length === 0) return "";
  const checkout = (it: StatusCheckout, installed: InstalledPackage | undefined) => {
    // What is installed is told by what it stands in for.
    const version = installed?.origin.kind === "stand-in" ? installed.version : undefined;
    const text = describeStatusCheckout(it, version);
    return it.state === "present" ? text : { text, paint: style.red };
  };
  const state = (drift: readonly Difference[]) =>
    drift.length === 0
      ? { text: "ok", paint: style.green }
      : { text: redact(drift.map((it) => it.message).join("; ")), paint: style.yellow };
  return table(
    ["package", "mode", "pin", "checkout", "installed", "state"],
    packages.map((it) => [
      { text: it.package, paint: style.bold },
      it.mode,
      it.pin === undefined ? "-" : describePin(it.pin),
      it.checkout === undefined ? "-" : checkout(it.checkout, it.installed),
      it.installed === undefined ? "-" : describeInstalled(it.installed, root),
      state(it.drift),
    ]),
    width,
    style.dim,
  );
}

function describeStatusCheckout(checkout: StatusCheckout, version: string | undefined): string {
  if (checkout.state !== "present") return checkout.state;
  const { commit, branch, upstream, ahead, behind, dirty = 0, stashes = 0, operation } = checkout;
  const { upstreamGone = false, missingBranch } = checkout;
  const summary = describeCheckout({
    ...{
      commit,
      branch,
      upstream,
      ahead,
      behind,
      dirty,
      stashes,
      operation,
      upstreamGone,
      version,
    },
  });
  return [
    summary,
    ...(missingBranch === undefined ? [] : [`the manifest says ${missingBranch}`]),
    // One that is missing is in the last column, with what to do about it.
    ...checkout.submodules?.flatMap((it) =>
      it.state === "missing" ? [] : `${it.path} ${SUBMODULE[it.state]}`
    ) ?? [],
  ].join(", ");
}

const SUBMODULE = {
  moved: "at another commit",
  changed: "changed",
} as const;

/** `hsm status`. */
export const statusCommand: Command<StatusResult> = defineCommand({
  name: "status",
  group: "Every day",
  summary: "Show every package: mode, pin, checkout, what is installed, and whether these agree",
  examples: ["hsm status", "hsm status --fetch my-plugin", "hsm status --exit-code"],
  positional: "packages",
  options: {
    ...packageOptions("Only these; default: all"),
    fetch: flag("Ask the remotes first how far the checkouts are behind"),
    exitCode: flag("Exit with 1 if anything is not in line"),
  },
  async run(context, { packages, fetch, exitCode = false }) {
    await using workspace = await context.open({ readonly: true });
    const result = await status(workspace, given({ packages, fetch }));
    return {
      data: result,
      text: describeStatus(result.packages, context, {
        ...given({ app: result.app }),
        root: workspace.root,
      }),
      proof: result.packages.length === 0 ? NO_PACKAGES : undefined,
      answer: exitCode && !result.agrees ? 1 : 0,
    };
  },
});
