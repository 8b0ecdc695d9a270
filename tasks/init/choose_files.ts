/**
 * Which files a new workspace takes packages over from.
 *
 * @module
 */

import type { CompleteAdapter } from "../../lib/adapters/adapter.ts";
import type { ForeignFile } from "../../lib/adapters/found_packages.ts";
import { HsmError } from "../../lib/errors.ts";
import type { Context } from "../../lib/process/context.ts";
import { mapAll } from "../../lib/process/pool.ts";
import type { OpenWorkspaceOptions } from "../../lib/workspace/open.ts";
import { findForeignFiles, readForeignFile } from "./foreign_files.ts";

/** What decides about it. */
interface Choice extends Pick<OpenWorkspaceOptions, "confirm"> {
  /** The files, relative to the app's folder; default: those that are there. */
  readonly from?: readonly string[] | undefined;
  /** Whether to take packages over; default: asks where there are any and somebody can answer. */
  readonly takeOver?: boolean | undefined;
}

/** The files to take over: the ones that were named, else the ones that are there and somebody wants. */
export async function chooseFiles(
  context: Context & { readonly adapter: CompleteAdapter },
  options: Choice,
): Promise<readonly ForeignFile[]> {
  const { from = [], confirm } = options;
  if (from.length > 0) return await mapAll(from, 1, (file) => readForeignFile(context, file));
  if (options.takeOver === false) return [];
  const found = await findForeignFiles(context);
  const useful = found.filter((it) => it.packages.length > 0);
  if (options.takeOver || useful.length === 0) return found;
  if (confirm === undefined) throw undecided(useful);
  const chosen: ForeignFile[] = [];
  for (const it of useful) {
    const names = it.packages.map(({ name }) => name).join(", ");
    if (await confirm(`Take over ${names} from ${it.file}?`, context.signal)) chosen.push(it);
  }
  return chosen;
}

function undecided(found: readonly ForeignFile[]): HsmError {
  const files = found.map((it) => it.file);
  return new HsmError(
    "usage",
    `Cannot decide what to take over: ${files.join(", ")} ${
      files.length === 1 ? "names" : "name"
    } packages`,
    {
      causes: found.map(({ file, packages }) =>
        `${file}: ${packages.map(({ name }) => name).join(", ")}`
      ),
      hint:
        "run `hsm init --yes` to take all of them, `--from FILE` for one file, `--bare` for none",
      details: { files },
    },
  );
}
