/**
 * Giving an installed checkout the identity of the package that it stands in for.
 *
 * @module
 */

import { join } from "@std/path";
import type { FileLayer } from "../../../files/layer.ts";
import { MARK } from "../../stand_in.ts";
import { type Identity, IDENTITY_FILES } from "./identity.ts";
import { TEMPORARY } from "./marks.ts";
import { pathIn, recordLine, withPath } from "./record.ts";

/** What is to be given the identity of another. */
export interface Forging {
  /** The folder of the distributions, absolute. */
  readonly site: string;
  /** The name of the `.dist-info` folder in it. */
  readonly folder: string;
  /** Whose identity it is to have. */
  readonly identity: Identity;
  /** The text of HSM's own mark. */
  readonly mark: string;
}

/**
 * Makes uv take an editable install for another package: the folder of its metadata gets that one's version, and what uv
 * has noted there is replaced. METADATA, entry points, scripts and whatever leads to the checkout stay its own.
 *
 * At each step RECORD names all that is there, whichever name the folder has, so that whoever uninstalls it leaves nothing
 * behind, also where this was killed half way. No file is written in place: it may be a second name of one in uv's cache.
 *
 * @returns The name that the folder has now.
 * @throws {Error} what the system says; it is called again then, on a new install.
 */
export function forge(layer: FileLayer, { site, folder, identity, mark }: Forging): string {
  const [, name = ""] = /^(.+)-[^-]+\.dist-info$/.exec(folder) ?? [];
  const forged = `${name}-${identity.version}.dist-info`;
  const files = new Map(
    Object.entries({ ...identity.files, [MARK]: mark }).map((
      [file, text],
    ) => [file, ENCODER.encode(text)]),
  );
  const at = (file: string) => join(site, folder, file);
  const record = new TextDecoder().decode(layer.read(at("RECORD")) ?? new Uint8Array())
    .split(/\r?\n/).filter((line) => line !== "");
  const kept = record.filter((line) => !isReplaced(line, folder));
  const lines = [
    ...kept.map((line) => withPath(line, movedPath(pathIn(line), folder, forged))),
    ...[...files].map(([file, content]) => recordLine(`${forged}/${file}`, content)),
  ].toSorted();
  /** Gives a file other bytes under the same name, whatever else the old ones are called. */
  const replace = (path: string, content: Uint8Array): void => {
    const temporary = join(site, TEMPORARY);
    layer.unlink(temporary);
    layer.create(temporary, content, 0o666);
    layer.rename(temporary, path);
  };
  const list = (all: Iterable<string>) => ENCODER.encode(`${[...all].join("\n")}\n`);
  const added = [...files.keys()].map((file) => `${folder}/${file},,`);
  replace(at("RECORD"), list(new Set([...record, ...added, ...lines])));
  for (const file of IDENTITY_FILES) if (!files.has(file)) layer.unlink(at(file));
  for (const [file, content] of files) replace(at(file), content);
  if (forged !== folder) layer.rename(join(site, folder), join(site, forged));
  replace(join(site, forged, "RECORD"), list(lines));
  return forged;
}

const ENCODER = new TextEncoder();

/** Whether a line of RECORD is of a file that uv tells packages by, or of HSM's mark. */
function isReplaced(line: string, folder: string): boolean {
  const path = pathIn(line);
  return [...IDENTITY_FILES, MARK].some((file) => path === `${folder}/${file}`);
}

function movedPath(path: string, folder: string, forged: string): string {
  return path.startsWith(`${folder}/`) ? `${forged}${path.slice(folder.length)}` : path;
}
