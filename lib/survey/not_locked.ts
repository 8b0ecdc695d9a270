/**
 * Packages that the app's own files are to have a version of, and have not.
 *
 * @module
 */

import type { ManifestPackage } from "../manifest/model.ts";
import { isAppsAffair } from "../manifest/stand_ins.ts";
import { requirementName } from "../names.ts";
import { peekLocked } from "../packages/locked.ts";
import type { Problem } from "../reconcile/problem.ts";
import type { Workspace } from "../workspace/workspace.ts";
import type { Survey } from "./survey.ts";

/** The packages without a pin, of which HSM writes nothing, that the lock file does not have; none where it cannot be read. */
export async function findNotLocked(
  workspace: Workspace,
  packages: readonly ManifestPackage[] = workspace.manifest.packages,
): Promise<readonly ManifestPackage[]> {
  const own = packages.filter(isAppsAffair);
  if (own.length === 0) return [];
  const locked = await peekLocked(workspace);
  return locked === undefined ? [] : own.filter(({ key }) => !locked.some((it) => it.key === key));
}

/** A problem for each of them that will not be locked either, as far as that can be told without the package manager. */
export async function notLockedProblems(survey: Survey): Promise<readonly Problem[]> {
  const { workspace, packages } = survey;
  const open = workspace.hasLockFile ? await findNotLocked(workspace, packages) : [];
  const input = open.length === 0 ? undefined : await survey.input();
  if (input === undefined) return [];
  const { app, components } = input;
  const needs = [app, ...components.flatMap((it) => it.metadata ?? [])].flatMap((it) => [
    ...it.dependencies,
    ...Object.values(it.optionalDependencies).flat(),
  ]);
  const ofGroups = Object.values(app.dependencyGroups).flat();
  const needed = new Set([...needs, ...ofGroups].map((it) => requirementName(it)));
  const known = new Set([
    ...(await peekLocked(workspace) ?? []).map((it) => it.key),
    ...workspace.manifest.packages.map((it) => it.key),
  ]);
  // Whatever is still to be locked may bring it along.
  if ([...needed].some((it) => it !== undefined && !known.has(it))) return [];
  const [file = "the lock file"] = workspace.adapter.lockNames;
  return open.filter((it) => !needed.has(it.key)).map(({ name, mode, path }) => ({
    code: "not-locked",
    severity: "error",
    message: mode === "dev"
      ? `${path} is to stand in for ${name}, which has no pin and is not in ${file}`
      : `${name} has no pin, and is not in ${file}`,
    sides: [{ component: name, file: "hsm.yaml" }],
    fix: mode === "dev"
      ? `let the app require ${name}, or run \`hsm dev ${name} --inject pyproject\``
      : `let the app require ${name}, or give it a pin: \`hsm pin ${name} TAG\``,
  }));
}
