/**
 * What only checkouts need that stand in for something: it is in no lock file, and lies in a folder of its own in the
 * environment, which the guard puts before all that is locked.
 *
 * A shadow of the app that has the checkouts in the place of the pins is resolved with uv.lock as preference. What it would
 * install and the app would not is installed from the shadow's own lock file, so that each package comes from where that says.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { basename, join } from "@std/path";
import { entriesOf, sitePackagesOf } from "../../../files/site_packages.ts";
import { MAX_WRITTEN_BYTES, peekText } from "../../../files/read_file.ts";
import { ioError } from "../../../files/system_error.ts";
import { normalizeName } from "../../../names.ts";
import { whileHeld } from "../../../platform/held_files.ts";
import type { RunResult } from "../../../process/run.ts";
import type { AdapterContext, Written } from "../../adapter.ts";
import type { CallOptions } from "../../call_program.ts";
import type { LockedPackage } from "../../reader.ts";
import { type FoundNeeds, metadataDigest, type StandIn } from "../../stand_in.ts";
import { callUv } from "../call.ts";
import { pythonOf } from "../environment.ts";
import { readLock } from "../lock.ts";
import { choosing, holdingElsewhere, splitUvArguments } from "../options.ts";
import { openShadow, type Shadow } from "../shadow.ts";
import { exists } from "../../../files/is_there.ts";
import { peekExtras, rootsIn } from "./guard.ts";
import { EXTRAS, UNFINISHED } from "./has_guard.ts";

/** What tells what checkouts need. */
export interface ExtrasOptions {
  /** The app's files with the checkouts in the place of what they stand in for. */
  readonly form: Written["texts"];
  /** The checkouts. */
  readonly standIns: readonly StandIn[];
  /** The arguments of the sync, without those that HSM gives. */
  readonly args: readonly string[];
  /** The environment's folder, absolute. */
  readonly environment: string;
  /** uv.lock, absolute. */
  readonly lock: string;
}

/** What only checkouts need, on its way into an environment. Disposing of it removes what it was found out with. */
export class Extras implements AsyncDisposable {
  readonly #context: AdapterContext;
  readonly #options: ExtrasOptions;
  readonly #call: CallOptions;
  #shadow: Shadow | undefined;
  /** The packages, by their keys; undefined: nobody has asked yet. */
  #needed: ReadonlySet<string> | undefined;

  /** What is needed is found out when it is asked for. */
  constructor(context: AdapterContext, options: ExtrasOptions, call: CallOptions = {}) {
    [this.#context, this.#options, this.#call] = [context, options, call];
  }

  /**
   * Whether what is needed is in place already.
   *
   * @param site The folder of the distributions; undefined where there is none yet.
   */
  async areThere(site: string | undefined): Promise<boolean> {
    return site !== undefined && (await findExtras(site))?.key === this.#key();
  }

  /** Finds out what is needed. Touches nothing of the app. Returns how uv failed, where it did. */
  async resolve(): Promise<RunResult | undefined> {
    const { form, args, lock } = this.#options;
    const pyproject = form.get("pyproject.toml") ?? "";
    const { context, group } = this.#shadow ??= await openShadow(this.#context, pyproject);
    const resolved = await this.#uv(["lock", ...splitUvArguments(args).lock], context);
    if (!resolved.success) return resolved;
    const others = await this.#export(context, ...without(group));
    if ("argv" in others) return others;
    const own = await this.#export(this.#context);
    if ("argv" in own) return own;
    const locked = new Set(lockedIn(lock).map((it) => it.key));
    // A folder that the lock file has not, which may be a checkout as well: no two lists of these are alike.
    const folders = lockedIn(join(context.root, "uv.lock"))
      .filter((it) => it.source.kind === "path" && !locked.has(it.key)).map((it) => it.key);
    const lines = new Set(own.lines);
    const added = others.lines.filter((it) => !lines.has(it)).flatMap(nameIn);
    this.#needed = new Set([...folders, ...added]);
    return undefined;
  }

  /**
   * Puts what is needed in its folder, which counts once the guard names it.
   *
   * @returns How uv failed, where it did.
   */
  async place(site: string): Promise<FoundNeeds | RunResult> {
    const key = this.#key();
    const found = await findExtras(site);
    if (found?.key === key) return found;
    const failure = this.#needed === undefined ? await this.resolve() : undefined;
    if (failure !== undefined) return failure;
    const basis = basisOf(this.#options.lock, this.#options.standIns);
    if (this.#needed?.size === 0) return { key, basis, folders: [] };
    const folder = join(site, EXTRAS, key);
    const temporary = join(site, EXTRAS, UNFINISHED);
    await remove(temporary);
    const result = await this.#install(temporary);
    if (!result.success) return result;
    const [made = temporary] = await sitePackagesOf(temporary);
    // What every environment has.
    for (const name of ["_virtualenv.pth", "_virtualenv.py"]) await remove(join(made, name));
    await remove(folder);
    await changing(folder, () => Deno.mkdirSync(made, { recursive: true }));
    await changing(folder, () => whileHeld(() => Deno.renameSync(made, folder)));
    await remove(temporary);
    return await extrasIn(folder, basis);
  }

  /** What the answer depends on, as one word. */
  #key(): string {
    const { form, standIns, args, environment, lock } = this.#options;
    return digestOf([
      ...[...form].flat(),
      basisOf(lock, standIns),
      JSON.stringify(holdingElsewhere(args)),
      environment,
      peekText(join(environment, "pyvenv.cfg")),
    ]);
  }

  /** What a project installs, but from folders, each with the marker under which it does. */
  async #export(
    context: AdapterContext,
    ...more: readonly string[]
  ): Promise<RunResult | { readonly lines: readonly string[] }> {
    const how = ["--frozen", "--no-hashes", "--no-header", "--no-annotate"];
    const what = ["--no-emit-project", "--no-emit-local", ...choosing(this.#options.args), ...more];
    const result = await this.#uv(["export", ...how, ...what], context, { isData: true });
    if (!result.success) return result;
    return { lines: result.stdout.split(/\r?\n/).filter((it) => /^\w/.test(it)) };
  }

  /** Installs it into an environment of its own. */
  async #install(temporary: string): Promise<RunResult> {
    const { args, environment } = this.#options;
    const { context, group } = this.#shadow!;
    const all = lockedIn(join(context.root, "uv.lock")).map((it) => it.key);
    const others = all.filter((it) => !this.#needed!.has(it));
    const env = { ...context.env, UV_PROJECT_ENVIRONMENT: temporary };
    const how = ["--frozen", "--no-install-project", "--python", pythonOf(environment)];
    const what = others.flatMap((it) => ["--no-install-package", it]);
    const rest = [...holdingElsewhere(args), ...without(group)];
    return await this.#uv(["sync", ...how, ...rest, ...what], { ...context, env });
  }

  async #uv(
    args: readonly string[],
    context: AdapterContext,
    options: CallOptions = { quiet: "always" },
  ): Promise<RunResult> {
    const quiet = args[0] === "sync" ? this.#call.quiet : "always";
    const result = await callUv(args, context, { ...this.#call, ...options, quiet });
    const shadow = this.#shadow?.context.root;
    if (shadow === undefined) return result;
    const stderr = result.stderr.replaceAll(shadow, this.#context.root);
    // What was kept back is needed now, but where the same is tried once more.
    const isKept = quiet === "always" && this.#call.quiet === undefined;
    if (isKept && !result.success) this.#context.tell({ kind: "output", text: stderr });
    return { ...result, stderr };
  }

  /** Removes what it was found out with. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#shadow?.[Symbol.asyncDispose]();
  }
}

/**
 * What changes without HSM of that which tells what only checkouts need: what is locked, and the checkouts' metadata.
 *
 * @param lock uv.lock, absolute.
 */
export function basisOf(lock: string, standIns: readonly StandIn[]): string {
  const checkouts = standIns.toSorted((a, b) => a.key < b.key ? -1 : 1)
    .flatMap((it) => [it.key, it.folder, metadataDigest(it.folder)]);
  return digestOf([peekText(lock, MAX_WRITTEN_BYTES), ...checkouts]);
}

function digestOf(texts: readonly (string | undefined)[]): string {
  const hash = createHash("sha256");
  for (const text of texts) hash.update(`${text?.length ?? "-"}\0${text ?? ""}`);
  return hash.digest("hex").slice(0, 16);
}

/** What the guard of a folder of distributions names, where it is there. */
export async function findExtras(site: string): Promise<FoundNeeds | undefined> {
  const { key, basis, isEmpty } = peekExtras(site) ?? {};
  if (key === undefined || basis === undefined) return undefined;
  if (isEmpty) return { key, basis, folders: [] };
  const folder = join(site, EXTRAS, key);
  return exists(folder) ? await extrasIn(folder, basis) : undefined;
}

/** What lies in a folder that {@linkcode Extras} has made. */
export async function extrasIn(folder: string, basis: string): Promise<FoundNeeds> {
  const editable = (await entriesOf(folder)).filter((it) => it.endsWith(".pth"));
  return { key: basename(folder), basis, folders: [folder, ...rootsIn(folder, editable)] };
}

/** Removes all of it that the guard does not name, as after a change that nobody takes back any more. */
export async function removeExtras(site: string): Promise<void> {
  const found = peekExtras(site);
  const place = join(site, EXTRAS);
  if (found === undefined || found.isEmpty) return await remove(place);
  for (const name of await entriesOf(place)) {
    if (name !== found.key) await remove(join(place, name));
  }
}

function lockedIn(lock: string): readonly LockedPackage[] {
  return readLock(peekText(lock, MAX_WRITTEN_BYTES) ?? "") ?? [];
}

function without(group: string | undefined): readonly string[] {
  return group === undefined ? [] : ["--no-group", group];
}

/** The package that a line of requirements is of. */
function nameIn(line: string): readonly string[] {
  const [name] = /^[\w.-]+/.exec(line) ?? [];
  return name === undefined ? [] : [normalizeName(name)];
}

async function remove(path: string): Promise<void> {
  if (exists(path)) await changing(path, () => Deno.remove(path, { recursive: true }));
}

/** @throws {HsmError} `io` */
async function changing(path: string, change: () => void | Promise<void>): Promise<void> {
  try {
    await change();
  } catch (error) {
    throw ioError("install what only checkouts need", path, error);
  }
}
