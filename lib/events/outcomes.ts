/**
 * What became of one thing in a run: parts of results, which events tell as well.
 *
 * @module
 */

import type { Change } from "../change.ts";
import type { InjectInto, Mode, Pin, Source } from "../source.ts";

/** A dev package's clone on disk. */
export interface Checkout {
  /** The package's name. */
  readonly package: string;
  /** Its folder, relative to the root, with `/`. */
  readonly path: string;
  /** Whether it was there before, was cloned now, or (in a dry run) would be. */
  readonly state: "present" | "cloned" | "missing";
  /** Its submodules that it is to have and has not, relative to it, with `/`; left out where all are there. */
  readonly missingSubmodules?: readonly string[] | undefined;
}

/** What became of a checkout. */
export interface PulledCheckout {
  /** The package's name. */
  readonly package: string;
  /** Its folder, relative to the root, with `/`. */
  readonly path: string;
  /**
   * `left`: it is not one to fast-forward; `gone`: its remote has no longer the branch that it follows; `failed`: its
   * remote, or a submodule's, was not reached.
   */
  readonly state: "updated" | "current" | "left" | "gone" | "failed";
  /** The commit before and after, where it was updated. */
  readonly from?: string | undefined;
  /** The commit after, where it was updated. */
  readonly to?: string | undefined;
  /** How many commits came, where it was updated. */
  readonly commits?: number;
  /** Why it was left alone, or failed; of one that was updated, or is current, what is the matter with its submodules. */
  readonly reason?: string | undefined;
  /** What to do about it. */
  readonly hint?: string | undefined;
  /** The files that the new commits would have overwritten, relative to the checkout, with `/`. */
  readonly files?: readonly string[];
}

/**
 * Where a package comes from.
 *
 * @example
 * ```ts
 * import { map, type MappedPackage, openWorkspace } from "@hsm/hsm";
 *
 * const isEdited = ({ source }: MappedPackage) => source.kind === "path";
 * await using workspace = await openWorkspace({ readonly: true });
 * const { sources } = await map(workspace);
 * console.log(sources.filter(isEdited).map((it) => it.package)); // ["my-plugin"]
 * ```
 */
export interface MappedPackage {
  /** The package's name. */
  readonly package: string;
  /** How it is used. */
  readonly mode: Mode;
  /** What the package manager is told. */
  readonly source: Source;
}

/** What became of the files that HSM writes into. */
export interface InjectResult {
  /** Whether a file that HSM writes into is (in a dry run: would be) another. */
  readonly changed: boolean;
  /** What changed, one entry for each source or requirement. */
  readonly changes: readonly Change[];
  /** The change of these files as a unified diff; empty where there is none. */
  readonly diff: string;
}

/** A pin that moves. */
export interface PinMove {
  /** The package's name. */
  readonly package: string;
  /** Its pin before; left out where it had none. */
  readonly from?: Pin | undefined;
  /** Its pin now. */
  readonly to: Pin;
}

/** What switching a package's mode came to. */
export interface ModeSwitch {
  /** The package's name. */
  readonly package: string;
  /** Its mode before. */
  readonly from: Mode;
  /** Its mode now. */
  readonly to: Mode;
  /** How its checkout is used in dev mode now, where that was another way. */
  readonly inject?: InjectInto;
}

/**
 * Why a checkout has to stand in for its package anew:
 * - `reinstalled`: the package itself was installed in its place; `uninstalled`: nothing was;
 * - `pin-moved`: something else is locked than what it stands in for;
 * - `metadata-changed`: its metadata, such as entry points, is not what is installed;
 * - `moved`: the checkout is in another folder;
 * - `damaged`: files by which it is imported or run are gone, or are others;
 * - `needs-changed`: what only checkouts need is gone, or may be something else by now;
 * - `foreign`: somebody else has installed a checkout there, which stands in for nothing.
 */
export type RenewalReason =
  | "reinstalled"
  | "uninstalled"
  | "pin-moved"
  | "metadata-changed"
  | "moved"
  | "damaged"
  | "needs-changed"
  | "foreign";

/** What becomes of a checkout that stands in for its package, or did. */
export interface StandInChange {
  /** The package's name. */
  readonly package: string;
  /** The folder of the distribution in the checkout, relative to the root where it is in it, with `/`. */
  readonly path: string;
  /** `add`: it stands in now; `renew`: it does again; `remove`: it does no longer. */
  readonly action: "add" | "renew" | "remove";
  /** What it stands in for: a tag, a branch, a commit, or a version; left out where that is not known before it is locked. */
  readonly for?: string | undefined;
  /** Why it is renewed. */
  readonly reason?: RenewalReason | undefined;
}

/** A package that `add` added. */
export interface AddedPackage {
  /** Its name. */
  readonly package: string;
  /** Its version in production; undefined where it has none yet. */
  readonly pin: Pin | undefined;
  /** How it is used. */
  readonly mode: Mode;
}

/** A package that `remove` removed. */
export interface RemovedPackage {
  /** Its name. */
  readonly package: string;
  /** Its checkout, which stays, relative to the root; undefined where there is none. */
  readonly checkout: string | undefined;
}

/**
 * The kinds of problems:
 * - `metadata-broken`: a component's metadata cannot be read, or has the wrong types;
 * - `metadata-unchecked`: its metadata could not be had, or is computed when the component is built;
 * - `name-missing`, `name-mismatch`: it has no name, or another one than the manifest says;
 * - `version-invalid`: its version is none (PEP 440); `version-unknown`: it is computed when the component is built;
 * - `python-incompatible`: its `requires-python` and the app's do not go together;
 * - `python-invalid`, `requirement-invalid`, `marker-invalid`: a specifier, requirement or marker that cannot be read;
 * - `requirement-unmet`: a requirement on a managed package is not met by the version that the package has;
 * - `requirements-conflict`: no version of a distribution meets all requirements on it;
 * - `extra-unknown`: an extra is asked for that the package does not have;
 * - `source-overridden`: a component asks for a managed package by URL, and the manifest's source is used instead;
 * - `source-conflict`: a component has a managed package from elsewhere, and the package manager cannot overrule that;
 * - `tag-moved`: the remote has another commit as the pin's tag than is locked;
 * - `pin-not-found`: the remote does not have the pin; `source-missing`: the package is not where the manifest says;
 * - `not-locked`: HSM writes nothing of a package without a pin with `inject: environment`, and nothing else brings it;
 * - `submodules-fetched`: the package is to do without its submodules, and in prod mode it cannot;
 * - `other-manager`: hsm.yaml names no package manager, and the app shows another one than the default;
 * - `lfs-missing`: files that Git LFS keeps are asked for, and git cannot fetch them here;
 * - `sources-off`: a setting tells the package manager to ignore where the package comes from;
 * - `dev-source`: something is in dev mode, or is as one developer has it, where only what all have may be;
 * - `source-differs`: of what is staged, one file has a package from elsewhere than another says;
 * - `unmerged`: a merge has left a file that is to be committed in several versions;
 * - `injection-refused`: pyproject.toml is such that the sources cannot be written into it;
 * - `resolution-failed`: the package manager itself finds no solution.
 */
export type ProblemCode =
  | "metadata-broken"
  | "metadata-unchecked"
  | "name-missing"
  | "name-mismatch"
  | "version-invalid"
  | "version-unknown"
  | "python-incompatible"
  | "python-invalid"
  | "requirement-invalid"
  | "marker-invalid"
  | "requirement-unmet"
  | "requirements-conflict"
  | "extra-unknown"
  | "source-overridden"
  | "source-conflict"
  | "tag-moved"
  | "pin-not-found"
  | "source-missing"
  | "not-locked"
  | "submodules-fetched"
  | "other-manager"
  | "lfs-missing"
  | "sources-off"
  | "dev-source"
  | "source-differs"
  | "unmerged"
  | "injection-refused"
  | "resolution-failed";

/** How much a problem weighs. */
export type Severity = "error" | "warning" | "unchecked";

/** One party to a problem. */
export interface ProblemSide {
  /** The component's name in the manifest; for the app, its own name. */
  readonly component: string;
  /** The file that says so. */
  readonly file: string;
  /** The line in the file, from 1, where it is known. */
  readonly line?: number;
  /** The requirement, or another value in question, as written. */
  readonly requirement?: string;
}

/**
 * One thing that does not fit, or could not be checked.
 *
 * @example
 * ```ts
 * import { check, openWorkspace, type Problem } from "@hsm/hsm";
 *
 * const line = ({ severity, message, fix }: Problem) => `${severity}: ${message} (${fix})`;
 * await using workspace = await openWorkspace({ readonly: true });
 * const { problems } = await check(workspace);
 * console.log(problems.map(line).join("\n"));
 * ```
 */
export interface Problem {
  /** What kind of problem it is. */
  readonly code: ProblemCode;
  /**
   * `error`: it does not fit; `warning`: nothing stands against working with it, and it deserves attention; `unchecked`:
   * nobody knows before the package manager does.
   */
  readonly severity: Severity;
  /** One line with both sides. */
  readonly message: string;
  /** Who is involved, the two that decide first. */
  readonly sides: readonly ProblemSide[];
  /** What to do about it, in one line. */
  readonly fix: string;
}
