/**
 * The package managers that HSM knows, by name.
 *
 * @module
 */

import type { Adapter, CompleteAdapter } from "./adapter.ts";
import { completeAdapter } from "./complete.ts";
import { HsmError } from "../errors.ts";
import { ADAPTER_NAMES, type AdapterName } from "../manifest/adapter_names.ts";

type Env = Readonly<Record<string, string>>;

/** Only the one that is used is loaded. */
const LOADERS: Readonly<Record<AdapterName, (env: Env) => Promise<Adapter>>> = {
  uv: async (env) => (await import("./uv/adapter.ts")).uvAdapter(env),
  poetry: async (env) => (await import("./poetry/adapter.ts")).poetryAdapter(env),
  pip: async (env) => (await import("./pip/adapter.ts")).pipAdapter(env),
};

/**
 * Loads a package manager.
 *
 * @param wanted Its name, or one that a script brings. Default: the first that HSM knows.
 * @throws {HsmError} `usage` where there is none of that name
 */
export async function loadAdapter(
  env: Env,
  wanted: string | Adapter = ADAPTER_NAMES[0],
): Promise<CompleteAdapter> {
  if (typeof wanted !== "string") return completeAdapter(wanted);
  if (!Object.hasOwn(LOADERS, wanted)) {
    throw new HsmError(
      "usage",
      `Cannot use the package manager ${wanted}: hsm has none of that name`,
      {
        hint: `hsm has ${
          ADAPTER_NAMES.join(", ")
        }; for another, give \`openWorkspace()\` an adapter`,
      },
    );
  }
  return completeAdapter(await LOADERS[wanted as AdapterName](env));
}

/** Loads all of them, the default first. */
export async function loadAdapters(env: Env): Promise<readonly CompleteAdapter[]> {
  return await Promise.all(ADAPTER_NAMES.map((name) => loadAdapter(env, name)));
}
