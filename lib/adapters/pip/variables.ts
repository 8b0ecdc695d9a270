/**
 * The environment in which uv does pip's work.
 *
 * @module
 */

import { given } from "../../given.ts";
import type { Variables } from "../reader.ts";
import { uvVariables } from "../uv/variables.ts";

/** They would install elsewhere, or other things than pip would with the same files. */
const CONTRARY = [
  "UV_SYSTEM_PYTHON",
  "UV_OVERRIDE",
  "UV_EXCLUDE",
  "UV_REQUIRE_HASHES",
  "UV_CUSTOM_COMPILE_COMMAND",
];

/** {@linkcode Reader.variables}, for pip: where pip is told to look for packages, uv looks too. */
export function pipVariables(env: Readonly<Record<string, string>>): Variables {
  const { sync, own } = uvVariables(env);
  for (const name of CONTRARY) delete sync[name];
  const isToldOf = (...names: readonly string[]) => names.some((it) => env[it]);
  const index = isToldOf("UV_DEFAULT_INDEX", "UV_INDEX_URL") ? undefined : env["PIP_INDEX_URL"];
  const more = isToldOf("UV_INDEX", "UV_EXTRA_INDEX_URL") ? undefined : env["PIP_EXTRA_INDEX_URL"];
  return {
    sync: {
      ...sync,
      ...given({ UV_DEFAULT_INDEX: index || undefined, UV_EXTRA_INDEX_URL: more || undefined }),
    },
    own,
  };
}
