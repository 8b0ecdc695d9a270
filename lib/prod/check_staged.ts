/**
 * Whether an app, as it would be committed, is fit for others.
 *
 * @module
 */

import { dirname, join, normalize, relative } from "@std/path";
import { strangersAmong } from "../adapters/uv_strangers.ts";
import { type LockedPackage, readLock } from "../adapters/uv_lock.ts";
import type { Manifest, ManifestPackage } from "../manifest/model.ts";
import type { ManifestParser } from "../manifest/parser.ts";
import { normalizeName } from "../names.ts";
import { prodSource } from "../packages/drift.ts";
import { describePin } from "../packages/describe_pin.ts";
import { readProject } from "../pyproject/read.ts";
import type { Problem, ProblemSide } from "../reconcile/problem.ts";
import { redact } from "../text/redact.ts";
import { lockConflict } from "../workspace/lock_conflict.ts";
import { devFix } from "./check_prod.ts";
import { type DevSource, findDevSources, leavesRepository } from "./dev_sources.ts";
import { filesOf, type StagedApp } from "./staged_app.ts";

/** How {@linkcode checkStagedApp} judges. */
export interface CheckStagedAppOptions {
  /** The repository's top, absolute. */
  readonly top: string;
  /** Parses hsm.yaml. */
  readonly parse: ManifestParser;
}

/** What is known of an app. */
interface Facts {
  readonly app: StagedApp;
  /** The app's folder, absolute. */
  readonly root: string;
  readonly manifest: Manifest;
  readonly pyproject: string;
  /** The managed packages: those of hsm.yaml, and those that HSM has written something for. */
  readonly managed: ReadonlyMap<string, string>;
  /** Those that HSM has written something for. */
  readonly written: ReadonlySet<string>;
  readonly locked: readonly LockedPackage[];
}

/**
 * All that is wrong with an app: what comes from one developer's machine, and a source or a lock entry that is not what
 * hsm.yaml says. Goes by the staged files alone.
 *
 * @throws {HsmError} `manifest-invalid`, `pyproject-invalid`, `lock-invalid` where a file cannot be read
 */
export async function checkStagedApp(
  app: StagedApp,
  { top, parse }: CheckStagedAppOptions,
): Promise<readonly Problem[]> {
  const unmerged = filesOf(app).filter((it) => it.isUnmerged);
  if (unmerged.length > 0) {
    return [{
      code: "unmerged",
      severity: "error",
      message: `a merge has left ${unmerged.map((it) => it.path).join(", ")} in several versions`,
      sides: unmerged.map(({ path }) => ({ component: "app", file: path })),
      fix: "settle the conflict, then `git add` the file",
    }];
  }
  const conflict = await lockConflict(app.lock.path, app.lock.text);
  if (conflict !== undefined) throw conflict;
  const manifest = await parse({
    shared: { path: app.manifest.path, text: app.manifest.text ?? "" },
  });
  const pyproject = app.pyproject.text ?? "";
  const { ownPackages } = readProject(pyproject, app.pyproject.path);
  const locked = readLock(app.lock.text ?? "");
  const facts: Facts = {
    app,
    root: join(top, app.folder),
    manifest,
    pyproject,
    managed: new Map([
      ...ownPackages.map((name) => [normalizeName(name), name] as const),
      ...manifest.packages.map((it) => [it.key, it.name] as const),
    ]),
    written: new Set(ownPackages.map(normalizeName)),
    locked: locked ?? [],
  };
  const dev = await devProblems(facts, top);
  const told = new Set(dev.flatMap((it) => it.sides.map((side) => normalizeName(side.component))));
  const differing = await differences(facts, told);
  return [...dev, ...differing, ...locked === undefined ? [unreadable(app.lock.path)] : []];
}

function unreadable(file: string): Problem {
  return {
    code: "source-differs",
    severity: "error",
    message: `${file} is none that hsm can read`,
    sides: [{ component: "app", file }],
    fix: "update hsm, or delete the lock file if it is damaged",
  };
}

/** What puts a package in dev mode, of one file or several. */
interface Dev {
  readonly message: string;
  readonly fix: string;
  readonly sides: ProblemSide[];
}

/** A problem for each package that comes from one developer's machine, with all the places that say so. */
async function devProblems(facts: Facts, top: string): Promise<readonly Problem[]> {
  const { app, manifest, pyproject, managed, locked, root } = facts;
  const { placeInLock, placeInManifest, placeInToml } = await import("./places.ts");
  const found = new Map<string, Dev>();
  const add = (
    name: string,
    dev: Pick<Dev, "message" | "fix">,
    side: Omit<ProblemSide, "component">,
  ) => {
    const key = normalizeName(name);
    const entry = found.get(key) ?? { ...dev, sides: [] };
    entry.sides.push({ component: name, ...side });
    found.set(key, entry);
  };
  const fixOf = (source: Pick<DevSource, "name" | "isManaged" | "at">) =>
    `${devFix(source)}, and stage what has changed`;
  for (const { name, key, mode } of manifest.packages) {
    if (mode !== "dev") continue;
    add(name, {
      message: `${name} is in dev mode`,
      fix: `run \`hsm prod --shared ${name}\`, and stage what has changed`,
    }, { file: app.manifest.path, ...placeInManifest(app.manifest.text ?? "", key, ["mode"]) });
  }
  const { packagesDir } = manifest;
  const file = app.pyproject.path;
  const options = { managed, packagesDir, folder: app.folder };
  for (const source of findDevSources(pyproject, file, options)) {
    const message = `${source.name} comes from ${source.place}`;
    add(source.name, { message, fix: fixOf(source) }, {
      file,
      ...placeInToml(pyproject, file, source.at),
    });
  }
  for (const it of locked) {
    const place = placeOf(it);
    if (place === undefined) continue;
    const path = relative(root, join(top, dirname(app.lock.path), place)).replaceAll("\\", "/") ||
      ".";
    const name = managed.get(it.key);
    const isLocal = !place.startsWith("/") && !/^[a-z]+:/i.test(place);
    if (isLocal && path === ".") continue;
    const leaves = !isLocal || leavesRepository(path, packagesDir, app.folder);
    if (name === undefined && !leaves) continue;
    const shown = name ?? it.key;
    add(shown, {
      message: `${shown} comes from the path ${place}`,
      fix: fixOf({ name: shown, isManaged: name !== undefined, at: ["tool", "uv", "sources"] }),
    }, { file: app.lock.path, ...placeInLock(app.lock.text ?? "", it.key, place) });
  }
  return [...found.values()].map(({ message, fix, sides }) => ({
    code: "dev-source",
    severity: "error",
    message,
    sides,
    fix,
  }));
}

/** The folder or file that a locked package comes from. */
function placeOf({ source }: LockedPackage): string | undefined {
  const { url } = source;
  if (typeof url === "string" && url.startsWith("file:")) return url;
  const place = ["editable", "directory", "virtual", "path"].map((key) => source[key])
    .find((it) => typeof it === "string");
  return typeof place === "string" ? normalize(place) : undefined;
}

/** What is not where the other files say, of packages that are in prod mode in all of them. */
async function differences(facts: Facts, told: ReadonlySet<string>): Promise<readonly Problem[]> {
  const { app, root, manifest, pyproject, locked } = facts;
  const { placeInLock, placeInManifest, placeInToml } = await import("./places.ts");
  const file = app.pyproject.path;
  const sources = new Map(
    Object.entries(readProject(pyproject, file).sources)
      .map(([name, source]) => [normalizeName(name), { name, source }]),
  );
  const problems: Problem[] = [];
  const done = new Set(told);
  const add = (name: string, message: string, sides: readonly Omit<ProblemSide, "component">[]) => {
    done.add(normalizeName(name));
    problems.push({
      code: "source-differs",
      severity: "error",
      message,
      sides: sides.map((side) => ({ component: name, ...side })),
      fix: "run `hsm sync`, and stage hsm.yaml, pyproject.toml and the lock file together",
    });
  };
  const inProject = (key: string) => {
    const name = sources.get(key)?.name;
    const keys = ["tool", "uv", "sources", ...name === undefined ? [] : [name]];
    return { file, ...placeInToml(pyproject, file, keys) };
  };
  for (const it of manifest.packages) {
    if (done.has(it.key) || it.git === undefined || it.pin === undefined) continue;
    const difference = differenceOf(it, sources.get(it.key)?.source, facts);
    if (difference === undefined) continue;
    add(it.name, `${it.name} is ${describePin(it.pin)} in hsm.yaml, ${difference}`, [
      {
        file: app.manifest.path,
        ...placeInManifest(app.manifest.text ?? "", it.key, ["tag", "rev", "branch"]),
      },
      inProject(it.key),
    ]);
  }
  const names = [...facts.managed.keys()].filter((key) => !done.has(key));
  const folder = join(root, relative(app.folder, dirname(app.lock.path)));
  for (const { package: key, from } of strangersAmong(locked, pyproject, names, { root, folder })) {
    const name = facts.managed.get(key) ?? key;
    const at = Object.values(locked.find((it) => it.key === key)?.source ?? {})[0];
    add(
      name,
      `${name} comes from ${redact(from)} in the lock file, not from where pyproject.toml says`,
      [
        inProject(key),
        { file: app.lock.path, ...placeInLock(app.lock.text ?? "", key, `${at}`) },
      ],
    );
  }
  return problems;
}

/** A package that HSM has not written anything for yet is not there yet. */
function differenceOf(
  it: ManifestPackage,
  source: unknown,
  { root, written }: Pick<Facts, "root" | "written">,
): string | undefined {
  if (source === undefined && !written.has(it.key)) return undefined;
  return prodSource({ root, package: it, source });
}
