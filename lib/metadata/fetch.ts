/**
 * Reading what a pinned commit says of itself, without a checkout and without running anything of it.
 *
 * @module
 */

import { kindOfSetupPy } from "../project/setup_cfg.ts";
import { rootsAbove } from "../files/fold_path.ts";
import { inFolder } from "../platform/paths.ts";
import type { Context } from "../process/context.ts";
import { once } from "../process/once.ts";
import type { DistributionFiles } from "./cache.ts";
import {
  fetchCommit,
  type FetchCommitOptions,
  type FetchedCommit,
  type FetchOutcome,
} from "./fetched_commit.ts";

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
  const folders = [...subdirectories].map((it) => ({
    subdirectory: it,
    above: rootsAbove(it).map((folder) => ({ folder, path: inFolder(folder, "pyproject.toml") })),
    path: (name: string) => inFolder(it ?? "", name),
  }));
  const paths = folders.flatMap((
    { path, above },
  ) => [...NAMES.map(path), ...above.map((it) => it.path)]);
  const [commit, present] = await allEnded([
    fetched.name(),
    fetched.files(new Set([...paths, GITMODULES])),
  ]);
  const gitmodules = present.has(GITMODULES);
  // One root may have many members: each file is read once.
  const read = once(async (path: string) => {
    const id = present.get(path);
    return id === undefined ? undefined : await fetched.text(id);
  });
  const files = await allEnded(folders.map(async ({ subdirectory, above, path }) => {
    // uv goes by the nearest one, whatever it says.
    const { folder = "", path: near } = above.find((it) => present.has(it.path)) ?? {};
    // Without a setup.cfg it does not matter what is in it.
    const isOpen = present.has(path("setup.cfg")) || !present.has(path("setup.py"));
    const [pyproject, setupCfg, setupPy, text] = await allEnded([
      read(path("pyproject.toml")),
      read(path("setup.cfg")),
      isOpen ? read(path("setup.py")) : Promise.resolve(undefined),
      near === undefined ? Promise.resolve(undefined) : read(near),
    ]);
    return [subdirectory, {
      pyproject,
      setupCfg,
      setupPy: isOpen ? kindOfSetupPy(setupPy) : "program",
      gitmodules,
      ...text === undefined ? {} : { above: { folder, text } },
    }] as const;
  }));
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
