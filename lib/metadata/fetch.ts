/**
 * Reading what a pinned commit says of itself, without a checkout and without running anything of it.
 *
 * @module
 */

import { kindOfSetupPy } from "../project/setup_cfg.ts";
import type { Context } from "../context.ts";
import type { DistributionFiles } from "./cache.ts";
import {
  fetchCommit,
  type FetchCommitOptions,
  type FetchedCommit,
  type FetchOutcome,
} from "./fetched_commit.ts";
import { foldersAbove, pyprojectIn } from "../pyproject/folders_above.ts";

/** What is read of a commit. */
interface CommitFiles {
  /** The commit, in full. */
  readonly commit: string;
  /** The files of the distributions, by the folder that each is in. */
  readonly files: ReadonlyMap<string | undefined, DistributionFiles>;
}

/**
 * Fetches one commit, and reads the files that describe its distributions.
 *
 * @param subdirectories The folders of the distributions; undefined: the repository's own.
 */
export function fetchDistributions(
  context: Context,
  subdirectories: ReadonlySet<string | undefined>,
  options: FetchCommitOptions,
): Promise<FetchOutcome<CommitFiles>> {
  return fetchCommit(context, options, (it) => readDistributions(it, subdirectories));
}

async function readDistributions(
  fetched: FetchedCommit,
  subdirectories: ReadonlySet<string | undefined>,
): Promise<CommitFiles> {
  const prefixes = new Map(
    [...subdirectories].map((it) => [it, it === undefined ? "" : `${it}/`]),
  );
  const above = new Map([...subdirectories].map((it) => [it, foldersAbove(it)]));
  const paths = new Set([
    ...[...prefixes.values()].flatMap((prefix) => NAMES.map((it) => prefix + it)),
    ...[...above.values()].flat().map(pyprojectIn),
  ]);
  const [commit, present] = await allEnded([
    fetched.name(),
    fetched.files([...paths, GITMODULES]),
  ]);
  // One root may have many members: each file is read once.
  const texts = new Map<string, Promise<string>>();
  const read = async (path: string) => {
    const id = present.get(path);
    if (id === undefined) return undefined;
    const text = texts.get(path) ?? fetched.text(id);
    texts.set(path, text);
    return await text;
  };
  const readAbove = async (subdirectory: string | undefined) => {
    // uv goes by the nearest one, whatever it says.
    const folder = above.get(subdirectory)?.find((it) => present.has(pyprojectIn(it)));
    const text = folder === undefined ? undefined : await read(pyprojectIn(folder));
    return folder === undefined || text === undefined ? {} : { above: { folder, text } };
  };
  const files = await allEnded(
    [...prefixes].map(async ([subdirectory, prefix]) => {
      // Without a setup.cfg it does not matter what is in it.
      const isOpen = present.has(`${prefix}setup.cfg`) && present.has(`${prefix}setup.py`);
      const [pyproject, setupCfg, setupPy, more] = await allEnded([
        read(`${prefix}pyproject.toml`),
        read(`${prefix}setup.cfg`),
        isOpen ? read(`${prefix}setup.py`) : Promise.resolve(undefined),
        readAbove(subdirectory),
      ]);
      const kind = isOpen || !present.has(`${prefix}setup.py`) ? kindOfSetupPy(setupPy) : "program";
      const gitmodules = present.has(GITMODULES);
      return [subdirectory, { pyproject, setupCfg, setupPy: kind, gitmodules, ...more }] as const;
    }),
  );
  return { commit, files: new Map(files) };
}

/** `Promise.all`, which fails only when all have ended: no git is to outlive the run. */
async function allEnded<T extends readonly unknown[]>(
  promises: readonly [...{ [K in keyof T]: Promise<T[K]> }],
): Promise<T> {
  await Promise.allSettled(promises);
  return await Promise.all(promises) as unknown as T;
}

const NAMES = ["pyproject.toml", "setup.cfg", "setup.py"];
const GITMODULES = ".gitmodules";
