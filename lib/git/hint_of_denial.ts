/**
 * What to do where a remote does not let git in.
 *
 * @module
 */

import { readDenial } from "./denial.ts";
import type { Context } from "../process/context.ts";
import { ANSWER_HINT, needsAnswer } from "../process/questions.ts";

/** The way out, by what git said; undefined where it failed for another reason, or was answered. */
export function hintOfDenial(
  { questions }: Pick<Context, "questions">,
  said: string,
): string | undefined {
  return readDenial(said)?.hint ??
    (questions === undefined && needsAnswer(said) ? ANSWER_HINT : undefined);
}
