/**
 * Links that lead from the app's files out of its folder. They are read, but never written, and nothing of what they lead
 * to is shown: it may be anybody's secret.
 *
 * @module
 */

import { resolve } from "@std/path";
import type { CompleteAdapter } from "../adapters/adapter.ts";
import { HsmError } from "../errors.ts";
import { readText } from "../files/read_text.ts";
import { leadsOut, refuseLinkOut, resolveTarget, stakeName } from "../transaction/content.ts";
import { realFiles } from "../files/layer.ts";

/**
 * Refuses a file of the app that is a link out of its folder, before anything is written.
 *
 * @throws {HsmError} `outside-root`
 */
export function refuseOutside(root: string, file: string): void {
  refuseLinkOut(root, file, resolveTarget(realFiles(), resolve(root, file)));
}

/**
 * An error of reading the app's files, without what it quotes of one that lies outside.
 *
 * @param files The files that were read, relative to the root or absolute.
 */
export function withoutQuotes(root: string, files: readonly string[], thrown: unknown): unknown {
  if (!(thrown instanceof HsmError)) return thrown;
  const { code, details } = thrown;
  const problems = (details["problems"] ?? [details]) as readonly { readonly file?: unknown }[];
  for (const file of files) {
    const target = targetOutside(root, file);
    if (target === undefined || !problems.some((it) => it.file === file)) continue;
    return new HsmError(code, `Cannot read ${file}: it does not hold what it should`, {
      hint: `it is a link out of the app's folder, to ${target}: what stands there is not shown`,
      details: { file, target },
    });
  }
  return thrown;
}

/**
 * Makes sure that pyproject.toml and the lock files, as far as they are links out of the root, hold what they should: who
 * reads them later may quote them.
 *
 * @param locks The lock files, absolute.
 * @throws {HsmError} `pyproject-invalid`, `lock-invalid`, which quote nothing
 */
export async function checkOutside(
  root: string,
  { readLock }: Pick<CompleteAdapter, "readLock">,
  locks: readonly string[],
): Promise<void> {
  const lockNames = locks.map((it) => stakeName(realFiles(), root, it));
  for (const file of ["pyproject.toml", ...lockNames]) {
    if (targetOutside(root, file) === undefined) continue;
    try {
      const text = await readText(resolve(root, file), file, "pyproject-invalid");
      if (text === undefined) continue;
      const { readProject } = await import("../project/read_project.ts");
      if (!lockNames.includes(file)) readProject(text, file);
      else if (await readLock(text) === undefined) {
        throw new HsmError("lock-invalid", `Cannot read ${file}`, { details: { file } });
      }
    } catch (thrown) {
      throw withoutQuotes(root, [file], thrown);
    }
  }
}

/** Where links lead from a file, if that is outside. */
function targetOutside(root: string, file: string): string | undefined {
  const target = resolveTarget(realFiles(), resolve(root, file));
  return leadsOut(root, file, target) ? target : undefined;
}
