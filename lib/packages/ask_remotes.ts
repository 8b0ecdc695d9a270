/**
 * What the packages' remotes have, asked without cloning anything.
 *
 * @module
 */

import { readDenial } from "../git/denial.ts";
import type { Context } from "../process/context.ts";
import { HsmError } from "../errors.ts";
import { listRefs, type RemoteRefs } from "../git/remote_refs.ts";
import { remoteAddress } from "../git/url.ts";
import type { ManifestPackage } from "../manifest/model.ts";
import { messageOf } from "../process/failed_program.ts";
import { settleAll } from "../process/pool.ts";
import { ANSWER_HINT, needsAnswer } from "../process/questions.ts";
import { redact } from "../text/redact.ts";
import { nearbyTags } from "./release_tags.ts";
import { noRepository } from "./no_repository.ts";

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
  context: Context,
  packages: readonly ManifestPackage[],
): Promise<readonly RemoteAnswer[]> {
  if (packages.length === 0) return [];
  const urls = packages.map(({ git }) =>
    git === undefined ? undefined : remoteAddress(git, context.root)
  );
  const distinct = [...new Set(urls.filter((url) => url !== undefined))];
  const settled = await settleAll(distinct, context.jobs, async (url) => {
    using _ = context.tell.begin({ work: "ask-remote", url, message: `Asking ${redact(url)}` });
    return await listRefs(context, url);
  });
  context.signal.throwIfAborted();
  const answers = new Map(distinct.map((url, index) => [url, settled[index]!]));
  return packages.map(({ name }, index) => {
    const url = urls[index];
    if (url === undefined) {
      return { error: noRepository(`ask the remote of ${name}`, { package: name }) };
    }
    const answer = answers.get(url)!;
    if (answer.status === "rejected") throw answer.reason;
    const found = answer.value;
    return "tags" in found
      ? { refs: found }
      : { error: remoteAway(context, name, url, messageOf(found)) };
  });
}

/**
 * Asks the remote of one package.
 *
 * @throws {HsmError} `git-failed`, `manifest-invalid`
 */
export async function askRemote(
  context: Context,
  it: ManifestPackage,
): Promise<RemoteRefs> {
  const [answer] = await askRemotes(context, [it]);
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

function remoteAway(
  { questions }: Context,
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
