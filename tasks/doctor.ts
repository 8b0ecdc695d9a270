/**
 * `hsm doctor`: what is wrong, and what to do about it.
 *
 * @module
 */

import { basename } from "@std/path";
import { createContext } from "../lib/process/context.ts";
import { withoutRepository } from "../lib/git/ask.ts";
import { type Command, defineCommand } from "../lib/command/command.ts";
import {
  checkIgnored,
  checkNames,
  checkPermissions,
  checkSchema,
  checkSearch,
} from "./doctor/files.ts";
import { checkLeftovers } from "./doctor/leftovers.ts";
import { type Finding, ok, warning } from "./doctor/model.ts";
import { checkCheckouts, checkDrift, toFinding } from "./doctor/packages.ts";
import { renderFindings } from "./doctor/render_findings.ts";
import { checkLfs, checkTools } from "./doctor/tools.ts";
import { loadAdapter } from "../lib/adapters/load.ts";
import { HsmError } from "../lib/errors.ts";
import { managerOf } from "../lib/workspace/app_manager.ts";
import { findOtherManager } from "../lib/survey/other_manager.ts";
import { openWorkspace, type OpenWorkspaceOptions } from "../lib/workspace/open.ts";
import { knownWith } from "../lib/manifest/adapter_names.ts";
import { manifestParser } from "../lib/manifest/cached_parser.ts";
import { refuseLockConflict } from "../lib/workspace/lock_conflict.ts";
import { readManifest } from "../lib/workspace/read_manifest.ts";
import { silentReporter } from "../lib/report.ts";
import { createTell } from "../lib/events/tell.ts";
import { Survey } from "../lib/survey/survey.ts";
import { findManagerFiles } from "../lib/workspace/manager_files.ts";
import { findIrregularWith } from "../lib/workspace/regular_files.ts";
import { refuseNewerLock } from "../lib/transaction/lock.ts";
import { lookForJournal } from "../lib/transaction/journal.ts";
import { findRoot } from "../lib/workspace/root.ts";
import { countOf } from "../lib/text/words.ts";

export type { Finding };

/** How {@linkcode doctor} looks. */
export type DoctorOptions = Omit<OpenWorkspaceOptions, "readonly" | "wait" | "confirm">;

/** What {@linkcode doctor} found. */
export interface DoctorResult {
  /** Whether nothing is an error. */
  readonly healthy: boolean;
  /** The app's folder; undefined where there is no workspace. */
  readonly root: string | undefined;
  /** All that was looked at. */
  readonly findings: readonly Finding[];
}

/**
 * Looks at everything that HSM needs: programs, manifest, permissions, .gitignore, leftovers of a crash, checkouts, and
 * whether pyproject.toml says what the manifest says.
 *
 * Touches nothing, not even what a crash left, asks no remote, and runs no code of the app or of its packages. It needs
 * no open workspace.
 *
 * @example
 * ```ts
 * import { doctor } from "@hsm/hsm";
 *
 * const { healthy, findings } = await doctor();
 * console.log(healthy); // true
 * console.log(findings[0]); // { check: "git", state: "ok", message: "2.39.5" }
 * ```
 *
 * @param options Where to look, and with what.
 * @returns All that was looked at, with what to do about it. Whatever is wrong is a finding, and no error that is
 * thrown.
 */
export async function doctor(options: DoctorOptions = {}): Promise<DoctorResult> {
  const result = await examine(options);
  // What the signal cut short would read as what is wrong.
  options.signal?.throwIfAborted();
  return result;
}

async function examine(options: DoctorOptions): Promise<DoctorResult> {
  const directory = options.directory ?? Deno.cwd();
  const env = withoutRepository(options.env ?? Deno.env.toObject());
  const reporter = options.reporter ?? silentReporter();
  const tell = createTell({ reporter, onEvent: options.onEvent });
  const signal = options.signal ?? new AbortController().signal;
  const context = createContext({ root: directory, env, signal, tell });
  const place = await Promise.try(findRoot, directory).catch(() => undefined);
  const { adapter: wanted } = options;
  const own = wanted === undefined ? undefined : await loadAdapter(env, wanted);
  const { adapter, environment } = place === undefined
    ? { adapter: own ?? await loadAdapter(env), environment: undefined }
    : await managerOf(place, env, own);
  const findings = [...await checkTools(adapter, { ...context, environment })];
  const root = await look(() => Promise.try(findRoot, directory), "workspace", findings);
  if (root === undefined) return conclude(undefined, findings);
  findings.push(ok("workspace", root));
  const inRoot = createContext({ root, env, signal, tell });
  const files = await findManagerFiles(root, adapter, environment);
  const irregular = findIrregularWith(root, adapter, files);
  // Nothing else can be told where these are not to be read.
  if (irregular.length > 0) {
    return conclude(root, [...findings, ...irregular.map((it) => toFinding("files", it))]);
  }
  findings.push(...await checkPermissions(root));
  const conflicts = findings.length;
  const [lock = ""] = files.lockFiles;
  await look(() => refuseLockConflict(root, files), basename(lock), findings);
  const isSettled = findings.length === conflicts;
  const manifest = await look(
    async () => {
      const parse = manifestParser(root, env, own && { adapters: knownWith(own) });
      return (await readManifest(root, parse)).manifest;
    },
    "hsm.yaml",
    findings,
  );
  if (manifest !== undefined) {
    findings.push(ok("hsm.yaml", countOf(manifest.packages.length, "package")));
    findings.push(...checkNames(manifest), ...await checkLfs(inRoot, manifest));
  }
  const packagesDir = manifest?.packagesDir ?? "packages";
  const places = manifest?.packages.map((it) => it.path) ?? [];
  await look(() => Promise.try(refuseNewerLock, root), "leftovers", findings);
  const journal = await look(() => Promise.try(lookForJournal, root), "leftovers", findings);
  findings.push(
    ...await checkSchema(root),
    ...await checkIgnored(inRoot, manifest),
    ...(manifest === undefined ? [] : await checkSearch(inRoot, manifest)),
    ...await checkLeftovers(root, [`${packagesDir}/NAME`, ...places], journal),
  );
  // To open a workspace is to undo what a crash left in it.
  const mayOpen = manifest !== undefined && isSettled && journal !== undefined;
  if (!mayOpen || journal.kind === "own" || journal.kind === "newer") {
    return conclude(root, findings);
  }
  // What opening warns of is among the findings.
  const quiet = { ...options, reporter: { ...reporter, warn() {} } };
  await using workspace = await look(
    () => openWorkspace({ ...quiet, directory: root, readonly: true }),
    "pyproject.toml",
    findings,
  );
  if (workspace === undefined) return conclude(root, findings);
  await using survey = new Survey(workspace, { asks: "none", assumesClones: true });
  const others = await findOtherManager(workspace);
  findings.push(...others.map(({ message, fix }) => warning("hsm.yaml", message, fix)));
  findings.push(...await checkCheckouts(survey), ...await checkDrift(survey));
  return conclude(root, findings);
}

/** What a look comes to; undefined where it came to an error, which is a finding then. */
async function look<T>(
  call: () => Promise<T>,
  check: string,
  findings: Finding[],
): Promise<T | undefined> {
  try {
    return await call();
  } catch (thrown) {
    const isInit = thrown instanceof HsmError && thrown.code === "workspace-not-found";
    const finding = toFinding(check, thrown);
    findings.push(isInit ? { ...finding, fix: "run `hsm init` in the app's folder" } : finding);
    return undefined;
  }
}

function conclude(root: string | undefined, findings: readonly Finding[]): DoctorResult {
  return { healthy: findings.every((it) => it.state !== "error"), root, findings };
}

/**
 * `hsm doctor`.
 *
 * @throws {HsmError} `doctor-failed` where a finding is an error
 */
export const doctorCommand: Command<DoctorResult> = defineCommand({
  name: "doctor",
  group: "Looking",
  summary: "Look for what is wrong, and say what to do about it",
  description: "It changes nothing, and exits with 1 if something does not work.",
  examples: ["hsm doctor", "hsm doctor --json"],
  options: {},
  async run(context) {
    const { confirm: _, ...options } = context.opening;
    const result = await doctor(options);
    return {
      data: result,
      text: renderFindings(result.findings, context),
      failure: doctorFailed(result.findings),
      isTold: true,
    };
  },
});

function doctorFailed(findings: readonly Finding[]): HsmError | undefined {
  const errors = findings.filter((it) => it.state === "error");
  const [first, ...others] = errors;
  if (first === undefined) return undefined;
  const hint = others.length === 0 ? first.fix : "each of `findings` says what to do about it";
  const causes = errors.map((it) => `${it.check}: ${it.message}`);
  const message = `Cannot find all in order: ${countOf(errors.length, "error")}`;
  return new HsmError("doctor-failed", message, { causes, hint });
}
