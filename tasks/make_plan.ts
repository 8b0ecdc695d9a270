/**
 * What a look ahead finds, with what that rests on.
 *
 * @module
 */

import { FORMATS } from "../lib/files/format.ts";
import { given } from "../lib/given.ts";
import { basisOf } from "../lib/survey/plan_basis.ts";
import { plannedClones } from "../lib/survey/planned_clones.ts";
import type { Survey } from "../lib/survey/survey.ts";
import type { SyncPlan } from "../lib/survey/sync_plan.ts";
import { plannedFiles } from "../lib/survey/write_plan.ts";
import { withMissingRules } from "../lib/workspace/ignored.ts";
import { lookAhead } from "./look_ahead.ts";

/** The plan of the packages that a survey is about, which takes checkouts for cloned. */
export async function makePlan(survey: Survey): Promise<SyncPlan> {
  const { workspace } = survey;
  const { missing, files, environment, installs, unknown, standIns, ...ahead } = await lookAhead(
    survey,
  );
  const rules = await workspace.ignoreRules();
  const ignored = new Map(
    rules.missing.length === 0 ? [] : [[rules.file, withMissingRules(rules)]],
  );
  return {
    version: FORMATS.plan,
    selection: survey.packages.map((it) => it.name),
    different: ahead.differences.length > 0,
    clones: await plannedClones(survey, missing),
    files: [...files, ...await plannedFiles(workspace, ignored)],
    ...given({ environment, installs, unknown }),
    ...(standIns.length === 0 ? {} : { standIns }),
    ...ahead,
    restsOn: await basisOf(survey),
  };
}
