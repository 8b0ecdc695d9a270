/**
 * What the packages' remotes have, asked without cloning anything.
 *
 * @module
 */

import { readDenial } from "../access.ts";
import { askGit } from "./ask.ts";
import { messageOf } from "../process/failed_program.ts";
import { HsmError } from "../errors.ts";
import { withoutPrompts } from "./commands.ts";
import { ANSWER_HINT, needsAnswer } from "../process/questions.ts";
import { remoteAddress } from "./url.ts";
import type { ManifestPackage } from "../manifest/model.ts";
import { settleAll } from "../process/pool.ts";
import { redact } from "../text/redact.ts";
import { nearbyTags } from "../packages/release_tags.ts";
import type { Workspace } from "../workspace/workspace.ts";

/** The tags and branches of a remote. */
export interface RemoteRefs {
  /** The commit of each tag. */
  readonly tags: ReadonlyMap<string, string>;
  /** The commit of each branch. */
  readonly branches: ReadonlyMap<string, string>;
}

/** What asking the remote of one package came to. */
export type RemoteAnswer =
  | { readonly refs: RemoteRefs; readonly error?: undefined }
  | { readonly refs?: undefined; readonly error: HsmError };

/**
 * Asks the remotes of packages for their tags and branches, in parallel, each repository once.
 *
 * @returns The answers in the order of the packages; a remote that is away is an answer too.
 */
export async function askRemotes(
  workspace: Workspace,
  packages: readonly ManifestPackage[],
): Promise<readonly RemoteAnswer[]> {
  if (packages.length === 0) return [];
  const environment = await withoutPrompts(workspace, workspace.root);
  const urls = packages.map(({ git }) =>
    git === undefined ? undefined : remoteAddress(git, workspace.root)
  );
  const distinct = [...new Set(urls.filter((url) => url !== undefined))];
  const settled = await settleAll(distinct, workspace.jobs, async (url) => {
    using _ = workspace.reporter.progress(`Asking ${redact(url)}`);
    return await listRefs(workspace, url, environment);
  });
  workspace.signal.throwIfAborted();
  const answers = new Map(distinct.map((url, index) => [url, settled[index]!]));
  return packages.map(({ name }, index) => {
    const url = urls[index];
    if (url === undefined) {
      return { error: noRepository(name) };
    }
    const answer = answers.get(url)!;
    if (answer.status === "rejected") throw answer.reason;
    const { refs, messages } = answer.value;
    return refs === undefined ? { error: remoteAway(workspace, name, url, messages) } : { refs };
  });
}

/**
 * Asks the remote of one package.
 *
 * @throws {HsmError} `git-failed`, `manifest-invalid`
 */
export async function askRemote(
  workspace: Workspace,
  it: ManifestPackage,
): Promise<RemoteRefs> {
  const [answer] = await askRemotes(workspace, [it]);
  if (answer?.refs === undefined) throw answer?.error;
  return answer.refs;
}

/** The error that a remote has no such tag, with those that it has. */
export function tagNotFound(
  it: ManifestPackage,
  tag: string,
  refs: RemoteRefs,
): HsmError {
  const nearby = nearbyTags(tag, refs.tags.keys(), it);
  return new HsmError(
    "pin-not-found",
    `Cannot pin ${it.name} to ${tag}: its remote has no such tag`,
    {
      hint: nearby.length === 0 ? "it has no tags at all" : `nearby: ${nearby.join(", ")}`,
      details: { package: it.name, tag, nearby },
    },
  );
}

async function listRefs(
  workspace: Workspace,
  url: string,
  environment: Readonly<Record<string, string>>,
): Promise<{ readonly refs?: RemoteRefs; readonly messages: readonly string[] }> {
  const result = await askGit(
    workspace,
    ["-c", "protocol.ext.allow=never", "ls-remote", "--quiet", "--heads", "--tags", "--", url],
    { cwd: workspace.root, env: environment },
  );
  return result.success
    ? { refs: parseRefs(result.stdout), messages: [] }
    : { messages: messageOf(result) };
}

/** Reads what `git ls-remote` prints. */
export function parseRefs(text: string): RemoteRefs {
  const tags = new Map<string, string>();
  const branches = new Map<string, string>();
  for (
    const [, commit = "", kind, name = "", peeled] of text.matchAll(
      /^([0-9a-f]+)\trefs\/(heads|tags)\/(.+?)(\^\{\})?$/gm,
    )
  ) {
    if (kind === "heads") branches.set(name, commit);
    // An annotated tag comes twice, the second time with the commit that it stands for.
    else if (peeled !== undefined || !tags.has(name)) tags.set(name, commit);
  }
  return { tags, branches };
}

function remoteAway(
  { questions }: Workspace,
  name: string,
  url: string,
  messages: readonly string[],
): HsmError {
  const isUnanswered = questions === undefined && needsAnswer(messages.join("\n"));
  return new HsmError(
    "git-failed",
    `Cannot ask the remote of ${name}: ${redact(url)} does not answer`,
    {
      causes: messages,
      hint: readDenial(messages.join("\n"))?.hint ??
        (isUnanswered ? ANSWER_HINT : `run \`git ls-remote ${redact(url)}\` to see what it needs`),
      details: { package: name, remote: redact(url) },
    },
  );
}

function noRepository(name: string): HsmError {
  return new HsmError(
    "manifest-invalid",
    `Cannot ask the remote of ${name}: hsm.yaml names no repository`,
    {
      hint:
        "give the package a `git:`, or hsm.yaml one for all: `git: https://github.com/org/{name}.git`",
      details: { package: name },
    },
  );
}
