/**
 * Whether poetry.lock and the environment are what the app's files ask for, as Poetry sees it.
 *
 * @module
 */

import { join } from "@std/path";
import { isFile } from "../../files/is_there.ts";
import { normalizeName } from "../../names.ts";
import type { AdapterContext, InstallPlan, InstallStep, LockState } from "../adapter.ts";
import { callPoetry, OUT_OF_DATE } from "./call.ts";
import { explainPoetryFailure } from "./failure.ts";

const QUIETLY = { quiet: "always" } as const;

/** Whether poetry.lock is what pyproject.toml asks for, and what a sync would do to the environment, if there is one. */
export async function outlook(
  context: AdapterContext,
  environment: string | undefined,
  syncArguments: readonly string[],
): Promise<{ readonly lock: LockState; readonly install: InstallPlan }> {
  const place = environment === undefined ? "made" : "kept";
  if (!isFile(join(context.root, "poetry.lock"))) {
    return { lock: { state: "missing" }, install: { environment: place, steps: undefined } };
  }
  // To say what it would do in an environment Poetry would make one first.
  const args = environment === undefined ? ["check", "--lock"] : [...syncArguments, "--dry-run"];
  const { success, stderr: said } = await callPoetry(args, context, QUIETLY);
  if (OUT_OF_DATE.test(said)) {
    return { lock: { state: "stale" }, install: { environment: place, steps: undefined } };
  }
  if (environment === undefined) {
    // It may find other things to say of pyproject.toml.
    return { lock: { state: "current" }, install: { environment: "made", steps: undefined } };
  }
  if (success) {
    return { lock: { state: "current" }, install: { environment: "kept", steps: stepsIn(said) } };
  }
  const reason = reasonOf(said);
  return {
    lock: { state: "unknown", reason },
    install: { environment: "kept", steps: undefined, reason },
  };
}

/** What Poetry would do, by its own lines: `  - Installing idna (3.7)`, `  - Updating plug (1.0 abc -> 1.2 def)`. */
export function stepsIn(output: string): readonly InstallStep[] {
  const lines = output.matchAll(
    /^ {2}[-\u2022] (Installing|Updating|Downgrading|Reinstalling|Removing) (\S+) \((.*)\)(:.*)?$/gmu,
  );
  return [...lines].flatMap(([, action = "", name = "", versions = "", rest = ""]) => {
    if (/Skipped/.test(rest)) return [];
    const key = normalizeName(name);
    const [from = "", to = from] = versions.split(" -> ");
    const step = (action: InstallStep["action"], version: string): InstallStep => ({
      action,
      package: key,
      what: `${key}==${version.split(" ")[0]}`,
    });
    if (action === "Removing") return [step("uninstall", from)];
    if (action === "Installing") return [step("install", from)];
    if (action === "Reinstalling") return [step("reinstall", from)];
    return [step("uninstall", from), step("install", to)];
  });
}

/** What was the matter, in one line. */
export function reasonOf(said: string): string | undefined {
  return explainPoetryFailure(said).cause ??
    said.split("\n").map((line) => line.trim()).findLast((line) => line !== "");
}
