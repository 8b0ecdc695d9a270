/**
 * Poetry.
 *
 * @module
 */

import { HsmError } from "../../errors.ts";
import type { RunResult } from "../../process/run.ts";
import type { Adapter, AdapterContext, AdapterSyncOptions, Written } from "../adapter.ts";
import { appFile } from "../app_file.ts";
import type { AdapterProject } from "../reader.ts";
import { readOnce } from "../read_once.ts";
import { callPoetry, OUT_OF_DATE, poetryProgram } from "./call.ts";
import { splitPoetryArguments } from "./options.ts";
import { SOURCES } from "./tables.ts";

const PYPROJECT = "pyproject.toml";
const LOCK = "poetry.lock";
const SIGNS = {
  lockFiles: [LOCK],
  settings: ["poetry.toml"],
  table: ["tool", "poetry"],
  backend: "poetry.core.masonry.api",
};

/** The adapter for Poetry, which is found through `HSM_POETRY` or PATH. */
export function poetryAdapter(env: Readonly<Record<string, string>>): Adapter {
  let known: Promise<string> | undefined;
  const version = (context: AdapterContext) =>
    known ??= import("./version.ts").then((it) => it.checkVersion(context));
  /** The first number of its version, as far as it is known. */
  let major = 2;
  /** Where the environment is: a Poetry that is asked takes its time, and several may want to know at once. */
  let folder: Promise<string | undefined> | undefined;
  const ready = async (context: AdapterContext) => {
    major = parseInt(await version(context));
  };
  const call: typeof callPoetry = async (args, context, options) => {
    await ready(context);
    return await callPoetry(args, context, options);
  };
  const lockArguments = (more: readonly string[] = []) => {
    if (major >= 2) return ["lock", ...more];
    // What is an option of Poetry 2 is what Poetry 1 does without one.
    const others = more.filter((it) => it !== "--regenerate");
    return ["lock", ...others.length < more.length ? [] : ["--no-update"], ...others];
  };
  const syncArguments = () => major < 2 ? ["install", "--sync"] : ["sync"];
  const uses = () => import("./uses.ts");
  const environment = () => import("./environment.ts");
  const folderOf = async (project: AdapterProject) => {
    folder ??= environment().then((it) => it.environmentFolder(project));
    const found = await folder;
    // It may be made meanwhile.
    if (found === undefined) folder = undefined;
    return found;
  };
  const look = async (context: AdapterContext) => {
    await ready(context);
    const { outlook } = await import("./look.ts");
    return await outlook(context, await folderOf(context), syncArguments());
  };
  const shadowed = async (context: AdapterContext, candidate: Written["texts"]) => ({
    context,
    environment: await folderOf(context),
    pyproject: candidate.get(PYPROJECT) ?? "",
  });
  const shadow = () => import("./shadow.ts");
  return {
    name: "poetry",
    can: { seesDevChanges: false, leavesSubmodules: false, fetchesLfs: false },
    program: poetryProgram(env),
    edited: [PYPROJECT],
    readApp: async (files) => (await import("./read_app.ts")).readApp(await appFile(files)),
    uses: async (files) => (await uses()).usesOf(files),
    owned: async (files) => (await uses()).ownedBy(files),
    changed: async (files, sources) => (await uses()).changedSources(files, sources),
    async write(files, { packages }) {
      const { injectSources } = await import("./inject.ts");
      const { text, changes } = injectSources(await files.pyproject(), {
        packages: packages.flatMap((it) =>
          it.source === undefined ? [] : [{ ...it, source: it.source }]
        ),
        keep: packages.filter((it) => it.source === undefined).map((it) => it.name),
      }, PYPROJECT);
      return { texts: new Map([[PYPROJECT, text]]), changes };
    },
    packagesIn: async (file, text) =>
      (await import("./foreign_packages.ts")).readPoetryPackages(text, file),
    committedForm: async (...of) => (await import("./committed_form.ts")).inCommittedForm(...of),
    ready,
    version,
    refuse: (args) => void splitPoetryArguments(args),
    explain: async (output) => (await import("./failure.ts")).explainPoetryFailure(output),
    initCommand: "poetry init",
    commandLine: () => ["poetry", ...syncArguments()].join(" "),
    lockNames: [LOCK],
    lockFiles: (root) => Promise.resolve([`${root}/${LOCK}`]),
    lockLine: async (text, it) => (await import("./lock.ts")).lockLine(text, it),
    sourcesAt: SOURCES,
    localSources: async (text, file) => (await uses()).localSources(text, file),
    environment: async (project) => {
      const folder = await folderOf(project);
      return folder === undefined ? undefined : { folder };
    },
    readLock: readOnce(async (text) => (await import("./lock.ts")).readLock(text)),
    usageIn: async (...where) => (await import("../signs.ts")).usageBy(SIGNS, ...where),
    settings: ["poetry.toml"],
    variables: (env) => ({ sync: withoutNoEnvironment(env), own: withoutNoEnvironment(env) }),
    argumentsFor: ({ kind, name }) => [kind === "extra" ? "--extras" : "--with", name],
    locksAnew: (args) => splitPoetryArguments(args).lock.includes("--regenerate"),
    relockArguments: () => ["--regenerate"],
    strangers: async (...of) => await (await uses()).findStrangers(...of),
    mergeLocks: async (...of) => (await import("./lock_merge.ts")).mergePoetryLocks(...of),
    lock: (context, options) => {
      const { lock } = splitPoetryArguments(options.args ?? []);
      return inOrder(ready(context), () => call(lockArguments(lock), context, options));
    },
    sync: (context, options) =>
      inOrder(ready(context), () => syncWith(syncArguments(), context, options)),
    hasInstalled: (output) => /^ {2}[-\u2022] (?!.*: Skipped for)/mu.test(output),
    snapshot: async (context) => await (await environment()).takeSnapshot(context),
    async restore(context, snapshot) {
      await ready(context);
      return await (await environment()).restoreSnapshot(context, snapshot, syncArguments());
    },
    outlook: look,
    async wouldInstall(context, candidate) {
      if (candidate === undefined) return (await look(context)).install;
      await ready(context);
      const { wouldInstall } = await shadow();
      const commands = { lock: lockArguments(), sync: syncArguments() };
      return await wouldInstall(await shadowed(context, candidate), commands);
    },
    outOfDate: (output) => OUT_OF_DATE.exec(output)?.[1],
    async resolve(context, candidate) {
      await ready(context);
      const { resolveShadow } = await shadow();
      return await resolveShadow(await shadowed(context, candidate), lockArguments());
    },
    async newLibrary(context, options) {
      await ready(context);
      return await (await import("./new_library.ts")).newLibrary(context, options, major);
    },
  };
}

async function inOrder<T>(first: Promise<void>, then: () => Promise<T>): Promise<T> {
  await first;
  return await then();
}

/** An environment that is named by nothing is none; Poetry would take it for one. */
function withoutNoEnvironment(env: Readonly<Record<string, string>>): Record<string, string> {
  const { VIRTUAL_ENV: environment, ...rest } = env;
  return environment ? { ...env } : rest;
}

/**
 * Installs what the lock file says. Where it is stale Poetry refuses that by itself, and where there is none it would make one:
 * then it is only asked.
 */
async function syncWith(
  command: readonly string[],
  context: AdapterContext,
  { lock, dryRun = false, args = [], ...options }: AdapterSyncOptions,
): Promise<RunResult> {
  const { isFile } = await import("../../files/is_there.ts");
  const isThere = isFile(`${context.root}/${LOCK}`);
  if (dryRun || (lock === "locked" && !isThere)) {
    const result = await callPoetry(["check", "--lock"], context, options);
    // It may find other things to say of pyproject.toml, which are no reason not to install it.
    const isCurrent = !OUT_OF_DATE.test(result.stderr);
    return { ...result, success: isCurrent, code: isCurrent ? 0 : result.code };
  }
  if (!isThere) {
    throw new HsmError("io", `Cannot install what ${LOCK} says: there is none`, {
      hint: "run `hsm sync`",
    });
  }
  return await callPoetry([...command, ...splitPoetryArguments(args).sync], context, options);
}
