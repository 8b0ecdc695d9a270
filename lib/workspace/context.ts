/**
 * What a workspace works in.
 *
 * @module
 */

import type { CompleteAdapter } from "../adapters/adapter.ts";
import type { Context } from "../process/context.ts";
import type { FileLayer } from "../files/layer.ts";
import type { ManagerFiles } from "./manager_files.ts";

/** What a run works in once it is known where the app is, and whose it is. */
export interface WorkspaceContext extends Context, ManagerFiles {
  /** The package manager. */
  readonly adapter: CompleteAdapter;
  /** The environment of programs that are the user's own business, as those of `hsm exec` are. */
  readonly ownEnv: Readonly<Record<string, string>>;
  /** What the app's files are written through. */
  readonly layer: FileLayer;
  /** Asks a person a yes-or-no question; undefined where nobody can answer. */
  readonly confirm: ((question: string) => Promise<boolean>) | undefined;
}
