/**
 * The guard: a line in the environment that keeps a checkout what is imported, whatever is installed beside it.
 *
 * `uv sync --reinstall` and a moved pin bring the package itself back. Until the next `hsm sync` the checkout's folder comes
 * before it on Python's path, behind the standard library.
 *
 * @module
 */

import { isAbsolute, join } from "@std/path";
import type { FileLayer } from "../../../files/layer.ts";
import { peekText } from "../../../files/read_file.ts";
import { entriesOf } from "../../../files/site_packages.ts";
import type { FoundNeeds } from "../../stand_in.ts";
import { pathIn } from "./record.ts";
import { TEMPORARY } from "./marks.ts";
import { EXTRAS, GUARD, UNFINISHED } from "./has_guard.ts";

/** A checkout that is guarded. */
export interface Guarded {
  /** Its normalized name. */
  readonly key: string;
  /** The folders that it is imported from, absolute; none where that is not known. */
  readonly roots: readonly string[];
}

/** What the guard is to see to. */
export interface Guard {
  /** The checkouts. */
  readonly guarded: readonly Guarded[];
  /** What only checkouts need; undefined: that is not known, and nothing. */
  readonly extras: FoundNeeds | undefined;
}

/**
 * The folders that an editable install is imported from; none where it finds its modules in another way.
 *
 * @param folder The name of its `.dist-info` folder.
 */
export function importRoots(site: string, folder: string): readonly string[] {
  const record = peekText(join(site, folder, "RECORD")) ?? "";
  const files = record.split(/\r?\n/).map(pathIn).filter((it) => /^[^/]+\.pth$/.test(it));
  return rootsIn(site, files);
}

/** The folders that files of a folder of distributions lead to. */
export function rootsIn(site: string, files: readonly string[]): readonly string[] {
  return files.flatMap((file) =>
    (peekText(join(site, file)) ?? "").split(/\r?\n/).filter((line) => isAbsolute(line))
  );
}

/**
 * The text of the guard: one line, for Python runs lines that begin with `import`, and prints an error for one that fails.
 *
 * It may be run twice. Of what was uninstalled since it sees nothing, and in a copy of the environment it does nothing. ASCII
 * only, for Python before 3.13 reads it as the locale says. Python starts often: only where its folder has another name there
 * is the disk asked which it is.
 */
export function guardText(site: string, { guarded, extras }: Guard): string {
  const code = `import os
def place(site, guarded, extras):
    try: names = [it[:-10].rpartition("-")[0] for it in os.listdir(site) if it.endswith(".dist-info")]
    except OSError: return
    there = {it.lower().replace("-", "_").replace(".", "_") for it in names}
    found = [roots for name, roots in guarded if name in there]
    if not found: return
    first = [os.fsdecode(root) for root in sum(found, []) + extras]
    rest = [it for it in sys.path if it not in first]
    here = [it for it in rest if it == site] or [it for it in rest if os.path.exists(it) and os.path.samefile(it, site)]
    if not here: return
    at = rest.index(here[0])
    sys.path[:] = rest[:at] + first + rest[at:]
place(os.fsdecode(site), guarded, extras)
`;
  const list = (paths: readonly string[]) => `[${paths.map(bytesOf).join(", ")}]`;
  const entries = guarded.map(({ key, roots }) =>
    `("${key.replaceAll("-", "_")}", ${list(roots)})`
  );
  const scope = [
    `"sys": sys`,
    `"site": ${bytesOf(site)}`,
    `"guarded": [${entries.join(", ")}]`,
    `"extras": ${list(extras?.folders ?? [])}`,
  ];
  const note = extras === undefined ? "" : `  # ${extras.key} ${extras.basis}`;
  return `import sys; exec(${JSON.stringify(code)}, {${scope.join(", ")}})${note}\n`;
}

/** What the guard of a folder of distributions says of what only checkouts need: what it was made from, and whether it is anything. */
export function peekExtras(
  site: string,
): (Omit<FoundNeeds, "folders"> & { readonly isEmpty: boolean }) | undefined {
  const text = peekText(join(site, GUARD)) ?? "";
  const [, key, basis] = /\)  # ([0-9a-z]+) ([0-9a-z]+)\n$/.exec(text) ?? [];
  if (key === undefined || basis === undefined) return undefined;
  return { key, basis, isEmpty: text.includes(`, "extras": []})`) };
}

/** Whether there is what only checkouts need, as the guard of a folder of distributions says, and nothing else of the kind. */
export async function areExtrasThere(site: string): Promise<boolean> {
  const { key, isEmpty } = peekExtras(site) ?? { isEmpty: true };
  const there = (await entriesOf(join(site, EXTRAS))).filter((it) => it !== UNFINISHED);
  return isEmpty ? there.length === 0 : there.includes(key!);
}

/** A path as Python writes bytes: which text they are depends on the locale that it runs in. */
function bytesOf(path: string): string {
  const bytes = [...new TextEncoder().encode(path)];
  const escaped = bytes.map((it) =>
    it < 0x20 || it > 0x7e || it === 0x22 || it === 0x5c
      ? `\\x${it.toString(16).padStart(2, "0")}`
      : String.fromCharCode(it)
  );
  return `b"${escaped.join("")}"`;
}

/** The packages that the guard of an environment names: those that checkouts stood in for when HSM last looked. */
export function guardedIn(site: string): ReadonlySet<string> {
  const text = peekText(join(site, GUARD)) ?? "";
  const names = [...text.matchAll(/\("([a-z0-9_]+)", \[/g)].map(([, name = ""]) => name);
  return new Set(names.map((it) => it.replaceAll("_", "-")));
}

/** Makes the guard what it is to be; without anything to see to there is none. */
export function writeGuard(layer: FileLayer, site: string, guard: Guard): void {
  const path = join(site, GUARD);
  layer.unlink(join(site, TEMPORARY));
  if (guard.guarded.length === 0) return layer.unlink(path);
  const text = guardText(site, guard);
  if (peekText(path) === text) return;
  layer.create(join(site, TEMPORARY), new TextEncoder().encode(text), 0o666);
  layer.rename(join(site, TEMPORARY), path);
}
