/**
 * A sync with checkouts that stand in for what uv.lock says.
 *
 * Each is installed as an editable one, then given the identity of the package of uv.lock. After that `uv sync` finds nothing
 * to do about it, and has the last word: what it puts back, it did not take for that package.
 *
 * @module
 */

import { isAbsolute, join, relative } from "@std/path";
import { HsmError } from "../../../errors.ts";
import { isFile } from "../../../files/is_there.ts";
import { realFiles } from "../../../files/layer.ts";
import { MAX_WRITTEN_BYTES, peekText } from "../../../files/read_file.ts";
import { sitePackagesOf } from "../../../files/site_packages.ts";
import { ioError } from "../../../files/system_error.ts";
import { shortPath, withSlashes } from "../../../platform/paths.ts";
import type { RunResult } from "../../../process/run.ts";
import type { AdapterContext } from "../../adapter.ts";
import type { CallOptions } from "../../call_program.ts";
import type { LockedPackage } from "../../reader.ts";
import {
  type FoundNeeds,
  MARK,
  metadataDigest,
  peekMark,
  type StandIn,
  writeMark,
} from "../../stand_in.ts";
import { callUv, installByUv } from "../call.ts";
import { environmentFolder, pythonOf } from "../environment.ts";
import { readLock } from "../lock.ts";
import { stepsIn } from "../look.ts";
import { checkVersion } from "../version.ts";
import { uvWorkspaceRoot } from "../workspace.ts";
import { modulesBeside, removeCompiled } from "./compiled.ts";
import { Extras, extrasIn, type ExtrasOptions, removeExtras } from "./extras.ts";
import { findMetadata, findStanding, installedIdentity, isEditable } from "./find.ts";
import { forge } from "./forge.ts";
import { importRoots, peekExtras, writeGuard } from "./guard.ts";
import { EXTRAS, hasGuard } from "./has_guard.ts";
import { type Identity, lockedIdentity } from "./identity.ts";
import { openInstalling } from "./settings.ts";

/** A sync that checkouts stand in at. */
export interface StandInSync {
  /** The checkouts; those that are in the environment and not among them leave it. */
  readonly standIns: readonly StandIn[];
  /** The arguments of `uv sync`. */
  readonly args: readonly string[];
  /** Brings nothing else into the environment, and lets nothing leave it. Default: all that is locked. */
  readonly only?: "stand-ins" | undefined;
  /** What only checkouts need: how that is found out, what it was before, or that it stays; undefined: they need nothing. */
  readonly extras: Pick<ExtrasOptions, "form" | "args"> | FoundNeeds | "kept" | undefined;
  /** Whether it is the way back: then a checkout that has changed meanwhile is not installed anew. @default {false} */
  readonly isBack?: boolean;
}

/**
 * Runs `uv sync`, with checkouts standing in.
 *
 * @returns How uv ended, the last time that it was run.
 * @throws {HsmError} `stand-in-refused` where uv takes one out again, `usage`, `io`
 */
export async function syncStandIns(
  context: AdapterContext,
  sync: StandInSync,
  options: CallOptions = {},
): Promise<RunResult> {
  const { standIns, args, only, extras: wanted, isBack } = sync;
  const environment = await environmentFolder(context.root, context.env);
  if (standIns.length > 0 && args.includes("--active") && context.env["VIRTUAL_ENV"]) {
    const message = "Cannot sync with uv's --active: checkouts stand in in the app's environment";
    throw new HsmError("usage", message, {
      hint: "name that environment in UV_PROJECT_ENVIRONMENT, for every call of uv",
    });
  }
  const lock = join(await uvWorkspaceRoot(context.root), "uv.lock");
  const locked = readLock(peekText(lock, MAX_WRITTEN_BYTES) ?? "") ?? [];
  const how = { standIns, args, only, locked, environment, isBack };
  if (typeof wanted !== "object" || "key" in wanted) {
    return await new Syncing(context, { ...how, extras: wanted }, options).run();
  }
  await using extras = new Extras(context, { ...wanted, standIns, environment, lock }, options);
  return await new Syncing(context, { ...how, extras }, options).run();
}

/** What a sync goes by. */
interface How extends Pick<StandInSync, "standIns" | "args" | "only"> {
  readonly isBack: boolean | undefined;
  readonly extras: Extras | FoundNeeds | "kept" | undefined;
  readonly locked: readonly LockedPackage[];
  readonly environment: string;
}

/** One sync on its way. */
class Syncing {
  readonly #context: AdapterContext;
  readonly #environment: string;
  readonly #locked: readonly LockedPackage[];
  readonly #sync: How;
  readonly #options: CallOptions;
  /** Those that uv would not have in the environment, by their keys: markers or arguments leave them out. */
  #leftOut: ReadonlySet<string> = new Set();
  /** Whether uv is about to make the environment, or another in its place. */
  #isNew = false;
  #said = "";

  constructor(context: AdapterContext, sync: How, options: CallOptions) {
    [this.#context, this.#sync, this.#options] = [context, sync, options];
    [this.#environment, this.#locked] = [sync.environment, sync.locked];
  }

  async run(): Promise<RunResult> {
    const before = await this.#site();
    const modules = before === undefined ? [] : await modulesBeside(before);
    const result = await this.#run();
    const site = await this.#site();
    if (site !== undefined) await removeCompiled(site, modules);
    // It goes last, for it is what tells that something may stand in.
    if (result.success && site !== undefined && this.#sync.standIns.length === 0) {
      await this.#writeGuard(site);
    }
    return result;
  }

  async #run(): Promise<RunResult> {
    const { extras, only } = this.#sync;
    const own = [...this.#sync.args, ...this.#withoutOthers()];
    const leaving = only === undefined ? await this.#leaving() : [];
    const args = [...own, ...leaving.flatMap((it) => ["--reinstall-package", it])];
    // What reinstalls would undo them.
    const rest = withoutReinstall(own);
    const needs = extras instanceof Extras && !await extras.areThere(await this.#site())
      ? extras
      : undefined;
    if (needs !== undefined || (await this.#open()).length > 0) {
      // Whatever is refused, is before anything is touched.
      const refused = await this.#look(args) ?? await needs?.resolve();
      if (refused !== undefined) return refused;
    }
    // Mostly the environment is there and stays, and then all that uv is asked is whether it agrees.
    if (rest.length === own.length && this.#canPut(await this.#open())) {
      const result = await this.#putThenSync(args);
      if (!result.success || await this.#agrees()) return result;
    }
    const open = await this.#open();
    // What comes from elsewhere anyway need not be built.
    const without = open.filter((it) => it.identity !== undefined)
      .flatMap((it) => ["--no-install-package", it.standIn.key]);
    const result = await this.#uv([...args, ...without]);
    if (!result.success) return result;
    const last = await this.#putThenSync(rest);
    if (!last.success || await this.#agrees()) return last;
    const [first] = await this.#open();
    return await this.#takeBack(first!.standIn, "puts back what is locked");
  }

  /** Asks uv what it would do. Returns how it failed, where it did. */
  async #look(args: readonly string[]): Promise<RunResult | undefined> {
    const open = await this.#open();
    const dry = [...args, "--dry-run"];
    const result = await callUv(dry, this.#context, { ...this.#options, quiet: "always" });
    if (!result.success) return result;
    this.#isNew = /^Would (?:create|replace) project environment/m.test(result.stderr);
    if (this.#isNew) return undefined;
    const installed = await findMetadata(
      await this.#site() ?? "",
      new Set(open.map((it) => it.standIn.key)),
    );
    const steps = Map.groupBy(stepsIn(result.stderr), (it) => it.package);
    this.#leftOut = new Set(
      open.map((it) => it.standIn.key).filter((key) => {
        const actions = steps.get(key)?.map((it) => it.action) ?? [];
        if (actions.length === 0) return !installed.has(key);
        return actions.every((it) => it === "uninstall");
      }),
    );
    return undefined;
  }

  /** Keeps uv from all that is locked but these: what is there of it stays. */
  #withoutOthers(): readonly string[] {
    const { only, standIns } = this.#sync;
    if (only === undefined) return [];
    const keys = new Set(this.#locked.map((it) => it.key));
    for (const { key } of standIns) keys.delete(key);
    return ["--inexact", ...[...keys].flatMap((it) => ["--no-install-package", it])];
  }

  /** The folder of the distributions; undefined where there is no environment yet. */
  async #site(): Promise<string | undefined> {
    const [site] = await sitePackagesOf(this.#environment);
    return isFile(pythonOf(this.#environment)) ? site : undefined;
  }

  /** Those that do not stand in yet for what uv.lock has, and whose identity each is to have; undefined: uv's own install tells. */
  async #open(): Promise<readonly Open[]> {
    const site = await this.#site() ?? "";
    const { standIns, isBack } = this.#sync;
    const standing = await findStanding(site, standIns, this.#locked);
    const installed = await findMetadata(site, new Set(standIns.map((it) => it.key)));
    const open = standing.filter(({ standIn, state }) =>
      state !== "ok" && !(isBack && state === "stale-metadata") && !this.#leftOut.has(standIn.key)
    );
    return open.flatMap(({ standIn, state }) => {
      const entries = this.#locked.filter((it) => it.key === standIn.key);
      const there = installed.get(standIn.key)?.[0];
      const own = there && installedIdentity(site, there);
      // One package may be locked in several versions; what is installed tells which counts here.
      const entry = entries.find((it) => it.version === there?.version) ?? entries[0];
      if (entry === undefined) return [];
      const identity = lockedIdentity(entry);
      // One that stands in already has it from such an install; what is not uv's own for what is locked, uv replaces.
      const copied = ["stale-metadata", "damaged", "missing"].includes(state) ? own : undefined;
      return [{ standIn, identity, copied: identity === undefined ? copied : undefined }];
    });
  }

  #canPut(open: readonly Open[]): boolean {
    return !this.#isNew && isFile(pythonOf(this.#environment)) &&
      open.every((it) => it.identity !== undefined || it.copied !== undefined);
  }

  async #putThenSync(args: readonly string[]): Promise<RunResult> {
    return await this.#put() ?? await this.#uv(args);
  }

  /** Lets them stand in. Returns how uv failed, where it did. */
  async #put(): Promise<RunResult | undefined> {
    const [site, open] = [await this.#site(), await this.#open()];
    if (site === undefined || this.#sync.standIns.length === 0) return undefined;
    // Whoever is killed on the way leaves word that something may stand in.
    if (!await hasGuard(this.#environment)) await this.#writeGuard(site);
    const extras = await this.#placeExtras(site);
    if (extras !== undefined && "argv" in extras) return extras;
    const failure = open.length === 0 ? undefined : await this.#install(site, open);
    if (failure === undefined) await this.#writeGuard(site, extras);
    return failure;
  }

  async #placeExtras(site: string): Promise<FoundNeeds | RunResult | undefined> {
    const { extras } = this.#sync;
    if (extras instanceof Extras) return await extras.place(site);
    if (extras !== "kept") return extras;
    // Nobody has asked what is needed by now: it stays what it was made from, and is told to be old.
    const { key, basis, isEmpty } = peekExtras(site) ?? {};
    if (key === undefined || basis === undefined) return undefined;
    return isEmpty ? { key, basis, folders: [] } : await extrasIn(join(site, EXTRAS, key), basis);
  }

  /** Installs checkouts and gives them their identities. Returns how uv failed, where it did. */
  async #install(site: string, open: readonly Open[]): Promise<RunResult | undefined> {
    const digests = new Map(open.map(({ standIn }) => [standIn, metadataDigest(standIn.folder)]));
    const folders = open.flatMap(({ standIn }) => [
      "--editable",
      relativeTo(this.#context.root, standIn.folder),
    ]);
    const how = ["--no-deps", "--python", this.#environment];
    await using installing = await openInstalling(this.#context);
    const result = await this.#uv(["pip", "install", ...how, ...folders], installing.context);
    if (!result.success) return result;
    const installed = await findMetadata(site, new Set(open.map((it) => it.standIn.key)));
    for (const { standIn, identity, copied } of open) {
      const [found] = installed.get(standIn.key) ?? [];
      const isInstalled = found !== undefined && isEditable(installedIdentity(site, found)) &&
        peekMark(join(site, found.folder)) === undefined;
      if (!isInstalled) return await this.#takeBack(standIn, "has not installed it");
      const wanted = identity ?? copied;
      if (wanted === undefined) continue;
      const mark = writeMark({ path: standIn.folder, digest: digests.get(standIn) ?? "" });
      try {
        forge(realFiles(), { site, folder: found.folder, identity: wanted, mark });
      } catch (error) {
        throw ioError(`let ${standIn.folder} stand in`, join(site, found.folder), error);
      }
    }
    return undefined;
  }

  async #writeGuard(site: string, extras?: FoundNeeds): Promise<void> {
    const { standIns } = this.#sync;
    const installed = await findMetadata(site, new Set(standIns.map((it) => it.key)));
    const guarded = standIns.map(({ key }) => {
      const [found] = installed.get(key) ?? [];
      const isOurs = found !== undefined && peekMark(join(site, found.folder)) !== undefined;
      return { key, roots: isOurs ? importRoots(site, found.folder) : [] };
    });
    try {
      writeGuard(realFiles(), site, { guarded, extras });
    } catch (error) {
      throw ioError("write down what stands in", site, error);
    }
  }

  /** Those that stand in for something and are no longer to. */
  async #leaving(): Promise<readonly string[]> {
    const [site, wanted] = [await this.#site(), new Set(this.#sync.standIns.map((it) => it.key))];
    if (site === undefined) return [];
    const keys = new Set(this.#locked.map((it) => it.key).filter((it) => !wanted.has(it)));
    const installed = await findMetadata(site, keys);
    return [...installed].filter(([, found]) =>
      // Also those that a newer HSM has put there, whose marks cannot be read.
      found.some(({ folder }) => isFile(join(site, folder, MARK)))
    ).map(([key]) => key);
  }

  /** Whether uv has left them where they are; what is not to be installed at all it removes. */
  async #agrees(): Promise<boolean> {
    const site = await this.#site();
    const open = new Set((await this.#open()).map((it) => it.standIn.key));
    return site === undefined || (await findMetadata(site, open)).size === 0;
  }

  /** Brings all back to what is locked, for what uv has put back once it puts back again. */
  async #takeBack({ key, folder }: StandIn, why: string): Promise<never> {
    const none = { ...this.#sync, standIns: [], extras: undefined };
    await new Syncing(this.#context, none, { ...this.#options, quiet: "always" }).run();
    await removeExtras(await this.#site() ?? "");
    const version = await checkVersion(this.#context);
    throw new HsmError(
      "stand-in-refused",
      `Cannot let ${
        shortPath(this.#context.root, folder)
      } stand in for ${key}: uv ${version} ${why}`,
      {
        hint: `run \`hsm dev ${key} --inject pyproject\`, which works with every uv; ` +
          `a newer hsm may know uv ${version}`,
        details: { package: key, path: folder, uv: version },
      },
    );
  }

  async #uv(args: readonly string[], context = this.#context): Promise<RunResult> {
    const result = await installByUv(args, context, this.#environment, this.#options);
    this.#said += result.stderr;
    return { ...result, stderr: this.#said };
  }
}

/** One that does not stand in yet. */
interface Open {
  readonly standIn: StandIn;
  /** Whose identity it is to have, by uv.lock; undefined: only uv's own install tells. */
  readonly identity: Identity | undefined;
  /** That of uv's own install, where it is needed and there. */
  readonly copied: Identity | undefined;
}

/** A folder as seen from another: in a whole path uv would take a `#` for that of a URL, wherever it comes from. */
function relativeTo(root: string, folder: string): string {
  const path = relative(root, folder);
  return isAbsolute(path) ? path : `./${withSlashes(path)}`;
}

/** Arguments without those by which uv installs anew what is there. */
function withoutReinstall(args: readonly string[]): readonly string[] {
  return args.filter((it, at) =>
    !/^--(?:force-)?reinstall(?:$|[-=])/.test(it) && args[at - 1] !== "--reinstall-package"
  );
}
