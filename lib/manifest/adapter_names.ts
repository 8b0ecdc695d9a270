/**
 * The package managers that hsm.yaml can name by itself; a script may bring another.
 *
 * @module
 */

import type { Manifest } from "./model.ts";

/** The names, the default first. */
export const ADAPTER_NAMES = ["uv", "poetry", "pip"] as const;

/** One of the names. */
export type AdapterName = typeof ADAPTER_NAMES[number];

/** What a manifest may say of package managers. */
export interface KnownAdapters {
  /** The names that it may say. */
  readonly names: readonly string[];
  /** Where they have their environment from, by name; undefined: from the manifest's `environment:`. */
  readonly environmentFrom: Readonly<Record<string, string | undefined>>;
  /** Those with which a checkout can stand in for what is locked. */
  readonly standIn: readonly string[];
  /** The one that counts whatever it names. */
  readonly own?: string;
}

const ENVIRONMENT_FROM: Readonly<Record<AdapterName, string | undefined>> = {
  uv: "UV_PROJECT_ENVIRONMENT",
  poetry: "its own settings",
  pip: undefined,
};

/** What it may say where nobody brings another one. */
export const KNOWN_ADAPTERS: KnownAdapters = {
  names: ADAPTER_NAMES,
  environmentFrom: ENVIRONMENT_FROM,
  standIn: ["uv"],
};

/** What it may say where that one is used, be it one that a script has brought. */
export function knownWith(
  { name, can }: {
    readonly name: string;
    readonly can: { readonly takesEnvironment: boolean; readonly standsIn: boolean };
  },
): KnownAdapters {
  if (Object.hasOwn(ENVIRONMENT_FROM, name)) return KNOWN_ADAPTERS;
  return {
    names: [...ADAPTER_NAMES, name],
    environmentFrom: {
      ...ENVIRONMENT_FROM,
      [name]: can.takesEnvironment ? undefined : "its own settings",
    },
    standIn: can.standsIn ? [...KNOWN_ADAPTERS.standIn, name] : KNOWN_ADAPTERS.standIn,
    own: name,
  };
}

/** The package manager of a manifest, where it wants checkouts to stand in, and that cannot have them. */
export function withoutStandIns(
  { adapter, packages }: Pick<Manifest, "adapter" | "packages">,
  { standIn, own }: KnownAdapters,
): string | undefined {
  const used = own ?? adapter;
  const isWanted = packages.some((it) => it.inject === "environment");
  return isWanted && !standIn.includes(used) ? used : undefined;
}

/** Where the package manager of a manifest has its environment from, if not from there. */
export function environmentElsewhere(
  adapter: string,
  { environmentFrom, own }: KnownAdapters,
): { readonly adapter: string; readonly from: string } | undefined {
  const used = own ?? adapter;
  const from = environmentFrom[used];
  return from === undefined ? undefined : { adapter: used, from };
}
