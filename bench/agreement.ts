/**
 * `deno task agreement FOLDER`: whether `hsm check` and `uv lock` agree on random versions of the repositories in a folder.
 *
 * Each round is an app that needs some of their packages, each at a random tag, installed from there or checked out there,
 * with random specifiers and extras of the app's own. A round comes out the same for the same seed and folder.
 *
 * `--only NAME,NAME` takes these packages, `--rounds N` and `--seed N` say how many and which, `--limit N` is uv's time in
 * seconds, `--managed` leaves out all other distributions, so that no index has a say; `--show OUTCOME` prints the rounds
 * that came out so, beside the disagreements, which are always printed.
 *
 * @module
 */

import { parseArgs } from "@std/cli";
import { ensureDir, exists } from "@std/fs";
import { dirname, join, resolve } from "@std/path";
import { stringify as stringifyToml } from "@std/toml";
import { stringify as stringifyYaml } from "@std/yaml";
import { run } from "../lib/process/run.ts";
import type { ComponentMetadata } from "../lib/reconcile/model.ts";
import { readMetadata } from "../lib/adapters/uv/read_metadata.ts";
import { parseRequirement } from "../lib/versions/requirement.ts";
import { compareVersions, formatVersion } from "../lib/versions/versions.ts";
import { normalizeName } from "../lib/names.ts";
import { parseReleaseTag, type Tagged } from "../lib/packages/release_tags.ts";
import {
  describeCase,
  DISAGREEMENTS,
  judge,
  type Outcome,
  renderOutcomes,
} from "../tests/harness/agreement.ts";
import { Chance } from "../tests/harness/chance.ts";

const PYTHONS = [">=3.9", ">=3.10", ">=3.11", ">=3.10,<4", ">=3.9,<3.14"];
const MARKERS = ["sys_platform == 'win32'", "sys_platform != 'win32'", "python_version < '3.11'"]
  .concat(["python_version >= '3.10'", "implementation_name == 'cpython'"]);

/** A package in a repository. */
interface Package {
  readonly name: string;
  readonly repository: string;
  readonly subdirectory: string;
  /** Its tags, the newest first. */
  readonly tags: readonly string[];
}

/** A package at a tag. */
interface Release {
  readonly of: Package;
  readonly tag: string;
  readonly metadata: ComponentMetadata | undefined;
}

interface Flags {
  readonly _: readonly (string | number)[];
  readonly managed?: boolean;
  readonly only?: string;
  readonly rounds?: string;
  readonly seed?: string;
  readonly limit?: string;
  readonly show?: string;
}

async function main(args: readonly string[]): Promise<number> {
  const flags = parseArgs([...args], {
    boolean: ["managed"],
    string: ["only", "rounds", "seed", "limit", "show"],
  }) as Flags;
  const [folder] = flags._;
  if (folder === undefined) {
    console.error("which folder has the repositories?");
    return 2;
  }
  const { rounds = "20", seed = "1", limit = "60", only } = flags;
  const wanted = only?.split(",").map(normalizeName);
  const packages = (await findPackages(resolve(String(folder))))
    .filter((it) => wanted === undefined || wanted.includes(it.name));
  console.error(`${packages.length} packages: ${packages.map((it) => it.name).join(", ")}`);
  if (packages.length < 2) return 2;
  const work = await Deno.realPath(await Deno.makeTempDir({ prefix: "hsm-agreement-" }));
  const counts = new Map<Outcome, number>();
  try {
    const env = await environment(work);
    for (let round = Number(seed); round < Number(seed) + Number(rounds); round++) {
      const root = join(work, `app-${round}`);
      await makeApp(new Chance(round), packages, root, env, flags.managed ?? false);
      const agreement = await judge(root, env, { limit: Number(limit) * 1000 });
      const { outcome } = agreement;
      counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
      if (DISAGREEMENTS.has(outcome) || outcome === flags.show) {
        console.log(`##### --seed ${round} --rounds 1`);
        console.log(await describeCase(root, agreement));
      }
      await Deno.remove(root, { recursive: true });
    }
  } finally {
    await Deno.remove(work, { recursive: true });
  }
  console.log(renderOutcomes(counts));
  return [...counts.keys()].some((it) => DISAGREEMENTS.has(it)) ? 1 : 0;
}

/** HSM's cache is the run's own; uv's is the machine's, since what it builds and downloads takes long. */
async function environment(work: string): Promise<Readonly<Record<string, string>>> {
  const { VIRTUAL_ENV: _, ...own } = Deno.env.toObject();
  const cache = (await must(["uv", "cache", "dir"], work)).trim();
  return {
    ...own,
    UV_CACHE_DIR: cache,
    HSM_CACHE_DIR: join(work, "cache"),
    UV_PYTHON_DOWNLOADS: "never",
    LC_ALL: "C.UTF-8",
  };
}

async function must(argv: readonly string[], cwd: string): Promise<string> {
  const result = await run(argv, { cwd });
  if (result.success) return result.stdout;
  throw new Error(`${argv.join(" ")} exited with code ${result.code}:\n${result.stderr}`);
}

/** The packages of all repositories in a folder, bare ones and those one level further down included. */
async function findPackages(folder: string): Promise<readonly Package[]> {
  const packages: Package[] = [];
  const names = [...Deno.readDirSync(folder)].map((it) => it.name).sort();
  for (const name of names) {
    for (const path of [join(folder, name), join(folder, name, "repo")]) {
      const isBare = await isFile(join(path, "HEAD"));
      if (isBare || await isFile(join(path, ".git/HEAD"))) {
        packages.push(...await readPackages(path));
      }
    }
  }
  const byName = new Map(packages.map((it) => [it.name, it]));
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function readPackages(repository: string): Promise<readonly Package[]> {
  const git = (...args: string[]) => must(["git", "--no-optional-locks", ...args], repository);
  const tags = (await git("tag")).split("\n").filter((it) => it !== "");
  const files = (await git("ls-tree", "-r", "--name-only", "HEAD")).split("\n")
    .filter((it) =>
      /(^|\/)(?:pyproject\.toml|setup\.cfg)$/.test(it) && !/test|example|doc/.test(it)
    );
  const packages: Package[] = [];
  for (const file of files) {
    const text = await git("show", `HEAD:${file}`);
    const { metadata } = readMetadata({ component: "", file, text });
    if (metadata?.name === undefined || tags.length === 0) continue;
    const subdirectory = dirname(file) === "." ? "" : dirname(file);
    const name = normalizeName(metadata.name);
    packages.push({
      name,
      repository,
      subdirectory,
      tags: newestFirst(tags, { key: name, subdirectory }),
    });
  }
  return packages;
}

/** The tags by the versions that they stand for; those that stand for none come last. */
function newestFirst(tags: readonly string[], it: Tagged): readonly string[] {
  const versions = new Map(tags.map((tag) => [tag, parseReleaseTag(tag, it)?.version]));
  return [...tags].sort((a, b) => {
    const [one, other] = [versions.get(a), versions.get(b)];
    if (one === undefined || other === undefined) return one === other ? 0 : one ? -1 : 1;
    return compareVersions(other, one);
  });
}

function isFile(path: string): Promise<boolean> {
  return exists(path, { isFile: true });
}

const known = new Map<string, Promise<Release | undefined>>();

/** A package at a tag; undefined where it is not there, or says nothing of itself. */
function readRelease(of: Package, tag: string): Promise<Release | undefined> {
  const key = `${of.name}\0${tag}`;
  const release = known.get(key) ?? readReleaseOnce(of, tag);
  known.set(key, release);
  return release;
}

async function readReleaseOnce(of: Package, tag: string): Promise<Release | undefined> {
  for (const name of ["pyproject.toml", "setup.cfg"]) {
    const file = of.subdirectory === "" ? name : `${of.subdirectory}/${name}`;
    const shown = await run(["git", "show", `${tag}:${file}`], { cwd: of.repository });
    if (!shown.success) continue;
    const { metadata } = readMetadata({ component: of.name, file, text: shown.stdout });
    if (metadata !== undefined) return { of, tag, metadata };
  }
  return undefined;
}

/** How many of a package's newest tags are mostly taken: old ones are programs that only a build can judge. */
const RECENT = 30;

/** One that says something of itself, mostly without being built, if a few attempts find one. */
async function pickRelease(chance: Chance, of: Package): Promise<Release | undefined> {
  let last: Release | undefined;
  for (let attempt = 0; attempt < 8; attempt++) {
    const tags = chance.happens(0.8) ? of.tags.slice(0, RECENT) : of.tags;
    last = await readRelease(of, chance.pick(tags)) ?? last;
    const isOpen = last?.metadata?.dynamic.some((it) => it.endsWith("dependencies")) ?? true;
    if (!isOpen || chance.happens(0.05)) break;
  }
  return last;
}

async function makeApp(
  chance: Chance,
  packages: readonly Package[],
  root: string,
  env: Readonly<Record<string, string>>,
  isManagedOnly: boolean,
): Promise<void> {
  await Deno.mkdir(root);
  const chosen = chance.sample(packages, 2 + chance.below(5));
  const releases: Release[] = [];
  for (const it of chosen) {
    const release = await pickRelease(chance, it);
    if (release !== undefined) releases.push(release);
  }
  const entries: Record<string, unknown> = {};
  const written: string[] = [];
  for (const { of, tag, metadata } of releases) {
    const extras = Object.keys(metadata?.optionalDependencies ?? {});
    const asked = chance.happens(0.3) ? chance.sample(extras, 1) : [];
    const entry: Record<string, unknown> = { git: `file://${of.repository}`, tag };
    if (of.subdirectory !== "") entry.subdirectory = of.subdirectory;
    if (chance.happens(0.4)) {
      await checkOut(of, tag, join(root, "packages", of.name), env);
      entry.mode = "dev";
    }
    if (chance.happens(0.3)) written.push(ownRequirement(chance, of, asked));
    else if (asked.length > 0) entry.extras = asked;
    else if (chance.happens(0.15)) entry.require = false;
    entries[of.name] = entry;
  }
  const overrides = isManagedOnly ? strangers(releases, packages) : [];
  const isExtra = chance.happens(0.2);
  await Deno.writeTextFile(join(root, "hsm.yaml"), stringifyYaml({ packages: entries }));
  await Deno.writeTextFile(
    join(root, "pyproject.toml"),
    stringifyToml({
      project: {
        name: "the-app",
        version: "1.0",
        "requires-python": chance.pick(PYTHONS),
        dependencies: isExtra ? [] : written,
        ...(isExtra ? { "optional-dependencies": { more: written } } : {}),
      },
      ...(overrides.length === 0 ? {} : { tool: { uv: { "override-dependencies": overrides } } }),
    }),
  );
}

async function checkOut(
  { repository }: Package,
  tag: string,
  path: string,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  await ensureDir(dirname(path));
  await must(
    ["git", "clone", "--quiet", "--shared", "--no-checkout", repository, path],
    repository,
  );
  await must(["git", "remote", "set-url", "origin", `file://${repository}`], path);
  await run(["git", "checkout", "--quiet", "--detach", `refs/tags/${tag}`], { cwd: path, env });
}

/** A requirement of the app's own, with a specifier that names a version of the package's. */
function ownRequirement(chance: Chance, of: Package, extras: readonly string[]): string {
  const version = parseReleaseTag(chance.pick(of.tags), { key: of.name })?.version;
  const operator = chance.pick([">=", ">=", "<", "<=", "!=", ">"]);
  const specifier = version === undefined || chance.happens(0.4)
    ? ""
    : `${operator}${formatVersion({ ...version, local: undefined })}`;
  const marker = chance.happens(0.2) ? ` ; ${chance.pick(MARKERS)}` : "";
  const asked = extras.length === 0 ? "" : `[${extras.join(",")}]`;
  return `${of.name}${asked}${specifier}${marker}`;
}

/** Overrides by which uv leaves out every distribution that is in no repository. */
function strangers(releases: readonly Release[], packages: readonly Package[]): readonly string[] {
  const own = new Set(packages.map((it) => it.name));
  const names = releases.flatMap(({ metadata }) => [
    ...metadata?.dependencies ?? [],
    ...Object.values(metadata?.optionalDependencies ?? {}).flat(),
  ]).flatMap((text) => {
    const parsed = parseRequirement(text);
    return parsed.ok && !own.has(parsed.value.key) ? [parsed.value.key] : [];
  });
  return [...new Set(names)].sort().map((name) => `${name} ; python_version < '3'`);
}

if (import.meta.main) Deno.exit(await main(Deno.args));
