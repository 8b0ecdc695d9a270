/**
 * What has changed since a plan was made.
 *
 * @module
 */

import { shortCommit } from "../checkout/state.ts";
import { HsmError } from "../errors.ts";
import { isTable, listOf, type Table, tableOf } from "../table.ts";
import { countOf } from "../text/words.ts";
import type { AppBasis } from "./plan_basis.ts";
import type { SyncPlan } from "./sync_plan.ts";

/** One thing that is not what it was. */
export interface PlanChange {
  /** Its name: a file, a folder, a package, a program. */
  readonly what: string;
  /** What has become of it, in words. */
  readonly message: string;
}

/**
 * Makes sure that nothing has changed.
 *
 * @param isTouched Whether anything of the app was touched before.
 * @throws {HsmError} `plan-outdated`
 */
export function refuseChanges(changes: readonly PlanChange[], isTouched = false): void {
  if (changes.length === 0) return;
  const have = changes.length === 1 ? "has" : "have";
  throw new HsmError(
    "plan-outdated",
    `Cannot apply the plan: ${countOf(changes.length, "thing")} ${have} changed since it was made`,
    {
      causes: changes.map((it) => it.message),
      hint: "make a new one, and look at that",
      details: { changes },
      exitStatus: isTouched ? 1 : undefined,
    },
  );
}

/** What of the app has changed since a plan was made, as far as that is known. Pure. */
export function appChanges(then: unknown, now: AppBasis): readonly PlanChange[] {
  const before = tableOf(then);
  const files = tableOf(before["files"]);
  const makers = ([["hsm", "hsm"], ["adapter", "the package manager"], [
    "root",
    "the app's folder",
  ]] as const)
    .flatMap(([key, what]) =>
      before[key] === now[key]
        ? []
        : [{ what, message: `${what} is ${now[key]} now, not ${before[key]}` }]
    );
  return [
    ...makers,
    ...Object.keys(now.files).flatMap((file) => fileChange(file, files[file], now.files[file])),
  ];
}

/**
 * What has changed since a plan was made, by the one that would be made now. Pure.
 *
 * @param own The app's own package, which is not told of in advance.
 */
export function planChanges(
  then: SyncPlan,
  now: SyncPlan,
  own: string | undefined,
): readonly PlanChange[] {
  const [before, after] = [then.restsOn, now.restsOn];
  const gone = Object.keys(before.files).filter((file) => !Object.hasOwn(after.files, file))
    .flatMap((file) => fileChange(file, before.files[file], null));
  const causes = [
    ...appChanges(before, after),
    ...gone,
    ...compare(
      then.clones,
      now.clones,
      "path",
      (path, was, is) =>
        was === undefined
          ? `${path} is missing`
          : is === undefined
          ? `${path} is not missing any more`
          : was["git"] !== is["git"]
          ? `${path} would come from ${is["git"]} now`
          : `a clone in ${path} would be at ${commitOf(is)} now, not at ${commitOf(was)}`,
    ),
    ...compare(
      before.checkouts,
      after.checkouts,
      "path",
      (path, was, is) =>
        was === undefined
          ? `${path} is there now`
          : is === undefined
          ? `${path} is gone`
          : `${path} is at ${commitOf(is)} now, not at ${commitOf(was)}`,
    ),
    ...compare(
      before.pins,
      after.pins,
      "package",
      (name, was, is) =>
        was === undefined || is === undefined
          ? `${name} is about to come from elsewhere`
          : `${is["pin"]} of ${name} is ${commitOf(is)} now, not ${commitOf(was)}`,
    ),
  ];
  // A checkout that is gone is one to be cloned, too: it is told once.
  if (causes.length > 0) return [...new Map(causes.map((it) => [it.what, it])).values()];
  return [
    ...compare(
      then.packages,
      now.packages,
      "package",
      (name) => `${name} is used, or would be used, in another way than it says`,
    ),
    ...compare(
      then.standIns,
      now.standIns,
      "package",
      (name) => `a checkout stands in for ${name}, or would, in another way than it says`,
    ),
    ...fileTextChanges(then, now),
    ...installChanges(then, now, own),
  ];
}

/** The files that would become others than a plan says. Pure. */
export function fileTextChanges(
  then: Pick<SyncPlan, "files">,
  now: Pick<SyncPlan, "files">,
): readonly PlanChange[] {
  return compare(then.files, now.files, "file", (file) => `${file} would not become what it says`);
}

/**
 * What would be installed otherwise than a plan says, as far as that says anything. Pure.
 *
 * @param own The app's own package, which is not told of in advance.
 */
export function installChanges(
  then: Pick<SyncPlan, "environment" | "installs">,
  now: Pick<SyncPlan, "environment" | "installs" | "unknown">,
  own: string | undefined,
): readonly PlanChange[] {
  if (then.installs === undefined) return [];
  if (now.installs === undefined) {
    const reason = now.unknown === undefined ? "" : `: ${now.unknown}`;
    const message = `what would be installed is not known any more${reason}`;
    return [{ what: "environment", message }];
  }
  const changes: PlanChange[] = [];
  if (then.environment !== now.environment) {
    const message = `the environment would be ${now.environment} now, not ${then.environment}`;
    changes.push({ what: "environment", message });
  }
  const stepsOf = (installs: unknown) =>
    new Map(
      listOf(installs).map(tableOf).filter((it) => it["package"] !== own)
        .map((it) => [`${it["action"]} ${whichOf(String(it["what"]))}`, String(it["package"])]),
    );
  const [before, after] = [stepsOf(then.installs), stepsOf(now.installs)];
  for (const [step, what] of after) {
    if (!before.has(step)) changes.push({ what, message: `a sync would now ${step}` });
  }
  for (const [step, what] of before) {
    if (!after.has(step)) changes.push({ what, message: `a sync would no longer ${step}` });
  }
  return changes;
}

/** Which distribution it is: its version is known once it is built, and where it is from says more. */
function whichOf(what: string): string {
  return what.replace(/^([^\s=@]+)\S* (?:\(from (.+)\)|@ (.+))$/, "$1 @ $2$3");
}

function fileChange(
  what: string,
  then: unknown,
  now: string | null | undefined,
): readonly PlanChange[] {
  if (then === now || ((then ?? null) === null && now === null)) return [];
  const state = (then ?? null) === null ? "is new" : now === null ? "is gone" : "has changed";
  return [{ what, message: `${what} ${state}` }];
}

/** Compares two lists by a key; a plan that was kept elsewhere may hold anything. */
function compare(
  then: unknown,
  now: unknown,
  key: string,
  describe: (name: string, then: Table | undefined, now: Table | undefined) => string,
): readonly PlanChange[] {
  const byKey = (list: unknown) =>
    new Map(listOf(list).map(tableOf).map((it) => [String(it[key]), it]));
  const [before, after] = [byKey(then), byKey(now)];
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((what) => {
    const [was, is] = [before.get(what), after.get(what)];
    if (inOneOrder(was) === inOneOrder(is)) return [];
    return [{ what, message: describe(what, was, is) }];
  });
}

/** A value as JSON: in which order a table has its keys is nobody's business. */
function inOneOrder(value: unknown): string | undefined {
  return JSON.stringify(
    value,
    (_, it) =>
      isTable(it) ? Object.fromEntries(Object.entries(it).sort(([a], [b]) => a < b ? -1 : 1)) : it,
  );
}

function commitOf(it: Table): string {
  const { commit } = it;
  return typeof commit === "string" ? shortCommit(commit) : "no commit";
}
