/**
 * A workspace that the last command has unmade: hsm.yaml is gone, and the history can bring it back.
 *
 * @module
 */

import { dirname, join } from "@std/path";
import { attempt } from "../attempt.ts";
import { type FileLayer, realFiles } from "../files/layer.ts";
import { isFile } from "../files/is_there.ts";
import { readText } from "../files/read_text.ts";
import type { ManifestFiles } from "../manifest/parse.ts";
import { ABSENT } from "../transaction/content.ts";
import { type HistoryDetails, listHistory, readHistory } from "../transaction/history.ts";
import { decode } from "../transaction/journal.ts";
import { manifestFiles } from "./read_manifest.ts";

const [SHARED, LOCAL] = ["hsm.yaml", "hsm.local.yaml"] as const;

/** The nearest such folder upward, all links followed; undefined where a workspace is nearer, or there is none. */
export async function findEjected(directory: string): Promise<string | undefined> {
  const start = attempt(() => Deno.realPathSync(directory));
  for (let folder = start; folder !== undefined;) {
    if (isFile(join(folder, SHARED))) return undefined;
    if (await lastCommand(folder) !== undefined) return folder;
    const above = dirname(folder);
    folder = above === folder ? undefined : above;
  }
  return undefined;
}

/** What the manifest's files said before; undefined where hsm.yaml is there, or no command has taken it away. */
export async function readEjected(
  root: string,
  layer: FileLayer,
): Promise<ManifestFiles | undefined> {
  if (isFile(join(root, SHARED))) return undefined;
  const last = await lastCommand(root, layer);
  if (last === undefined) return undefined;
  const text = async (file: string) => {
    const found = last.files.find((it) => it.file === file);
    if (found === undefined) return await readText(join(root, file), file, "manifest-invalid");
    return found.before === null ? undefined : decode(found.before);
  };
  return manifestFiles(await text(SHARED), await text(LOCAL));
}

/** Whether a command has taken hsm.yaml away. Pure. */
export function tookManifest({ files }: HistoryDetails): boolean {
  return files.some((it) => it.file === SHARED && it.before !== null && it.after === ABSENT);
}

/** The last command, where it has taken hsm.yaml away. */
async function lastCommand(
  root: string,
  layer: FileLayer = realFiles(),
): Promise<HistoryDetails | undefined> {
  const [last] = attempt(() => listHistory(root, layer)) ?? [];
  if (last === undefined || !last.files.includes(SHARED)) return undefined;
  const details = await readHistory(root, last.id, layer);
  return tookManifest(details) ? details : undefined;
}
