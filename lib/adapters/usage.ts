/**
 * What shows which package manager an app is used with.
 *
 * @module
 */

/**
 * How sure it is that an app is used with a package manager: `locked` by a lock file that no other one makes, `set-up` by
 * settings of its own, `possible` by what apps of others have as well.
 */
export type Sureness = "locked" | "set-up" | "possible";

/** The surest first. */
export const SURENESS: readonly Sureness[] = ["locked", "set-up", "possible"];

/** What shows that an app is used with a package manager. */
export interface Usage {
  /** The files and tables that show it, as one would write them. */
  readonly signs: readonly string[];
  /** How sure it is. */
  readonly sureness: Sureness;
  /** What hsm.yaml is to say under `environment:`. Default: nothing. */
  readonly environment?: string | undefined;
}
