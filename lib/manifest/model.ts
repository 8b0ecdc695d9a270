/**
 * The manifest as the rest of HSM sees it: `hsm.yaml` with `hsm.local.yaml` laid over it, every default filled in.
 *
 * @module
 */

import type { InjectInto, Mode, Pin } from "../source.ts";

export type { InjectInto, Mode, Pin };

/**
 * One package of the manifest.
 *
 * @example
 * ```ts
 * import { type ManifestPackage, openWorkspace } from "@hsm/hsm";
 *
 * const isLeftBehind = ({ pin, mode }: ManifestPackage) => mode === "dev" && pin === undefined;
 * await using workspace = await openWorkspace({ readonly: true });
 * console.log(workspace.manifest.packages.filter(isLeftBehind)); // those that production cannot have
 * ```
 */
export interface ManifestPackage {
  /** The name as hsm.yaml writes it. */
  readonly name: string;
  /** The name in the form in which names compare (PEP 503). */
  readonly key: string;
  /** The repository's URL, with `{name}` filled in; undefined only where neither the package nor the manifest names one. */
  readonly git: string | undefined;
  /** The version in production; undefined where the manifest names none (then only dev mode works). */
  readonly pin: Pin | undefined;
  /** What the tags of its releases begin with; undefined: as its pin does, or as its name or folder says. */
  readonly tagPrefix: string | undefined;
  /** Where the distribution lies inside the repository, relative, with `/`. */
  readonly subdirectory: string | undefined;
  /** The extras that are asked for, as written. */
  readonly extras: readonly string[];
  /** The dependency group that the requirement is put in (PEP 735); undefined: `project.dependencies`. */
  readonly group: string | undefined;
  /** Whether the app itself requires the package. */
  readonly require: boolean;
  /** How it is used now. */
  readonly mode: Mode;
  /** How its checkout is used in dev mode. */
  readonly inject: InjectInto;
  /** The checkout's folder, relative to the root, with `/`, normalized (`packages/NAME` unless the manifest says otherwise). */
  readonly path: string;
  /** The branch that a new clone checks out; undefined: the remote's own default branch. */
  readonly checkout: string | undefined;
  /** Whether a checkout has its submodules. In prod mode the package manager always fetches them. */
  readonly submodules: boolean;
  /** Whether the package manager is to fetch the files that Git LFS keeps. */
  readonly lfs: boolean;
}

/**
 * The manifest: `hsm.yaml` with `hsm.local.yaml` laid over it.
 *
 * @example
 * ```ts
 * import { type Manifest, openWorkspace } from "@hsm/hsm";
 *
 * const inDev = ({ packages }: Manifest) => packages.filter((it) => it.mode === "dev");
 * await using workspace = await openWorkspace({ readonly: true });
 * console.log(inDev(workspace.manifest).map((it) => it.path)); // ["packages/my-plugin"]
 * ```
 */
export interface Manifest {
  /** The package manager, by name. */
  readonly adapter: string;
  /** The environment that it installs into, as written: a folder, a variable, or a word of its own; undefined: its own choice. */
  readonly environment: string | undefined;
  /** The mode of packages that name none. */
  readonly mode: Mode;
  /** The folder of the checkouts, relative to the root, with `/`. */
  readonly packagesDir: string;
  /** The object filter of new clones, such as `blob:none`; undefined: full clones. */
  readonly filter: string | undefined;
  /** The commands that run after a sync, each one a program with its arguments. */
  readonly verify: readonly string[];
  /** All packages, in the order of hsm.yaml. */
  readonly packages: readonly ManifestPackage[];
}

/** The keys of a package that pin it. */
export const PIN_KEYS: readonly string[] = ["tag", "rev", "branch"];
