/**
 * A look at the packages of a workspace: their checkouts, and what pyproject.toml says of them.
 *
 * @module
 */

import { type CheckoutGroup, groupByCheckout } from "../../lib/checkout/group.ts";
import { readCheckoutState } from "../../lib/checkout/state.ts";
import { withArticle } from "../../lib/git/operation.ts";
import { verifyCheckout } from "../../lib/checkout/verify.ts";
import type { ManifestPackage } from "../../lib/manifest/model.ts";
import { standsIn } from "../../lib/manifest/stand_ins.ts";
import type { InstalledPackage } from "../../lib/packages/installed.ts";
import { describeFor } from "../../lib/packages/standing.ts";
import { countOf } from "../../lib/text/words.ts";
import { HsmError } from "../../lib/errors.ts";
import { settleAll } from "../../lib/process/pool.ts";
import type { Difference } from "../../lib/survey/differences.ts";
import { judge } from "../../lib/survey/judge.ts";
import { planUnlessSynced } from "../../lib/survey/plan_files.ts";
import type { Survey } from "../../lib/survey/survey.ts";
import { readLockHolder } from "../../lib/transaction/lock.ts";
import { isAlive } from "../../lib/platform/process.ts";
import { error, type Finding, note, ok, warning } from "./model.ts";
import { isThere } from "../../lib/files/is_there.ts";
import { sourceFile } from "../../lib/workspace/manager_files.ts";

/** Looks at the checkouts of the dev packages. */
export async function checkCheckouts(survey: Survey): Promise<readonly Finding[]> {
  const { workspace } = survey;
  const dev = workspace.manifest.packages.filter((it) => it.mode === "dev");
  const groups = groupByCheckout(workspace.root, dev);
  const settled = await settleAll(groups, workspace.jobs, (it) => lookAt(survey, it));
  const findings = settled.flatMap((result) => {
    if (result.status === "fulfilled") return result.value ?? [];
    return toFinding("checkouts", result.reason);
  });
  if (findings.length > 0) return findings;
  const names = dev.map((it) => it.name).join(", ");
  return [ok("checkouts", names === "" ? "no package is in dev mode" : names)];
}

async function lookAt(
  survey: Survey,
  { directory, path, packages, names }: CheckoutGroup,
): Promise<Finding | undefined> {
  const { workspace, files } = survey;
  if (!isThere(workspace.root, path)) {
    const command = `hsm clone ${packages.map((it) => it.name).join(" ")}`;
    return error("checkouts", `${names}: ${path} is missing`, `run \`${command}\``);
  }
  for (const it of packages) await verifyCheckout(workspace, it, files);
  // The checkout's own files may be in order, and git refuse it all the same.
  const reading = await readCheckoutState(workspace, directory);
  if (reading.kind === "foreign") {
    return error("checkouts", `${names}: ${path} is ${reading.reason}`, undefined);
  }
  const { operation } = reading.kind === "checkout" ? reading.state : {};
  if (operation !== undefined) {
    const state = `${names}: ${path} is in the middle of ${withArticle(operation)}`;
    return warning(
      "checkouts",
      state,
      `run \`git -C ${path} status\` for how to bring it to its end`,
    );
  }
  const place = await survey.checkout(packages[0]);
  const missing = place?.kind === "checkout" ? place.gaps : [];
  if (missing.length === 0) return undefined;
  const what = missing.length === 1 ? "a submodule is" : "submodules are";
  const message = `${names}: ${what} missing in ${path}: ${missing.join(", ")}`;
  return warning("checkouts", message, `run \`hsm clone ${packages[0].name}\``);
}

/** Looks at whether all is in line beyond the checkouts, as far as that is known without asking a remote. */
export async function checkDrift(survey: Survey): Promise<readonly Finding[]> {
  const { workspace } = survey;
  const edited = sourceFile(workspace.edited);
  try {
    const plan = await planUnlessSynced(survey);
    const findings = [...plan.errors.values()].map((it) => toFinding(edited, it));
    if ((await workspace.changedBy(plan.texts)).length > 0) {
      const names = [...new Set(plan.changes.map((it) => it.package))];
      const about = names.length === 0 ? "" : ` about ${names.join(", ")}`;
      findings.push(error(edited, `it does not say what hsm.yaml says${about}`, TO_LINE));
    }
    // What is locked and installed follows from it.
    if (findings.length > 0) return findings;
    const told = [ok(edited, "it says what hsm.yaml says")];
    const holder = readLockHolder(workspace.root);
    if (holder !== null && await isAlive(holder.pid) === true) return told;
    const { differences, lockFile, installed } = await judge(survey, plan);
    const standIns = survey.packages.filter(standsIn);
    const names = new Set<string | undefined>(standIns.map((it) => it.name));
    const { own = [], others = [] } = Object.groupBy(
      differences,
      (it) => it.kind === "environment" && names.has(it.package) ? "own" : "others",
    );
    const says = `it is what ${lockFile} says${standIns.length > 0 ? ", but for stand-ins" : ""}`;
    const fine = { lock: `it matches ${edited}`, environment: says };
    return [
      ...told,
      ...findingsOf(others, lockFile, fine),
      ...standInFindings(standIns, installed, { own, others }),
    ];
  } catch (thrown) {
    return [toFinding(edited, thrown)];
  }
}

const TO_LINE = "run `hsm diff` to see it, `hsm sync` to bring it in line";

function findingsOf(
  differences: readonly Difference[],
  lockFile: string,
  fine: { readonly lock: string; readonly environment: string },
): readonly Finding[] {
  const checks = { lock: lockFile, environment: "environment" } as const;
  return (["lock", "environment"] as const).flatMap((kind) => {
    const found = differences.filter((it) => it.kind === kind).map(({ package: name, message }) =>
      warning(checks[kind], name === undefined ? message : `${name}: ${message}`, TO_LINE)
    );
    return found.length > 0 ? found : [ok(checks[kind], fine[kind])];
  });
}

/**
 * How the checkouts are that stand in for packages; nothing where none is to.
 *
 * @param differences `own`: what is the matter with them in the environment.
 */
function standInFindings(
  standIns: readonly ManifestPackage[],
  installed: ReadonlyMap<string, InstalledPackage>,
  { own, others }: Record<"own" | "others", readonly Difference[]>,
): readonly Finding[] {
  const check = "stand-ins";
  const wrong = new Set([...own, ...others].map((it) => it.package));
  const standing = standIns.flatMap(({ name, key }) => {
    const origin = installed.get(key)?.origin;
    return origin?.kind === "stand-in" && !wrong.has(name) ? [{ name, ...origin }] : [];
  });
  const told = standing.map((it) => `${it.name} for ${describeFor(it.for)}`).join(", ");
  return [
    ...standing.length === 0 ? [] : [ok(check, `${countOf(standing.length, "checkout")}: ${told}`)],
    ...own.map(({ package: name, message }) =>
      warning(check, `${name}: ${message.replace(/: run `[^`]+`$/, "")}`, "run `hsm sync`")
    ),
    ...standing.filter((it) => it.unguarded).map(({ name }) =>
      note(check, `${name} has no guard: what is installed in its place is imported`, UNGUARDED)
    ),
  ];
}

const UNGUARDED = "run `hsm sync` after whatever installs without hsm";

/** An error as a finding; what is no error of HSM's own goes on. */
export function toFinding(check: string, thrown: unknown): Finding {
  if (!(thrown instanceof HsmError) || thrown.code === "interrupted") throw thrown;
  const message = [thrown.message, ...thrown.causes].join("\n");
  return error(check, message, thrown.hint);
}
