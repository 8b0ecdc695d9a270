/**
 * `hsm init`: an app becomes a workspace.
 *
 * @module
 */

import { basename, dirname, join, resolve } from "@std/path";
import { ADAPTER_NAMES } from "../lib/manifest/adapter_names.ts";
import type { CompleteAdapter } from "../lib/adapters/adapter.ts";
import { withoutRepository } from "../lib/git/ask.ts";
import { createContext } from "../lib/process/context.ts";
import { columns } from "../lib/text/columns.ts";
import { type Command, defineCommand } from "../lib/command/command.ts";
import { HsmError } from "../lib/errors.ts";
import { given } from "../lib/given.ts";
import { chooseAdapter } from "./init/choose_adapter.ts";
import { chooseFiles } from "./init/choose_files.ts";
import { findHooks, type Hook, installHooks } from "../lib/workspace/hooks.ts";
import { checkoutFolders, renderManifest } from "./init/render_manifest.ts";
import { takeOver } from "./init/take_over.ts";
import {
  addCodeWorkspace,
  askSearchable,
  refuseWorkspace,
  writeManifest,
} from "./init/write_manifest.ts";
import type { BegunCodeWorkspace } from "../lib/workspace/code_workspace.ts";
import { gitProblem, packagesDirProblem } from "../lib/manifest/rules.ts";
import { normalizeName } from "../lib/names.ts";
import { openWorkspace, type OpenWorkspaceOptions } from "../lib/workspace/open.ts";
import { describePin } from "../lib/packages/describe_pin.ts";
import { readProject } from "../lib/project/read_project.ts";
import { readText } from "../lib/files/read_text.ts";
import { redact } from "../lib/text/redact.ts";
import { createTell } from "../lib/events/tell.ts";
import { findIrregular, findIrregularWith } from "../lib/workspace/regular_files.ts";
import { nearestRoot } from "../lib/workspace/root.ts";
import { SEARCH_FILE } from "../lib/workspace/search_file.ts";
import { filesOnDisk, findManagerFiles } from "../lib/workspace/manager_files.ts";
import { realFiles } from "../lib/files/layer.ts";
import { trapSignals } from "../lib/process/signals.ts";
import { choice, flag, path, text, texts } from "../lib/command/options.ts";
import type { AddedPackage } from "./add.ts";
import { exists, isThere } from "../lib/files/is_there.ts";

export type { Hook };

/** How {@linkcode init} begins a workspace. */
export interface InitOptions
  extends Omit<OpenWorkspaceOptions, "directory" | "readonly" | "ejected" | "wait"> {
  /** The app's folder, which holds its pyproject.toml. @default {Deno.cwd()} */
  readonly directory?: string | undefined;
  /** The files to take packages over from, relative to the app's folder; default: those that are there. */
  readonly from?: readonly string[] | undefined;
  /** Whether to take packages over; default: asks where there are any and somebody can answer. */
  readonly takeOver?: boolean | undefined;
  /** Where packages live unless they say otherwise, with `{name}`; default: what most of them have in common. */
  readonly git?: string | undefined;
  /** The folder of the checkouts. @default {"packages"} */
  readonly packagesDir?: string | undefined;
  /** Whether rg, fd, ruff and the like are to see the checkouts, by a line in `.ignore`; default: asks where somebody can answer. */
  readonly searchable?: boolean | undefined;
  /**
   * Installs hooks with which git lets checkouts stand in again once it has moved the app (`hsm sync --stand-ins`). In an app
   * that has an hsm.yaml nothing else is done. @default {false}
   */
  readonly hooks?: boolean | undefined;
  /**
   * Writes a workspace file of VS Code's with the app and the checkouts of packages in dev mode, and keeps the latter current from
   * then on: NAME.code-workspace, or the only one that there is. In an app that has an hsm.yaml nothing else is done.
   * @default {false}
   */
  readonly codeWorkspace?: boolean | undefined;
}

/** A package that {@linkcode init} wrote into hsm.yaml. */
export interface InitPackage extends AddedPackage {
  /** The file it was taken from, relative to the app's folder. */
  readonly from: string;
}

/** What {@linkcode init} wrote. */
export interface InitResult {
  /** The app's folder. */
  readonly root: string;
  /** The package manager, which hsm.yaml names unless it goes without saying. */
  readonly adapter: string;
  /** The text of hsm.yaml. */
  readonly manifest: string;
  /** The lines that were written into `.ignore`. */
  readonly searchable: readonly string[];
  /** The packages that were taken over, in its order. */
  readonly packages: readonly InitPackage[];
  /** What was not taken over, and why. */
  readonly skipped: readonly {
    readonly name: string;
    readonly reason: string;
    readonly from: string;
  }[];
  /** The hooks, where these were asked for. */
  readonly hooks?: readonly Hook[];
  /** VS Code's workspace file, where it was asked for. */
  readonly codeWorkspace?: {
    /** Its name, in the app's folder. */
    readonly file: string;
    /** `written`: it is new; `changed`: HSM's folders in it were others, or nothing said that HSM keeps it. */
    readonly state: "written" | "changed" | "present";
  };
}

/**
 * Makes a workspace of an app: writes its hsm.yaml.
 *
 * What other tools know of its packages is taken over, where that is wanted: what the package manager's own files have from git
 * and, but for uv's, from folders that are checkouts (pyproject.toml, requirement files), git submodules at their recorded
 * commits (.gitmodules), mxdev (mx.ini), vcstool and rosinstall (`*.repos`, `*.rosinstall`). Those files stay.
 *
 * Touches hsm.yaml, .gitignore and, where that is wanted, .ignore and VS Code's workspace file, in one transaction of its own, and makes `.hsm/`; with
 * `hooks` three of git's hooks, once all else is done. Reads the remotes' refs where a file does not say whether a version is
 * a tag or a branch.
 *
 * @example
 * ```ts
 * import { init } from "@hsm/hsm";
 *
 * const { packages, manifest } = await init({ directory: "../other-app", takeOver: true });
 * console.log(packages.map((it) => it.package)); // []
 * console.log(manifest); // the text of hsm.yaml
 * ```
 *
 * @param options Where, and what to take over.
 * @returns What hsm.yaml says now, and what was not taken over, with the reason.
 * @throws {HsmError} `usage` where there is an hsm.yaml, where it is to be decided what is taken over and nobody can be
 * asked, and where hooks are wanted and there is no repository; `pyproject-invalid`, `manifest-invalid`, `workspace-locked`,
 * `lock-unsupported`, `newer-format`, `tool-missing`, `io`; what `openWorkspace` throws, with `hooks`
 */
export async function init(options: InitOptions = {}): Promise<InitResult> {
  const root = resolve(options.directory ?? Deno.cwd());
  const tell = createTell(options);
  const env = withoutRepository(options.env ?? Deno.env.toObject());
  refuseOptions(root, options);
  const { hooks: asksHooks, codeWorkspace } = options;
  if ((asksHooks || codeWorkspace) && exists(join(root, "hsm.yaml"))) {
    return await addAlone(root, options);
  }
  refuseWorkspace(root);
  refuseFirst(findIrregular(root));
  const { adapter, usage } = await chooseAdapter(root, { env, tell, wanted: options.adapter });
  const managerFiles = await findManagerFiles(root, adapter, usage?.environment);
  refuseFirst(findIrregularWith(root, adapter, managerFiles));
  const own = await readName(root, adapter);
  const outer = outerRoot(root);
  if (outer !== undefined) {
    const message =
      `this workspace is inside another one, ${outer}: commands run here will not see that one`;
    tell({ kind: "warned", message });
  }

  using trap = trapSignals();
  const signal = AbortSignal.any([trap.signal, ...(options.signal ? [options.signal] : [])]);
  const jobs = given({ jobs: options.jobs });
  const context = { ...createContext({ root, env, signal, tell, ...jobs }), adapter };
  const hooks = options.hooks ? await findHooks(context) : undefined;
  const files = await chooseFiles(context, options);
  const taken = await takeOver(context, files, {
    own: own === undefined ? undefined : normalizeName(own),
    onDoubt: (name, doubt) =>
      tell({ kind: "warned", packages: [name], message: `${name}: ${doubt}` }),
  });
  const from = new Map(taken.packages.map((it) => [it.name, it.from]));
  const { git, packagesDir } = options;
  const occupied = await occupiedFolders(root, checkoutFolders(taken.packages));
  const rendered = renderManifest(taken.packages, {
    ...{ occupied, git, packagesDir },
    adapter: adapter.name === ADAPTER_NAMES[0] ? undefined : adapter.name,
    environment: usage?.environment,
  });
  const skipped = [
    ...taken.skipped,
    ...rendered.skipped.map((it) => ({ ...it, from: from.get(it.name) ?? "" })),
  ].map((it) => ({ ...it, name: redact(it.name) }));
  for (const it of skipped) {
    const message = `${it.name} is not taken over from ${it.from}: ${it.reason}`;
    tell({ kind: "warned", packages: [it.name], message });
  }

  signal.throwIfAborted();
  const { command = "script", layer = realFiles() } = options;
  const place = { ...context, layer, ...managerFiles };
  const isSearchable = options.searchable ?? await askSearchable(place, rendered.text, options);
  signal.throwIfAborted();
  const app = codeWorkspace ? own ?? basename(root) : undefined;
  const beside = await writeManifest(place, rendered.text, { command, isSearchable, app });
  return {
    root,
    adapter: adapter.name,
    manifest: rendered.text,
    searchable: beside.searchable,
    packages: rendered.packages.map(({ name, pin, mode }) => ({
      package: name,
      pin,
      mode,
      from: from.get(name) ?? "",
    })),
    skipped,
    ...given({ codeWorkspace: described(beside.codeWorkspace) }),
    ...(hooks && { hooks: installHooks(hooks, tell) }),
  };
}

function described(
  code: BegunCodeWorkspace | undefined,
): InitResult["codeWorkspace"] | undefined {
  if (code === undefined) return undefined;
  const { file, before, after } = code;
  return {
    file,
    state: before === undefined ? "written" : before === after ? "present" : "changed",
  };
}

/** Adds hooks and VS Code's workspace file to a workspace that is there. */
async function addAlone(root: string, options: InitOptions): Promise<InitResult> {
  const { from = [], takeOver, git, packagesDir, searchable, adapter } = options;
  const others = [from[0], takeOver, git, packagesDir, searchable, adapter];
  if (others.some((it) => it !== undefined)) refuseWorkspace(root);
  const readonly = !options.codeWorkspace;
  await using workspace = await openWorkspace({ ...options, directory: root, readonly });
  const hooks = options.hooks ? await findHooks(workspace) : undefined;
  const name = await readName(root, workspace.adapter) ?? basename(root);
  const code = readonly ? undefined : await addCodeWorkspace(workspace, name);
  return {
    root,
    adapter: workspace.adapter.name,
    manifest: await workspace.read("hsm.yaml") ?? "",
    searchable: [],
    packages: [],
    skipped: [],
    ...given({ codeWorkspace: described(code) }),
    ...(hooks && { hooks: installHooks(hooks, workspace.tell) }),
  };
}

function refuseOptions(root: string, { git, packagesDir }: InitOptions): void {
  const problems = {
    "--git": git === undefined ? undefined : gitProblem(git),
    "--packages-dir": packagesDir === undefined ? undefined : packagesDirProblem(packagesDir),
  };
  for (const [option, problem] of Object.entries(problems)) {
    if (problem === undefined) continue;
    const { message, hint } = problem;
    throw new HsmError("usage", `Cannot init ${root}: \`${option}\`: ${message}`, { hint });
  }
}

function refuseFirst([irregular]: readonly HsmError[]): void {
  if (irregular !== undefined) throw irregular;
}

/** The app's own name; undefined where it has none. */
async function readName(root: string, adapter: CompleteAdapter): Promise<string | undefined> {
  const text = await readText(join(root, "pyproject.toml"), "pyproject.toml", "pyproject-invalid");
  if (text !== undefined) readProject(text, "pyproject.toml");
  else if (!adapter.can.appWithoutPyproject) throw noProject(root, adapter);
  return (await adapter.readApp(filesOnDisk(root))).app?.name;
}

function noProject(root: string, { initCommand: make }: CompleteAdapter): HsmError {
  return new HsmError("pyproject-invalid", `Cannot init ${root}: there is no pyproject.toml`, {
    hint: `${
      make === undefined ? "" : `run \`${make}\` there first, or `
    }name the app's folder with \`-C DIR\``,
  });
}

/** Something else of hsm.yaml's name above the app keeps nobody from beginning. */
function outerRoot(root: string): string | undefined {
  try {
    return nearestRoot(dirname(root));
  } catch (error) {
    if (error instanceof HsmError) return undefined;
    throw error;
  }
}

/** The folders in which something else lies than checkouts, such as the app's own sources. */
async function occupiedFolders(
  root: string,
  folders: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  const occupied = new Set<string>();
  for (const folder of folders) {
    const names = await Array.fromAsync(Deno.readDir(join(root, folder))).catch(() => []);
    for (const { name } of names) {
      const isCheckout = isThere(root, join(folder, name, ".git"));
      if (!isCheckout) occupied.add(folder);
    }
  }
  return occupied;
}

/** `hsm init`. */
export const initCommand: Command<InitResult> = defineCommand({
  name: "init",
  group: "The manifest",
  summary: "Make a workspace of an app: write its hsm.yaml",
  description:
    "Takes over what the package manager's own files, git submodules, mx.ini or a .repos file know; those files stay.",
  examples: [
    "hsm init",
    "hsm init --git https://github.com/org/{name}.git",
    "hsm init --from mx.ini",
    "hsm init --hooks",
    "hsm init --code-workspace",
  ],
  excludes: [
    ["bare", "from", "one takes nothing over, the other does"],
  ],
  options: {
    from: { ...texts("Take packages over from this file", "FILE"), completes: "files" },
    bare: flag("Take nothing over"),
    adapter: choice(
      "The package manager; default: the one that the app is used with",
      ADAPTER_NAMES,
    ),
    git: text("Where packages live, with {name} for the package's name", "URL"),
    packagesDir: path("The folder of the checkouts; default: packages", "DIR", "directories"),
    searchable: flag("Let rg, fd, ruff and the like see the checkouts: a line in .ignore"),
    codeWorkspace: flag(
      "Keep a VS Code workspace file of the checkouts; where hsm.yaml is there, nothing else",
    ),
    hooks: flag("Have git renew what stands in, by hooks; where hsm.yaml is there, nothing else"),
  },
  async run({ opening, yes, width }, options) {
    const { from = [], bare = false, git, packagesDir, searchable, adapter, ...more } = options;
    const { hooks = false, codeWorkspace = false } = more;
    const isNew = !(hooks || codeWorkspace) || !exists(join(opening.directory ?? ".", "hsm.yaml"));
    const says = yes && isNew ? true : undefined;
    const result = await init({
      ...{ ...opening, ...given({ adapter }) },
      from,
      takeOver: bare ? false : says,
      git,
      packagesDir,
      searchable: searchable || says,
      ...{ hooks, codeWorkspace },
    });
    const { codeWorkspace: code } = result;
    const added = columns([
      ...result.hooks?.map((it) => [it.name, it.state, it.path]) ?? [],
      ...code === undefined ? [] : [["VS Code", code.state, code.file]],
    ], width);
    if (!isNew) return { data: result, text: added };
    const goesWithoutSaying = result.adapter === ADAPTER_NAMES[0];
    const manifest = goesWithoutSaying ? "hsm.yaml" : `hsm.yaml (adapter: ${result.adapter})`;
    const written = result.searchable.length === 0 ? manifest : `${manifest} and ${SEARCH_FILE}`;
    const add = git === undefined ? "hsm add NAME --git URL" : "hsm add NAME";
    const next = result.packages.length === 0 ? add : "hsm sync";
    return {
      data: result,
      proof: `Wrote ${written}; next: \`${next}\``,
      text: columns(result.packages.map((it) => [
        it.package,
        it.mode,
        describePin(it.pin),
        `from ${it.from}`,
      ])) + added,
    };
  },
});
