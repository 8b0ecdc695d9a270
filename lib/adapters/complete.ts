/**
 * An adapter, and what HSM does where it leaves something out.
 *
 * @module
 */

import { HsmError } from "../errors.ts";
import { describeSource } from "../source.ts";
import type { Adapter, CompleteAdapter } from "./adapter.ts";
import { appFile } from "./app_file.ts";

/** What may be left out, but for what has no stand-in, or another form as well. */
type Optional = {
  readonly [
    Key in keyof Omit<Adapter, "quick" | "initCommand" | "edited"> as undefined extends Adapter[Key]
      ? Key
      : never
  ]-?: Adapter[Key];
};

/** The adapter with everything; its own methods keep their `this`. */
export function completeAdapter(adapter: Adapter): CompleteAdapter {
  const { name, edited } = adapter;
  const rest: Required<Optional> & Pick<CompleteAdapter, "can"> = {
    can: {
      pathOutsideRoot: true,
      seesDevChanges: true,
      leavesSubmodules: true,
      fetchesLfs: true,
      locksWithoutPackages: true,
      appWithoutPyproject: false,
      takesEnvironment: false,
      standsIn: false,
      ...adapter.can,
      resolve: adapter.resolve !== undefined,
    },
    failure: "adapter-failed",
    programName: name,
    markedFiles: typeof edited === "function" ? ["pyproject.toml"] : edited,
    sourcedByOthers: () => Promise.resolve([]),
    needs: () => Promise.resolve({}),
    packagesIn: (file) => Promise.resolve({ file, packages: [], skipped: [] }),
    packagesOf: async (files) => {
      const text = await files.pyproject();
      return adapter.packagesIn === undefined
        ? []
        : [await adapter.packagesIn("pyproject.toml", text)];
    },
    describe: (_, sources) => Promise.resolve(sources.map((it) => describeSource(it))),
    committedForm: (_file, _committed, text) => Promise.resolve(text),
    handOver: async (files) => {
      const text = await files.pyproject();
      if (text === "") return new Map();
      const { withoutRecord } = await import("../project/record.ts");
      return new Map([["pyproject.toml", withoutRecord(text, "pyproject.toml")]]);
    },
    readApp: async (files) =>
      (await import("../project/read_app.ts")).readApp(await appFile(files)),
    readMetadata: async (file, setupPy) =>
      (await import("../project/read_metadata.ts")).readMetadata(file, setupPy, () => []),
    usageIn: () => Promise.resolve(undefined),
    settings: [],
    variables: (env) => ({ sync: { ...env }, own: { ...env } }),
    environment: () => Promise.resolve(undefined),
    readLock: () => Promise.resolve([]),
    lockNames: [],
    unfinished: /(?!)/,
    lockLine: () => Promise.resolve(undefined),
    sourcesAt: [],
    requirementLists: [],
    localSources: () => Promise.resolve([]),
    members: () => Promise.resolve(undefined),
    choosesGroups: () => false,
    argumentsFor: () => [],
    locksAnew: () => false,
    relockArguments: () => [],
    sourcesOff: () => Promise.resolve([]),
    strangers: () => Promise.resolve([]),
    mergeLocks: ({ theirs }) => Promise.resolve({ text: theirs, conflicts: [] }),
    refuse: () => {},
    version: () => Promise.resolve(undefined),
    load: () => Promise.resolve(),
    standIns: () => Promise.resolve([]),
    standing: (_, standIns) =>
      Promise.resolve(standIns.map(() => ({ state: "missing", hasStoodIn: false }))),
    settle: () => Promise.resolve(),
    hasInstalled: (output) => output.trim() !== "",
    snapshot: () => Promise.resolve(undefined),
    restore: () => Promise.resolve("failed"),
    lockChanges: () => Promise.resolve(""),
    outlook: () =>
      Promise.resolve({
        lock: { state: "unknown" },
        install: { environment: "kept", steps: undefined },
      }),
    wouldInstall: () => Promise.resolve({ environment: "kept", steps: undefined }),
    outOfDate: () => undefined,
    explain: () => Promise.resolve({}),
    resolve: () => refused(`${name} cannot resolve without installing`, "leave out `--resolve`"),
    newLibrary: () => refused(`${name} makes no libraries`, "make it by hand, then `hsm add` it"),
  };
  return new Proxy(adapter, {
    get(own, key) {
      const value = key === "can" ? undefined : Reflect.get(own, key);
      if (key === "edited" && Array.isArray(value)) return () => Promise.resolve(value);
      if (value === undefined) return Reflect.get(rest, key);
      return typeof value === "function" ? value.bind(own) : value;
    },
  }) as CompleteAdapter;
}

function refused(state: string, hint: string): Promise<never> {
  return Promise.reject(new HsmError("usage", `Cannot do that here: ${state}`, { hint }));
}
