/**
 * The package managers that hsm.yaml can name by itself; a script may bring another.
 *
 * @module
 */

/** The names, the default first. */
export const ADAPTER_NAMES = ["uv", "poetry"] as const;

/** One of the names. */
export type AdapterName = typeof ADAPTER_NAMES[number];

/** The names that a manifest may say where a script has brought a package manager. */
export function namesWith({ name }: { readonly name: string }): readonly string[] {
  return [...new Set([...ADAPTER_NAMES, name])];
}
