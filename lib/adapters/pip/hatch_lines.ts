/**
 * What makes Hatch itself come to what a sync of HSM's comes to: a pure function from texts to texts.
 *
 * Measured with Hatch 1.10 to 1.18. Hatch makes an environment by running `pre-install-commands`, installing the project,
 * then what the environment depends on. It never looks at a requirement file, and asks the index for what is missing by
 * then: so the lock file is installed before. Hatch brings a uv along, which it names in `HATCH_UV`, whatever `installer`
 * says; pip can install no lock file with checkouts in it. What is installed satisfies both installers afterwards.
 *
 * @module
 */

import type { Change } from "../../change.ts";
import { ArrayEdits } from "../../project/array_edits.ts";
import { pruneMade } from "../../project/made.ts";
import { readStrictly } from "../../project/strict_document.ts";
import { emptyRecord, readRecord, writeRecord } from "../../project/record.ts";
import { textsOf } from "../../table.ts";
import { parseToml } from "../../toml/document.ts";
import { TomlEditor } from "../../toml/edit.ts";
import { renderKeyPath } from "../../toml/render.ts";
import type { AppFiles, Written } from "../adapter.ts";
import { LOCK } from "./files.ts";
import { type GovernedPackage, refuseHatchSettings } from "./hatch_refusals.ts";
import {
  DEFAULT,
  HATCH_PLACES,
  type HatchPlace,
  readHatchSettings,
  recordedCommands,
} from "./hatch_settings.ts";

/** What Hatch runs before it installs the project. Its uv may have spaces on its way, and Hatch may run in any folder. */
export const HATCH_COMMAND =
  `"{env:HATCH_UV:uv}" pip install --quiet --no-sources -r "{root}/${LOCK}"`;

const COMMANDS = "pre-install-commands";

/**
 * The files with HSM's command for the default environment, where Hatch reads it, or without it.
 *
 * @param packages Those that Hatch's environment is to have; undefined: it is none of HSM's.
 * @throws {HsmError} `pyproject-invalid`, `pyproject-unsupported`
 */
export async function writeHatchLines(
  files: Pick<AppFiles, "read">,
  packages: readonly GovernedPackage[] | undefined,
): Promise<Written> {
  const open = packages === undefined ? undefined : readStrictly;
  const settings = await readHatchSettings(files, open);
  const { place } = settings;
  if (packages !== undefined) refuseHatchSettings(settings, packages);
  const texts = new Map<string, string>();
  const changes: Change[] = [];
  for (const it of HATCH_PLACES) {
    const text = await files.read(it.file);
    if (text === undefined) continue;
    const edited = withCommand(text, it, packages !== undefined && it.file === place.file);
    if (edited.text === text) continue;
    texts.set(it.file, edited.text);
    changes.push(...edited.changes);
  }
  return { texts, changes };
}

/** One file with the command, or without it. */
function withCommand(
  text: string,
  { file, keys }: HatchPlace,
  isWanted: boolean,
): { readonly text: string; readonly changes: readonly Change[] } {
  const written = recordedCommands(text);
  // What is another's is none of this one's business.
  if (!isWanted && written === undefined) return { text, changes: [] };
  const document = parseToml(text, file);
  const before = readRecord(document, ["commands"]);
  const own = textsOf(written);
  const path = [...keys, "envs", DEFAULT, COMMANDS];
  const arrays = new ArrayEdits(document);
  const { entries, removed, appended } = arrays.open(path);
  const isThere = entries.includes(HATCH_COMMAND);
  for (const [at, entry] of entries.entries()) {
    if (own.includes(entry!) && !(isWanted && entry === HATCH_COMMAND)) removed.add(at);
  }
  if (isWanted && !isThere) appended.push(HATCH_COMMAND);
  const about = { package: `[${renderKeyPath(path.slice(0, -1))}]`, what: COMMANDS };
  const changes: Change[] = [
    ...[...removed].map((at) => ({ ...about, action: "remove" as const, from: entries[at]! })),
    ...appended.map((it) => ({ ...about, action: "add" as const, to: it })),
  ];
  const isOwn = isWanted && (!isThere || own.includes(HATCH_COMMAND));
  const editor = new TomlEditor(document);
  arrays.flush(editor);
  const after = emptyRecord(["commands"]);
  if (isOwn) {
    after.adapter = "pip";
    after.lists.commands = [HATCH_COMMAND];
  }
  const [was, is] = [own.length > 0, isOwn].map((it) => it ? [path] : []);
  after.lists.created = pruneMade(editor, before.lists.created, was!, is!);
  writeRecord(editor, before, after, [...keys, "envs"]);
  return { text: editor.apply(), changes };
}
