/**
 * uv.
 *
 * @module
 */

import type { Adapter, AdapterContext, AdapterSyncOptions } from "../adapter.ts";
import { appFile } from "../app_file.ts";
import { readOnce } from "../read_once.ts";
import {
  callUv,
  installByUv,
  OUT_OF_DATE,
  quickUv,
  UNFINISHED,
  uvProgram,
  uvSyncArguments,
} from "./call.ts";
import { environmentFolder } from "./environment.ts";
import { hasGuard } from "./stand_ins/has_guard.ts";
import { areStanding } from "./stand_ins/marks.ts";
import { REQUIREMENTS, SOURCES } from "./tables.ts";
import { initArguments } from "./init.ts";
import { splitUvArguments } from "./options.ts";
import { choosesGroups, uvVariables } from "./variables.ts";
import { checkVersion } from "./version.ts";
import { uvWorkspaceRoot } from "./workspace.ts";

const PYPROJECT = "pyproject.toml";
const SIGNS = {
  lockFiles: ["uv.lock"],
  settings: ["uv.toml"],
  table: ["tool", "uv"],
  backend: "uv_build",
};

/** The adapter for uv, which is found through `HSM_UV`, `UV` (set under uvx) or PATH. */
export function uvAdapter(env: Readonly<Record<string, string>>): Adapter {
  let known: Promise<string> | undefined;
  const version = (context: AdapterContext) => known ??= checkVersion(context);
  const call: typeof callUv = async (args, context, options) => {
    await version(context);
    return await callUv(args, context, options);
  };
  const writer = () => import("./writer.ts");
  const uses = () => import("./uses.ts");
  const local = () => import("./local_sources.ts");
  const snapshots = () => import("./snapshot.ts");
  const look = () => import("./look.ts");
  const outlook = () => import("./outlook.ts");
  const standing = () => import("./stand_ins/standing.ts");
  return {
    name: "uv",
    failure: "uv-failed",
    can: { leavesSubmodules: false, standsIn: true },
    program: uvProgram(env),
    edited: [PYPROJECT],
    readApp: async (files) => (await import("./read_app.ts")).readApp(await appFile(files)),
    readMetadata: lazy(() => import("./read_metadata.ts"), (it) => it.readMetadata),
    uses: lazy(uses, (it) => it.usesOf),
    owned: lazy(uses, (it) => it.ownedBy),
    sourcedByOthers: lazy(uses, (it) => it.sourcedByOthers),
    changed: lazy(uses, (it) => it.changedSources),
    describe: lazy(uses, (it) => it.describeUvSources),
    write: lazy(writer, (it) => it.writeSources),
    needs: lazy(writer, (it) => it.findNeeds),
    packagesIn: async (file, text) =>
      (await import("./foreign_sources.ts")).readUvSources(text, file),
    committedForm: lazy(() => import("./committed_form.ts"), (it) => it.inCommittedForm),
    ready: async (context) => void await version(context),
    version,
    load: () => Promise.all([import("./read_app.ts"), import("./read_metadata.ts"), writer()]),
    refuse: (args) => void splitUvArguments(args),
    explain: lazy(() => import("./failure.ts"), (it) => it.explainUvFailure),
    initCommand: "uv init",
    commandLine: (options) => ["uv", ...syncArguments(options)].join(" "),
    lockNames: ["uv.lock"],
    lockFiles: async (root, read) => [`${await uvWorkspaceRoot(root, read)}/uv.lock`],
    unfinished: UNFINISHED,
    lockLine: lazy(() => import("./lock.ts"), (it) => it.lockLine),
    sourcesAt: SOURCES,
    requirementLists: REQUIREMENTS,
    localSources: lazy(local, (it) => it.localSources),
    members: lazy(local, (it) => it.membersOf),
    sourcesOff: lazy(() => import("./settings.ts"), (it) => it.findSourcesOff),
    lock: (context, options) =>
      call(["lock", ...splitUvArguments(options.args ?? []).lock], context, options),
    environment: async ({ root, env }) => ({ folder: await environmentFolder(root, env) }),
    readLock: readOnce(async (text) => (await import("./lock.ts")).readLock(text)),
    usageIn: async (...where) => (await import("../signs.ts")).usageBy(SIGNS, ...where),
    settings: ["uv.toml", ".python-version"],
    quick: quickUv,
    variables: uvVariables,
    choosesGroups,
    argumentsFor: ({ kind, name }) => [`--${kind}`, name],
    relockArguments: (packages) => packages.flatMap((it) => ["-P", it]),
    strangers: lazy(() => import("./strangers.ts"), (it) => it.findStrangers),
    mergeLocks: lazy(() => import("./lock_merge.ts"), (it) => it.mergeUvLocks),
    async sync(context, options) {
      await version(context);
      const environment = await environmentFolder(context.root, context.env);
      const { standInsBefore: before, standInForm: form, only, dryRun } = options;
      const standIns = before ?? options.standIns ?? [];
      const args = syncArguments(options);
      if (dryRun || (standIns.length === 0 && await areStanding(environment, []))) {
        return await installByUv(args, context, environment, options);
      }
      const { syncStandIns } = await import("./stand_ins/sync.ts");
      const isBack = before !== undefined;
      const asked = form === undefined || form === "kept"
        ? form
        : { form, args: options.args ?? [] };
      const extras = isBack ? before[0]?.extras : asked;
      return await syncStandIns(context, { standIns, args, only, extras, isBack }, options);
    },
    standIns: async (context) => {
      const isNone = await areStanding(await environmentFolder(context.root, context.env), []);
      return isNone ? [] : await (await standing()).standInsIn(context);
    },
    standing: lazy(standing, (it) => it.standingIn),
    async settle({ root, env }) {
      const environment = await environmentFolder(root, env);
      if (await hasGuard(environment)) await (await standing()).settle(environment);
    },
    hasInstalled: (output) => /^ [-+~] /m.test(output),
    snapshot: lazy(snapshots, (it) => it.takeSnapshot),
    restore: lazy(snapshots, (it) => it.restoreSnapshot),
    outlook: lazy(look, (it) => it.outlook),
    wouldInstall: async (context, candidate) =>
      candidate === undefined
        ? await (await look()).planInstall(context)
        : await (await outlook()).wouldInstall(context, candidate.get(PYPROJECT) ?? ""),
    outOfDate: (output) => OUT_OF_DATE.exec(output)?.[1],
    async lockChanges(context) {
      await version(context);
      return await (await outlook()).lockChanges(context);
    },
    async resolve(context, candidate) {
      await version(context);
      const { resolveShadow } = await import("./shadow.ts");
      return await resolveShadow(context, candidate.get(PYPROJECT) ?? "");
    },
    newLibrary: (context, options) => call(initArguments(options), context, { quiet: "always" }),
  };
}

/** A function of a module that is loaded when it is first called (docs/performance.md: each import costs). */
function lazy<M, A extends readonly unknown[], R>(
  load: () => Promise<M>,
  pick: (module: M) => (...args: A) => R | Promise<R>,
): (...args: A) => Promise<R> {
  let loaded: Promise<M> | undefined;
  return async (...args) => await pick(await (loaded ??= load()))(...args);
}

/** Only who looks at the lock file again takes the arguments that concern it. */
function syncArguments(options: AdapterSyncOptions): readonly string[] {
  const { lock, args = [] } = options;
  return uvSyncArguments(
    lock === "frozen" ? { ...options, args: splitUvArguments(args).sync } : options,
  );
}
