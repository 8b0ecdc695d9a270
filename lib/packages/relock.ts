/**
 * The command that locks packages anew.
 *
 * @module
 */

import type { CompleteAdapter } from "../adapters/adapter.ts";

/** What a person types to lock packages anew; undefined where the package manager has no arguments for it. */
export function relockCommand(
  { adapter }: { readonly adapter: Pick<CompleteAdapter, "relockArguments"> },
  packages: readonly string[],
): string | undefined {
  const args = adapter.relockArguments(packages);
  return args.length === 0 ? undefined : `hsm sync -- ${args.join(" ")}`;
}
