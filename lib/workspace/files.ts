/**
 * The app's files as one run works on them: read once, changed in memory.
 *
 * @module
 */

import { resolve } from "@std/path";
import type { AppFiles } from "../adapters/adapter.ts";
import { HsmError, type HsmErrorCode } from "../errors.ts";
import { isThere } from "../files/is_there.ts";
import type { ManifestEdit } from "../manifest/edit.ts";
import type { Manifest } from "../manifest/model.ts";
import type { ManifestParser } from "../manifest/cached_parser.ts";
import { isUnseen } from "../manifest/stand_ins.ts";
import { namesSchema, SCHEMA_LINE } from "../manifest/schema_line.ts";
import type { App } from "../reconcile/model.ts";
import { readText } from "../files/read_text.ts";
import { type CheckoutFiles, filesOf } from "./checkout_files.ts";
import { codeFolders, codeWorkspaces } from "./code_workspace.ts";
import type { WorkspaceContext } from "./context.ts";
import {
  findMissingRules,
  GITIGNORE,
  type IgnoreRules,
  placesOf,
  withMissingRules,
} from "./ignored.ts";
import { refuseOutside, withoutQuotes } from "./links_out.ts";
import { type LoadedManifest, manifestFiles } from "./read_manifest.ts";

/** The files of the app that HSM edits, relative to the root: its own two, pyproject.toml, and those of the package manager. */
export type AppFile = string;

/** A file that is to say something else. */
export interface ChangedFile {
  /** Its name. */
  readonly file: AppFile;
  /** What it says; undefined: it is not there. */
  readonly before: string | undefined;
  /** What it is to say; undefined: it goes. */
  readonly after: string | undefined;
}

/** What the files of an app are read with. */
export interface FilesParts {
  /** What the run works in. */
  readonly context: WorkspaceContext;
  /** The manifest and the files it was read from. */
  readonly loaded: LoadedManifest;
  /** Parses the manifest's files. */
  readonly parse: ManifestParser;
  /** Whether git's rules stay as they are. */
  readonly locked: boolean;
}

/**
 * The files of an app, in what a run works in.
 *
 * @internal
 */
export interface Files extends WorkspaceContext {}

/**
 * The files of an app: what they say with what is staged, and what they are to say.
 *
 * @internal
 */
export class Files {
  readonly #parts: FilesParts;
  #manifest: Manifest;
  /** The manifest that a rollback goes back to. */
  #committed: Manifest;
  /** What this run has read from disk, so that nobody's edit in between is overwritten. */
  readonly #read: Map<AppFile, string | undefined>;
  readonly #staged = new Map<AppFile, string | undefined>();

  /** Use {@linkcode openWorkspace}. */
  constructor(parts: FilesParts) {
    Object.assign(this, parts.context);
    const { shared, local, manifest } = parts.loaded;
    this.#parts = parts;
    this.#read = new Map([["hsm.yaml", shared.text], ["hsm.local.yaml", local?.text]]);
    this.#manifest = this.#committed = manifest;
  }

  /** The manifest, with staged edits. */
  get manifest(): Manifest {
    return this.#manifest;
  }

  /** What is staged and not on the disk. */
  protected get staged(): readonly ChangedFile[] {
    return [...this.#staged].map(([file, after]) => ({ file, before: this.#read.get(file), after }))
      .filter(({ before, after }) => before !== after);
  }

  /** Whether anything is staged, be it what is on the disk. */
  protected get hasStaged(): boolean {
    return this.#staged.size > 0;
  }

  /** The text of a file as staged, else as on disk; undefined where there is none. */
  read(file: AppFile): Promise<string | undefined> {
    return this.#text(file, MANIFESTS.includes(file) ? "manifest-invalid" : "pyproject-invalid");
  }

  async #text(file: string, code: HsmErrorCode): Promise<string | undefined> {
    if (this.#staged.has(file)) return this.#staged.get(file);
    if (!this.#read.has(file)) {
      this.#read.set(file, await readText(resolve(this.root, file), file, code));
    }
    return this.#read.get(file);
  }

  /** The text of the app's pyproject.toml, as staged, else as on disk; empty where there is none and has to be none. */
  async pyproject(): Promise<string> {
    const text = await this.read("pyproject.toml");
    if (text !== undefined) return text;
    const { initCommand: make, can } = this.adapter;
    if (can.appWithoutPyproject) return "";
    const first = make === undefined ? "" : `run \`${make}\` there, or `;
    throw new HsmError(
      "pyproject-invalid",
      `Cannot find pyproject.toml in ${this.root}, beside hsm.yaml`,
      { hint: `${first}move hsm.yaml into the app's folder` },
    );
  }

  /**
   * What the app says of itself, as staged, else as on disk, without what HSM has added.
   *
   * @throws {HsmError} `pyproject-invalid`; `newer-format`
   */
  async app(): Promise<App> {
    const files = this.filesFor();
    // What is wrong with its files is told here, with the place.
    await this.adapter.owned(files);
    const { app, problems: [problem] } = await this.adapter.readApp(files);
    if (app !== undefined) return app;
    const { message = "Cannot read the app", fix: hint } = problem ?? {};
    throw new HsmError("pyproject-invalid", message, { hint });
  }

  /** What hsm.yaml says by itself, as staged, else as on disk. */
  async sharedManifest(): Promise<Manifest> {
    return await this.#parts.parse(manifestFiles(await this.read("hsm.yaml")));
  }

  /** The app's folder as the package manager's adapter sees it; `checkouts`: what reads the checkouts' files. */
  filesFor(checkouts: CheckoutFiles = filesOf(this)): AppFiles {
    const own = new Set(["pyproject.toml", ...this.edited]);
    return {
      environment: this.#manifest.environment,
      sharedEnvironment: async () => (await this.sharedManifest()).environment,
      pyproject: () => this.pyproject(),
      read: (file) =>
        own.has(file) || this.#staged.has(file) ? this.read(file) : checkouts.text(file),
      has: (path) => isThere(this.root, path),
    };
  }

  /** Those of the texts that a file does not have, as staged, else as on disk. */
  async changedBy(
    texts: ReadonlyMap<AppFile, string | undefined>,
  ): Promise<readonly ChangedFile[]> {
    const changed: ChangedFile[] = [];
    for (const [file, after] of texts) {
      const before = await this.read(file);
      if (before !== after) changed.push({ file, before, after });
    }
    return changed;
  }

  /**
   * Sets a file's text in memory; undefined takes the file away.
   *
   * @throws {HsmError} `outside-root` where it is a link that leads out of the root
   */
  async stage(file: AppFile, text: string | undefined): Promise<void> {
    refuseOutside(this.root, file);
    await this.read(file);
    this.#staged.set(file, text);
  }

  /** Stages edits of hsm.yaml (`shared`) or hsm.local.yaml; {@linkcode manifest} has them at once. */
  async editManifest(
    edits: readonly ManifestEdit[],
    options: { readonly shared: boolean },
  ): Promise<void> {
    const file = options.shared ? "hsm.yaml" : "hsm.local.yaml";
    let before = await this.read(file) ?? "";
    // What hsm.yaml does for editors a personal file of HSM's own making does, too.
    const isNew = !options.shared && before === "";
    if (isNew && namesSchema(await this.read("hsm.yaml"))) before = `${SCHEMA_LINE}\n`;
    const { editManifest } = await import("../manifest/edit.ts");
    let after: string;
    try {
      after = editManifest({ path: file, text: before }, edits);
    } catch (thrown) {
      throw withoutQuotes(this.root, [file], thrown);
    }
    if (after === before) return;
    refuseOutside(this.root, file);
    this.#manifest = await this.#parsed({ [file]: after });
    await this.stage(file, after === "" ? undefined : after);
  }

  /** The manifest as staged, else as on disk; `texts`: with other texts of its files. */
  async #parsed(texts: Readonly<Record<string, string>> = {}): Promise<Manifest> {
    const [shared, local] = await Promise.all(
      MANIFESTS.map(async (file) => texts[file] ?? await this.read(file)),
    );
    try {
      return await this.#parts.parse(manifestFiles(shared, local));
    } catch (thrown) {
      throw withoutQuotes(this.root, MANIFESTS, thrown);
    }
  }

  /**
   * The rules that {@linkcode ignore} would stage. Changes nothing.
   *
   * @internal
   */
  async ignoreRules(): Promise<IgnoreRules> {
    const rules = await findMissingRules(
      { ...this.#parts.context, read: (file) => this.#text(file, "io") },
      placesOf(this.#manifest),
    );
    return this.#parts.locked ? { ...rules, missing: [] } : rules;
  }

  /**
   * Stages what else depends on which checkouts are in use. Git's rules that keep it from them and from personal settings, as far
   * as they are missing: in .gitignore, or in git's own `info/exclude` where that is a link, or nothing that git sees is to change.
   * And the folders of VS Code's workspace files.
   */
  async ignore(): Promise<void> {
    await this.keepCodeWorkspaces();
    const rules = await this.ignoreRules();
    if (rules.missing.length === 0) return;
    this.#staged.set(rules.file, withMissingRules(rules));
    if (rules.file === GITIGNORE || isUnseen(this.#manifest)) return;
    const lines = rules.missing.join(", ");
    const message =
      `${GITIGNORE} is a link, which git does not read: ${lines} goes into ${rules.file}`;
    this.tell({ kind: "warned", path: GITIGNORE, message });
  }

  /**
   * Stages the folders of VS Code's workspace files that HSM keeps, as the modes of packages are. One that is not understood stays
   * as it is, and is warned of.
   *
   * @internal
   */
  async keepCodeWorkspaces(): Promise<void> {
    for (const file of this.#parts.locked ? [] : codeWorkspaces(this.root)) {
      const text = await this.#text(file, "io") ?? "";
      const { codeName, isKept, withFolders } = await import("./code_folders.ts");
      if (!isKept(text)) continue;
      const after = withFolders(text, codeFolders(this.#manifest, codeName));
      if (after === text) continue;
      if (after !== undefined) await this.stage(file, after);
      else {
        const message = `${file} stays as it is, for it cannot be read: look at its commas`;
        this.tell({ kind: "warned", path: file, message });
      }
    }
  }

  /** Takes what was staged for a file for what it says: it has been written. */
  protected written({ file, after }: ChangedFile): void {
    this.#read.set(file, after);
  }

  /** Forgets what is staged. */
  protected unstage(): void {
    this.#staged.clear();
  }

  /** Forgets what was read; what is staged comes from that: whether it is still so, its write looks. */
  protected forgetRead(): void {
    for (const file of this.#read.keys()) if (!this.#staged.has(file)) this.#read.delete(file);
  }

  /** Forgets what is staged, and whatever else has changed since the last commit. */
  protected forget(): void {
    this.#staged.clear();
    this.#read.clear();
    this.#manifest = this.#committed;
  }

  /** Goes by what the app's files say by now. */
  protected async readAgain(): Promise<void> {
    this.#manifest = await this.#parsed();
    const { edited, lockFiles } = this.adapter;
    const found = { edited: await edited(this.filesFor()), lockFiles: await lockFiles(this.root) };
    Object.assign(this, found);
  }

  /** What is there is what a rollback goes back to. */
  protected settle(): void {
    this.#committed = this.#manifest;
  }
}

const MANIFESTS: readonly AppFile[] = ["hsm.yaml", "hsm.local.yaml"];
