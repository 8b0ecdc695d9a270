/**
 * The package managers that an app had before.
 *
 * @module
 */

import { ADAPTER_NAMES, type AdapterName } from "../manifest/adapter_names.ts";
import { peekDocument } from "../project/document.ts";
import { isTable, textOf } from "../table.ts";
import type { AppFiles, CompleteAdapter } from "./adapter.ts";
import { loadAdapter } from "./load.ts";
import { CONSTRAINTS, REQUIREMENTS } from "./pip/files.ts";

/** The files of HSM's that each has of its own; what HSM writes into the app's it notes in `[tool.hsm]`. */
const OWN_FILES: Readonly<Partial<Record<AdapterName, readonly string[]>>> = {
  pip: [REQUIREMENTS, CONSTRAINTS],
};

/**
 * The other package managers for which HSM has written something into an app. One that cannot have anything there is not
 * loaded.
 *
 * @param used The name of the one that it has now.
 * @throws {HsmError} `pyproject-invalid`, of a file that they read
 */
export async function loadOthers(
  env: Readonly<Record<string, string>>,
  used: string,
  files: AppFiles,
): Promise<readonly CompleteAdapter[]> {
  const record = peekDocument(await files.pyproject())?.value(["tool", "hsm"]);
  const recorded = isTable(record) ? textOf(record["adapter"]) ?? ADAPTER_NAMES[0] : undefined;
  const found: CompleteAdapter[] = [];
  for (const name of ADAPTER_NAMES) {
    const mayOwn = name === recorded || OWN_FILES[name]?.some((it) => files.has(it));
    if (name === used || !mayOwn) continue;
    const adapter = await loadAdapter(env, name);
    // A file of that name may be somebody else's.
    if (name === recorded || (await adapter.owned(files)).length > 0) found.push(adapter);
  }
  return found;
}
