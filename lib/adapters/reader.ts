/**
 * What HSM reads of a package manager: its lock file, and where its environment is.
 *
 * @module
 */

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
  /** What it needs. */
  readonly needs: readonly Need[];
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
  /** The names that its lock files have, wherever they are. Default: it has none. */
  readonly lockNames?: readonly string[];
  /** The line of a lock file, from 1, that says where a package comes from. Pure. Default: undefined. */
  lockLine?(
    text: string,
    locked: Pick<LockedPackage, "key" | "written">,
  ): Promise<number | undefined>;
  /** The keys that lead to the sources in pyproject.toml. Default: none. */
  readonly sourcesAt?: readonly string[];
  /**
   * The lists of requirements in pyproject.toml that are the package manager's own, by the keys that lead to them; `*` stands
   * for every key. Default: none.
   */
  readonly requirementLists?: readonly (readonly string[])[];
  /**
   * What its own tables in a pyproject.toml take from a folder or a file. Pure. Default: nothing.
   *
   * @throws {HsmError} `pyproject-invalid`
   */
  localSources?(text: string, file: string): Promise<readonly LocalSource[]>;
  /**
   * Tells of folders, seen from that of a pyproject.toml, whether the package manager takes them for projects of its. Pure.
   * Default: none.
   *
   * @throws {HsmError} `pyproject-invalid`
   */
  members?(text: string, file: string): Promise<(folder: string) => boolean>;
  /** Whether somebody chose in the environment of programs which groups a sync leaves out. Pure. Default: nobody. */
  choosesGroups?(env: AdapterProject["env"]): boolean;
  /** The arguments with which a sync installs what is required there as well. Pure. Default: there are none. */
  argumentsFor?(place: RequirementPlace): readonly string[];
}
