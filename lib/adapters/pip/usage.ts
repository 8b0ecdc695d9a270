/**
 * What shows that an app is used with pip, or with hatch.
 *
 * @module
 */

import { peekDocument } from "../../project/document.ts";
import type { AppFiles } from "../adapter.ts";
import type { Usage } from "../usage.ts";
import { HATCH, LOCK } from "./files.ts";

/** Names that apps of pip's have, and sometimes those of others. */
const FILES = /^(?:requirements(?:[-_.]\w+)?\.(?:txt|in)|setup\.py)$/;

/**
 * Tells by what lies in an app's folder; undefined: nothing shows it.
 *
 * @param names What lies at its top.
 */
export async function usageOf(
  files: Pick<AppFiles, "pyproject">,
  names: ReadonlySet<string>,
): Promise<Usage | undefined> {
  const pyproject = peekDocument(await files.pyproject());
  const tables = (...paths: readonly (readonly string[])[]) =>
    paths.filter((it) => pyproject?.value(it) !== undefined).map((it) => `[${it.join(".")}]`);
  const hatch = [
    ...names.has("hatch.toml") ? ["hatch.toml"] : [],
    ...tables(["tool", "hatch", "envs"]),
  ];
  const environment = hatch.length > 0 ? { environment: HATCH } : {};
  if (names.has(LOCK)) return { signs: [LOCK], sureness: "locked", ...environment };
  const settings = [...hatch, ...tables(["tool", "pip-tools"])];
  if (settings.length > 0) return { signs: settings, sureness: "set-up", ...environment };
  const signs = [...names].filter((it) => FILES.test(it)).sort();
  return signs.length > 0 ? { signs, sureness: "possible" } : undefined;
}
