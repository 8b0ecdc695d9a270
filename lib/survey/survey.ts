/**
 * A survey: what lies there of the app and its packages, each thing looked at once.
 *
 * @module
 */

import { join } from "@std/path";
import type { Needs, PackageSource, SourcesOff } from "../adapters/adapter.ts";
import { missingSubmodules, wantsSubmodules } from "../checkout/submodules.ts";
import { findMismatch } from "../checkout/verify.ts";
import { createContext } from "../process/context.ts";
import { HsmError } from "../errors.ts";
import { given } from "../given.ts";
import { createTell, type Tell } from "../events/tell.ts";
import type { StandIn } from "../adapters/stand_in.ts";
import type { ManifestPackage } from "../manifest/model.ts";
import { isAppsAffair, standsIn, writtenForm } from "../manifest/stand_ins.ts";
import type { PinnedFiles } from "../metadata/pin_reader.ts";
import type { Read } from "../metadata/read_components.ts";
import { normalizeName } from "../names.ts";
import { type LockedCommit, lockedCommits } from "../packages/locked.ts";
import { readSourcesOff } from "../packages/source_guards.ts";
import { type PackageStanding, standingOf } from "../packages/standing.ts";
import type { GitSource, Source } from "../source.ts";
import { lazy, once } from "../process/once.ts";
import { mapAll } from "../process/pool.ts";
import type { Component, ReconcileInput } from "../reconcile/model.ts";
import type { AppResult } from "../project/read_app.ts";
import { type CheckoutFiles, filesOf } from "../workspace/checkout_files.ts";
import type { Workspace } from "../workspace/workspace.ts";
import type { MappedPackage } from "../events/outcomes.ts";
import { isThere } from "../files/is_there.ts";
import { sourceMissing } from "./source_missing.ts";

export type { MappedPackage };

// Of each package the same: an import walks through all that its module imports each time (docs/performance.md).
const mapping = lazy(() => import("../packages/map_package.ts"));
const versions = lazy(() => import("../metadata/locked_version.ts"));
const components = lazy(() => import("../metadata/read_components.ts"));

/** What a {@linkcode Survey} looks at. */
export interface SurveyOptions {
  /** The packages that it is about; default: all. What others need may have to be known as well. */
  readonly packages?: readonly ManifestPackage[];
  /** Where packages come from, as far as that is decided already. */
  readonly sources?: readonly PackageSource[];
  /**
   * Which remotes may be asked for what is at their tags and branches: those of all packages, of none, of some by their
   * normalized names, or of those whose source in pyproject.toml is about to change. Of the others counts what the cache
   * knows.
   *
   * @default {"all"}
   */
  readonly asks?: "all" | "none" | "changed" | ReadonlySet<string>;
  /** Whether a checkout that is missing counts as cloned, as in a dry run. @default {false} */
  readonly assumesClones?: boolean;
  /** Whether what is found is nobody's news, for it is looked at once more. @default {false} */
  readonly isQuiet?: boolean;
}

/** What lies at the place of a checkout, as far as its files tell. */
export type FoundCheckout =
  | { readonly kind: "missing" }
  /** What is there and no checkout of the package's; `reason`: what it is. */
  | { readonly kind: "foreign"; readonly reason: string }
  /** `gaps`: the submodules that it is to have and has not. */
  | { readonly kind: "checkout"; readonly gaps: readonly string[] };

/**
 * What lies there of the app and its packages when somebody asks for it. Each file is read once, each pin asked once: all
 * who ask are told the same. What clones bring has to be asked for after them.
 *
 * Changes nothing but the cache. Disposing of it ends the reading of pins that nobody has waited for.
 */
export class Survey implements AsyncDisposable {
  /** The open workspace. */
  readonly workspace: Workspace;
  /** The packages that it is about, in the manifest's order. */
  readonly packages: readonly ManifestPackage[];
  /** The same, and all of them, as the app's files are to have them: what a checkout stands in for is in production there. */
  readonly written: {
    readonly packages: readonly ManifestPackage[];
    readonly all: readonly ManifestPackage[];
  };
  /** Where what it finds is told. */
  readonly tell: Tell;
  /** The checkouts' files. */
  readonly files: CheckoutFiles;
  /** Those of them that were asked for so far, be they there or not. */
  readonly filesRead: ReadonlySet<string>;

  readonly #options: SurveyOptions;
  readonly #sources: ReadonlyMap<string, Source>;
  /** Ends what was begun. */
  readonly #ending = new AbortController();
  #begun: Promise<unknown> = Promise.resolve();
  readonly #pins = new Map<ManifestPackage, Promise<PinnedFiles>>();

  /** A survey of a workspace, as it is from now on. */
  constructor(workspace: Workspace, options: SurveyOptions = {}) {
    this.workspace = workspace;
    this.packages = options.packages ?? workspace.manifest.packages;
    const { packages: all } = writtenForm(workspace.manifest);
    const keys = new Set(this.packages.map((it) => it.key));
    this.written = { all, packages: all.filter((it) => keys.has(it.key)) };
    const [files, asked] = [filesOf(workspace), new Set<string>()];
    this.files = { text: (file) => (asked.add(file), files.text(file)) };
    this.filesRead = asked;
    this.tell = options.isQuiet ? createTell() : workspace.tell;
    this.#options = options;
    this.#sources = new Map(options.sources?.map((it) => [normalizeName(it.package), it.source]));
  }

  /**
   * The app as its own files say, without what HSM has added.
   *
   * @throws {HsmError} `pyproject-invalid` where there is no such file
   */
  readonly app: () => Promise<AppResult> = lazy(() =>
    this.workspace.adapter.readApp(this.workspace.filesFor(this.files))
  );

  /** The settings of the package manager's that take sources away. */
  readonly sourcesOff: () => Promise<readonly SourcesOff[]> = lazy(() =>
    readSourcesOff(this.workspace)
  );

  /** What lies at the place of a package's checkout; undefined in prod mode. */
  readonly checkout: (it: ManifestPackage) => Promise<FoundCheckout | undefined> = once(
    async (it) => {
      const { workspace, files } = this;
      const { root, manifest } = workspace;
      if (it.mode === "prod") return undefined;
      if (!isThere(root, it.path)) return { kind: "missing" };
      const mismatch = await findMismatch(workspace, it, files);
      if (mismatch !== undefined) return { kind: "foreign", reason: mismatch.what };
      const isWhole = !wantsSubmodules(manifest, it.path);
      return { kind: "checkout", gaps: isWhole ? [] : await this.#gaps(join(root, it.path)) };
    },
  );

  /** Packages may share a checkout. */
  readonly #gaps = once((directory: string) => missingSubmodules(this.workspace, directory));

  /**
   * Where a package comes from.
   *
   * @throws {HsmError} what `mapPackage` throws
   */
  readonly source: (it: ManifestPackage) => Promise<Source> = once(async (it) => {
    const { workspace, files } = this;
    const known = this.#sources.get(it.key);
    if (known !== undefined) return known;
    const { mapPackage } = await mapping();
    return await mapPackage(workspace, it, {
      missing: this.#isAssumed(it),
      isOnline: this.#options.asks !== "none",
      files,
    });
  });

  /** Whether it counts as cloned, and is not. */
  #isAssumed(it: ManifestPackage): boolean {
    const { assumesClones = false } = this.#options;
    return it.mode === "dev" && assumesClones && !isThere(this.workspace.root, it.path);
  }

  /** Loads what reads the checkouts, and what writes where they are, beside whatever is done meanwhile. */
  async load(): Promise<void> {
    const writing = import("../packages/injection.ts");
    await Promise.all([
      mapping(),
      versions(),
      components(),
      writing,
      this.workspace.adapter.load(),
    ]);
  }

  /** Makes sure that the app's own files can be read. */
  readonly #readable = lazy(() => this.workspace.adapter.owned(this.workspace.filesFor()));

  /**
   * The packages of which it is known where they come from, and why it is not known of the others.
   *
   * @param packages Default: all that the survey is about, as the app's files are to have them.
   * @throws {HsmError} `pyproject-invalid` where the app's own cannot be read
   */
  async sources(packages: readonly ManifestPackage[] = this.written.packages): Promise<{
    readonly sources: readonly MappedPackage[];
    readonly errors: ReadonlyMap<ManifestPackage, HsmError>;
  }> {
    await this.#readable();
    const found = await mapAll(packages, this.workspace.jobs, async (it) => {
      try {
        return await this.source(it);
      } catch (error) {
        if (!(error instanceof HsmError) || error.code === "interrupted") throw error;
        return error;
      }
    });
    // In the app's files a package is in production that a checkout stands in for.
    const modes = new Map(this.packages.map((it) => [it.key, it.mode]));
    const sources: MappedPackage[] = [];
    const errors = new Map<ManifestPackage, HsmError>();
    for (const [index, it] of packages.entries()) {
      const source = found[index]!;
      if (source instanceof HsmError) errors.set(it, source);
      else sources.push({ package: it.name, mode: modes.get(it.key) ?? it.mode, source });
    }
    return { sources, errors };
  }

  /** What a package says of itself, in its checkout or at its pin, and what is wrong with that, or with where it is. */
  readonly component: (it: ManifestPackage) => Promise<Component> = once(async (it) => {
    const { name, mode, extras, group, require } = it;
    const component = { name, mode, extras, require, ...given({ group }), ...await this.#read(it) };
    const { isVersionUnsure, withLockedVersion } = await versions();
    if (!isVersionUnsure(component)) return component;
    return withLockedVersion(component, (await this.locked()).get(it.key));
  });

  async #read(it: ManifestPackage): Promise<Read & Pick<Component, "source">> {
    const { errors } = await this.sources([it]);
    const error = errors.get(it);
    if (error !== undefined) return sourceMissing(it, error);
    const source = await this.source(it);
    const { workspace, files } = this;
    if (source.kind === "path" && this.#isAssumed(it)) {
      const file = `${source.path}/pyproject.toml`;
      return { source, file, metadata: undefined, problems: [], unchecked: "it is not cloned yet" };
    }
    const { readCheckout, readPinned } = await components();
    using _ = workspace.tell.begin({
      work: "read-package",
      packages: [it.name],
      message: `Reading what ${it.name} needs`,
    });
    if (source.kind === "path") {
      return { source, ...await readCheckout(workspace, it, source.path, files) };
    }
    const [pinned, online] = [await this.pin(it, source), await this.#asks(it)];
    return { source, ...await readPinned(workspace, it, { source, pinned, online }) };
  }

  /** What all packages say of themselves, as the app's files are to have them. */
  readonly components: () => Promise<readonly Component[]> = lazy(() =>
    this.#componentsOf(this.written.all)
  );

  #componentsOf(packages: readonly ManifestPackage[]): Promise<readonly Component[]> {
    return mapAll(packages, Math.max(this.workspace.jobs, 16), this.component);
  }

  /** The app and all packages, one value for all who judge by it; undefined where the app cannot be read. */
  readonly input: () => Promise<ReconcileInput | undefined> = lazy(async () => {
    const [{ app }, components] = [await this.app(), await this.components()];
    return app && { app, components };
  });

  /** {@linkcode input} with the checkouts that stand in for packages; undefined also where none does. */
  readonly inputInPlace: () => Promise<ReconcileInput | undefined> = lazy(async () => {
    const { packages } = this.workspace.manifest;
    const { app } = await this.app();
    if (app === undefined || !packages.some(standsIn)) return undefined;
    const known = packages.filter((it) => it.mode === "dev" || !isAppsAffair(it));
    return { app, components: await this.#componentsOf(known) };
  });

  /** The checkouts that stand in for packages, of all of the manifest; what is missing or is none is left out. */
  readonly standIns: () => Promise<readonly StandIn[]> = lazy(async () => {
    const { root, manifest: { packages } } = this.workspace;
    const found = await mapAll(packages.filter(standsIn), this.workspace.jobs, async (it) => {
      const source = await this.source(it).catch(() => undefined);
      return source?.kind === "path" ? [{ key: it.key, folder: join(root, source.path) }] : [];
    });
    return found.flat();
  });

  /** How the packages of {@linkcode standIns} stand, in the same order. */
  readonly standings: () => Promise<readonly PackageStanding[]> = lazy(async () =>
    await standingOf(this.workspace, await this.standIns())
  );

  /** What the package manager must be told beside the sources; undefined: what follows from what it was told before. */
  readonly needs: () => Promise<Needs | undefined> = lazy(async () => {
    const { workspace, files } = this;
    const input = await this.input();
    if (input === undefined) return undefined;
    const { adapter } = workspace;
    return await adapter.needs(workspace.filesFor(files), this.written.all, input);
  });

  /** The files at the pin of a package. */
  pin(it: ManifestPackage, source: GitSource): Promise<PinnedFiles> {
    const pin = this.#pins.get(it) ?? this.#readPin(it, source);
    this.#pins.set(it, pin);
    return pin;
  }

  async #readPin(it: ManifestPackage, source: GitSource): Promise<PinnedFiles> {
    const reader = await this.#reader();
    return await reader.read(source, { online: await this.#asks(it) });
  }

  /** What reads pins; it is told of all of them at once, for packages of one commit share it. */
  #reader = this.#newReader();

  #newReader() {
    return lazy(async () => {
      const { root, env, tell, questions, signal } = this.workspace;
      const { PinReader } = await import("../metadata/pin_reader.ts");
      const { sources } = await this.sources(this.written.all.filter(isProd));
      const ends = AbortSignal.any([signal, this.#ending.signal]);
      return new PinReader(
        createContext({ root, env, tell, questions, signal: ends }),
        sources.flatMap(({ source }) => source.kind === "git" ? [source] : []),
      );
    });
  }

  /** Whether the remote of a prod package may be asked. */
  async #asks(it: ManifestPackage): Promise<boolean> {
    const { asks = "all" } = this.#options;
    if (typeof asks !== "string") return asks.has(it.key);
    return asks === "changed" ? (await this.changed()).has(it.name) : asks === "all";
  }

  /** The prod packages, of those that the survey is about, whose source in pyproject.toml is another. */
  readonly changed: () => Promise<ReadonlySet<string>> = lazy(async () => {
    const { sources } = await this.sources(this.written.packages.filter(isProd));
    const { adapter } = this.workspace;
    return new Set(await adapter.changed(this.workspace.filesFor(this.files), sources));
  });

  /**
   * Begins to read the pins that are about to change, beside whatever is done meanwhile, and waits for none of them.
   *
   * @throws {HsmError} `pyproject-invalid`
   */
  async beginReading(): Promise<void> {
    const changed = await this.changed();
    const wanted = this.written.packages.filter((it) => changed.has(it.name));
    // Whoever needs one of them is told what became of it.
    this.#begun = mapAll(wanted, this.workspace.jobs, async (it) => {
      const source = await this.source(it);
      return source.kind === "git" ? await this.pin(it, source) : undefined;
    }).catch(() => {});
  }

  /**
   * Forgets the pins whose remote gave no answer, once all have ended: meanwhile somebody may have given a password, or it
   * may be back.
   */
  async askAgain(): Promise<void> {
    for (const [it, pin] of [...this.#pins]) {
      const isTold = await pin.then(
        (found) => found.kind !== "unchecked" && !("isSilent" in found),
        () => false,
      );
      if (!isTold) this.#pins.delete(it);
    }
    this.#reader = this.#newReader();
  }

  /** The packages whose remote was asked for a tag or branch and did not answer: they are taken to be where they were. */
  async silent(): Promise<readonly ManifestPackage[]> {
    const answers = await mapAll([...this.#pins], 1, async ([it, pin]) => {
      const found = await pin.catch(() => undefined);
      return found?.kind === "read" && found.isSilent ? it : undefined;
    });
    return this.written.all.filter((it) => answers.includes(it));
  }

  /** The commits that the lock file has of packages, by normalized name. */
  readonly locked: () => Promise<ReadonlyMap<string, LockedCommit>> = lazy(() =>
    lockedCommits(this.workspace)
  );

  /** Ends every git that still reads a pin, and waits for it. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort();
    await this.#begun;
  }
}

function isProd({ mode }: ManifestPackage): boolean {
  return mode === "prod";
}
