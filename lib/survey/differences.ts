/**
 * Whether the manifest, pyproject.toml, the checkout and the environment agree on a package.
 *
 * @module
 */

import type { Use } from "../adapters/adapter.ts";
import { join, resolve } from "@std/path";
import type { CheckoutReading } from "../checkout/state.ts";
import { homeOrTop, repositoryUrl, sameRepository } from "../git/url.ts";
import type { InstalledPackage, Origin } from "../packages/installed.ts";
import type { ManifestPackage, Pin } from "../manifest/model.ts";
import { normalizeName } from "../names.ts";
import type { ProjectFacts } from "../pyproject/read.ts";
import type { LockedCommit } from "../packages/locked.ts";
import { describePin } from "../packages/describe_pin.ts";

/** One thing that does not agree. */
export interface Drift {
  /** What it is about. */
  readonly kind: "manifest" | "checkout" | "source" | "installed";
  /** What is the matter, in words. */
  readonly message: string;
}

/** What is known of a package, from everywhere. */
export interface PackageFacts {
  /** The app's folder. */
  readonly root: string;
  /** What the manifest says. */
  readonly package: ManifestPackage;
  /** What lies at the place of its checkout; undefined in prod mode. */
  readonly checkout: CheckoutReading | undefined;
  /** The submodules that its checkout is to have and has not. */
  readonly missingSubmodules: readonly string[];
  /** How the app's files use it now. */
  readonly source: Use | undefined;
  /** What is installed of it. */
  readonly installed: InstalledPackage | undefined;
  /** The commit at which the lock file has it, where {@linkcode isNamedOtherwise}. */
  readonly locked: LockedCommit | undefined;
  /** The dependency groups that uv installs by itself. */
  readonly defaultGroups: ProjectFacts["defaultGroups"];
}

/** All that does not agree; empty where everything does. */
export function findDrift(facts: PackageFacts): readonly Drift[] {
  const drift = findMismatch(facts);
  const { package: { name }, missingSubmodules: missing } = facts;
  if (missing.length === 0) return drift;
  const what = missing.length === 1
    ? `its submodule ${missing[0]} is missing`
    : `its submodules ${missing.join(", ")} are missing`;
  return [{ kind: "checkout", message: `${what}: run \`hsm clone ${name}\`` }, ...drift];
}

function findMismatch(facts: PackageFacts): readonly Drift[] {
  const { package: it, checkout, installed } = facts;
  if (checkout?.kind === "missing") {
    return [{ kind: "checkout", message: `${it.path} is missing` }];
  }
  if (checkout?.kind === "foreign") {
    return [{ kind: "checkout", message: `${it.path} is ${checkout.reason}` }];
  }
  const prod = it.mode === "prod";
  if (prod && it.git === undefined) return [{ kind: "manifest", message: "names no repository" }];
  if (prod && it.pin === undefined) return [{ kind: "manifest", message: "names no pin" }];
  const source = prod ? prodSource(facts) : devSource(facts);
  if (source !== undefined) return [{ kind: "source", message: source }];
  if (installed === undefined) {
    // Whether the package is needed at all is not for its own entry to say.
    return it.require && isInstalledByItself(it, facts.defaultGroups)
      ? [{ kind: "installed", message: "not installed" }]
      : [];
  }
  const difference = prod
    ? prodInstalled(it, facts, installed)
    : devInstalled(it, facts, installed);
  return difference === undefined ? [] : [{ kind: "installed", message: difference }];
}

function isInstalledByItself(
  { group }: ManifestPackage,
  defaultGroups: ProjectFacts["defaultGroups"],
): boolean {
  return group === undefined || defaultGroups === "all" ||
    defaultGroups.map(normalizeName).includes(normalizeName(group));
}

type Table = Readonly<Record<string, unknown>>;

function tableOf(source: Use | undefined): Table | undefined {
  return source?.kind === "foreign" && source.isSeveral ? undefined : source as Table | undefined;
}

function devSource({ root, package: it, source }: PackageFacts): string | undefined {
  const table = tableOf(source);
  if (table === undefined) return noSource(source);
  const { path, editable } = table;
  if (source?.kind === "path" && path === undefined) return undefined;
  if (typeof path !== "string") return `pyproject.toml does not use ${it.path}`;
  const place = resolve(root, path);
  const checkout = join(root, it.path);
  const fits = it.subdirectory === undefined
    ? place === checkout || place.startsWith(join(checkout, "/"))
    : place === join(checkout, it.subdirectory);
  if (!fits) return `pyproject.toml uses ${path}`;
  return editable === true ? undefined : `pyproject.toml does not say \`editable = true\``;
}

/** What is the matter with a prod package's source; undefined where it is the manifest's repository and pin. */
export function prodSource(
  { root, package: it, source }: Pick<PackageFacts, "root" | "package" | "source">,
): string | undefined {
  const table = tableOf(source);
  if (table === undefined) return noSource(source);
  const { git, subdirectory } = table;
  if (typeof git !== "string") return "pyproject.toml does not use the pin";
  const { home, top } = homeOrTop(it.git ?? "") ?? {};
  if (![home, top, repositoryUrl(it.git ?? "", root)].includes(git)) {
    return `pyproject.toml uses ${git}`;
  }
  for (const [key, value] of Object.entries(it.pin ?? {})) {
    if (table[key] === value) continue;
    const other = ["tag", "rev", "branch"].map((name) => table[name])
      .find((it) => typeof it === "string");
    return other === undefined ? "pyproject.toml names no pin" : `pyproject.toml uses ${other}`;
  }
  if (subdirectory !== it.subdirectory) return "pyproject.toml uses another subdirectory";
  if ((table["lfs"] ?? false) === it.lfs) return undefined;
  return `pyproject.toml ${it.lfs ? "does not say" : "says"} \`lfs = true\``;
}

function noSource(source: Use | undefined): string {
  return source === undefined
    ? "pyproject.toml has no source for it"
    : "pyproject.toml has several sources for it";
}

function devInstalled(
  it: ManifestPackage,
  { root, source }: PackageFacts,
  { origin }: InstalledPackage,
): string | undefined {
  if (origin.kind !== "folder") return `installed is ${describeOrigin(origin)}, not the checkout`;
  const path = tableOf(source)?.["path"];
  const checkout = join(root, it.path);
  const fits = typeof path === "string"
    ? origin.path === resolve(root, path)
    : origin.path === checkout || origin.path.startsWith(join(checkout, "/"));
  if (!fits) return `installed is ${origin.path}, not the checkout`;
  return origin.editable ? undefined : "installed is a copy of the checkout";
}

function prodInstalled(
  { git = "", pin, subdirectory }: ManifestPackage,
  { root, locked }: PackageFacts,
  { origin }: InstalledPackage,
): string | undefined {
  if (origin.kind !== "git") {
    return `installed is ${describeOrigin(origin)}, not ${describePin(pin)}`;
  }
  if (!sameRepository(origin.url, git, root)) return `installed is from ${origin.url}`;
  if (origin.subdirectory !== subdirectory) return "installed is from another subdirectory";
  if (!isNamedOtherwise(pin, origin) || isLockedAt(pin, origin.commit, locked)) return undefined;
  return `installed is ${describeOrigin(origin)}`;
}

/**
 * Whether what is installed was asked for by another name than the pin's: it may be the pin's commit all the same, which
 * the package manager then leaves alone.
 */
export function isNamedOtherwise(pin: Pin | undefined, origin: Origin): boolean {
  if (origin.kind !== "git" || origin.requested === undefined) return false;
  const [wanted = ""] = Object.values(pin ?? {});
  return origin.requested !== wanted && !origin.commit.startsWith(wanted.toLowerCase());
}

function isLockedAt(
  pin: Pin | undefined,
  commit: string,
  locked: LockedCommit | undefined,
): boolean {
  if (pin === undefined || locked?.commit !== commit) return false;
  return "tag" in pin ? locked.tag === pin.tag : "branch" in pin && locked.branch === pin.branch;
}

function describeOrigin(origin: Origin): string {
  if (origin.kind === "folder") return origin.editable ? "an editable checkout" : "from a folder";
  if (origin.kind === "git") {
    const { commit, requested } = origin;
    return requested === undefined || requested === commit
      ? describePin({ rev: commit })
      : requested;
  }
  return origin.kind === "archive" ? "from an archive" : "from an index";
}
