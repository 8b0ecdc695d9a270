/**
 * `hsm add`: packages into hsm.yaml.
 *
 * @module
 */

import { columns } from "../lib/text/columns.ts";
import { ADAPTER_ARGUMENTS, type Command, defineCommand } from "../lib/command/command.ts";
import { HsmError } from "../lib/errors.ts";
import { given } from "../lib/given.ts";
import { editManifest, type ManifestEdit } from "../lib/manifest/edit.ts";
import { knownWith } from "../lib/manifest/adapter_names.ts";
import { parseManifest } from "../lib/manifest/parse.ts";
import type { InjectInto, ManifestPackage, Pin } from "../lib/manifest/model.ts";
import { newEntry } from "../lib/manifest/new_entry.ts";
import { refuseInject, switchMode, writeIntoFiles } from "../lib/packages/mode.ts";
import { normalizeName } from "../lib/names.ts";
import { hintForName } from "./add/meant_package.ts";
import { describePin } from "../lib/packages/describe_pin.ts";
import { noRelease, whyNoneIsOwn } from "./add/no_release.ts";
import { findFolder, findFolderAt, type FoundFolder } from "./add/find_folder.ts";
import {
  areForeign,
  newestRelease,
  releaseTags,
  tagPrefixes,
} from "../lib/packages/release_tags.ts";
import { askRemotes, type RemoteAnswer, tagNotFound } from "../lib/packages/ask_remotes.ts";
import type { RemoteRefs } from "../lib/git/remote_refs.ts";
import { settleAll } from "../lib/process/pool.ts";
import { redact } from "../lib/text/redact.ts";
import { suggest } from "../lib/text/suggest.ts";
import { manifestFiles } from "../lib/workspace/read_manifest.ts";
import type { Workspace } from "../lib/workspace/workspace.ts";
import { flag, text, texts, words } from "../lib/command/options.ts";
import { injectChoice } from "../lib/command/package_options.ts";
import { finish, type Synced } from "./finish.ts";
import type { AddedPackage } from "../lib/events/outcomes.ts";
import { isThere } from "../lib/files/is_there.ts";

export type { AddedPackage };

export type { Synced };

/** What {@linkcode add} adds. */
export interface AddOptions {
  /** The packages, by name. */
  readonly packages: readonly string[];
  /** Their repository, with `{name}` where each has its own; default: where hsm.yaml says that packages are. */
  readonly git?: string | undefined;
  /** A tag to pin them to. Without `tag`, `rev` and `branch`: each one's newest release. */
  readonly tag?: string | undefined;
  /** A commit to pin them to. */
  readonly rev?: string | undefined;
  /** A branch to pin them to. */
  readonly branch?: string | undefined;
  /** Whether a pre-release counts as a release. @default {false} */
  readonly pre?: boolean | undefined;
  /** Uses checkouts of them, as `dev` does: in hsm.local.yaml, where a package has a pin. @default {false} */
  readonly dev?: boolean | undefined;
  /**
   * How checkouts of them are used. With `environment`, and without `tag`, `rev` and `branch`, they get no pin: the app has
   * them from elsewhere. Default: as the manifest says.
   */
  readonly inject?: InjectInto | undefined;
  /** The dependency group for the requirement; default: `project.dependencies`. */
  readonly group?: string | undefined;
  /** The extras to ask for. */
  readonly extras?: readonly string[] | undefined;
  /** Whether the app itself requires them. @default {true} */
  readonly require?: boolean | undefined;
  /** Where the distribution lies inside the repository; tags that begin with it are its releases. Default: where its name is. */
  readonly subdirectory?: string | undefined;
  /** What the tags of its releases begin with, where neither its name nor `subdirectory` tells. */
  readonly tagPrefix?: string | undefined;
}

/** What {@linkcode add} added. */
export interface AddResult {
  /** The packages, in the order in which they were named. */
  readonly added: readonly AddedPackage[];
}

/**
 * Adds packages to hsm.yaml, in memory: `sync`, `inject` or `workspace.commit()` writes it.
 *
 * Touches hsm.yaml, and hsm.local.yaml with `dev`, in the workspace's transaction. Asks the packages' remotes for their
 * tags and branches, and looks where in its repository each package lies: in its checkout where it has one and `dev` is
 * wanted, else in a commit that is fetched without its files.
 *
 * @example
 * ```ts
 * import { add, openWorkspace, sync } from "@hsm/hsm";
 *
 * await using workspace = await openWorkspace();
 * const { added } = await add(workspace, { packages: ["new-plugin"], tag: "v1.2.0" });
 * console.log(added); // [{ package: "new-plugin", pin: { tag: "v1.2.0" }, mode: "prod" }]
 * await sync(workspace);
 * ```
 *
 * @param workspace The workspace.
 * @param options The packages, and where their repositories and versions are other than hsm.yaml and the tags say.
 * @returns What was added, in the order of the names.
 * @throws {HsmError} `usage` where a package is there already or options exclude each other; `pin-not-found`, with
 * nearby tags; `source-not-found` where it lies nowhere in its repository, or in several folders; `git-failed` where a
 * remote is away; `manifest-invalid`, `io`
 */
export async function add(workspace: Workspace, options: AddOptions): Promise<AddResult> {
  await refuse(workspace, options);
  const candidates = await candidatesOf(workspace, options);
  const places = await choosePlaces(workspace, candidates.map((it) => it.package), options);
  const { dev = false, inject, tagPrefix, extras, group, require } = options;
  const edits = candidates.map(({ package: it, git }, index): ManifestEdit => {
    const { pin, subdirectory } = places[index]!;
    // Without a pin there is nothing but its checkout, for everybody, unless the app has it from elsewhere.
    const mode = dev && pin === undefined && inject !== "environment" ? "dev" : undefined;
    const place = { git, pin, tagPrefix, subdirectory };
    const value = newEntry({ ...place, extras, group, require, mode, inject });
    return { kind: "add-package", package: it.name, value };
  });
  await workspace.editManifest(edits, { shared: true });
  for (const [index, { package: it }] of candidates.entries()) {
    const { subdirectory } = places[index]!;
    if (subdirectory === it.subdirectory) continue;
    const message = `Found ${it.name} in the folder ${subdirectory} of its repository`;
    workspace.tell({ kind: "found", package: it.name, subdirectory, message });
  }
  const names = candidates.map((it) => it.package.name);
  if (dev) {
    await switchMode(workspace, { packages: names, mode: "dev", shared: false });
    if (inject === undefined) await writeIntoFiles(workspace, names);
  }
  const packages = new Map(workspace.manifest.packages.map((it) => [it.name, it]));
  const added = names.map((name) => {
    const { pin, mode } = packages.get(name)!;
    return { package: name, pin, mode };
  });
  for (const it of added) workspace.tell({ kind: "added", ...it });
  return { added };
}

async function refuse(workspace: Workspace, options: AddOptions): Promise<void> {
  const { packages, tag, rev, branch, inject } = options;
  refuseInject(workspace, inject);
  const usage = (state: string, hint: string) =>
    new HsmError("usage", redact(`Cannot add ${packages.join(", ")}: ${state}`), { hint });
  const pins = Object.keys(given({ tag, rev, branch })).map((it) => `--${it}`);
  if (pins.length > 1) {
    throw usage(`${pins.join(" and ")} exclude each other`, "a package has one pin");
  }
  for (const name of packages) {
    const hint = hintForName(name);
    if (hint !== undefined) throw usage(`\`${name}\` is no package name`, hint);
  }
  const own = (await workspace.app()).name;
  const known = new Map(workspace.manifest.packages.map((it) => [it.key, it.name]));
  for (const name of packages) {
    const key = normalizeName(name);
    const there = known.get(key);
    if (own !== undefined && key === normalizeName(own)) {
      throw usage(`${own} is the app itself`, "the app is no package of its own");
    }
    if (there !== undefined) {
      throw usage(
        `hsm.yaml names ${there} already`,
        `run \`hsm update ${there}\` for another version, \`hsm dev ${there}\` to work on it`,
      );
    }
    known.set(key, name);
  }
}

/**
 * The packages to be, as the manifest would have them without a pin.
 *
 * @returns With each what its own `git` must say; undefined where the manifest's says it.
 */
async function candidatesOf(
  workspace: Workspace,
  { packages, git, tagPrefix, subdirectory }: AddOptions,
): Promise<readonly { readonly package: ManifestPackage; readonly git: string | undefined }[]> {
  const text = await workspace.read("hsm.yaml") ?? "";
  const local = await workspace.read("hsm.local.yaml");
  const manifest = (own: (name: string) => string | undefined) => {
    const edits = packages.map((name): ManifestEdit => ({
      kind: "add-package",
      package: name,
      value: newEntry({ git: own(name), tagPrefix, subdirectory }),
    }));
    const shared = editManifest({ path: "hsm.yaml", text }, edits);
    return parseManifest(manifestFiles(shared, local), knownWith(workspace.adapter));
  };
  const find = (all: readonly ManifestPackage[], name: string) =>
    all.find((it) => it.name === name)!;
  const plain = manifest(() => undefined).packages;
  const wanted = (name: string) => git?.replaceAll("{name}", name);
  const own = (name: string) => wanted(name) === find(plain, name).git ? undefined : wanted(name);
  const full = manifest(own).packages;
  return packages.map((name) => ({ package: find(full, name), git: own(name) }));
}

/** What a package is pinned to, and where it lies. */
interface Place {
  /** Its pin, made sure to exist; undefined where there is only its checkout. */
  readonly pin: Pin | undefined;
  /** Its folder in its repository; undefined: the top. */
  readonly subdirectory: string | undefined;
}

async function choosePlaces(
  workspace: Workspace,
  packages: readonly ManifestPackage[],
  options: AddOptions,
): Promise<readonly Place[]> {
  // A commit cannot be asked for.
  const answers = options.rev === undefined ? await askRemotes(workspace, packages) : [];
  const settled = await settleAll(
    [...packages.entries()],
    workspace.jobs,
    ([index, it]) => choosePlace(workspace, it, answers[index], options),
  );
  workspace.signal.throwIfAborted();
  const errors = settled.flatMap((it) => it.status === "rejected" ? [it.reason] : []);
  const [first, ...others] = errors;
  if (first === undefined) return settled.flatMap((it) => "value" in it ? [it.value] : []);
  const unknown = errors.find((it) => !(it instanceof HsmError));
  if (unknown !== undefined || others.length === 0) throw unknown ?? first;
  const told = errors as readonly HsmError[];
  throw new HsmError(first.code, `Cannot add ${packages.map((it) => it.name).join(", ")}`, {
    causes: told.flatMap((it) => [it.message, ...it.causes, ...(it.hint ? [it.hint] : [])]),
    details: { problems: told.map(({ code, message, details }) => ({ code, message, details })) },
  });
}

/** Chooses by the folder too, as far as nobody has said one: its tags may begin with that. */
async function choosePlace(
  workspace: Workspace,
  it: ManifestPackage,
  answer: RemoteAnswer | undefined,
  options: AddOptions,
): Promise<Place> {
  const { rev, tag, branch, dev = false, inject } = options;
  if (it.git === undefined && !dev) throw noRepository(it);
  const isOpen = it.subdirectory === undefined;
  const isChosen = rev !== undefined || tag !== undefined || branch !== undefined;
  const isFromElsewhere = inject === "environment" && !isChosen;
  const tags = answer?.refs?.tags.keys() ?? [];
  const { folder, isNowhere } =
    isOpen && (dev || isFromElsewhere || (!isChosen && areForeign(tags, it)))
      ? await findFolder(workspace, it, { dev })
      : { folder: it.subdirectory, isNowhere: false };
  const there = { ...it, subdirectory: folder };
  const pin = rev === undefined
    ? choosePin(workspace, there, answer!, { ...options, isNowhere, isFromElsewhere })
    : { rev };
  const subdirectory = isOpen && !dev && pin !== undefined
    ? await findFolderAt(workspace, there, pin)
    : folder;
  return { pin, subdirectory };
}

function choosePin(
  workspace: Workspace,
  it: ManifestPackage,
  { refs, error }: RemoteAnswer,
  { tag, branch, dev = false, pre = false, isNowhere, isFromElsewhere }:
    & AddOptions
    & Pick<FoundFolder, "isNowhere">
    & { readonly isFromElsewhere: boolean },
): Pin | undefined {
  const warn = (message: string) =>
    workspace.tell({ kind: "warned", packages: [it.name], message });
  if (refs === undefined) {
    const isLocal = dev && tag === undefined && branch === undefined &&
      isThere(workspace.root, it.path);
    if (!isLocal) throw it.git === undefined ? noRepository(it) : error;
    warn(`${it.name} gets no pin: ${error.message}`);
    return undefined;
  }
  if (isFromElsewhere) return undefined;
  if (tag !== undefined) {
    if (refs.tags.has(tag)) return { tag };
    throw tagNotFound(it, tag, refs);
  }
  if (branch !== undefined) {
    if (refs.branches.has(branch)) return { branch };
    throw branchNotFound(it, branch, refs);
  }
  const newest = newestRelease(releaseTags(refs.tags.keys(), it), { pre });
  if (newest !== undefined) return { tag: newest.tag };
  if (!dev) throw noRelease(it, refs, isNowhere);
  const [other] = tagPrefixes(refs.tags.keys(), it);
  if (other !== undefined) {
    warn(`${it.name} gets no pin: ${whyNoneIsOwn(it)}, such as ${other.newest}`);
  }
  return undefined;
}

function noRepository({ name }: ManifestPackage): HsmError {
  return new HsmError("usage", `Cannot add ${name}: hsm.yaml does not say where packages live`, {
    hint: `name its repository with \`--git URL\`, or all of them with \`git:\` in hsm.yaml`,
    details: { package: name },
  });
}

function branchNotFound(it: ManifestPackage, branch: string, refs: RemoteRefs): HsmError {
  const nearest = suggest(branch, refs.branches.keys());
  const all = [...refs.branches.keys()].slice(0, 5);
  return new HsmError(
    "pin-not-found",
    `Cannot pin ${it.name} to the branch ${branch}: its remote has no such branch`,
    {
      hint: nearest !== undefined
        ? `did you mean \`${nearest}\`?`
        : all.length === 0
        ? "the remote has no branches at all"
        : `it has ${all.join(", ")}`,
      details: { package: it.name, branch },
    },
  );
}

/** `hsm add`. */
export const addCommand: Command<Synced<AddResult>> = defineCommand({
  name: "add",
  group: "The manifest",
  summary: "Add packages to hsm.yaml, and sync",
  description:
    "Without a version each gets its newest release tag: one that begins with its subdirectory or name, or with nothing. " +
    "The subdirectory is found by the name. With `--inject environment` and no version it gets no pin: the app has it from " +
    "elsewhere, and a checkout stands in for that.",
  examples: [
    "hsm add my-plugin",
    "hsm add my-plugin --tag v1.2.0",
    "hsm add my-plugin --git URL",
    "hsm add other --git ssh://git@example.com/team/other.git --dev",
    "hsm add some-library --git URL --dev --inject environment",
  ],
  positional: "packages",
  passthrough: ADAPTER_ARGUMENTS,
  excludes: [
    ["tag", "rev", "a package has one pin"],
    ["tag", "branch", "a package has one pin"],
    ["rev", "branch", "a package has one pin"],
    ["pre", "tag", "what is pinned is said, and no release is looked for"],
    ["pre", "rev", "what is pinned is said, and no release is looked for"],
    ["pre", "branch", "what is pinned is said, and no release is looked for"],
    ["group", "noRequire", "a group is for the requirement"],
    ["extra", "noRequire", "extras are asked for by the requirement"],
    ["noSync", "--", "without a sync nothing is passed on"],
  ],
  options: {
    packages: words("The packages", "NAME"),
    git: text("Their repository; {name} stands for the package's name", "URL"),
    tag: text("Pin to this tag", "TAG"),
    rev: text("Pin to this commit", "REV"),
    branch: text("Pin to this branch", "BRANCH"),
    pre: flag("A pre-release counts as a release"),
    dev: flag("Work on them: clone them, and use the checkouts"),
    inject: injectChoice(),
    group: text("Require them in this dependency group", "GROUP"),
    extra: texts("Ask for this extra", "EXTRA"),
    noRequire: flag("Say where they come from, but add no requirement"),
    subdirectory: text("Where the distribution lies inside the repository", "DIR"),
    tagPrefix: text("What the tags of its releases begin with", "PREFIX"),
    noSync: flag("Only add them; clone and install nothing"),
    noCheck: flag("Go on though something does not fit"),
    wait: flag("Wait for another hsm in this workspace"),
  },
  async run(context, options) {
    const { packages, extra, noRequire, noSync, noCheck, wait = false, ...rest } = options;
    await using workspace = await context.open({ wait });
    const require = noRequire ? false : undefined;
    const { added } = await add(workspace, { packages, ...rest, extras: extra, require });
    const text = columns(
      added.map((it) => ["+", it.package, describePin(it.pin), it.mode]),
      context.width,
    );
    return await finish(workspace, context, { added }, { text, noSync, noCheck });
  },
});
