/**
 * Reading what a pinned commit says of itself, without a checkout and without running anything of it.
 *
 * @module
 */

import { join } from "@std/path";
import { HsmError } from "../errors.ts";
import { askGit, type AskGitOptions, type GitContext } from "../git/ask.ts";
import { NO_BACKGROUND } from "../git/fetch_checkout.ts";
import { makeTemporary } from "../make_temporary.ts";
import { redact } from "../text/redact.ts";
import { kindOfSetupPy } from "../reconcile/setup_cfg.ts";
import { type DistributionFiles, MAX_TEXT } from "./cache.ts";
import { foldersAbove, pyprojectIn } from "./folders_above.ts";

/** The files of distributions, by the folder that each is in. */
export type FilesByFolder = ReadonlyMap<string | undefined, DistributionFiles>;

/** What a fetch came to. */
export type FetchOutcome =
  | { readonly kind: "fetched"; readonly commit: string; readonly files: FilesByFolder }
  /** The remote answered, and has no such ref or commit. */
  | { readonly kind: "missing" }
  /** The remote did not answer as it should. */
  | { readonly kind: "failed"; readonly reason: string };

/** What {@linkcode fetchDistribution} fetches. */
export interface FetchOptions {
  /** The repository's URL. */
  readonly url: string;
  /** A full ref, or a full commit. */
  readonly want: string;
  /** The folders of the distributions; undefined: the repository's own. */
  readonly subdirectories: ReadonlySet<string | undefined>;
  /** Variables that keep git from asking. */
  readonly environment: Readonly<Record<string, string>>;
}

/** The length of a text that is kept: one character more than any file that describes a distribution may have. */
const MAX_LENGTH = MAX_TEXT + 1;

/**
 * Fetches one commit, shallow and without its files' contents, into a temporary repository, and reads the files that
 * describe its distributions. The repository goes away again.
 */
export async function fetchDistribution(
  context: GitContext,
  options: FetchOptions,
): Promise<FetchOutcome> {
  const { url, want, subdirectories, environment } = options;
  const folder = await makeTemporary("hsm-metadata-");
  try {
    await makeRepository(folder);
    const before = ["-c", "protocol.ext.allow=never", "-c", `remote.origin.url=${url}`];
    const ask = (args: readonly string[], more: Pick<AskGitOptions, "limit"> = {}) =>
      askGit(context, [`--git-dir=${folder}`, ...before, ...NO_BACKGROUND, ...args], {
        cwd: folder,
        env: environment,
        ...more,
      });
    const git = (...args: string[]) => ask(args);
    const fetched = await git(
      ...["fetch", "--quiet", "--depth=1", "--filter=blob:none", "--no-tags", "--", "origin", want],
    );
    if (!fetched.success) return failure(fetched.stderr);
    const prefixes = new Map(
      [...subdirectories].map((it) => [it, it === undefined ? "" : `${it}/`]),
    );
    const above = new Map([...subdirectories].map((it) => [it, foldersAbove(it)]));
    const paths = new Set([
      ...[...prefixes.values()].flatMap((prefix) => NAMES.map((it) => prefix + it)),
      ...[...above.values()].flat().map(pyprojectIn),
    ]);
    const [parsed, listed] = await allEnded([
      git("rev-parse", "--verify", "FETCH_HEAD^{commit}"),
      git("ls-tree", "-z", "FETCH_HEAD", "--", ...paths, GITMODULES),
    ]);
    for (const { success, stderr } of [parsed, listed]) if (!success) return failure(stderr);
    const commit = parsed.stdout.trim();
    // Links are not followed: a blob of mode 120000 holds a path, not metadata.
    const present = new Set(
      listed.stdout.split("\0").filter((it) => /^100/.test(it)).map((it) => it.split("\t")[1]),
    );
    const readBlob = async (path: string) => {
      // Neither git nor HSM holds more of a file than is kept of it.
      const shown = await ask(
        ["-c", "core.bigFileThreshold=1m", "cat-file", "blob", `${commit}:${path}`],
        { limit: MAX_TEXT },
      );
      if (!shown.success && !shown.isCut) throw new Error(shown.stderr);
      return shown.stdout.slice(0, MAX_LENGTH);
    };
    // One root may have many members: each file is read once.
    const texts = new Map<string, Promise<string>>();
    const read = async (path: string) => {
      if (!present.has(path)) return undefined;
      const text = texts.get(path) ?? readBlob(path);
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
        const kind = isOpen || !present.has(`${prefix}setup.py`)
          ? kindOfSetupPy(setupPy)
          : "program";
        const gitmodules = present.has(GITMODULES);
        return [subdirectory, { pyproject, setupCfg, setupPy: kind, gitmodules, ...more }] as const;
      }),
    );
    return { kind: "fetched", commit, files: new Map(files) };
  } catch (error) {
    // An interruption is no answer of the remote's.
    if (error instanceof HsmError && error.code === "interrupted") throw error;
    return failure(error instanceof Error ? error.message : String(error));
  } finally {
    // A folder that stays is no reason to fail, and none to hide why.
    await Deno.remove(folder, { recursive: true }).catch(() => {});
  }
}

/** `Promise.all`, which fails only when all have ended: no git is to outlive the run. */
async function allEnded<T extends readonly unknown[]>(
  promises: readonly [...{ [K in keyof T]: Promise<T[K]> }],
): Promise<T> {
  await Promise.allSettled(promises);
  return await Promise.all(promises) as unknown as T;
}

/** An empty bare repository (gitrepository-layout), whose `origin` gives it the contents that a fetch has left out. */
async function makeRepository(folder: string): Promise<void> {
  await Promise.all([
    Deno.mkdir(join(folder, "objects")),
    Deno.mkdir(join(folder, "refs")),
    Deno.writeTextFile(join(folder, "HEAD"), "ref: refs/heads/main\n"),
    Deno.writeTextFile(
      join(folder, "config"),
      "[core]\n\trepositoryformatversion = 1\n\tbare = true\n" +
        "[extensions]\n\tpartialClone = origin\n" +
        '[remote "origin"]\n\tpromisor = true\n\tpartialclonefilter = blob:none\n',
    ),
  ]);
}

const NAMES = ["pyproject.toml", "setup.cfg", "setup.py"];
const GITMODULES = ".gitmodules";

function failure(stderr: string): FetchOutcome {
  if (/couldn't find remote ref|not our ref|unadvertised object/.test(stderr)) {
    return { kind: "missing" };
  }
  const reason = redact(stderr).trim().split("\n").filter((it) => !it.startsWith("warning: "))[0];
  return { kind: "failed", reason: reason ?? "git did not say why" };
}

/**
 * The commits that refs of a remote are at now; annotated tags are followed to theirs.
 *
 * @returns The commit by ref, without those that the remote does not have; undefined where it did not answer.
 */
export async function lookUpRefs(
  context: GitContext & { readonly root: string },
  url: string,
  refs: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<ReadonlyMap<string, string> | undefined> {
  const patterns = refs.flatMap((ref) => [ref, `${ref}^{}`]);
  const { success, stdout } = await askGit(
    context,
    ["-c", "protocol.ext.allow=never", "ls-remote", "--", url, ...patterns],
    { cwd: context.root, env: environment },
  );
  if (!success) return undefined;
  const commits = new Map<string, string>();
  for (const line of stdout.split("\n")) {
    const [commit = "", name = ""] = line.split("\t");
    // The line of the tag itself comes first, the one of its commit then takes its place.
    if (name !== "") commits.set(name.replace(/\^\{\}$/, ""), commit);
  }
  return commits;
}
