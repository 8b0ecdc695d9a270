/**
 * `hsm clone`: the checkouts of dev packages.
 *
 * @module
 */

import { join } from "@std/path";
import {
  type CheckoutGroup,
  concerning,
  groupByCheckout,
  mapCheckouts,
} from "../lib/checkout/group.ts";
import { describeMissingBranch, missingBranch } from "../lib/checkout/missing_branch.ts";
import { verifyCheckout } from "../lib/checkout/verify.ts";
import { columns } from "../lib/text/columns.ts";
import { type Command, defineCommand } from "../lib/command/command.ts";
import { HsmError } from "../lib/errors.ts";
import { type CloneOutcome, cloneRepository } from "../lib/git/commands.ts";
import { lfsProblem } from "../lib/git/lfs.ts";
import { remoteAddress } from "../lib/git/url.ts";
import type { ManifestPackage } from "../lib/manifest/model.ts";
import { mapAll, settleAll } from "../lib/process/pool.ts";
import { selectDevPackages } from "../lib/packages/select.ts";
import {
  describeGap,
  type FillOptions,
  fillSubmodules,
  tellFilled,
  withoutSubmodules,
} from "../lib/checkout/fill_submodules.ts";
import { hasGitmodules, wantsSubmodules } from "../lib/checkout/submodules.ts";
import { checkPlaces } from "../lib/checkout/places.ts";
import type { Page } from "../lib/text/page.ts";
import { FEW, sumUp } from "../lib/text/sum_up.ts";
import { countOf } from "../lib/text/words.ts";
import { noneIn } from "../lib/packages/none.ts";
import { makeStaging, moveIntoPlace } from "../lib/checkout/staging.ts";
import { Survey } from "../lib/survey/survey.ts";
import type { CheckoutFiles } from "../lib/workspace/checkout_files.ts";
import type { Workspace } from "../lib/workspace/workspace.ts";
import { flag } from "../lib/command/options.ts";
import { objectFilter, packageOptions } from "../lib/command/package_options.ts";
import { noRepository } from "../lib/packages/no_repository.ts";
import type { Checkout } from "../lib/events/outcomes.ts";
import type { Work } from "../lib/events/tell.ts";
import { isThere } from "../lib/files/is_there.ts";

export type { Checkout };

/** What {@linkcode clone} clones. */
export interface CloneOptions {
  /** The packages, by name or glob, such as `plug-*`; default: all that are in dev mode. */
  readonly packages?: readonly string[] | undefined;
  /** Clones without asking. @default {false} */
  readonly yes?: boolean | undefined;
  /** The object filter of partial clones, such as `blob:none`. Default: what the manifest says. */
  readonly filter?: string | undefined;
  /** Only says what would be cloned. @default {false} */
  readonly dryRun?: boolean | undefined;
}

/** What {@linkcode clone} did. */
export interface CloneResult {
  /** The checkouts of the dev packages asked for, in the manifest's order. */
  readonly checkouts: readonly Checkout[];
}

/**
 * Clones the dev packages whose checkout is missing, several at a time.
 *
 * Touches the checkouts' own folders. A clone appears at its path when it is complete, submodules included. What lies
 * there already stays as it is, once it is made sure to be a checkout of the package's repository; only submodules that
 * are missing in it are cloned, and where that fails it is a warning. The rules that keep git from checkouts, where
 * they are missing, are changed in memory: `sync`, `inject` or `workspace.commit()` writes them into .gitignore.
 *
 * @example
 * ```ts
 * import { clone, openWorkspace } from "@hsm/hsm";
 *
 * await using workspace = await openWorkspace();
 * const { checkouts } = await clone(workspace, { packages: ["my-plugin"], yes: true });
 * console.log(checkouts); // [{ package: "my-plugin", path: "packages/my-plugin", state: "cloned" }]
 * ```
 *
 * @param workspace The workspace.
 * @param options Which packages, and whether to ask before cloning: without `yes` and somebody who answers nothing is
 * cloned.
 * @returns The checkouts of all dev packages asked for, there before or cloned now, in the manifest's order.
 * @throws {HsmError} `checkout-missing` where nobody said yes; `checkout-mismatch` where something else lies there;
 * `clone-failed`, one error for all packages that could not be cloned, while the others are there (`details.clones`);
 * `package-unknown`, `usage` for a package in prod mode, `tool-missing`, `io`
 */
export async function clone(
  workspace: Workspace,
  options: CloneOptions = {},
): Promise<CloneResult> {
  const packages = selectDevPackages(workspace.manifest, options.packages, "clone");
  await using survey = new Survey(workspace, { packages });
  const result = await cloneOf(survey, options);
  if (!options.dryRun) await workspace.ignore();
  return result;
}

/**
 * {@linkcode clone} of the dev packages that a survey is about, without git's rules for them.
 *
 * @internal
 */
export async function cloneOf(
  { workspace, packages: all, files, tell }: Survey,
  options: Omit<CloneOptions, "packages">,
): Promise<CloneResult> {
  const packages = all.filter((it) => it.mode === "dev");
  await checkPlaces(workspace, packages);
  const present = await mapCheckouts(workspace, packages, async (group) => {
    const there = isThere(workspace.root, group.path);
    if (!there) return false;
    await verifyAll(workspace, group, files);
    const branch = await missingBranch(workspace, group);
    if (branch !== undefined) {
      const message = describeMissingBranch(group, branch);
      tell({ kind: "branch-missing", ...concerning(group), branch, message });
    }
    return true;
  });
  const missing = packages.filter((_, index) => !present[index]);
  let taken: ReadonlySet<ManifestPackage> = new Set();
  if (missing.length > 0 && !options.dryRun) {
    const groups = groupByCheckout(workspace.root, missing);
    await askToClone(workspace, groups, options);
    taken = await cloneAll(workspace, groups, options.filter ?? workspace.manifest.filter);
    for (const group of groups) await verifyAll(workspace, group, files);
    await mentionLfs(workspace, groups);
  }
  const there = packages.filter((it, index) => present[index] || taken.has(it));
  const gaps = options.dryRun ? undefined : await completeAll(workspace, there, options.filter);
  return {
    checkouts: packages.map((it, index) => ({
      package: it.name,
      path: it.path,
      state: present[index] || taken.has(it) ? "present" : options.dryRun ? "missing" : "cloned",
      missingSubmodules: gaps?.get(it),
    })),
  };
}

/**
 * What was cloned is no part of the transaction: whoever fails after it says that it is still there, the error too.
 *
 * @internal
 */
export function mentionClones(
  workspace: Workspace,
  checkouts: readonly Checkout[],
  error: unknown,
): void {
  const paths = [
    ...new Set(checkouts.filter((it) => it.state === "cloned").map((it) => it.path)),
  ];
  if (paths.length === 0) return;
  if (error instanceof HsmError) error.addDetails({ clones: paths });
  const many = paths.length > 1;
  const packages = checkouts.filter((it) => it.state === "cloned").map((it) => it.package);
  const message = many
    ? `the clones stay at ${paths.join(", ")}: the next run takes them as they are; ` +
      "delete those that you need no longer"
    : `the clone stays at ${paths[0]}: the next run takes it as it is; ` +
      "delete it if you need it no longer";
  workspace.tell({ kind: "warned", packages, message });
}

/** Each package may name a repository of its own, where it is a link that makes them meet. */
async function verifyAll(
  workspace: Workspace,
  { packages }: CheckoutGroup,
  files: CheckoutFiles,
): Promise<void> {
  for (const it of packages) await verifyCheckout(workspace, it, files);
}

/** Tells of new clones whose files Git LFS keeps, where git did not fetch them. */
async function mentionLfs(
  workspace: Workspace,
  cloned: readonly CheckoutGroup[],
): Promise<void> {
  const asking = cloned.filter(({ packages }) => packages.some((it) => it.lfs));
  const problem = asking.length === 0 ? undefined : await lfsProblem(workspace, workspace.root);
  if (problem === undefined) return;
  for (const group of asking) {
    const { path } = group;
    const message = `${path} lacks the files that Git LFS keeps, for ${problem.message}: ` +
      `${problem.fix}, then \`git -C ${path} lfs pull\``;
    workspace.tell({ kind: "warned", ...concerning(group), message });
  }
}

/**
 * Clones the submodules that are missing in checkouts which were there before.
 *
 * @returns Those that are missing still, by package.
 */
async function completeAll(
  workspace: Workspace,
  packages: readonly ManifestPackage[],
  filter: string | undefined,
): Promise<ReadonlyMap<ManifestPackage, readonly string[]>> {
  const { root, manifest, tell } = workspace;
  const wanting = groupByCheckout(root, packages).filter(({ directory, path }) =>
    hasGitmodules(directory) && wantsSubmodules(manifest, path)
  );
  if (wanting.length === 0) return new Map();
  const jobs = Math.max(1, Math.floor(workspace.jobs / wanting.length));
  const found = await mapAll(wanting, workspace.jobs, async (group) => {
    using _ = tell.begin({
      work: "fill-submodules",
      ...concerning(group),
      message: `Looking for submodules of ${group.names}`,
    });
    const onFilled = tellFilled(workspace, group.path);
    const options = { filter: filter ?? manifest.filter, jobs, onFilled };
    return { group, gaps: await fillSubmodules(workspace, group.directory, options) };
  });
  const missing = new Map<ManifestPackage, readonly string[]>();
  for (const { group, gaps } of found) {
    const [first] = group.packages;
    for (const gap of gaps) {
      const hint = gap.isFailure ? `; ${withoutSubmodules(first.name, gap.reason)}` : "";
      const message = `${group.path} is not whole: ${describeGap(gap)}${hint}`;
      tell({ kind: "warned", ...concerning(group), message });
    }
    if (gaps.length === 0) continue;
    for (const it of group.packages) missing.set(it, gaps.flatMap((gap) => gap.paths));
  }
  return missing;
}

async function askToClone(
  workspace: Workspace,
  missing: readonly CheckoutGroup[],
  { yes }: CloneOptions,
): Promise<void> {
  if (yes) return;
  const list = missing.map((it) => it.names).join(", ");
  const many = missing.length > 1;
  const question = `Clone ${list} into ${many ? "their checkouts" : missing[0]?.path}?`;
  const answer = await workspace.confirm?.(question);
  if (answer) return;
  const way = workspace.commandWith("--yes");
  throw new HsmError(
    "checkout-missing",
    `Cannot go on without the ${many ? "checkouts" : "checkout"} of ${list}: ${
      missing.map((it) => it.path).join(", ")
    } ${many ? "are" : "is"} missing`,
    {
      // Who has just said no is not told how to say yes.
      hint: answer === undefined ? `${way === "yes: true" ? "pass" : "run"} \`${way}\`` : undefined,
      details: { packages: namesOf(missing), paths: missing.map((it) => it.path) },
    },
  );
}

function namesOf(groups: readonly CheckoutGroup[]): readonly string[] {
  return groups.flatMap((it) => it.packages.map(({ name }) => name));
}

/**
 * Clones checkouts.
 *
 * @returns The packages of those that somebody else cloned meanwhile.
 */
async function cloneAll(
  workspace: Workspace,
  missing: readonly CheckoutGroup[],
  filter: string | undefined,
): Promise<ReadonlySet<ManifestPackage>> {
  const unknown = namesOf(missing.filter((it) => it.git === undefined));
  if (unknown.length > 0) {
    throw noRepository(`clone ${unknown.join(", ")}`, { packages: unknown });
  }
  const jobs = Math.max(1, Math.floor(workspace.jobs / missing.length));
  const isMany = missing.length > FEW;
  const settled = await settleAll(
    missing,
    workspace.jobs,
    (it) => cloneAndTell(workspace, it, { filter, jobs, isMany }),
  );
  workspace.signal.throwIfAborted();
  const ended = missing.map((group, index) => ({ group, ...outcomeOf(settled[index]!) }));
  const failures = ended.filter((it) => !it.success);
  const done = ended.filter((it) => it.success && !it.isTaken).map((it) => it.group);
  const taken = new Set(ended.filter((it) => it.isTaken).flatMap((it) => it.group.packages));
  if (isMany && done.length > 0) {
    const message = `Cloned ${countOf(namesOf(done).length, "package")}`;
    workspace.tell({ kind: "told", message });
  }
  const [failure] = failures;
  if (failure === undefined) return taken;
  // What was put into a place meanwhile is told as what was there before.
  const { error } = failure;
  const isMismatch = error instanceof HsmError && error.code === "checkout-mismatch";
  if (failures.length === 1 && isMismatch) throw error;
  const others = missing.length - failures.length;
  throw new HsmError(
    "clone-failed",
    `Cannot clone ${failures.map((it) => it.group.names).join(", ")}` +
      (others === 0
        ? ""
        : others === 1
        ? ": the other one is there"
        : `: the other ${others} are there`),
    {
      causes: failures.map(({ group, message }) => `${group.names}: ${message}`),
      details: {
        packages: namesOf(failures.map((it) => it.group)),
        clones: done.map((it) => it.path),
      },
      hint: failures.find((it) => it.hint !== undefined)?.hint,
    },
  );
}

/** How cloning a checkout ended; `isTaken`: somebody else has cloned it meanwhile. */
type Cloned = CloneOutcome & { readonly isTaken?: boolean; readonly error?: unknown };

function outcomeOf(result: PromiseSettledResult<Cloned>): Cloned {
  if (result.status === "fulfilled") return result.value;
  const error = result.reason;
  return { success: false, message: error?.message ?? String(error), error };
}

/** How a checkout is cloned; `isMany`: as one of many. */
type Ways = FillOptions & { readonly isMany: boolean };

/** Clones one repository, and tells what becomes of it as soon as that is known. */
async function cloneAndTell(
  workspace: Workspace,
  group: CheckoutGroup,
  { isMany, ...options }: Ways,
): Promise<Cloned> {
  const { tell } = workspace;
  const { names, path: place } = group;
  using work = tell.begin({ work: "clone", ...concerning(group), message: `Cloning ${names}` });
  const { id } = work;
  const failed = (reason: string) => {
    for (const { name, path } of group.packages) {
      tell({ kind: "clone-failed", id, package: name, path, reason });
    }
  };
  try {
    const outcome = await cloneOne(workspace, group, { ...options, work });
    work.ended(outcome.success);
    if (!outcome.success) failed(outcome.message);
    else if (outcome.isTaken) {
      tell({ kind: "told", message: `Took ${place} as it is: it was cloned meanwhile` });
    } else {
      for (const [index, { name, path }] of group.packages.entries()) {
        const level = isMany ? "detail" : undefined;
        const told = index === 0
          ? { level, message: `Cloned ${names} into ${place}` } as const
          : {};
        tell({ kind: "cloned", id, package: name, path, state: "cloned", ...told });
      }
    }
    return outcome;
  } catch (error) {
    failed(error instanceof Error ? error.message : String(error));
    throw error;
  }
}

/**
 * Clones one repository beside its place, and moves the complete clone there. Where another hsm was faster, which an app
 * beside this one may be, its checkout is taken.
 */
async function cloneOne(
  workspace: Workspace,
  { directory, path, packages, git = "", checkout }: CheckoutGroup,
  { filter, jobs, work }: FillOptions & { readonly work: Work },
): Promise<Cloned> {
  const { root } = workspace;
  await using staging = await makeStaging(directory);
  const clone = join(staging.path, "clone");
  const onProgress = work.isShown
    ? (phase: string, percent: number) => work.update(phase, percent)
    : undefined;
  const ways = { filter, onProgress };
  const url = remoteAddress(git, root);
  const from = { ...ways, url, directory: clone, branch: checkout };
  const outcome = await cloneRepository(workspace, from);
  if (!outcome.success) return outcome;
  if (wantsSubmodules(workspace.manifest, path)) {
    const gaps = await fillSubmodules(workspace, clone, { ...ways, jobs });
    const message = gaps.map(describeGap).join("\n");
    if (gaps.length > 0) {
      const hint = withoutSubmodules(packages[0].name, message);
      return { success: false, message, hint };
    }
  }
  if (moveIntoPlace(clone, root, path)) return outcome;
  await verifyCheckout(workspace, packages[0]);
  return { ...outcome, isTaken: true };
}

function describe(checkouts: readonly Checkout[], { style, width, verbose }: Page): string {
  const rows = sumUp(checkouts, {
    kind: (it) => it.state,
    one: (it) => [{ text: it.package, paint: style.bold }, it.path, it.state],
    many: (all) => [countOf(all.length, "package"), "", all[0].state],
    verbose,
  });
  return columns(rows, width);
}

/** `hsm clone`. */
export const cloneCommand: Command<CloneResult> = defineCommand({
  name: "clone",
  group: "The steps of sync",
  summary: "Clone the dev packages whose checkout is missing",
  examples: ["hsm clone --yes", "hsm clone my-plugin"],
  positional: "packages",
  packageMode: "dev",
  options: {
    ...packageOptions("Only these; default: all dev packages", "All in dev mode"),
    filter: objectFilter(),
    dryRun: flag("Only say what would be cloned"),
  },
  async run(context, { packages, filter, dryRun }) {
    await using workspace = await context.open({ readonly: dryRun ?? false });
    const result = await clone(workspace, { packages, filter, dryRun, yes: context.yes });
    if (!dryRun) await workspace.commit();
    return {
      data: result,
      text: describe(result.checkouts, context),
      proof: result.checkouts.length === 0 ? noneIn("dev") : undefined,
    };
  },
});
