/**
 * What other tools' files say about packages, in one form.
 *
 * @module
 */

import type { Mode, Pin } from "../manifest/model.ts";

/** A package as another tool's file describes it. */
export interface ForeignPackage {
  /** The name: the distribution's where it is known, else what the file calls it. */
  readonly name: string;
  /** The repository, as the file writes it. */
  readonly git: string;
  /** The version: a pin, or `ref` where the file does not say whether it is a tag, a branch or a commit. */
  readonly version: Pin | { readonly ref: string } | "default-branch";
  /** How the other tool uses it; undefined: a branch is worked on, everything else is installed. */
  readonly mode?: Mode;
  /** The folder of its checkout, relative to the root, with `/`. */
  readonly path?: string | undefined;
  /** The branch that a new clone checks out. */
  readonly checkout?: string | undefined;
  /** Where the distribution lies inside the repository. */
  readonly subdirectory?: string | undefined;
  /** The branch that a clone checks out by itself, where it is known. */
  readonly defaultBranch?: string | undefined;
  /** What is uncertain about it. */
  readonly doubt?: string | undefined;
  /** The extras that are asked for. */
  readonly extras?: readonly string[];
  /** Whether the app requires it itself. @default {true} */
  readonly require?: boolean;
  /** Whether what Git LFS keeps is fetched. @default {false} */
  readonly lfs?: boolean;
}

/** A package that another tool has from a folder: where that is a git checkout, it tells the rest. */
export interface FolderPackage extends Pick<ForeignPackage, "extras" | "require"> {
  /** The distribution's name; undefined: the file does not say it. */
  readonly name: string | undefined;
  /** The folder of the distribution, relative to the root, or absolute. */
  readonly folder: string;
}

/** A package that cannot be taken over. */
export interface Skipped {
  /** What the file calls it. */
  readonly name: string;
  /** Why. */
  readonly reason: string;
}

/** What another tool's file holds. */
export interface ForeignFile<Package = ForeignPackage> {
  /** The file, relative to the root, with `/`. */
  readonly file: string;
  /** The packages, in the file's order. */
  readonly packages: readonly Package[];
  /** What is no package that HSM could manage. */
  readonly skipped: readonly Skipped[];
}
