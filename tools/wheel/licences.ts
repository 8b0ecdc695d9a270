/**
 * The licences of what the executable is made of: each text goes where the executable goes.
 *
 * @module
 */

import { dirname, join } from "@std/path";

/** A licence of something that is in the executable. */
export interface Licence {
  /** Whose it is, as a folder's name: `npm/zod-4.6.7`. */
  readonly of: string;
  /** By its SPDX identifier. */
  readonly identifier: string;
  /** Its texts, by the names of their files. */
  readonly texts: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
}

/** A package in the cache of Deno's. */
export interface NpmPackage {
  readonly name: string;
  readonly version: string;
  /** Its folder. */
  readonly folder: string;
}

/** What `deno info --json` says of a module and all that it imports, as far as it is needed here. */
export interface ModuleGraph {
  readonly modules: readonly { readonly kind?: string; readonly npmPackage?: string }[];
  readonly npmPackages: Readonly<Record<string, ListedPackage>>;
}

/** A package that is locked, by its key: its name and version. */
interface ListedPackage {
  readonly name: string;
  readonly version: string;
  readonly dependencies: readonly string[];
  readonly registryUrl: string;
}

/** Deno's own, which no package brings: the executable is its runtime first of all. */
const DENO = "LICENSE.deno";

/** Packages that bring no text, and where there is the one that their files name. `deno-std` is Deno's own standard library. */
const ELSEWHERE: Readonly<Record<string, string>> = { "deno-std": DENO };

const TEXT = /^(?:licen[cs]e|copying|notice)/i;

/** The licences of Deno, and of the npm packages that a module and what it imports come from. */
export async function licencesInside(entry: string): Promise<readonly Licence[]> {
  const cwd = dirname(entry);
  const { npmCache } = await info<{ npmCache: string }>(cwd);
  const packages = packagesInside(await info<ModuleGraph>(cwd, entry), npmCache);
  const own = { of: "deno", identifier: "MIT", texts: new Map([["LICENSE", await ownText(DENO)]]) };
  return [own, ...await Promise.all(packages.map(licenceOf))];
}

/** The packages that modules are from, and those that these need, by name. What else is locked is not in it. */
export function packagesInside(
  { modules, npmPackages }: ModuleGraph,
  cache: string,
): readonly NpmPackage[] {
  const keys = new Set(modules.flatMap((it) => it.npmPackage ?? []));
  // A set is gone through with what is added meanwhile.
  for (const key of keys) npmPackages[key]?.dependencies.forEach((it) => keys.add(it));
  return [...keys].sort().map((key) => {
    const { name, version, registryUrl } = npmPackages[key]!;
    const { hostname, port, pathname } = new URL(registryUrl);
    const registry = join(port ? `${hostname}_${port}` : hostname, pathname);
    return { name, version, folder: join(cache, registry, name, version) };
  });
}

/**
 * What a package says of its licence.
 *
 * @throws {Error} where it brings no text, or does not say which licence it is.
 */
export async function licenceOf({ name, version, folder }: NpmPackage): Promise<Licence> {
  const { license } = JSON.parse(await Deno.readTextFile(join(folder, "package.json")));
  if (typeof license !== "string") {
    throw new Error(`Cannot tell the licence of ${name} ${version}: its package.json names none`);
  }
  const texts = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const entry of Array.from(Deno.readDirSync(folder), (it) => it.name).sort()) {
    if (TEXT.test(entry)) texts.set(entry, await Deno.readFile(join(folder, entry)));
  }
  const elsewhere = ELSEWHERE[name];
  if (texts.size === 0 && elsewhere !== undefined) texts.set("LICENSE", await ownText(elsewhere));
  if (texts.size === 0) {
    throw new Error(`Cannot find the text of the licence of ${name} ${version} in ${folder}`);
  }
  return { of: `npm/${name}-${version}`, identifier: license, texts };
}

/** The SPDX expression for all of them together, one's own first. */
export function licenceExpression(own: string, licences: readonly Licence[]): string {
  const others = new Set(licences.map((it) => it.identifier));
  others.delete(own);
  return [own, ...[...others].sort()].map((it) => / OR /.test(it) ? `(${it})` : it).join(" AND ");
}

function ownText(name: string): Promise<Uint8Array<ArrayBuffer>> {
  return Deno.readFile(new URL(name, import.meta.url));
}

async function info<T>(cwd: string, ...words: string[]): Promise<T> {
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", ...words],
    cwd,
    stderr: "inherit",
  }).output();
  if (!success) throw new Error("`deno info` failed");
  return JSON.parse(new TextDecoder().decode(stdout));
}
