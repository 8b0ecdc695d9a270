/**
 * What HSM reads of a package manager: its lock file, and where its environment is.
 *
 * @module
 */

/** An app, as its package manager is asked about it. */
export interface AdapterProject {
  /** The app's folder. */
  readonly root: string;
  /** The environment of programs, without what would lead the package manager to another project or away from its sources. */
  readonly env: Readonly<Record<string, string>>;
  /** What the manifest says under `environment:`, as written; undefined: nothing. */
  readonly environment: string | undefined;
}

/** Where packages are installed. It need not exist. */
export interface Environment {
  /** Its folder, absolute. */
  readonly folder: string;
  /** The folders that hold distributions, absolute. Default: those of a virtual environment. */
  readonly sitePackages?: readonly string[];
}

/**
 * A git repository that the lock file has a package from. Where it does not say by which of the three a commit was found,
 * all of them are what it says.
 */
export interface LockedGit {
  /** What tells it from the other sources. */
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
  /** Whether it came with the files that Git LFS keeps. @default {false} */
  readonly lfs?: boolean;
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

/** One thing that a project needs. */
export interface Need {
  /** The other's normalized name. */
  readonly key: string;
  /** The versions that will do; empty: any, or not known. */
  readonly versions: string;
  /** The other's extras that it asks for, normalized. */
  readonly extras: readonly string[];
  /** The own extra that it belongs to, normalized; undefined: it is always needed. */
  readonly extra: string | undefined;
}

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
  /** What it needs; undefined: the lock file does not say. */
  readonly needs: readonly Need[] | undefined;
  /** Its extras that something in the lock file asks for, normalized. */
  readonly extras: ReadonlySet<string>;
}

/** Where an app's requirement stands that is not always installed. */
export interface RequirementPlace {
  /** What it is. */
  readonly kind: "extra" | "group";
  /** Its name, as pyproject.toml writes it. */
  readonly name: string;
}

/** The folders that relative paths start from. */
export interface LockFolders {
  /** The app's: those in pyproject.toml. */
  readonly root: string;
  /** The lock file's: those in it. */
  readonly lock: string;
}

/** Something that a pyproject.toml takes from a folder or a file. */
export interface LocalSource {
  /** The package's name, as it stands there. */
  readonly name: string;
  /** Where from, in words. */
  readonly place: string;
  /** The path, seen from the file; undefined: the package manager's own workspace. */
  readonly path: string | undefined;
  /** The keys that lead to it. */
  readonly at: readonly (string | number)[];
}

/** The environments in which programs run. */
export interface Variables {
  /** That of everything that HSM answers for: the package manager syncs the app, with the sources that it is told. */
  readonly sync: Record<string, string>;
  /** That of programs that are the user's own business: a package manager among them works on the project of its folder. */
  readonly own: Record<string, string>;
}
