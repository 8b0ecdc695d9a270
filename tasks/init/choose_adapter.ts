/**
 * The package manager that a new hsm.yaml names.
 *
 * @module
 */

import type { Adapter, CompleteAdapter } from "../../lib/adapters/adapter.ts";
import { findUsed, type UsedAdapter } from "../../lib/adapters/find_used.ts";
import { loadAdapter } from "../../lib/adapters/load.ts";
import type { Usage } from "../../lib/adapters/usage.ts";
import type { Tell } from "../../lib/events/tell.ts";
import { ioError } from "../../lib/files/system_error.ts";
import { filesOnDisk } from "../../lib/workspace/manager_files.ts";

/** A package manager, and what of an app shows that it is the one. */
export interface ChosenAdapter {
  /** The package manager. */
  readonly adapter: CompleteAdapter;
  /** What shows it; undefined: nothing. */
  readonly usage: Usage | undefined;
}

/**
 * Chooses the package manager that is wanted, else the one that the app is surely used with, else the default one; where
 * several are in question it says so.
 *
 * @throws {HsmError} `usage` where there is none of that name; `pyproject-invalid`, `io`
 */
export async function chooseAdapter(
  root: string,
  { env, tell, wanted }: {
    readonly env: Readonly<Record<string, string>>;
    readonly tell: Tell;
    readonly wanted: string | Adapter | undefined;
  },
): Promise<ChosenAdapter> {
  const files = filesOnDisk(root);
  const names = await namesIn(root);
  if (wanted !== undefined) {
    const adapter = await loadAdapter(env, wanted);
    return { adapter, usage: await adapter.usageIn(files, names) };
  }
  const found = await findUsed(env, files, names);
  const [first, ...others] = found;
  if (first === undefined) return { adapter: await loadAdapter(env), usage: undefined };
  const rivals = others.filter((it) => it.usage.sureness !== "possible");
  if (rivals.length > 0) {
    const all = [first, ...rivals].map(describe).join(" and ");
    const message = `this app has ${all}: hsm.yaml goes by ${first.adapter.name}, ` +
      "and by another one with `--adapter NAME`";
    tell({ kind: "warned", message });
  }
  return first;
}

function describe({ adapter, usage }: UsedAdapter): string {
  return `${usage.signs.join(", ")} (${adapter.name})`;
}

async function namesIn(root: string): Promise<ReadonlySet<string>> {
  try {
    return new Set((await Array.fromAsync(Deno.readDir(root))).map((it) => it.name));
  } catch (error) {
    throw ioError(`look into ${root}`, root, error);
  }
}
