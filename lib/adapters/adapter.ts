/**
 * What HSM needs of a package manager.
 *
 * @module
 */

import type { Change } from "../change.ts";
import type { HsmErrorCode } from "../errors.ts";
import type { ManifestPackage } from "../manifest/model.ts";
import type { RunResult } from "../process/run.ts";
import type { MetadataFile, MetadataResult } from "../project/metadata_file.ts";
import type { AppResult } from "../project/read_app.ts";
import type { SetupPy } from "../project/setup_cfg.ts";
import type { ReconcileInput } from "../reconcile/model.ts";
import type { GitSource, Source } from "../source.ts";
import type { Tell } from "../events/tell.ts";
import type { FolderPackage, ForeignFile, ForeignPackage } from "./found_packages.ts";
import type {
  AdapterProject,
  Environment,
  LocalSource,
  LockedPackage,
  LockFolders,
  RequirementPlace,
  Variables,
} from "./reader.ts";
import type { FoundStandIn, StandIn, Standing } from "./stand_in.ts";
import type { Usage } from "./usage.ts";

/** What an adapter's program runs in. */
export interface AdapterContext extends AdapterProject {
  /** Ends the program. */
  readonly signal: AbortSignal;
  /** Tells what happens, the program's own messages included. */
  readonly tell: Tell;
  /** Keeps the program out of reach of the terminal's Ctrl-C. @default {false} */
  readonly detached?: boolean;
}

/** How the package manager is run. */
export interface AdapterRunOptions {
  /** More arguments for a sync; each step of it takes those that are its own. */
  readonly args?: readonly string[];
  /** Keeps the program's messages back, always or unless it succeeds. */
  readonly quiet?: "always" | "unless-done" | undefined;
  /** Called once the program runs. */
  readonly onStart?: (pid: number) => void;
}

/** How {@linkcode Tool.sync} installs. */
export interface AdapterSyncOptions extends AdapterRunOptions {
  /** `locked`: fails where the lock file is not up to date. `frozen`: installs what it says, whatever the app's files say. */
  readonly lock: "locked" | "frozen";
  /** Only says whether it would do. @default {false} */
  readonly dryRun?: boolean;
  /** The checkouts that stand in for what the lock file says; those that did and are not among them leave. Default: none. */
  readonly standIns?: readonly StandIn[];
  /**
   * The app's files with these in the place of what they stand in for: what only they need is installed beside what is locked.
   * `kept`: that stays as it is. Default: they need nothing.
   */
  readonly standInForm?: Written["texts"] | "kept" | undefined;
  /** Those that stood in before, for the way back: what there is of them, and of what they need, stays as it is. */
  readonly standInsBefore?: readonly FoundStandIn[] | undefined;
  /** Brings only these checkouts into the environment: whatever else is there, or is missing, stays as it is. Default: all. */
  readonly only?: "stand-ins" | undefined;
}

/** A sync where there is nothing to do, for who has loaded nothing else of the adapter. */
export interface QuickSync {
  /** The name by which it is found again. */
  readonly name: string;
  /**
   * Brings the environment to what the lock file says. Returns false where that is not all.
   *
   * @param marks Those of the checkouts that stand in for something, absolute.
   */
  sync(context: AdapterContext, marks: readonly string[]): Promise<boolean>;
}

/** A setting of the package manager's that takes sources away. */
export interface SourcesOff {
  /** The file, relative to the root where it is in it. */
  readonly file: string;
  /** The line in the file, from 1, where it is known. */
  readonly line?: number | undefined;
  /** The setting, as one would write it. */
  readonly setting: string;
  /** The packages concerned, by normalized name; undefined: all. */
  readonly packages?: readonly string[];
  /** What to do about it. */
  readonly fix: string;
}

/** Two versions of a lock file, merged. */
export interface MergedLock {
  /** The text that the next lock file is to be made from. */
  readonly text: string;
  /** The packages of which both have chosen another version, by normalized name. */
  readonly conflicts: readonly string[];
}

/** A package that the lock file has from elsewhere than the app's files say. */
export interface Stranger {
  /** Its normalized name. */
  readonly package: string;
  /** Where the lock file has it from. */
  readonly from: string;
}

/** Whether the lock file is what the app's files ask for. */
export interface LockState {
  /** `unknown`: it cannot be told without building a package, or without what cannot be had; `reason` says which. */
  readonly state: "current" | "stale" | "missing" | "unknown";
  /** Why it is not known, or what the program says beyond that. */
  readonly reason?: string | undefined;
}

/** What would be done to one distribution in the environment. */
export interface InstallStep {
  /** What would be done; a new version is both, one after the other. */
  readonly action: "install" | "uninstall" | "reinstall";
  /** Its normalized name. */
  readonly package: string;
  /** Which it is, in the program's words, such as `idna==3.7`. */
  readonly what: string;
}

/** What a sync would do to the environment. */
export interface InstallPlan {
  /** What it would do to the environment as a whole; `replaced`: the one that is there has another Python. */
  readonly environment: "kept" | "made" | "replaced";
  /** What it would do; undefined where that is not known. */
  readonly steps: readonly InstallStep[] | undefined;
  /** Why it is not known, in the program's words. */
  readonly reason?: string | undefined;
}

/** The app's folder as an adapter sees it: with what is staged, and what was read before. */
export interface AppFiles {
  /** What the manifest says under `environment:`, as written; undefined: nothing. */
  readonly environment: string | undefined;
  /** What everybody's part of the manifest says there, where somebody's own part may say otherwise. Default: the same. */
  readonly sharedEnvironment?: () => Promise<string | undefined>;
  /**
   * The text of pyproject.toml; empty where there is none and {@linkcode Abilities.appWithoutPyproject}.
   *
   * @throws {HsmError} `pyproject-invalid`
   */
  pyproject(): Promise<string>;
  /** The text of a file by its path relative to the root, with `/`; undefined: there is none. */
  read(file: string): Promise<string | undefined>;
  /** Whether there is anything at a path relative to the root, with `/`. */
  has(path: string): boolean;
}

/** A package and where it comes from. */
export interface PackageSource {
  /** The package's name. */
  readonly package: string;
  /** What the package manager is told. */
  readonly source: Source;
}

/** How the app's files use a package now. */
export type Use =
  | GitSource
  | {
    readonly kind: "path";
    /** The folder, relative to the root; undefined: the package manager finds it by itself. */
    readonly path: string | undefined;
    /** Whether an edit there is seen at once. */
    readonly editable: boolean;
  }
  | {
    /** Written by the user, in a way for which HSM has no word. */
    readonly kind: "foreign";
    /** Whether it is several sources in one. */
    readonly isSeveral: boolean;
  };

/** What must be written beside the sources, in lists of the adapter's own; the core hands it on. */
export type Needs = Readonly<Record<string, readonly string[]>>;

/** {@linkcode Needs}, as it was called when uv was the only package manager. */
export type TransitiveEntries = Needs;

/** A package as it is to be written down. */
export interface WantedPackage extends ManifestPackage {
  /** Where it comes from; undefined: everything of it stays as it is. */
  readonly source: Source | undefined;
}

/** All that HSM wants written. What it wrote before for packages that are not named goes. */
export interface Wanted {
  /** The packages of the manifest. */
  readonly packages: readonly WantedPackage[];
  /** What {@linkcode Writer.needs} said; undefined: what follows from what was written before. */
  readonly needs?: Needs | undefined;
}

/** What {@linkcode Writer.write} makes. */
export interface Written {
  /** Each file that HSM writes into, as it is to be; undefined: there is to be none. */
  readonly texts: ReadonlyMap<string, string | undefined>;
  /** What changed. */
  readonly changes: readonly Change[];
}

/** Finds the files that HSM writes into. */
export type EditedFiles = (files: AppFiles) => Promise<readonly string[]>;

/** How a package manager is told where packages come from. Pure: texts in, texts out. */
export interface Writer {
  /**
   * The names of files, wherever they are, that may say that HSM has written to an app, for `hsm check --staged`: where one of
   * them changes in a commit, {@linkcode Writer.owned} is asked. Default: {@linkcode Writer.edited} where it is a list, else
   * pyproject.toml.
   */
  readonly markedFiles?: readonly string[];
  /**
   * The files that HSM writes into, relative to the root, with `/`: first the one that says where packages come from, which
   * messages name. Or what finds them, where that depends on what files say; it does not judge: what cannot be read leads
   * nowhere.
   */
  readonly edited: readonly string[] | EditedFiles;
  /**
   * How the app uses packages as its files stand, by normalized name.
   *
   * @throws {HsmError} `pyproject-invalid`
   */
  uses(files: AppFiles): Promise<ReadonlyMap<string, Use>>;
  /**
   * The names of the packages for which HSM has written something.
   *
   * @throws {HsmError} `pyproject-invalid`
   */
  owned(files: AppFiles): Promise<readonly string[]>;
  /**
   * The packages for which another one has a source of its own, which counts once HSM's is gone, by normalized name.
   * Default: none.
   *
   * @throws {HsmError} `pyproject-invalid`
   */
  sourcedByOthers?(files: AppFiles): Promise<readonly string[]>;
  /**
   * The names of those packages whose source is not written down in just that way.
   *
   * @throws {HsmError} `pyproject-invalid`
   */
  changed(files: AppFiles, sources: readonly PackageSource[]): Promise<readonly string[]>;
  /**
   * The files as they are to be.
   *
   * @throws {HsmError} `pyproject-invalid`; `pyproject-unsupported` where it cannot be carried out
   */
  write(files: AppFiles, wanted: Wanted): Promise<Written>;
  /**
   * What has to be written beside the sources so that they count. Default: nothing.
   *
   * @param input What is known of the app and the packages.
   */
  needs?(
    files: AppFiles,
    packages: readonly ManifestPackage[],
    input: ReconcileInput,
  ): Promise<Needs>;
  /**
   * The packages that a pyproject.toml of somebody else's making has from git, or from folders, for `hsm init` to take over.
   * Default: none.
   *
   * @param file The file, as messages name it.
   * @throws {HsmError} `pyproject-invalid`
   */
  packagesIn?(
    file: string,
    text: string,
  ): Promise<ForeignFile<ForeignPackage | FolderPackage>>;
  /**
   * The same of all files of an app in which its package manager is told where packages come from. Default: its pyproject.toml.
   *
   * @throws {HsmError} `pyproject-invalid`
   */
  packagesOf?(
    files: AppFiles,
  ): Promise<readonly ForeignFile<ForeignPackage | FolderPackage>[]>;
  /** Sources in words, where the package manager has its own for them. Default: HSM's. */
  describe?(files: AppFiles, sources: readonly Source[]): Promise<readonly string[]>;
  /**
   * A text of an edited file with all that is HSM's as a committed text of it has it; undefined where that cannot be told.
   * Default: the text itself.
   *
   * @throws {HsmError} as {@linkcode Writer.write}
   */
  committedForm?(file: string, committed: string, text: string): Promise<string | undefined>;
  /**
   * The files without what tells in them what is HSM's: all that it has written stays, and is the user's own from then on.
   * Default: pyproject.toml without `[tool.hsm]`.
   *
   * @throws {HsmError} `pyproject-invalid`
   */
  handOver?(files: AppFiles): Promise<Written["texts"]>;
}

/** What HSM may count on; what is not said is so. */
export interface Abilities {
  /** A checkout may lie outside of the app's folder. @default {true} */
  readonly pathOutsideRoot?: boolean;
  /** Its lock file shows that what a checkout requires has changed; else it locks anew with anything in dev. @default {true} */
  readonly seesDevChanges?: boolean;
  /** A package from git may be had without its submodules. @default {true} */
  readonly leavesSubmodules?: boolean;
  /** A package from git may be had with what Git LFS keeps. @default {true} */
  readonly fetchesLfs?: boolean;
  /** What an app requires by itself is locked as well; else there is a lock file only with packages. @default {true} */
  readonly locksWithoutPackages?: boolean;
  /** An app may be without pyproject.toml. @default {false} */
  readonly appWithoutPyproject?: boolean;
  /** The manifest may say which environment is installed into (`environment:`). @default {false} */
  readonly takesEnvironment?: boolean;
  /** A checkout may stand in for what the lock file says. @default {false} */
  readonly standsIn?: boolean;
}

/** How a file is read, by its absolute path; undefined: it is not there. */
export type ReadByPath = (path: string) => Promise<string | undefined>;

/** What is read of what a package manager wrote, and what is known of its environment. Touches nothing. */
export interface Reader {
  /**
   * What shows that an app is used with this package manager, for `hsm init`; undefined: nothing. Default: nothing.
   *
   * @param names What lies in the app's folder.
   */
  usageIn?(files: AppFiles, names: ReadonlySet<string>): Promise<Usage | undefined>;
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
   * Tells of folders, seen from that of a pyproject.toml, whether the package manager takes them for projects of its;
   * undefined: it looks for none. Pure. Default: undefined.
   *
   * @throws {HsmError} `pyproject-invalid`
   */
  members?(text: string, file: string): Promise<((folder: string) => boolean) | undefined>;
  /** Whether somebody chose in the environment of programs which groups a sync leaves out. Pure. Default: nobody. */
  choosesGroups?(env: AdapterProject["env"]): boolean;
  /** The arguments with which a sync installs what is required there as well. Pure. Default: there are none. */
  argumentsFor?(place: RequirementPlace): readonly string[];
  /**
   * Reads what the app's own files say, without what HSM has added. Pure. Default: what every package manager heeds in
   * pyproject.toml (PEP 621, 735).
   */
  readApp?(files: AppFiles): Promise<AppResult>;
  /**
   * Reads what a distribution says of itself, and where it has its requirements from as this package manager takes it.
   * Pure. Default: what every package manager heeds, which has no such places.
   *
   * @param setupPy What kind of setup.py lies beside a setup.cfg.
   */
  readMetadata?(file: MetadataFile, setupPy: SetupPy): Promise<MetadataResult>;
  /**
   * The files beside those of {@linkcode Writer.edited} that it writes, absolute.
   *
   * @param read How a file is read, by its absolute path; undefined: it is not there. Default: from disk.
   */
  lockFiles(root: string, read?: ReadByPath): Promise<readonly string[]>;
  /**
   * What a file is called that it has begun to write beside a lock file, under a name of its own. It is left where the program
   * is killed, and a rollback removes it. Default: it begins none.
   */
  readonly unfinished?: RegExp;
  /** The settings that take sources away from a project with this pyproject.toml. Default: there are none. */
  sourcesOff?(context: AdapterContext, pyproject: string): Promise<readonly SourcesOff[]>;
  /**
   * Those of the packages that the lock file has from elsewhere than the app's files say. Default: none.
   *
   * @param locked What the lock file says.
   * @param packages The packages, by normalized name.
   */
  strangers?(
    locked: readonly LockedPackage[],
    files: AppFiles,
    packages: readonly string[],
    folders: LockFolders,
  ): Promise<readonly Stranger[]>;
  /**
   * Puts the versions that were chosen in one version of a lock file into another one. Pure. Default: the other as it is.
   *
   * @param texts The two, and the one that both come from.
   * @param managed The packages of the manifest, by normalized name.
   */
  mergeLocks?(
    texts: Readonly<Record<"base" | "mine" | "theirs", string>>,
    managed: ReadonlySet<string>,
  ): Promise<MergedLock>;
}

/** The program of a package manager. */
export interface Tool {
  /** The program, by path. */
  readonly program: string;
  /** What a person types for the program. Default: the package manager's name. */
  readonly programName?: string;
  /** undefined: whether there is anything to do is asked anew each time. */
  readonly quick?: QuickSync | undefined;
  /**
   * Makes sure that the program is there and not too old; asked early, it costs no time later.
   *
   * @throws {HsmError} `tool-missing`, `tool-too-old`
   */
  ready(context: AdapterContext): Promise<void>;
  /** Its version, as it tells it. Default: it is not known. */
  version?(context: AdapterContext): Promise<string | undefined>;
  /** Loads what reads packages and writes the app's files: HSM asks for it while clones run. Default: nothing. */
  load?(): Promise<unknown>;
  /**
   * Refuses arguments that would keep a sync from being one of this project with its sources, such as `--dry-run`.
   * Default: none.
   *
   * @throws {HsmError} `usage`
   */
  refuse?(args: readonly string[]): void;
  /**
   * Whether arguments of a sync ask for other versions than those that are locked, and a sync by the lock file as it stands
   * would pass them over. Pure. Default: none does.
   */
  locksAnew?(args: readonly string[]): boolean;
  /** The arguments with which a sync locks packages anew, whatever is locked of them. Pure. Default: there are none. */
  relockArguments?(packages: readonly string[]): readonly string[];
  /** What a person types to make an app. Default: nothing. */
  readonly initCommand?: string | undefined;
  /** The command line of a sync, as a person would type it. */
  commandLine(options: AdapterSyncOptions): string;
  /** Brings the lock file to what the app's files say. Installs nothing; packages may be built for their metadata. */
  lock(context: AdapterContext, options: AdapterRunOptions): Promise<RunResult>;
  /** Brings the environment to what the lock file says. */
  sync(context: AdapterContext, options: AdapterSyncOptions): Promise<RunResult>;
  /** The checkouts that stand in for something in the environment, as it is. Touches nothing. Default: none. */
  standIns?(context: AdapterContext): Promise<readonly FoundStandIn[]>;
  /**
   * How packages stand in the environment that checkouts are to stand in for, in the same order. Touches nothing. Default: all
   * are `missing`.
   *
   * @param locked What the lock file says.
   */
  standing?(
    context: AdapterContext,
    standIns: readonly StandIn[],
    locked: readonly LockedPackage[],
  ): Promise<readonly Standing[]>;
  /** Removes what syncs have kept for the way back, once nothing leads back any more. Default: nothing. */
  settle?(context: AdapterContext): Promise<void>;
  /** Whether a sync that said this has changed the environment. Pure. Default: whether it said anything. */
  hasInstalled?(output: string): boolean;
  /**
   * What is installed in the environment, exactly, for {@linkcode Tool.restore}; undefined where there is none.
   * Touches nothing. Default: undefined.
   */
  snapshot?(context: AdapterContext): Promise<string | undefined>;
  /** Brings the environment back to what it was, whatever was done to it, where it is not. Default: `failed`. */
  restore?(context: AdapterContext, snapshot: string): Promise<"unchanged" | "restored" | "failed">;
  /**
   * What bringing the lock file up to date would change, in the program's own words; empty where it is. Changes no file.
   * Default: empty, so that a failure of a sync with `locked` is one of the program.
   */
  lockChanges?(context: AdapterContext): Promise<string>;
  /**
   * Whether the lock file is what the app's files ask for, and what a sync would do to the environment by it as it stands.
   * Changes no file, builds nothing, and asks no server. Default: it is not known.
   *
   * @param settled The folders of packages, relative to the root, that say all of themselves without being built, where
   * neither they nor the app's files have changed since a sync; undefined: something may have.
   * @throws {HsmError} `tool-missing`
   */
  outlook?(
    context: AdapterContext,
    settled?: readonly string[],
  ): Promise<{ readonly lock: LockState; readonly install: InstallPlan }>;
  /**
   * What a sync would do to the environment, by the lock file as it stands, or as it would be for other files.
   * Changes no file and builds nothing; a server is asked only where a candidate leaves something open. Default: it is not
   * known.
   *
   * @param candidate The files, as {@linkcode Writer.write} makes them.
   * @throws {HsmError} `tool-missing`
   */
  wouldInstall?(context: AdapterContext, candidate?: Written["texts"]): Promise<InstallPlan>;
  /**
   * What a sync says that failed because the lock file is not what the app's files ask for; undefined: it failed otherwise.
   * Pure. Default: undefined.
   */
  outOfDate?(output: string): string | undefined;
  /**
   * What a failure means in terms of packages, where that can be told from what the program said. Default: nothing.
   */
  explain?(output: string): Promise<Explanation>;
  /**
   * Resolves candidate files in a temporary folder. The app is not touched; packages may be built. Default: it is refused.
   *
   * @param candidate The files, as {@linkcode Writer.write} makes them.
   */
  resolve?(context: AdapterContext, candidate: Written["texts"]): Promise<Verdict>;
  /**
   * Makes a new library in a folder of its own, which need not exist. Touches nothing outside that folder. Default: it is
   * refused.
   */
  newLibrary?(context: AdapterContext, options: NewLibraryOptions): Promise<RunResult>;
}

/**
 * A package manager. What not every one can do may be left out: HSM does without, or says that it cannot be had.
 *
 * @example
 * ```ts
 * import { type Adapter, openWorkspace, sync } from "@hsm/hsm";
 *
 * // By a package manager of one's own, whatever hsm.yaml says.
 * export async function syncBy(adapter: Adapter): Promise<void> {
 *   await using workspace = await openWorkspace({ adapter });
 *   await sync(workspace);
 * }
 * ```
 */
export interface Adapter extends Writer, Reader, Tool {
  /** Its name in hsm.yaml. */
  readonly name: string;
  /** What it cannot do. Default: it can do all of it. */
  readonly can?: Abilities;
  /** The code of errors that it did not do what it was asked. @default {"adapter-failed"} */
  readonly failure?: HsmErrorCode;
}

/** An adapter in which nothing is left out. */
export interface CompleteAdapter extends Omit<Required<Adapter>, "edited"> {
  /** {@linkcode Writer.edited}, to be called. */
  readonly edited: EditedFiles;
  /** What it can and cannot do; `resolve`: it resolves without installing. */
  readonly can: Required<Abilities> & { readonly resolve: boolean };
}

/** What {@linkcode Tool.newLibrary} makes. */
export interface NewLibraryOptions {
  /** The folder, absolute. */
  readonly directory: string;
  /** The distribution's name. */
  readonly name: string;
  /** The Python versions that it is for; default: the program's own choice. */
  readonly requiresPython?: string | undefined;
}

/** What a failure means. */
export interface Explanation {
  /** One line, in terms of packages. */
  readonly cause?: string | undefined;
  /** What to do about it. */
  readonly hint?: string | undefined;
  /** The package that cannot be had from where it is said to be. */
  readonly misplaced?: string;
  /** The package that there is no version of that would do. */
  readonly lacking?: string;
}

/** What a package manager says of a candidate; what that comes to, where it is known. */
export interface Verdict extends Omit<Explanation, "misplaced" | "lacking"> {
  /** Whether it finds a solution. */
  readonly success: boolean;
  /** Whether there is none; else it could not look for one, because something does not build, for example. */
  readonly isUnsolvable: boolean;
  /** What it says, in its own words. */
  readonly message: string;
}
