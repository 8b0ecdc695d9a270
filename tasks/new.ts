/**
 * `hsm new`: a new plugin repository.
 *
 * @module
 */

import { join } from "@std/path";
import { columns } from "../lib/text/columns.ts";
import { ADAPTER_ARGUMENTS, type Command, defineCommand } from "../lib/command/command.ts";
import { HsmError } from "../lib/errors.ts";
import { remoteAddress } from "../lib/git/url.ts";
import type { ManifestPackage } from "../lib/manifest/model.ts";
import { normalizeName } from "../lib/names.ts";
import { redact } from "../lib/text/redact.ts";
import { checkPlaces } from "../lib/checkout/places.ts";
import { makeStaging, moveIntoPlace } from "../lib/checkout/staging.ts";
import { writeIntoFiles } from "../lib/packages/mode.ts";
import type { Workspace } from "../lib/workspace/workspace.ts";
import { flag, word } from "../lib/command/options.ts";
import { finish, type Synced } from "./finish.ts";
import { isThere } from "../lib/files/is_there.ts";

export type { Synced };

/** What {@linkcode newPackage} makes. */
export interface NewPackageOptions {
  /** The package's name. */
  readonly package: string;
}

/** What {@linkcode newPackage} made. */
export interface NewPackageResult {
  /** The package's name. */
  readonly package: string;
  /** Its checkout, relative to the root, with `/`. */
  readonly path: string;
  /** Where its remote `origin` is to be, as hsm.yaml says; undefined where it says nothing. */
  readonly remote: string | undefined;
}

/** What no repository of a Python package should hold. */
const IGNORED = "__pycache__/\n*.py[oc]\n.venv/\nbuild/\ndist/\n*.egg-info/\n";

/**
 * Makes a new plugin repository in `packages_dir`, with a first commit, and adds it to the manifest in dev mode, in
 * memory: `sync`, `inject` or `workspace.commit()` writes it.
 *
 * Touches the new checkout, which appears at its path when it is complete, and stays whatever fails later; hsm.yaml and
 * .gitignore, in the workspace's transaction. Its remote `origin` is set where hsm.yaml says where packages live;
 * nothing is pushed.
 *
 * @example
 * ```ts
 * import { newPackage, openWorkspace, sync } from "@hsm/hsm";
 *
 * await using workspace = await openWorkspace();
 * const { path } = await newPackage(workspace, { package: "fresh-plugin" });
 * await sync(workspace);
 * console.log(path); // "packages/fresh-plugin"
 * ```
 *
 * @param workspace The workspace.
 * @param options The package's name.
 * @returns Where it is, and where its remote is to be.
 * @throws {HsmError} `usage` where the name is taken, `checkout-mismatch` where something lies in its place,
 * `uv-failed` (`adapter-failed` of another package manager), `git-failed`, `manifest-invalid`, `io`
 */
export async function newPackage(
  workspace: Workspace,
  options: NewPackageOptions,
): Promise<NewPackageResult> {
  const name = options.package;
  await refuseTaken(workspace, name);
  const edit = { kind: "add-package", package: name, value: { mode: "dev" } } as const;
  await workspace.editManifest([edit], { shared: true });
  await writeIntoFiles(workspace, [name]);
  const it = workspace.manifest.packages.find((it) => it.key === normalizeName(name))!;
  if (isThere(workspace.root, it.path)) throw placeTaken(it);
  await checkPlaces(workspace, [it]);
  await makeRepository(workspace, it);
  await workspace.ignore();
  const message = `Made ${it.path}, a git repository with a first commit`;
  workspace.tell({ kind: "made", package: it.name, path: it.path, message });
  return { package: it.name, path: it.path, remote: remoteOf(workspace, it) };
}

async function refuseTaken(workspace: Workspace, name: string): Promise<void> {
  const key = normalizeName(name);
  const own = (await workspace.app()).name;
  const there = workspace.manifest.packages.find((it) => it.key === key);
  if (there !== undefined) {
    throw new HsmError("usage", `Cannot make ${name}: hsm.yaml names ${there.name} already`, {
      hint: `run \`hsm dev ${there.name}\` to work on it`,
    });
  }
  if (own !== undefined && normalizeName(own) === key) {
    throw new HsmError("usage", `Cannot make ${name}: ${own} is the app itself`, {
      hint: "choose another name",
    });
  }
}

function placeTaken({ name, path }: ManifestPackage): HsmError {
  return new HsmError("checkout-mismatch", `Cannot make ${name}: there is something at ${path}`, {
    hint: `to use what is there, run \`hsm add ${name} --dev\``,
    details: { package: name, path },
  });
}

/** Makes the repository beside its place, and moves it there when it is complete. */
async function makeRepository(workspace: Workspace, it: ManifestPackage): Promise<void> {
  const { adapter, adapterContext } = workspace;
  const directory = join(workspace.root, it.path);
  await using staging = await makeStaging(directory);
  const folder = join(staging.path, "new");
  const { requiresPython } = await workspace.app();
  const result = await adapter.newLibrary(
    { ...adapterContext, root: staging.path },
    { directory: folder, name: it.name, requiresPython },
  );
  if (!result.success) {
    throw new HsmError(adapter.failure, `Cannot make ${it.name}: ${adapter.name} could not`, {
      details: { output: result.stderr, exitCode: result.code },
      causes: result.stderr.trim().split("\n"),
    });
  }
  await Deno.writeTextFile(join(folder, ".gitignore"), IGNORED);
  const $ = workspace.$.with({ cwd: folder, action: `make ${it.name}` });
  await $`git init --quiet`;
  const remote = remoteOf(workspace, it);
  if (remote !== undefined) await $`git remote add -- origin ${remote}`;
  await $`git add --all`;
  await $`git commit --quiet --message=${`Begin ${it.name}`}`;
  if (!moveIntoPlace(folder, workspace.root, it.path)) throw placeTaken(it);
}

/** The address for `origin`: in the checkout a path relative to the root would lead elsewhere. */
function remoteOf({ root }: Workspace, { git }: ManifestPackage): string | undefined {
  return git === undefined ? undefined : remoteAddress(git, root);
}

/** `hsm new`. */
export const newCommand: Command<Synced<NewPackageResult>> = defineCommand({
  name: "new",
  group: "The manifest",
  summary: "Make a new plugin repository, and work on it",
  description: "It is a library with a first commit; nothing is pushed.",
  examples: ["hsm new my-plugin"],
  positional: "name",
  passthrough: ADAPTER_ARGUMENTS,
  excludes: [
    ["noSync", "--", "without a sync nothing is passed on"],
  ],
  options: {
    name: word("The package", "NAME"),
    noSync: flag("Only make and add it; install nothing"),
    noCheck: flag("Go on though something does not fit"),
    wait: flag("Wait for another hsm in this workspace"),
  },
  async run(context, { name, noSync = false, noCheck, wait = false }) {
    await using workspace = await context.open({ wait });
    const made = await newPackage(workspace, { package: name });
    const to = made.remote === undefined ? "" : `origin is ${redact(made.remote)}`;
    const text = columns([["+", made.package, made.path, to]], context.width);
    try {
      return await finish(workspace, context, made, { text, noSync, noCheck });
    } catch (error) {
      const { package: name, path } = made;
      const message = `${path} stays: to use it later, run \`hsm add ${name} --dev\``;
      workspace.tell({ kind: "warned", packages: [name], path, message });
      throw error;
    }
  },
});
