/**
 * Whether `hsm check` and `uv lock` say the same of an app.
 *
 * @module
 */

import { join } from "@std/path";
import { run } from "../../lib/process/run.ts";
import type { Problem } from "../../lib/reconcile/problem.ts";
import { normalizeName, requirementName } from "../../lib/names.ts";
import { check, HsmError, inject, map, openWorkspace, silentReporter } from "../../mod.ts";
import { uvProgram } from "./repository.ts";

/** How the two compare. The last three are no disagreement: not both of them could judge. */
export const OUTCOMES = [
  "both: it fits",
  "both: it does not fit",
  "HSM is stricter, as documented",
  "HSM alone: it does not fit",
  "uv alone: it does not fit",
  "HSM says something else of what it wrote",
  "HSM left something unchecked, uv: it fits",
  "HSM left something unchecked, uv: it does not fit",
  "uv could not judge",
  "HSM refused to write the sources",
] as const;

/** How the two compare. */
export type Outcome = typeof OUTCOMES[number];

/** What both said of an app. */
export interface Agreement {
  /** How they compare. */
  readonly outcome: Outcome;
  /** What HSM found. */
  readonly problems: readonly Problem[];
  /** What uv said. */
  readonly uv: string;
}

/** The disagreements. */
export const DISAGREEMENTS: ReadonlySet<Outcome> = new Set([
  "HSM alone: it does not fit",
  "uv alone: it does not fit",
  "HSM says something else of what it wrote",
]);

/**
 * Lets HSM check an app, writes what it would write, and lets uv lock that.
 *
 * @param root The app.
 * @param env The variables that both run with.
 * @param options More arguments of `uv lock`, and its limit of time in milliseconds.
 */
export async function judge(
  root: string,
  env: Readonly<Record<string, string>>,
  options: { readonly args?: readonly string[]; readonly limit: number },
): Promise<Agreement> {
  let problems: readonly Problem[];
  let overridden: ReadonlySet<string>;
  try {
    await using workspace = await openWorkspace({
      directory: root,
      env,
      reporter: silentReporter(),
    });
    const { sources } = await map(workspace);
    const found = await check(workspace, { sources });
    problems = found.problems;
    overridden = new Set(found.entries?.["overrides"]?.flatMap((it) => requirementName(it) ?? []));
    await inject(workspace, { sources, entries: found.entries });
    await workspace.commit();
    const again = await check(workspace, { sources });
    if (told(again.problems) !== told(problems)) {
      return {
        outcome: "HSM says something else of what it wrote",
        problems,
        uv: told(again.problems),
      };
    }
  } catch (error) {
    if (!(error instanceof HsmError)) throw error;
    return { outcome: "HSM refused to write the sources", problems: [], uv: error.message };
  }
  const uv = await lock(root, env, options);
  return { outcome: compare(problems, overridden, uv), problems, uv: uv.text };
}

function told(problems: readonly Problem[]): string {
  return problems.map(({ severity, message }) => `${severity}: ${message}`).join("\n");
}

interface Verdict {
  readonly kind: "fits" | "conflict" | "unjudged";
  readonly text: string;
}

async function lock(
  root: string,
  env: Readonly<Record<string, string>>,
  { args = [], limit }: { readonly args?: readonly string[]; readonly limit: number },
): Promise<Verdict> {
  const timer = new AbortController();
  const id = setTimeout(() => timer.abort(), limit);
  try {
    const { success, stderr } = await run([uvProgram(), "lock", ...args], {
      cwd: root,
      env,
      signal: timer.signal,
    });
    return { kind: success ? "fits" : verdictOf(stderr), text: stderr.trim() };
  } catch (error) {
    if (!timer.signal.aborted) throw error;
    return { kind: "unjudged", text: `not done within ${limit} ms` };
  } finally {
    clearTimeout(id);
  }
}

/** A resolution without a solution is a verdict; a build or a download that fails is none. */
function verdictOf(stderr: string): "conflict" | "unjudged" {
  return /No solution found|conflicting URLs|Requirements contain|is not compatible/.test(stderr) &&
      !/Failed to (?:build|download|fetch)|network/.test(stderr)
    ? "conflict"
    : "unjudged";
}

function compare(
  problems: readonly Problem[],
  overridden: ReadonlySet<string>,
  uv: Verdict,
): Outcome {
  const errors = problems.filter((it) => it.severity === "error");
  if (uv.kind === "unjudged") return "uv could not judge";
  if (errors.length > 0 && uv.kind === "conflict") return "both: it does not fit";
  if (errors.length > 0) {
    return errors.every((it) => isStricter(it, overridden))
      ? "HSM is stricter, as documented"
      : "HSM alone: it does not fit";
  }
  const isOpen = ({ severity, code }: Problem) =>
    severity === "unchecked" && code !== "source-overridden";
  if (problems.some(isOpen)) {
    return `HSM left something unchecked, uv: it ${uv.kind === "fits" ? "fits" : "does not fit"}`;
  }
  return uv.kind === "fits" ? "both: it fits" : "uv alone: it does not fit";
}

/** What docs/agreement.md says HSM is stricter in. */
function isStricter(
  { code, sides, message }: Problem,
  overridden: ReadonlySet<string>,
): boolean {
  if (code === "extra-unknown") return true;
  // Where it is the lower bound that stands apart, uv refuses as well.
  if (code === "python-incompatible") return message.includes(", the app needs Python ");
  if (code !== "requirement-unmet") return false;
  const target = normalizeName(sides.at(-1)?.component ?? "");
  return sides[0]?.file === "pyproject.toml" || overridden.has(target);
}

/** A count of outcomes as a table. */
export function renderOutcomes(counts: ReadonlyMap<Outcome, number>): string {
  const width = Math.max(...OUTCOMES.map((it) => it.length));
  return OUTCOMES.map((it) => `${it.padEnd(width)}  ${String(counts.get(it) ?? 0).padStart(6)}\n`)
    .join("");
}

/** All that is needed to look at one case: both verdicts and the app's files. */
export async function describeCase(root: string, agreement: Agreement): Promise<string> {
  const file = async (name: string) => {
    const text = await Deno.readTextFile(join(root, name)).catch(() => undefined);
    return text === undefined ? [] : [`--- ${name}\n${text}`];
  };
  return [
    `=== ${agreement.outcome}`,
    ...agreement.problems.map((it) => `${it.severity}: ${it.message}`),
    `uv: ${agreement.uv}`,
    ...await file("hsm.yaml"),
    ...await file("pyproject.toml"),
  ].join("\n");
}
