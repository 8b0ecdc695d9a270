/**
 * Where a package comes from, as the package manager is told.
 *
 * @module
 */

/**
 * How a package is used: `prod`, installed from git at its pin; `dev`, an editable checkout in the workspace.
 *
 * @example
 * ```ts
 * import { type Mode, openWorkspace } from "@hsm/hsm";
 *
 * await using workspace = await openWorkspace({ readonly: true });
 * const count = (mode: Mode) => workspace.manifest.packages.filter((it) => it.mode === mode).length;
 * console.log(`${count("dev")} in dev mode, ${count("prod")} at their pins`);
 * ```
 */
export type Mode = "prod" | "dev";

/**
 * How a checkout is used in dev mode: `pyproject` writes it into the app's files; with `environment` it stands in, in the
 * environment, for what these files and the lock file say.
 *
 * @example
 * ```ts
 * import { type InjectInto, openWorkspace } from "@hsm/hsm/workspace";
 *
 * const WITHOUT_TRACE: InjectInto = "environment";
 * await using workspace = await openWorkspace({ readonly: true });
 * console.log(workspace.manifest.packages.filter((it) => it.inject === WITHOUT_TRACE));
 * ```
 */
export type InjectInto = "pyproject" | "environment";

/**
 * The version a package has in production: exactly one of the three.
 *
 * @example
 * ```ts
 * import type { Pin } from "@hsm/hsm";
 *
 * const wordOf = (pin: Pin) => "tag" in pin ? pin.tag : "rev" in pin ? pin.rev : pin.branch;
 * console.log(wordOf({ tag: "v1.2.0" })); // v1.2.0
 * ```
 */
export type Pin =
  | { readonly tag: string }
  | { readonly rev: string }
  | { readonly branch: string };

/** A checkout in the workspace: an edit is seen by the app at once. */
export interface PathSource {
  /** What tells it from the other sources. */
  readonly kind: "path";
  /** The folder of the distribution (the one with its pyproject.toml), relative to the root, with `/`. */
  readonly path: string;
}

/** A pinned version in a git repository: installed as an immutable library. */
export interface GitSource {
  /** What tells it from the other sources. */
  readonly kind: "git";
  /** The repository's URL. */
  readonly git: string;
  /** The pin: exactly one of the three. */
  readonly tag?: string;
  /** A commit. */
  readonly rev?: string;
  /** A branch. */
  readonly branch?: string;
  /** Where the distribution lies inside the repository. */
  readonly subdirectory?: string;
  /** Whether the files that Git LFS keeps are fetched. @default {false} */
  readonly lfs?: boolean;
}

/**
 * Where a package comes from, as the package manager is told.
 *
 * @example
 * ```ts
 * import { map, openWorkspace, type Source } from "@hsm/hsm";
 *
 * const placeOf = (source: Source) => source.kind === "path" ? source.path : source.git;
 * await using workspace = await openWorkspace({ readonly: true });
 * const { sources } = await map(workspace);
 * console.log(sources.map((it) => placeOf(it.source)));
 * ```
 */
export type Source = PathSource | GitSource;

/**
 * A source in words, such as `packages/my-plugin (editable)` or `https://github.com/org/my-plugin @ v1.2.0`.
 */
export function describeSource(source: Source): string {
  if (source.kind === "path") return `${source.path} (editable)`;
  const folder = source.subdirectory === undefined ? "" : `, in ${source.subdirectory}`;
  const lfs = source.lfs ? ", with LFS" : "";
  return `${source.git} @ ${source.tag ?? source.rev ?? source.branch}${folder}${lfs}`;
}
