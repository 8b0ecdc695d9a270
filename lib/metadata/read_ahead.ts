/**
 * Asking remotes early: while some packages are cloned, the pins of others are read already.
 *
 * @module
 */

import { cacheFolder } from "../cache/cache.ts";
import { HsmError } from "../errors.ts";
import type { ManifestPackage } from "../manifest/model.ts";
import { mapPackage } from "../packages/map_package.ts";
import { mapAll } from "../process/pool.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { MetadataCache } from "./cache.ts";
import { PinReader } from "./pin_reader.ts";

/** Pins that are being read. Disposing of it ends what nobody has waited for. */
export class ReadAhead implements AsyncDisposable {
  /** Reads pins, and has those that were begun. */
  readonly reader: PinReader;
  readonly #begun: Promise<unknown>;
  readonly #end: () => void;

  /** Use {@linkcode readAhead}. */
  constructor(reader: PinReader, begun: Promise<unknown>, end: () => void) {
    this.reader = reader;
    // Whoever needs one of them is told what became of it.
    this.#begun = begun.catch(() => {});
    this.#end = end;
  }

  /** Ends every git that still runs, and waits for it. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#end();
    await this.#begun;
  }
}

/**
 * Begins to read the pins of those packages whose source in pyproject.toml is about to change. Touches nothing but the
 * cache.
 *
 * @throws {HsmError} `pyproject-invalid`
 */
export async function readAhead(
  workspace: Workspace,
  packages: readonly ManifestPackage[],
): Promise<ReadAhead> {
  const sources = (await mapAll(packages, workspace.jobs, mapPinned)).flatMap((it) => it ?? []);
  const changed = new Set(await workspace.adapter.changed(workspace.files, sources));
  const { root, env, reporter, questions } = workspace;
  const ending = new AbortController();
  const reader = new PinReader(
    new MetadataCache(cacheFolder(env)),
    { root, env, reporter, questions, signal: AbortSignal.any([workspace.signal, ending.signal]) },
    sources.map((it) => it.source),
  );
  const wanted = sources.filter((it) => changed.has(it.package));
  const begun = mapAll(wanted, workspace.jobs, (it) => reader.read(it.source, { online: true }));
  return new ReadAhead(reader, begun, () => ending.abort());

  async function mapPinned(it: ManifestPackage) {
    if (it.mode !== "prod") return undefined;
    try {
      const source = await mapPackage(workspace, it, {
        missing: false,
        isOnline: true,
      });
      return source.kind === "git" ? { package: it.name, source } : undefined;
    } catch (error) {
      // What is wrong with it is said in its turn.
      if (error instanceof HsmError) return undefined;
      throw error;
    }
  }
}
