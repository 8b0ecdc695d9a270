/**
 * pip, whose work uv does.
 *
 * @module
 */

import { isFile } from "../../files/is_there.ts";
import type { Adapter, AdapterContext } from "../adapter.ts";
import { readOnce } from "../read_once.ts";
import { callUv, UNFINISHED, uvProgram } from "../uv/call.ts";
import { checkVersion } from "../uv/version.ts";
import { OUT_OF_DATE, pythonOf } from "./call.ts";
import { peekEnvironment } from "./environment.ts";
import { CONSTRAINTS, HATCH, LOCK, REQUIREMENTS } from "./files.ts";
import { splitPipArguments } from "./options.ts";
import { pipVariables } from "./variables.ts";

/** The adapter for pip; the program is uv, which is found as for uv's own. */
export function pipAdapter(env: Readonly<Record<string, string>>): Adapter {
  let known: Promise<string> | undefined;
  let hatch: Promise<void> | undefined;
  const version = (context: AdapterContext) => known ??= checkVersion(context);
  const ready = async (context: AdapterContext) => {
    if (context.environment === HATCH) {
      hatch ??= import("./hatch_version.ts").then((it) => it.checkHatch(context));
    }
    await Promise.all([version(context), hatch]);
  };
  const writer = () => import("./writer.ts");
  const uses = () => import("./uses.ts");
  const install = () => import("./install.ts");
  const compile = () => import("./compile.ts");
  const look = () => import("./look.ts");
  const shadow = () => import("./shadow.ts");
  const failure = () => import("./failure.ts");
  return {
    name: "pip",
    programName: "uv",
    can: {
      leavesSubmodules: false,
      fetchesLfs: false,
      locksWithoutPackages: false,
      appWithoutPyproject: true,
      takesEnvironment: true,
    },
    program: uvProgram(env),
    edited: async (files) => await (await writer()).editedFiles(files),
    markedFiles: [REQUIREMENTS, CONSTRAINTS],
    readApp: async (files) => await (await import("./read_app.ts")).readApp(files),
    uses: async (files) => await (await uses()).usesOf(files),
    owned: async (files) => await (await uses()).ownedBy(files),
    changed: async (files, sources) => await (await uses()).changedSources(files, sources),
    write: async (files, wanted) => await (await writer()).writeSources(files, wanted),
    // What is HSM's in the user's files is the same in each mode.
    committedForm: (file, committed, text) =>
      Promise.resolve(file === REQUIREMENTS || file === CONSTRAINTS ? committed : text),
    handOver: async (files) => await (await import("./hand_over.ts")).handOver(files),
    usageIn: async (...where) => (await import("./usage.ts")).usageOf(...where),
    settings: ["uv.toml", ".python-version", "hatch.toml"],
    packagesIn: async (file, text) =>
      (await import("./foreign_lines.ts")).readPipPackages(text, file),
    packagesOf: async (files) => await (await import("./foreign_lines.ts")).readAppPackages(files),
    variables: pipVariables,
    environment: async (project) => {
      const folder = (await peekEnvironment(project))?.folder;
      return folder === undefined ? undefined : { folder };
    },
    lockNames: [LOCK],
    lockFiles: (root) => Promise.resolve([`${root}/${LOCK}`]),
    unfinished: UNFINISHED,
    lockLine: async (text, it) => (await import("./lock.ts")).lockLine(text, it),
    readLock: readOnce(async (text) => (await import("./lock.ts")).readLock(text)),
    relockArguments: (packages) => packages.flatMap((it) => ["-P", it]),
    mergeLocks: async (...of) => (await import("./lock_merge.ts")).mergePylocks(...of),
    strangers: async (...of) => await (await uses()).findStrangers(...of),
    ready,
    version,
    load: () => Promise.all([import("./read_app.ts"), writer()]),
    refuse: (args) => void splitPipArguments(args),
    commandLine: () => `uv pip sync ${LOCK}`,
    explain: async (output) => (await failure()).explainPipFailure(output),
    async lock(context, { args = [], ...options }) {
      await ready(context);
      const { lock } = splitPipArguments(args);
      return await (await compile()).lockApp(context, { ...options, args: lock });
    },
    async sync(context, options) {
      await ready(context);
      return await (await install()).syncEnvironment(context, options);
    },
    hasInstalled: (output) => /^ [-+~] /m.test(output),
    async snapshot(context) {
      const folder = (await peekEnvironment(context))?.folder;
      if (folder === undefined || !isFile(pythonOf(folder))) return undefined;
      return await (await import("../uv/snapshot.ts")).freeze(context, folder);
    },
    async restore(context, snapshot) {
      const folder = (await peekEnvironment(context))?.folder;
      if (folder === undefined) return "failed";
      const { restoreFrozen } = await import("../uv/snapshot.ts");
      return await restoreFrozen(context, folder, snapshot, async () => {
        if (!isFile(`${context.root}/${LOCK}`)) return;
        const { syncEnvironment } = await install();
        await syncEnvironment(context, { lock: "frozen", quiet: "always" });
      });
    },
    async outlook(context) {
      await version(context);
      return await (await look()).outlook(context);
    },
    async wouldInstall(context, candidate) {
      await version(context);
      return candidate === undefined
        ? await (await look()).plannedInstall(context)
        : await (await shadow()).wouldInstall(context, candidate);
    },
    outOfDate: (output) => OUT_OF_DATE.exec(output)?.[1],
    async lockChanges(context) {
      await version(context);
      return await (await look()).lockChanges(context);
    },
    async resolve(context, candidate) {
      await version(context);
      return await (await shadow()).resolveCandidate(context, candidate);
    },
    async newLibrary(context, options) {
      await version(context);
      const { initArguments } = await import("../uv/init.ts");
      return await callUv(initArguments(options), context, { quiet: "always" });
    },
  };
}
