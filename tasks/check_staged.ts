/**
 * `hsm check --prod --staged`: whether what would be committed is fit for others.
 *
 * @module
 */

import { basename, join } from "@std/path";
import { loadAdapter, loadAdapters } from "../lib/adapters/load.ts";
import { createContext } from "../lib/process/context.ts";
import { withoutRepository } from "../lib/git/ask.ts";
import { readCommitIndex } from "../lib/git/commit_index.ts";
import { findCommitPlace } from "../lib/git/commit_place.ts";
import { knownWith } from "../lib/manifest/adapter_names.ts";
import { manifestParser } from "../lib/manifest/cached_parser.ts";
import { findStagedApps, stakesOf } from "../lib/prod/staged_app.ts";
import type { Problem } from "../lib/reconcile/problem.ts";
import type { Reporter } from "../lib/report.ts";
import type { EventListener } from "../lib/events/listener.ts";
import { createTell } from "../lib/events/tell.ts";
import type { OpenWorkspaceOptions } from "../lib/workspace/open.ts";

/** Where {@linkcode checkStaged} looks. */
export interface CheckStagedOptions extends Pick<OpenWorkspaceOptions, "adapter" | "signal"> {
  /** A folder in the repository: of an app, or above several. @default {Deno.cwd()} */
  readonly directory?: string | undefined;
  /** The folder that git started its hook in, if it is a hook's. @default {Deno.cwd()} */
  readonly cwd?: string | undefined;
  /** The environment, with what git told its hook. Default: the process's own. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Where messages go. Default: nowhere. */
  readonly reporter?: Reporter | undefined;
  /** Hears of what happens, as data. */
  readonly onEvent?: EventListener | undefined;
}

/** What {@linkcode checkStaged} found. */
export interface CheckStagedResult {
  /** The folders, in the repository, of the apps that the commit would change. */
  readonly apps: readonly string[];
  /** All that others should not get. */
  readonly problems: readonly Problem[];
}

/**
 * Checks what the next commit would hold, for a hook: whether anything in it is in dev mode, or the manifest, the files
 * that say where packages come from (pyproject.toml for most) and the lock file do not agree.
 *
 * What lies in the folder, and hsm.local.yaml, does not count; a commit that changes none of these files passes.
 * Touches nothing, takes no lock and asks no remote: it needs no open workspace. In a hook git's own variables, such as
 * GIT_INDEX_FILE, tell which commit it is.
 *
 * @example
 * ```ts
 * import { checkStaged } from "@hsm/hsm";
 *
 * const { apps, problems } = await checkStaged();
 * for (const { message, fix } of problems) console.log(`${message}: ${fix}`);
 * console.log(apps); // [], where the commit changes nothing of an app
 * ```
 *
 * @param options Where to look.
 * @returns The apps that the commit changes, and what others should not get of them.
 * @throws {HsmError} `git-failed` where the folder is in no repository; `manifest-invalid`, `pyproject-invalid`,
 * `lock-invalid`, `newer-format` where a staged file cannot be read; `tool-missing`; `usage` where no package manager
 * has the name that it is given
 */
export async function checkStaged(options: CheckStagedOptions = {}): Promise<CheckStagedResult> {
  const { directory = Deno.cwd(), cwd = Deno.cwd(), env = Deno.env.toObject() } = options;
  const context = createContext({
    root: directory,
    env: withoutRepository(env),
    tell: createTell(options),
    signal: options.signal ?? new AbortController().signal,
  });
  const { top, folder, ...place } = await findCommitPlace(context, directory, { cwd, env });
  const { adapter: wanted } = options;
  const own = wanted === undefined ? undefined : await loadAdapter(context.env, wanted);
  const adapters = own ? [own] : await loadAdapters(context.env);
  const parserOf = (at: string) =>
    manifestParser(join(top, at), context.env, { keeps: false, adapters: own && knownWith(own) });
  const managerOf = async (at: string, text: string) => {
    const shared = { path: "hsm.yaml", text };
    // What is wrong with a manifest is told when it is looked at.
    const named = /\b(adapter|environment)\b/.test(text)
      ? await parserOf(at)({ shared }).catch(() => undefined)
      : undefined;
    const adapter = own ?? adapters.find((it) => it.name === named?.adapter) ?? adapters[0]!;
    return { adapter, environment: named?.environment };
  };
  const names = stakesOf(adapters).map((it) => basename(it));
  const index = await readCommitIndex(context, { top, folder, ...place }, names);
  const apps = await findStagedApps(index, { top, folder, adapters, managerOf });
  const problems = new Map<string, Problem>();
  for (const app of apps) {
    const { checkStagedApp } = await import("../lib/prod/check_staged.ts");
    const parse = parserOf(app.folder);
    for (const it of await checkStagedApp(app, { top, index, parse })) {
      // Apps may share a lock file: the one whose package it is knows best what to do.
      const key = JSON.stringify([it.message, it.sides]);
      if (!problems.has(key) || it.fix.startsWith("run ")) problems.set(key, it);
    }
  }
  return { apps: apps.map((it) => it.folder || "."), problems: [...problems.values()] };
}
