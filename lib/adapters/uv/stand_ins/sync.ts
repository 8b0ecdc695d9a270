/**
 * A sync with checkouts that stand in for what uv.lock says.
 *
 * Each is installed as an editable one, then given the identity of the package of uv.lock. After that `uv sync` finds nothing
 * to do about it, and has the last word: what it puts back, it did not take for that package.
 *
 * @module
 */

import { join } from "@std/path";
import { HsmError } from "../../../errors.ts";
import { isFile } from "../../../files/is_there.ts";
import { realFiles } from "../../../files/layer.ts";
import { MAX_WRITTEN_BYTES, peekText } from "../../../files/read_file.ts";
import { sitePackagesOf } from "../../../files/site_packages.ts";
import { ioError } from "../../../files/system_error.ts";
import { SYSTEM } from "../../../platform/system.ts";
import type { RunResult } from "../../../process/run.ts";
import type { AdapterContext } from "../../adapter.ts";
import type { CallOptions } from "../../call_program.ts";
import type { LockedPackage } from "../../reader.ts";
import { MARK, metadataDigest, peekMark, type StandIn, writeMark } from "../../stand_in.ts";
import { installByUv } from "../call.ts";
import { environmentFolder } from "../environment.ts";
import { readLock } from "../lock.ts";
import { uvWorkspaceRoot } from "../workspace.ts";
import { findMetadata, findStanding, installedIdentity, isEditable } from "./find.ts";
import { forge } from "./forge.ts";
import { importRoots, writeGuard } from "./guard.ts";
import { type Identity, lockedIdentity } from "./identity.ts";

/** A sync that checkouts stand in at. */
export interface StandInSync {
  /** The checkouts; those that are in the environment and not among them leave it. */
  readonly standIns: readonly StandIn[];
  /** The arguments of `uv sync`. */
  readonly args: readonly string[];
  /** The folder of what only checkouts need, absolute; undefined: they need nothing. */
  readonly extras: string | undefined;
}

/**
 * Runs `uv sync`, with checkouts standing in.
 *
 * @returns How uv ended, the last time that it was run.
 * @throws {HsmError} `stand-in-refused` where uv takes one out again, `io`
 */
export async function syncStandIns(
  context: AdapterContext,
  sync: StandInSync,
  options: CallOptions = {},
): Promise<RunResult> {
  const environment = await environmentFolder(context.root, context.env);
  const lock = join(await uvWorkspaceRoot(context.root), "uv.lock");
  const locked = readLock(peekText(lock, MAX_WRITTEN_BYTES) ?? "") ?? [];
  return await new Syncing(context, environment, locked, sync, options).run();
}

/** One sync on its way. */
class Syncing {
  readonly #context: AdapterContext;
  readonly #environment: string;
  readonly #locked: readonly LockedPackage[];
  readonly #sync: StandInSync;
  readonly #options: CallOptions;
  #said = "";

  constructor(
    context: AdapterContext,
    environment: string,
    locked: readonly LockedPackage[],
    sync: StandInSync,
    options: CallOptions,
  ) {
    [this.#context, this.#environment, this.#locked] = [context, environment, locked];
    [this.#sync, this.#options] = [sync, options];
  }

  async run(): Promise<RunResult> {
    const leaving = await this.#leaving();
    const args = [...this.#sync.args, ...leaving.flatMap((it) => ["--reinstall-package", it])];
    // What reinstalls would undo them.
    const rest = withoutReinstall(this.#sync.args);
    // Mostly the environment is there and stays, and then all that uv is asked is whether it agrees.
    if (rest.length === this.#sync.args.length && this.#canPut(await this.#open())) {
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
    throw this.#refusal(await this.#open());
  }

  /** The folder of the distributions; undefined where there is no environment yet. */
  async #site(): Promise<string | undefined> {
    const [site] = await sitePackagesOf(this.#environment);
    return isFile(pythonOf(this.#environment)) ? site : undefined;
  }

  /** Those that do not stand in yet for what uv.lock has, and whose identity each is to have; undefined: uv's own install tells. */
  async #open(): Promise<readonly Open[]> {
    const site = await this.#site() ?? "";
    const { standIns } = this.#sync;
    const standing = await findStanding(site, standIns, this.#locked);
    const installed = await findMetadata(site, new Set(standIns.map((it) => it.key)));
    return standing.filter((it) => it.state !== "ok").flatMap(({ standIn, state }) => {
      const entries = this.#locked.filter((it) => it.key === standIn.key);
      const there = installed.get(standIn.key)?.[0];
      const own = there && installedIdentity(site, there);
      // One package may be locked in several versions; what is installed tells which counts here.
      const entry = entries.find((it) => it.version === there?.version) ?? entries[0];
      if (entry === undefined) return [];
      const identity = lockedIdentity(entry);
      const copied = state === "missing" && own && isEditable(own) ? own : undefined;
      return [{ standIn, identity, copied: identity === undefined ? copied : undefined }];
    });
  }

  #canPut(open: readonly Open[]): boolean {
    return isFile(pythonOf(this.#environment)) &&
      open.every((it) => it.identity !== undefined || it.copied !== undefined);
  }

  async #putThenSync(args: readonly string[]): Promise<RunResult> {
    return await this.#put() ?? await this.#uv(args);
  }

  /** Lets them stand in. Returns how uv failed, where it did. */
  async #put(): Promise<RunResult | undefined> {
    const [site, open] = [await this.#site(), await this.#open()];
    if (site === undefined) return undefined;
    // Whoever is killed on the way leaves word that something may stand in.
    await this.#writeGuard(site);
    if (open.length === 0) return undefined;
    const digests = new Map(open.map(({ standIn }) => [standIn, metadataDigest(standIn.folder)]));
    const folders = open.flatMap(({ standIn }) => ["--editable", standIn.folder]);
    const how = ["--no-deps", "--python", this.#environment];
    const result = await this.#uv(["pip", "install", ...how, ...folders]);
    if (!result.success) return result;
    const installed = await findMetadata(site, new Set(open.map((it) => it.standIn.key)));
    for (const { standIn, identity, copied } of open) {
      const [found] = installed.get(standIn.key) ?? [];
      const wanted = identity ?? copied;
      if (found === undefined || wanted === undefined) continue;
      const mark = writeMark({ path: standIn.folder, digest: digests.get(standIn) ?? "" });
      try {
        forge(realFiles(), { site, folder: found.folder, identity: wanted, mark });
      } catch (error) {
        throw ioError(`let ${standIn.folder} stand in`, join(site, found.folder), error);
      }
    }
    await this.#writeGuard(site);
    return undefined;
  }

  async #writeGuard(site: string): Promise<void> {
    const { standIns, extras } = this.#sync;
    const installed = await findMetadata(site, new Set(standIns.map((it) => it.key)));
    const guarded = standIns.map(({ key }) => {
      const [found] = installed.get(key) ?? [];
      const isOurs = found !== undefined && peekMark(join(site, found.folder)) !== undefined;
      return { key, roots: isOurs ? importRoots(site, found.folder) : [] };
    });
    writeGuard(realFiles(), site, { guarded, extras });
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

  #refusal(open: readonly Open[]): HsmError {
    const [first] = open;
    const { key = "", folder = "" } = first?.standIn ?? {};
    return new HsmError(
      "stand-in-refused",
      `Cannot let ${folder} stand in for ${key}: uv puts the locked one back`,
      {
        hint:
          `this uv tells packages in a way that HSM does not know: run \`hsm dev ${key} --inject pyproject\``,
      },
    );
  }

  async #uv(args: readonly string[]): Promise<RunResult> {
    const result = await installByUv(args, this.#context, this.#environment, this.#options);
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

/** Arguments without those by which uv installs anew what is there. */
function withoutReinstall(args: readonly string[]): readonly string[] {
  return args.filter((it, at) =>
    !/^--(?:force-)?reinstall(?:$|[-=])/.test(it) && args[at - 1] !== "--reinstall-package"
  );
}

/** The environment's Python. */
function pythonOf(environment: string): string {
  return SYSTEM === "windows"
    ? join(environment, "Scripts", "python.exe")
    : join(environment, "bin", "python");
}
