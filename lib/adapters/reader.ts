/**
 * What HSM reads of a package manager: its lock file, and where its environment is.
 *
 * @module
 */

import type { Need } from "../graph/asked.ts";

/** An app, as its package manager is asked about it. */
export interface AdapterProject {
  /** The app's folder. */
  readonly root: string;
  /** The environment of programs. */
  readonly env: Readonly<Record<string, string>>;
}

/** Where packages are installed. It need not exist. */
export interface Environment {
  /** Its folder, absolute. */
  readonly folder: string;
  /** The folders that hold distributions, absolute. Default: those of a virtual environment. */
  readonly sitePackages?: readonly string[];
}

/** A git repository that the lock file has a package from. */
export interface LockedGit {
  readonly kind: "git";
  /** The repository's address. */
  readonly url: string;
  /** The tag that it was found by; undefined: by something else. */
  readonly tag: string | undefined;
  /** The branch that it was found by; undefined: by something else. */
  readonly branch: string | undefined;
  /** The commit that it was found by, as it was written; undefined: by something else. */
  readonly rev: string | undefined;
  /** The commit, in full. */
  readonly commit: string | undefined;
  /** The folder in the repository. */
  readonly subdirectory: string | undefined;
}

/** Where the lock file has a package from. */
export type LockedSource =
  | LockedGit
  /** A folder, or an archive, seen from the lock file's own folder; `isFile`: it is an archive. */
  | { readonly kind: "path"; readonly path: string; readonly isFile: boolean }
  | { readonly kind: "url"; readonly url: string }
  /** An index, by its address. */
  | { readonly kind: "index"; readonly url: string }
  | { readonly kind: "unknown" };

/** A package in the lock file. */
export interface LockedPackage {
  /** Its normalized name. */
  readonly key: string;
  /** Its version; undefined for folders whose version is computed. */
  readonly version: string | undefined;
  /** Where it comes from. */
  readonly source: LockedSource;
  /** Where it comes from, as the lock file writes it. */
  readonly written: string;
  /** What it needs. */
  readonly needs: readonly Need[];
  /** Its extras that something in the lock file asks for, normalized. */
  readonly extras: ReadonlySet<string>;
}

/** Where an app's requirement stands that is not always installed. */
export interface RequirementPlace {
  readonly kind: "extra" | "group";
  readonly name: string;
}

/** The folders that relative paths start from. */
export interface LockFolders {
  /** The app's: those in pyproject.toml. */
  readonly root: string;
  /** The lock file's: those in it. */
  readonly lock: string;
}

/** The environments in which programs run. */
export interface Variables {
  /** That of everything that HSM answers for: the package manager syncs the app, with the sources that it is told. */
  readonly sync: Record<string, string>;
  /** That of programs that are the user's own business: a package manager among them works on the project of its folder. */
  readonly own: Record<string, string>;
}

/** What HSM reads of a package manager's files, and what it knows of its environment. */
export interface AdapterReader {
  /** The files in the root that the program reads by itself, beside pyproject.toml and its lock file. Default: none. */
  readonly settings?: readonly string[];
  /**
   * Takes the variables out that would lead the program to another project, or away from its sources. Pure.
   * Default: none.
   */
  variables?(env: AdapterProject["env"]): Variables;
  /** Where the app's packages are installed. Default: undefined, so that nobody can look there. */
  environment?(project: AdapterProject): Promise<Environment | undefined>;
  /**
   * Reads the text of a lock file. Pure. Default: no packages.
   *
   * @returns All packages, one that comes from several places several times; undefined where the text is no such file.
   */
  readLock?(text: string): Promise<readonly LockedPackage[] | undefined>;
  /** Whether somebody chose in the environment of programs which groups a sync leaves out. Pure. Default: nobody. */
  choosesGroups?(env: AdapterProject["env"]): boolean;
  /** The arguments with which a sync installs what is required there as well. Pure. Default: there are none. */
  argumentsFor?(place: RequirementPlace): readonly string[];
}
