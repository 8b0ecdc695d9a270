/**
 * Whether the manifest, the checkouts, pyproject.toml, the lock file and the environment agree: one judgement, which every
 * command that tells it shows a part of.
 *
 * @module
 */

import type { Change } from "../change.ts";
import { join, resolve } from "@std/path";
import type { InstallPlan, InstallStep, LockState, Stranger, Use } from "../adapters/adapter.ts";
import type { HsmError } from "../errors.ts";
import type { StandInChange } from "../events/outcomes.ts";
import { homeOrTop, repositoryUrl, sameRepository } from "../git/url.ts";
import type { ManifestPackage, Pin } from "../manifest/model.ts";
import { isAppsAffair, standsIn } from "../manifest/stand_ins.ts";
import { normalizeName } from "../names.ts";
import { describePin } from "../packages/describe_pin.ts";
import type { InstalledPackage, Origin } from "../packages/installed.ts";
import type { LockedCommit } from "../packages/locked.ts";
import { describeStanding, type PackageStanding } from "../packages/standing.ts";
import { shortPath } from "../platform/paths.ts";
import type { FoundCheckout } from "./survey.ts";
import { listOf } from "../text/words.ts";

/** One thing that a sync would change, or that keeps it from being one. */
export interface Difference {
  /** What it is about. */
  readonly kind: "manifest" | "checkout" | "pyproject" | "lock" | "environment";
  /** The package that it is about; left out where it is the app as a whole. */
  readonly package?: string;
  /** What is the matter, in words. */
  readonly message: string;
}

/** What is known of everything, from everywhere. */
export interface Facts {
  /** The app's folder. */
  readonly root: string;
  /** The packages that are looked at, as the manifest has them. */
  readonly packages: readonly ManifestPackage[];
  /** What is known of a package, by its key. */
  readonly known: ReadonlyMap<string, PackageFacts>;
  /** The files that HSM writes into, as messages name them: pyproject.toml for most. */
  readonly edited: string;
  /** Whether they would say something else. */
  readonly isRewritten: boolean;
  /** What would change in them. */
  readonly changes: readonly Change[];
  /** The lock file's name. */
  readonly lockFile: string;
  /** Whether it is what they ask for. */
  readonly lock: LockState;
  /** Packages that it has from elsewhere than they say; undefined where it cannot be read. */
  readonly strangers: readonly Stranger[] | undefined;
  /** What would be done to the environment. */
  readonly install: InstallPlan;
  /** The checkouts that stand in for packages which have left the manifest. */
  readonly gone?: readonly StandInChange[];
}

/** What is known of one package. */
export interface PackageFacts {
  /** What lies at the place of its checkout; undefined in prod mode. */
  readonly checkout?: FoundCheckout | undefined;
  /** Why it is not known where it comes from. */
  readonly unmapped?: HsmError | undefined;
  /** How the app's files use it now. */
  readonly source?: Use | undefined;
  /** What is installed of it. */
  readonly installed?: InstalledPackage | undefined;
  /** The commit at which the lock file has it. */
  readonly locked?: LockedCommit | undefined;
  /** How it stands, where a checkout is to stand in for it. */
  readonly standing?: PackageStanding | undefined;
  /** Whether it is the app's own affair, and nothing is locked of it. */
  readonly isNotLocked?: boolean;
}

/** All that differs, in the manifest's order, the app's own last; empty where everything is in line. Pure. */
export function findDifferences(facts: Facts): readonly Difference[] {
  return [...facts.packages.flatMap((it) => ofPackage(it, facts)), ...ofApp(facts)];
}

function ofPackage(it: ManifestPackage, facts: Facts): readonly Difference[] {
  const own = facts.known.get(it.key) ?? {};
  const found = firstOf(it, own, facts);
  const missing = own.checkout?.kind === "checkout" ? own.checkout.gaps : [];
  if (missing.length === 0) return found;
  const what = missing.length === 1
    ? `its submodule ${missing[0]} is missing`
    : `its submodules ${missing.join(", ")} are missing`;
  const message = `${what}: run \`hsm clone ${it.name}\``;
  return [{ kind: "checkout", package: it.name, message }, ...found];
}

/** What comes later follows from what comes first. */
function firstOf(it: ManifestPackage, own: PackageFacts, facts: Facts): readonly Difference[] {
  const tell = (kind: Difference["kind"], message: string) => [{ kind, package: it.name, message }];
  const { checkout, unmapped } = own;
  if (checkout?.kind === "missing") {
    const todo = standsIn(it) ? `: run \`hsm clone ${it.name}\`` : "";
    return tell("checkout", `${it.path} is missing${todo}`);
  }
  if (checkout?.kind === "foreign") return tell("checkout", `${it.path} is ${checkout.reason}`);
  // What a checkout stands in for is in production as far as the app's files go.
  const prod = it.mode === "prod" || standsIn(it);
  if (it.mode === "prod" && !isAppsAffair(it)) {
    if (it.git === undefined) return tell("manifest", "names no repository");
    if (it.pin === undefined) return tell("manifest", "names no pin");
  }
  if (unmapped !== undefined) {
    return tell("manifest", unmapped.message.replace(/^Cannot map [^:]*: /, ""));
  }
  if (own.isNotLocked && facts.lock.state !== "missing") {
    return tell("manifest", "has no pin, and nothing is locked of it: run `hsm check`");
  }
  const changes = facts.changes.filter(({ package: name }) => normalizeName(name) === it.key);
  const [change] = changes;
  if (change !== undefined) {
    const { root, edited } = facts;
    const about = { root, edited, package: it, source: own.source };
    const source = changes.some(({ what }) => what === "source")
      ? (prod ? prodSource : devSource)(about)
      : undefined;
    return tell("pyproject", source ?? describeChange(edited, change));
  }
  return installation(it, own, facts, tell);
}

function describeChange(edited: string, { what, action, from, to }: Change): string {
  const state = { add: "lacks", replace: "has another", remove: "has a" }[action];
  const entry = what === "source" ? "source for it" : `${what} ${action === "add" ? to : from}`;
  return `${edited} ${state} ${entry}${action === "remove" ? " too many" : ""}`;
}

function installation(
  it: ManifestPackage,
  own: PackageFacts,
  { root, strangers = [], lock, install: { steps, reason } }: Facts,
  tell: (kind: Difference["kind"], message: string) => readonly Difference[],
): readonly Difference[] {
  const stranger = strangers.find((other) => other.package === it.key);
  const actions = steps?.filter((step) => step.package === it.key).map((step) => step.action);
  const { installed, source, locked, standing } = own;
  const unlike = standing && describeStanding(root, standing);
  // That nothing is installed may be as it should be.
  if (unlike !== undefined && installed !== undefined) return tell("environment", unlike);
  if (standing === undefined && installed?.origin.kind === "stand-in") {
    const place = shortPath(root, installed.origin.path);
    return tell("environment", `${place} stands in for it still: run \`hsm sync\``);
  }
  // Where nothing is known of the environment, its own metadata says as much as it does.
  if (stranger === undefined && actions?.length === 0) return [];
  if (installed === undefined) {
    // Where the package manager does not say, what the app itself requires is missed.
    const isMissed = actions?.includes("install") ??
      (reason === undefined && lock.state !== "missing" && it.require && it.group === undefined);
    if (isMissed) return tell("environment", unlike ?? "not installed");
  } else if (standing === undefined && !isAppsAffair(it)) {
    const judge = it.mode === "prod" ? prodInstalled : devInstalled;
    const other = judge(it, { root, source, locked }, installed);
    if (other !== undefined) return tell("environment", other);
  }
  if (stranger !== undefined) return tell("lock", `the lock file has it from ${stranger.from}`);
  if (actions === undefined) return [];
  return tell(
    "environment",
    actions.includes("install") || actions.includes("reinstall")
      ? "installed is not what is locked"
      : "installed, though nothing asks for it",
  );
}

function ofApp(facts: Facts): readonly Difference[] {
  const { root, edited, packages, changes, isRewritten, lock, install, gone = [] } = facts;
  const keys = new Set(packages.map((it) => it.key));
  const found: Difference[] = [];
  const others = new Set(
    changes.filter((it) => !keys.has(normalizeName(it.package))).map((it) => it.package),
  );
  if (others.size > 0) {
    const message = `${edited} does not say what hsm.yaml says about ${[...others].join(", ")}`;
    found.push({ kind: "pyproject", message });
  } else if (isRewritten && changes.length === 0) {
    found.push({ kind: "pyproject", message: `${edited} does not say what hsm.yaml says` });
  }
  const locked = describeLock(facts);
  if (locked !== undefined) found.push({ kind: "lock", message: locked });
  const installed = describeInstall(install, lock, keys);
  if (installed !== undefined) found.push({ kind: "environment", message: installed });
  for (const { package: name, path } of gone) {
    const message = `${shortPath(root, path)} stands in for ${name} still: run \`hsm sync\``;
    found.push({ kind: "environment", message });
  }
  return found;
}

function describeLock(
  { edited, lockFile: file, lock: { state, reason }, strangers }: Facts,
): string | undefined {
  if (state === "missing") return `there is no ${file}`;
  if (strangers === undefined) return `${file} is none that hsm can read`;
  if (state === "stale") return `${file} does not match ${edited}`;
  return state === "unknown" && reason !== undefined
    ? `whether ${file} matches ${edited} is not known: ${reason}`
    : undefined;
}

function describeInstall(
  { environment, steps, reason }: InstallPlan,
  lock: LockState,
  managed: ReadonlySet<string>,
): string | undefined {
  if (environment === "made") return "there is no environment";
  if (environment === "replaced") return "the environment has another Python than it is to have";
  if (steps === undefined) {
    // Without a lock file nobody knows.
    if (lock.state === "missing" || reason === undefined) return undefined;
    return `what a sync would install is not known: ${reason}`;
  }
  const others = steps.filter((it) => !managed.has(it.package));
  if (others.length === 0) return undefined;
  const phrases = (["install", "uninstall", "reinstall"] as const).flatMap((action) => {
    const names = others.filter((it) => it.action === action).map(nameOf);
    return names.length === 0 ? [] : [`${action} ${listOf(names, SHOWN)}`];
  });
  return `in the environment, a sync would ${phrases.join(" and ")}`;
}

/** What is done without where it is from, which may be long. */
function nameOf({ what }: InstallStep): string {
  return what.replace(/ (?:\(from |@ ).*$/, "");
}

const SHOWN = 3;

/** A package with its source, and the app's folder. */
interface SourceFacts {
  readonly root: string;
  readonly edited: string;
  readonly package: ManifestPackage;
  readonly source: Use | undefined;
}

function devSource({ root, edited, package: it, source }: SourceFacts): string | undefined {
  if (source?.kind !== "path") {
    return noSource(edited, source) ?? `${edited} does not use ${it.path}`;
  }
  const { path, editable } = source;
  if (path === undefined) return undefined;
  const place = resolve(root, path);
  const checkout = join(root, it.path);
  const fits = it.subdirectory === undefined
    ? place === checkout || place.startsWith(join(checkout, "/"))
    : place === join(checkout, it.subdirectory);
  if (!fits) return `${edited} uses ${path}`;
  return editable ? undefined : `${edited} does not take it as editable`;
}

/** What is the matter with a prod package's source; undefined where it is the manifest's repository and pin. */
export function prodSource(
  { root, edited, package: it, source }: SourceFacts,
): string | undefined {
  if (source?.kind !== "git") return noSource(edited, source) ?? `${edited} does not use the pin`;
  const { git, tag, rev, branch, subdirectory, lfs = false } = source;
  const { home, top } = homeOrTop(it.git ?? "") ?? {};
  if (![home, top, repositoryUrl(it.git ?? "", root)].includes(git)) {
    return `${edited} uses ${git}`;
  }
  for (const [key, value] of Object.entries(it.pin ?? {})) {
    if (source[key as "tag" | "rev" | "branch"] === value) continue;
    const other = tag ?? rev ?? branch;
    return other === undefined ? `${edited} names no pin` : `${edited} uses ${other}`;
  }
  if (subdirectory !== it.subdirectory) return `${edited} uses another subdirectory`;
  if (lfs === it.lfs) return undefined;
  return `${edited} ${it.lfs ? "does not ask" : "asks"} for what Git LFS keeps`;
}

function noSource(edited: string, source: Use | undefined): string | undefined {
  if (source === undefined) return `${edited} has no source for it`;
  const isSeveral = source.kind === "foreign" && source.isSeveral;
  return isSeveral ? `${edited} has several sources for it` : undefined;
}

/** What is known beside what is installed. */
type InstallFacts = Pick<Facts, "root"> & Pick<PackageFacts, "source" | "locked">;

function devInstalled(
  it: ManifestPackage,
  { root, source }: InstallFacts,
  { origin }: InstalledPackage,
): string | undefined {
  if (origin.kind !== "folder") return `installed is ${describeOrigin(origin)}, not the checkout`;
  const path = source?.kind === "path" ? source.path : undefined;
  const checkout = join(root, it.path);
  const fits = path !== undefined
    ? origin.path === resolve(root, path)
    : origin.path === checkout || origin.path.startsWith(join(checkout, "/"));
  if (!fits) return `installed is ${origin.path}, not the checkout`;
  return origin.editable ? undefined : "installed is a copy of the checkout";
}

function prodInstalled(
  { git = "", pin, subdirectory }: ManifestPackage,
  { root, locked }: InstallFacts,
  { origin }: InstalledPackage,
): string | undefined {
  if (origin.kind !== "git") {
    return `installed is ${describeOrigin(origin)}, not ${describePin(pin)}`;
  }
  if (!sameRepository(origin.url, git, root)) return `installed is from ${origin.url}`;
  if (origin.subdirectory !== subdirectory) return "installed is from another subdirectory";
  // By another name it may be the pin's commit all the same.
  if (isNamedOtherwise(pin, origin)) return `installed is ${describeOrigin(origin)}`;
  if (locked === undefined || locked.commit === origin.commit) return undefined;
  return `installed is ${describePin({ rev: origin.commit })}, locked ${
    describePin({ rev: locked.commit })
  }`;
}

/** Whether what is installed was asked for by another name than the pin's. */
function isNamedOtherwise(pin: Pin | undefined, origin: Origin): boolean {
  if (origin.kind !== "git" || origin.requested === undefined) return false;
  const [wanted = ""] = Object.values(pin ?? {});
  return origin.requested !== wanted && !origin.commit.startsWith(wanted.toLowerCase());
}

function describeOrigin(origin: Origin): string {
  if (origin.kind === "folder") return origin.editable ? "an editable checkout" : "from a folder";
  if (origin.kind === "git") {
    const { commit, requested } = origin;
    return requested === undefined || requested === commit
      ? describePin({ rev: commit })
      : requested;
  }
  if (origin.kind === "stand-in") return "a checkout";
  return origin.kind === "archive" ? "from an archive" : "from an index";
}
