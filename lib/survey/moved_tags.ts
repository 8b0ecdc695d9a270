/**
 * The tags of a survey's packages that are no longer what they were.
 *
 * @module
 */

import { tagCommit } from "../checkout/tag_commit.ts";
import type { ManifestPackage } from "../manifest/model.ts";
import { tagOf } from "../packages/describe_pin.ts";
import { movedFromCheckout, type MovedTag, movedTag, tagMoved } from "../packages/moved_tag.ts";
import { mapAll } from "../process/pool.ts";
import type { Problem } from "../reconcile/problem.ts";
import type { Survey } from "./survey.ts";

/**
 * The tags that stand for another commit than where their packages come from now: in a checkout that is about to be left,
 * or in the lock file.
 *
 * @param isBeforeInjection Whether only those count that are about to come from elsewhere.
 */
export async function findMovedTags(
  survey: Survey,
  isBeforeInjection: boolean,
): Promise<readonly Problem[]> {
  const { workspace } = survey;
  const tagged = survey.written.packages.filter((it) => tagOf(it) !== undefined);
  if (tagged.length === 0) return [];
  const uses = await workspace.adapter.uses(workspace.filesFor());
  const found = await mapAll(tagged, workspace.jobs, async (it) => {
    const kind = uses.get(it.key)?.kind;
    const moved = it.mode === "prod"
      ? kind === "path"
        ? await fromCheckout(survey, it)
        : isBeforeInjection
        ? undefined
        : await fromLock(survey, it)
      : kind === "git"
      ? await intoCheckout(survey, it)
      : undefined;
    return moved === undefined ? [] : [tagMoved(it, moved)];
  });
  return found.flat();
}

/** From dev to prod. */
async function fromCheckout(survey: Survey, it: ManifestPackage): Promise<MovedTag | undefined> {
  const tag = tagOf(it)!;
  const [own, { commit }] = await Promise.all([
    tagCommit(survey.workspace, it, tag),
    survey.component(it),
  ]);
  return movedFromCheckout(it, tag, own, commit);
}

/** At the same place as before. */
async function fromLock(survey: Survey, it: ManifestPackage): Promise<MovedTag | undefined> {
  const [locked, { commit }] = [await survey.locked(), await survey.component(it)];
  return movedTag(survey.workspace, it, locked.get(it.key), commit);
}

/** From prod to dev: the way back leads to what the tag is by then. */
async function intoCheckout(survey: Survey, it: ManifestPackage): Promise<MovedTag | undefined> {
  const locked = (await survey.locked()).get(it.key);
  const moved = movedTag(
    survey.workspace,
    it,
    locked,
    await tagCommit(survey.workspace, it, tagOf(it)!),
  );
  return moved && {
    reason: moved.reason.replace("its remote", it.path),
    fix: `\`rev: ${locked?.commit}\` in hsm.yaml stays at what was locked`,
  };
}
