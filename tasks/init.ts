/**
 * `hsm init`: an app becomes a workspace.
 *
 * @module
 */

import { dirname, join, resolve } from "@std/path";
import { ADAPTER_NAMES, knownWith } from "../lib/manifest/adapter_names.ts";
import type { CompleteAdapter } from "../lib/adapters/adapter.ts";
import { withoutRepository } from "../lib/git/ask.ts";
import { type Context, createContext } from "../lib/process/context.ts";
import { columns } from "../lib/text/columns.ts";
import { type Command, defineCommand } from "../lib/command/command.ts";
import { HsmError } from "../lib/errors.ts";
import { given } from "../lib/given.ts";
import { chooseAdapter } from "./init/choose_adapter.ts";
import { findForeignFiles, readForeignFile } from "./init/foreign_files.ts";
import type { ForeignFile } from "../lib/adapters/found_packages.ts";
import { checkoutFolders, renderManifest } from "./init/render_manifest.ts";
import { takeOver } from "./init/take_over.ts";
import { parseManifest } from "../lib/manifest/parse.ts";
import { gitProblem, packagesDirProblem } from "../lib/manifest/rules.ts";
import { normalizeName } from "../lib/names.ts";
import { mapAll } from "../lib/process/pool.ts";
import { findMissingRules, ignoreLine, withMissingRules } from "../lib/workspace/ignored.ts";
import { type OpenWorkspaceOptions, undoCrash } from "../lib/workspace/open.ts";
import { describePin } from "../lib/packages/describe_pin.ts";
import { readProject } from "../lib/project/read_project.ts";
import { readText } from "../lib/files/read_text.ts";
import { redact } from "../lib/text/redact.ts";
import { createTell } from "../lib/events/tell.ts";
import { findIrregular, findIrregularWith } from "../lib/workspace/regular_files.ts";
import { nearestRoot } from "../lib/workspace/root.ts";
import { ensureSchema } from "../lib/workspace/schema_file.ts";
import { findSearchRules, SEARCH_FILE } from "../lib/workspace/search_file.ts";
import type { WorkspaceContext } from "../lib/workspace/context.ts";
import { filesAtStake } from "../lib/workspace/at_stake.ts";
import {
  filesOnDisk,
  findManagerFiles,
  type ManagerFiles,
} from "../lib/workspace/manager_files.ts";
import { realFiles } from "../lib/files/layer.ts";
import { acquireLock } from "../lib/transaction/lock.ts";
import { Transaction } from "../lib/transaction/transaction.ts";
import { trapSignals } from "../lib/process/signals.ts";
import { choice, flag, path, text, texts } from "../lib/command/options.ts";
import type { AddedPackage } from "./add.ts";
import { exists, isThere } from "../lib/files/is_there.ts";

/** How {@linkcode init} begins a workspace. */
export interface InitOptions extends Omit<OpenWorkspaceOptions, "directory" | "readonly" | "wait"> {
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
}

/**
 * Makes a workspace of an app: writes its hsm.yaml.
 *
 * What other tools know of its packages is taken over, where that is wanted: what the package manager's own files have from git
 * and, but for uv's, from folders that are checkouts (pyproject.toml, requirement files), git submodules at their recorded
 * commits (.gitmodules), mxdev (mx.ini), vcstool and rosinstall (`*.repos`, `*.rosinstall`). Those files stay.
 *
 * Touches hsm.yaml, .gitignore and, where that is wanted, .ignore, in one transaction of its own, and makes `.hsm/`.
 * Reads the remotes' refs where a file does not say whether a version is a tag or a branch.
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
 * @throws {HsmError} `usage` where there is an hsm.yaml, or where it is to be decided what is taken over and nobody can
 * be asked; `pyproject-invalid`, `manifest-invalid`, `workspace-locked`, `lock-unsupported`, `newer-format`,
 * `tool-missing`, `io`
 */
export async function init(options: InitOptions = {}): Promise<InitResult> {
  const root = resolve(options.directory ?? Deno.cwd());
  const tell = createTell(options);
  const env = withoutRepository(options.env ?? Deno.env.toObject());
  refuseOptions(root, options);
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
  const searchable = await writeManifest(place, rendered.text, { command, isSearchable });
  return {
    root,
    adapter: adapter.name,
    manifest: rendered.text,
    searchable,
    packages: rendered.packages.map(({ name, pin, mode }) => ({
      package: name,
      pin,
      mode,
      from: from.get(name) ?? "",
    })),
    skipped,
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

function refuseWorkspace(root: string): void {
  if (exists(join(root, "hsm.yaml"))) {
    throw new HsmError("usage", `Cannot init ${root}: there is an hsm.yaml already`, {
      hint: "add packages to it with `hsm add NAME`",
    });
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

/** The files to take over: the ones that were named, else the ones that are there and somebody wants. */
async function chooseFiles(
  context: Pick<Place, keyof Context | "adapter">,
  options: InitOptions,
): Promise<readonly ForeignFile[]> {
  const { from = [], confirm } = options;
  if (from.length > 0) return await mapAll(from, 1, (file) => readForeignFile(context, file));
  if (options.takeOver === false) return [];
  const found = await findForeignFiles(context);
  const useful = found.filter((it) => it.packages.length > 0);
  if (options.takeOver || useful.length === 0) return found;
  if (confirm === undefined) throw undecided(useful);
  const chosen: ForeignFile[] = [];
  for (const it of useful) {
    const names = it.packages.map(({ name }) => name).join(", ");
    if (await confirm(`Take over ${names} from ${it.file}?`, context.signal)) chosen.push(it);
  }
  return chosen;
}

function undecided(found: readonly ForeignFile[]): HsmError {
  const files = found.map((it) => it.file);
  return new HsmError(
    "usage",
    `Cannot decide what to take over: ${files.join(", ")} ${
      files.length === 1 ? "names" : "name"
    } packages`,
    {
      causes: found.map(({ file, packages }) =>
        `${file}: ${packages.map(({ name }) => name).join(", ")}`
      ),
      hint:
        "run `hsm init --yes` to take all of them, `--from FILE` for one file, `--bare` for none",
      details: { files },
    },
  );
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

/** Where a new workspace is written. */
type Place = Context & ManagerFiles & Pick<WorkspaceContext, "adapter" | "layer">;

async function askSearchable(
  place: Place,
  text: string,
  { confirm }: InitOptions,
): Promise<boolean> {
  if (confirm === undefined) return false;
  const { search } = await findRules(place, text);
  if (search.missing.length === 0) return false;
  const lines = search.missing.join(", ");
  return await confirm(
    `Let rg, fd, ruff and the like see the checkouts (${lines} in ${search.file})?`,
    place.signal,
  );
}

/** The rules that the files of a new workspace lack. */
async function findRules(place: Place, text: string) {
  const { root } = place;
  const { packagesDir } = parseManifest(
    { shared: { path: "hsm.yaml", text } },
    knownWith(place.adapter),
  );
  const places = { packagesDir, checkouts: [] };
  const read = (file: string) => readText(resolve(root, file), file, "io");
  const rules = await findMissingRules({ ...place, read }, places);
  const hidden = rules.missing.some((it) => it.endsWith(`${ignoreLine(packagesDir)}/`))
    ? [packagesDir]
    : [];
  return { rules, search: await findSearchRules(place, places, hidden) };
}

/**
 * Writes hsm.yaml, and the rules that git lacks, in one transaction.
 *
 * @returns The lines that were written for those who search.
 */
async function writeManifest(
  place: Place,
  text: string,
  { command, isSearchable }: { readonly command: string; readonly isSearchable: boolean },
): Promise<readonly string[]> {
  const { root, layer, signal } = place;
  await using _lock = await acquireLock(root, { command, layer, signal });
  await undoCrash(place);
  // Another run may have been faster.
  refuseWorkspace(root);
  await ensureSchema(root, [text]);
  const { rules, search } = await findRules(place, text);
  const files = await filesAtStake(place);
  await using transaction = await Transaction.begin({ root, files, command, layer });
  await transaction.write("hsm.yaml", text, { expected: null });
  for (const it of isSearchable ? [rules, search] : [rules]) {
    if (it.missing.length === 0) continue;
    await transaction.write(it.file, withMissingRules(it), { expected: it.text ?? null });
  }
  await transaction.commit();
  return isSearchable ? search.missing : [];
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
  },
  async run({ opening, yes }, { from = [], bare = false, git, packagesDir, searchable, adapter }) {
    const takeOver = bare ? false : yes ? true : undefined;
    const result = await init({
      ...{ ...opening, ...given({ adapter }) },
      from,
      takeOver,
      git,
      packagesDir,
      searchable: searchable || yes || undefined,
    });
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
      ])),
    };
  },
});
