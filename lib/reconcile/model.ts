/**
 * What a check is made of: the app, the components and their metadata, as plain data.
 *
 * @module
 */

import type { Mode } from "../manifest/model.ts";
import type { GitSource, Source } from "../source.ts";
import type { Problem } from "./problem.ts";

/** A part of the metadata that is read and judged as one. */
export type MetadataField =
  | "name"
  | "version"
  | "requires-python"
  | "dependencies"
  | "optional-dependencies";

/** What a distribution says about itself, as far as it says so without being built. */
export interface ComponentMetadata {
  /** Its name. */
  readonly name?: string;
  /** Its version; undefined: computed when it is built, and derived by nobody. */
  readonly version?: string;
  /** The Python versions it works with (PEP 440 specifiers). */
  readonly requiresPython?: string;
  /** Its requirements (PEP 508). */
  readonly dependencies: readonly string[];
  /** Its extras, and what each of them requires. */
  readonly optionalDependencies: Readonly<Record<string, readonly string[]>>;
  /** The fields that are computed when it is built (PEP 621). */
  readonly dynamic: readonly string[];
  /** Where it says itself that its requirements come from, as far as the package manager heeds that. */
  readonly sources: readonly SourceEntry[];
  /**
   * The line of each value in its file, from 1, where it is known: `name`, `version`, `requires-python`,
   * `dependencies.0`, `optional-dependencies.EXTRA.0`, `dependency-groups.GROUP.0`, `constraints.0`.
   */
  readonly lines: Readonly<Record<string, number>>;
  /** Where requirements stand that are in other files than their field, by the same names as {@linkcode lines}. */
  readonly places?: Readonly<Record<string, RequirementPosition>>;
  /** The fields that are from another file than the component's, and that file. */
  readonly files?: Readonly<Partial<Record<MetadataField, string>>>;
  /**
   * The fields that a program may set to something else, which is not run: a setup.py, or one that finds the version in
   * git. What follows from them is never an error.
   */
  readonly guesses?: readonly MetadataField[];
  /** Where the fields that are computed come from, as far as its file says it: files and attributes that are not read. */
  readonly unread?: Readonly<Partial<Record<MetadataField, readonly string[]>>>;
}

/** Where a requirement stands. */
export interface RequirementPosition {
  /** The file, as messages name it. */
  readonly file: string;
  /** The line, from 1. */
  readonly line: number;
  /** Whether it counts for nothing where the manifest has the package: HSM sets it aside then. @default {false} */
  readonly givesWay?: boolean;
}

/** What a component says of where one distribution comes from. */
export interface SourceEntry {
  /** The distribution, as written. */
  readonly name: string;
  /** The file that says so. */
  readonly file: string;
  /** Its line there, from 1, where it is known. */
  readonly line?: number | undefined;
  /** The places that it names; which of them counts may depend on where it is installed. */
  readonly choices: readonly SourceChoice[];
  /** The entry in one line. */
  readonly text: string;
}

/** One of the places that a component names for a distribution. */
export interface SourceChoice {
  /** The marker under which it counts (PEP 508). Default: always. */
  readonly marker?: string | undefined;
  /** The extra whose requirement it is for, normalized. Default: all requirements. */
  readonly extra?: string | undefined;
  /** The group whose requirement it is for, normalized. Default: all requirements. */
  readonly group?: string | undefined;
  /** The place; undefined: it cannot be told from outside. */
  readonly from: StatedSource | undefined;
}

/** A place as a component names it. */
export type StatedSource =
  | GitSource
  | {
    readonly kind: "path";
    /** The folder, seen from the component's own, or absolute. */
    readonly path: string;
    /** Whether an edit there is seen at once. */
    readonly isEditable: boolean;
    /** Where the distribution lies somewhere in the folder: what the package manager calls that, such as `uv workspace`. */
    readonly within?: string | undefined;
  }
  | { readonly kind: "url" | "index"; readonly url: string };

/** A managed package, as the check sees it. */
export interface Component {
  /** The name in the manifest. */
  readonly name: string;
  /** How it is used. */
  readonly mode: Mode;
  /** The file that its metadata is from, as messages name it: `packages/plug-a/pyproject.toml`, `plug-a@v1.2.0:pyproject.toml`. */
  readonly file: string;
  /** Its metadata; undefined: it could not be had, and `unchecked` or `problems` says why. */
  readonly metadata: ComponentMetadata | undefined;
  /** Where it comes from, as the manifest says. */
  readonly source?: Source;
  /** The commit that its pin is at, where that is known. */
  readonly commit?: string;
  /** Why there is no metadata, such as "offline, and not in the cache". */
  readonly unchecked?: string;
  /** The folders of its repository that have a distribution of its name, where it is not where it is said to be. */
  readonly places?: readonly string[];
  /** What was found while its metadata was read. */
  readonly problems?: readonly Problem[];
  /** The extras that the manifest asks for. */
  readonly extras: readonly string[];
  /** The app's dependency group that the manifest puts it in. */
  readonly group?: string;
  /** Whether the app itself requires it. */
  readonly require: boolean;
}

/** The app, as the check sees it. */
export interface App extends ComponentMetadata {
  /** Its file, as messages name it. */
  readonly file: string;
  /** Its dependency groups, includes resolved (PEP 735). */
  readonly dependencyGroups: Readonly<Record<string, readonly string[]>>;
  /** The Python versions for which a group counts, where they are narrower than the app's. */
  readonly groupPythons: Readonly<Record<string, string>>;
  /**
   * Which of the app's extras and groups are not resolved together, each as `extra:NAME` or `group:NAME`. All others are,
   * asked for or not.
   */
  readonly conflicts: readonly (readonly string[])[];
  /** The packages whose requirement HSM has added, and to which group: `""` is project.dependencies. */
  readonly injected: Readonly<Record<string, string>>;
  /** The markers of the environments that are resolved for; empty: all. */
  readonly environments: readonly string[];
  /** The distributions on which requirements count nowhere, normalized. */
  readonly excluded: readonly string[];
  /** What counts instead of what a distribution says of itself. */
  readonly stated: readonly StatedMetadata[];
  /** The requirements that count instead of all others on what they name, which is for the user to judge. */
  readonly overrides: readonly string[];
  /** What counts where one package alone asks for others. */
  readonly scoped: readonly ScopedRequirements[];
  /** Those that count like the app's requirements, but require nothing. */
  readonly constraints: readonly string[];
  /** How one lock is made for all environments. Default: each environment is resolved by itself. */
  readonly resolution?: Resolution | undefined;
  /** What was found while its metadata was read. */
  readonly problems?: readonly Problem[];
}

/** A package manager that looks for one solution for all environments and Python versions of the app together. */
export interface Resolution {
  /** Its name. */
  readonly manager: string;
  /** What messages call {@linkcode App.environments}. */
  readonly environments: string;
  /** What messages call {@linkcode App.conflicts}. */
  readonly conflicts: string;
  /**
   * Whether the manifest's source of a package counts for more than requirements on it: than where components have it from,
   * and than the versions that the app itself asks for.
   * @default {true}
   */
  readonly sourcesWin?: boolean;
  /**
   * Whether packages of the manifest have to work with every Python version of the app's, wherever they are installed; else
   * only as far down as the app does.
   * @default {false}
   */
  readonly forEveryPython?: boolean;
  /** The key with which the app says which Python versions it is for. @default {"requires-python"} */
  readonly pythonKey?: string;
}

/** What counts in place of what one distribution requires of others. */
export interface ScopedRequirements {
  /** The distribution, normalized. */
  readonly key: string;
  /** Its version, where it is meant in one alone; what is said of that counts for more. */
  readonly version: string | undefined;
  /** What it requires instead, by the normalized names of those others; nothing: they are excluded. */
  readonly instead: ReadonlyMap<string, readonly string[]>;
}

/** What the app says of a distribution. */
export interface StatedMetadata extends
  Pick<
    ComponentMetadata,
    "version" | "requiresPython" | "dependencies" | "optionalDependencies"
  > {
  /** The distribution's name. */
  readonly name: string;
}

/** What {@linkcode reconcile} checks. */
export interface ReconcileInput {
  /** The app. */
  readonly app: App;
  /** The managed packages, in manifest order. */
  readonly components: readonly Component[];
}

/** What {@linkcode reconcile} finds. */
export interface ReconcileResult {
  /** Everything that does not fit or could not be checked, errors first. */
  readonly problems: readonly Problem[];
}
