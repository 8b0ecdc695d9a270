/**
 * uv.
 *
 * @module
 */

import { HsmError } from "../../errors.ts";
import { createCommands } from "../../process/commands.ts";
import type { RunResult } from "../../process/run.ts";
import type { Adapter, AdapterContext, AdapterSyncOptions, NewLibraryOptions } from "../adapter.ts";
import type { LockedPackage } from "../reader.ts";
import { callUv, OUT_OF_DATE, uvProgram, uvSyncArguments } from "./call.ts";
import { environmentFolder } from "./environment.ts";
import { REQUIREMENTS, SOURCES } from "./tables.ts";
import { splitUvArguments } from "./options.ts";
import { quickUv } from "./quick.ts";
import { choosesGroups, uvVariables } from "./variables.ts";
import { uvWorkspaceRoot } from "./workspace.ts";

/** The oldest uv that HSM works with: major, minor. */
const OLDEST = [0, 9] as const;

/** The adapter for uv, which is found through `HSM_UV`, `UV` (set under uvx) or PATH. */
export function uvAdapter(env: Readonly<Record<string, string>>): Adapter {
  const program = uvProgram(env);
  let version: Promise<void> | undefined;
  /** What was read last: a lock file is long, and is asked about several times. */
  let locked: { text: string; packages: readonly LockedPackage[] | undefined } | undefined;
  const ready = (context: AdapterContext) => version ??= checkVersion(program, context);
  return {
    name: "uv",
    program,
    edited: ["pyproject.toml"],
    readApp: async (file) => (await import("./read_app.ts")).readApp(file),
    readMetadata: async (file, setupPy) =>
      (await import("./read_metadata.ts")).readMetadata(file, setupPy),
    async uses(files) {
      return await (await import("./uses.ts")).usesOf(files);
    },
    async owned(files) {
      return await (await import("./uses.ts")).ownedBy(files);
    },
    async changed(files, sources) {
      return await (await import("./uses.ts")).changedSources(files, sources);
    },
    async write(files, wanted) {
      return await (await import("./writer.ts")).writeSources(files, wanted);
    },
    async needs(files, packages, input) {
      return await (await import("./writer.ts")).findNeeds(files, packages, input);
    },
    async packagesIn(file, text) {
      return (await import("./foreign_sources.ts")).readUvSources(text, file);
    },
    async describe(files, sources) {
      return await (await import("./uses.ts")).describeUvSources(files, sources);
    },
    async committedForm(file, committed, text) {
      return (await import("./committed_form.ts")).inCommittedForm(committed, text, file);
    },
    ready,
    refuse: (args) => void splitUvArguments(args),
    explain: async (output) => (await import("./failure.ts")).explainUvFailure(output),
    initCommand: "uv init",
    commandLine: (options) => ["uv", ...syncArguments(options)].join(" "),
    lockNames: ["uv.lock"],
    lockFiles: async (root, read) => [`${await uvWorkspaceRoot(root, read)}/uv.lock`],
    async lockLine(text, locked) {
      return (await import("./lock_line.ts")).lockLine(text, locked);
    },
    sourcesAt: SOURCES,
    requirementLists: REQUIREMENTS,
    async localSources(text, file) {
      return (await import("./local_sources.ts")).localSources(text, file);
    },
    async members(text, file) {
      return (await import("./local_sources.ts")).membersOf(text, file);
    },
    async sourcesOff(context, pyproject) {
      return await (await import("./settings.ts")).findSourcesOff(context, pyproject);
    },
    async lock(context, options) {
      await ready(context);
      const { lock } = splitUvArguments(options.args ?? []);
      return await callUv(program, ["lock", ...lock], context, options);
    },
    environment: async ({ root, env }) => ({ folder: await environmentFolder(root, env) }),
    async readLock(text) {
      if (locked?.text === text) return locked.packages;
      const { readLock } = await import("./lock.ts");
      locked = { text, packages: readLock(text) };
      return locked.packages;
    },
    settings: ["uv.toml", ".python-version"],
    quick: quickUv,
    variables: uvVariables,
    choosesGroups,
    argumentsFor: ({ kind, name }) => [`--${kind}`, name],
    async strangers(locked, pyproject, packages, folders) {
      const { findStrangers } = await import("./strangers.ts");
      return findStrangers(locked, pyproject, packages, folders);
    },
    async mergeLocks(texts, managed) {
      return (await import("./lock_merge.ts")).mergeUvLocks(texts, managed);
    },
    async sync(context, options) {
      await ready(context);
      return await callUv(program, syncArguments(options), context, options);
    },
    hasInstalled: (output) => /^ [-+~] /m.test(output),
    async snapshot(context) {
      return await (await import("./snapshot.ts")).takeSnapshot(program, context);
    },
    async restore(context, snapshot) {
      const { restoreSnapshot } = await import("./snapshot.ts");
      return await restoreSnapshot(program, context, snapshot);
    },
    async isLocked(context) {
      return await (await import("./outlook.ts")).isLocked(program, context);
    },
    async wouldInstall(context, candidate) {
      return await (await import("./outlook.ts")).wouldInstall(program, context, candidate);
    },
    outOfDate: (output) => OUT_OF_DATE.exec(output)?.[1],
    async lockChanges(context) {
      await ready(context);
      return await (await import("./outlook.ts")).lockChanges(program, context);
    },
    async resolve(context, candidate) {
      await ready(context);
      const { resolveShadow } = await import("./shadow.ts");
      return await resolveShadow(program, context, candidate.get("pyproject.toml") ?? "");
    },
    async newLibrary(context, options) {
      await ready(context);
      return await callUv(program, initArguments(options), context, { quiet: "always" });
    },
  };
}

/** Only who looks at the lock file again takes the arguments that concern it. */
function syncArguments(options: AdapterSyncOptions): readonly string[] {
  const { lock, args = [] } = options;
  return uvSyncArguments(
    lock === "frozen" ? { ...options, args: splitUvArguments(args).sync } : options,
  );
}

/** Without `--no-workspace` uv would add the library to a workspace around it, and write in its pyproject.toml. */
function initArguments(options: NewLibraryOptions): readonly string[] {
  const { directory, name, requiresPython } = options;
  return [
    "init",
    "--lib",
    "--no-workspace",
    "--vcs=none",
    "--no-pin-python",
    `--name=${name}`,
    ...(requiresPython === undefined ? [] : [`--python=${requiresPython}`]),
    "--",
    directory,
  ];
}

async function checkVersion(program: string, context: AdapterContext): Promise<void> {
  const { env } = context;
  const variable = ["HSM_UV", "UV"].find((it) => env[it]);
  const install = variable === undefined
    ? "install it from https://docs.astral.sh/uv/ or name one in HSM_UV"
    : `correct ${variable}, which names it, or unset it`;
  let result: RunResult;
  try {
    result = await createCommands(context)`${program} --version`.noThrow();
  } catch (error) {
    if (!(error instanceof HsmError) || error.code !== "tool-missing") throw error;
    throw new HsmError("tool-missing", `Cannot find uv: there is no program ${program}`, {
      hint: install,
      cause: error,
    });
  }
  const version = /^uv (\d+)\.(\d+)\S*/.exec(result.stdout);
  if (!result.success || version === null) {
    throw new HsmError("tool-missing", `Cannot use ${program}: it does not answer as uv does`, {
      hint: install,
      causes: `${result.stdout}${result.stderr}`.trim().split("\n").slice(0, 3),
    });
  }
  const [major, minor] = [Number(version[1]), Number(version[2])];
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
    throw new HsmError(
      "tool-too-old",
      `Cannot use ${version[0]} at ${program}: HSM needs ${OLDEST.join(".")} or newer`,
      { hint: "update it (`uv self update`) or name a newer one in HSM_UV" },
    );
  }
}
