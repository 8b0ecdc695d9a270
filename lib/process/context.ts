/**
 * What a run works in.
 *
 * @module
 */

import type { Surroundings } from "./call.ts";
import { type Commands, createCommands } from "./commands.ts";

/** What a run works in; whatever asks git or looks at checkouts needs no more of a workspace, which is one. */
export interface Context extends Surroundings {
  /** How many programs run at a time. */
  readonly jobs: number;
  /**
   * Runs programs for HSM itself; a script's own take the workspace's `shell()`.
   *
   * @internal
   */
  readonly $: Commands;
}

/** Makes a context. */
export function createContext(
  { jobs = 8, ...surroundings }: Surroundings & { readonly jobs?: number },
): Context {
  return { ...surroundings, jobs, $: createCommands(surroundings) };
}
