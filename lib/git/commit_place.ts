/**
 * Where a commit is about to be made: of which repository, and from which index.
 *
 * Git tells a hook in variables: `git commit FILE` has an index of its own, and a hook in a linked worktree gets GIT_DIR.
 * HSM takes them out of every environment; for this one question they count, as far as they are about the repository that
 * is asked about.
 *
 * @module
 */

import { dirname, isAbsolute, join, resolve } from "@std/path";
import { attempt } from "../attempt.ts";
import { HsmError } from "../errors.ts";
import type { Context } from "../process/context.ts";
import { given } from "../given.ts";
import { isInside, relativePath } from "../platform/paths.ts";
import { messageOf } from "../process/failed_program.ts";
import { READING } from "./reading.ts";
import { exists } from "../files/is_there.ts";

/** Where a commit is about to be made. */
export interface CommitPlace {
  /** The top of the work tree, absolute. */
  readonly top: string;
  /** The folder that was asked about, relative to it with `/`; empty: the top itself. */
  readonly folder: string;
  /** With these git looks at the repository and at the index of the commit. */
  readonly variables: Readonly<Record<string, string>>;
}

/** A repository, as git itself finds it. */
interface Repository {
  readonly gitDir: string;
  readonly top: string;
}

/**
 * Finds out where a commit is about to be made.
 *
 * @param context Its environment is without the variables that bind git to a repository.
 * @param directory The folder that is asked about.
 * @param caller The folder and the environment that HSM was started with.
 * @throws {HsmError} `git-failed` where the folder is in no repository; `tool-missing`
 */
export async function findCommitPlace(
  context: Context,
  directory: string,
  caller: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Promise<CommitPlace> {
  const { GIT_DIR: gitDir, GIT_WORK_TREE: workTree, GIT_INDEX_FILE: index } = caller.env;
  const told = given({ GIT_DIR: gitDir, GIT_WORK_TREE: workTree });
  const [own, hooks] = await Promise.all([
    findRepository(context, directory, {}),
    gitDir || index ? findRepository(context, caller.cwd, told) : undefined,
  ]);
  const folder = realFolder(directory);
  // A folder may be in the work tree of a repository that does not lie in it, and that only the variables name.
  const isElsewhere = gitDir !== undefined && hooks?.found !== undefined &&
    hooks.found.gitDir !== own.found?.gitDir && isInside(folder, hooks.found.top) &&
    (own.found === undefined || isInside(hooks.found.top, own.found.top));
  const found = isElsewhere ? hooks.found : own.found;
  if (found === undefined) throw noRepository(directory, own.message);
  const isOurs = hooks?.found?.gitDir === found.gitDir;
  const counts = index !== undefined && isIndexOf(found, index, isOurs);
  return {
    top: found.top,
    folder: relativePath(found.top, folder),
    variables: {
      ...(isElsewhere ? { GIT_DIR: found.gitDir, GIT_WORK_TREE: found.top } : {}),
      ...(isOurs ? objects(caller.env) : {}),
      // A hook is started at the top.
      ...(counts ? { GIT_INDEX_FILE: resolve(found.top, index) } : {}),
    },
  };
}

async function findRepository(
  { $ }: Context,
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<{ readonly found: Repository | undefined; readonly message: readonly string[] }> {
  const result = await $`git ${READING} rev-parse --absolute-git-dir --show-toplevel`
    .cwd(cwd).env(env).noThrow();
  const [gitDir = "", top = ""] = result.stdout.split("\n");
  if (!result.success) return { found: undefined, message: messageOf(result) };
  return { found: { gitDir: realFolder(gitDir), top: realFolder(top) }, message: [] };
}

function noRepository(directory: string, message: readonly string[]): HsmError {
  return new HsmError("git-failed", `Cannot look at what is staged in ${directory}`, {
    causes: message,
    hint:
      "`--staged` is about the next commit of a git repository; without it the files are judged",
  });
}

/** Whether an index is one of a repository; somebody's own may lie anywhere. */
function isIndexOf({ gitDir }: Repository, index: string, isOurs: boolean): boolean {
  if (!isAbsolute(index)) return isOurs;
  const folder = realFolder(dirname(index));
  // Who changes the folder on the way to HSM, as `deno task` does, does not change the repository.
  if (folder === gitDir) return true;
  return isOurs && !exists(join(folder, "HEAD"));
}

/** Where git looks for objects beside the repository's own. */
function objects(env: Readonly<Record<string, string>>): Record<string, string> {
  const { GIT_COMMON_DIR, GIT_OBJECT_DIRECTORY, GIT_ALTERNATE_OBJECT_DIRECTORIES } = env;
  return given({ GIT_COMMON_DIR, GIT_OBJECT_DIRECTORY, GIT_ALTERNATE_OBJECT_DIRECTORIES });
}

function realFolder(path: string): string {
  return attempt(() => Deno.realPathSync(path)) ?? resolve(path);
}
