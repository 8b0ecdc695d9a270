/**
 * Whether an app, as it would be committed, is fit for others.
 *
 * @module
 */

import { basename, dirname, join, normalize, relative } from "@std/path";
import type { AppFiles, CompleteAdapter, Use } from "../adapters/adapter.ts";
import type { LockedPackage } from "../adapters/reader.ts";
import type { CommitIndex } from "../git/commit_index.ts";
import type { Manifest } from "../manifest/model.ts";
import type { ManifestParser } from "../manifest/cached_parser.ts";
import { standsIn, writtenForm } from "../manifest/stand_ins.ts";
import { normalizeName } from "../names.ts";
import { mapAll } from "../process/pool.ts";
import { prodSource } from "../survey/differences.ts";
import { describePin } from "../packages/describe_pin.ts";
import { relativePath } from "../platform/paths.ts";
import { peekDocument } from "../project/document.ts";
import { readAppProject } from "../project/read_project.ts";
import type { Problem, ProblemSide } from "../reconcile/problem.ts";
import { tableOf } from "../table.ts";
import { redact } from "../text/redact.ts";
import { lockConflict } from "../workspace/lock_conflict.ts";
import { devFix, standInNote } from "./check_prod.ts";
import { describeLocalSource, findLocalSources } from "./dev_sources.ts";
import { isElsewhere, localPlace, normalizePath } from "../project/local_place.ts";
import type { PlaceInFile } from "./places.ts";
import { type AppFile, filesOf, folderOf, type StagedApp } from "./staged_app.ts";
import { sourceFile } from "../workspace/manager_files.ts";

/** What is known of an app. */
interface Facts {
  readonly app: StagedApp;
  readonly adapter: CompleteAdapter;
  readonly lock: AppFile;
  /** The app's folder, absolute. */
  readonly root: string;
  readonly manifest: Manifest;
  readonly pyproject: string;
  /** The app's files, as its package manager's adapter sees them. */
  readonly files: AppFiles;
  /** How they use packages. */
  readonly uses: ReadonlyMap<string, Use>;
  /** Those that HSM writes into, as messages name them. */
  readonly edited: string;
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
 * @param by The repository's top, absolute, what the commit would hold, and what parses hsm.yaml.
 * @throws {HsmError} `manifest-invalid`, `pyproject-invalid`, `newer-format`, `lock-invalid` where a file cannot be read
 */
export async function checkStagedApp(
  app: StagedApp,
  { top, index, parse }: {
    readonly top: string;
    readonly index: CommitIndex;
    readonly parse: ManifestParser;
  },
): Promise<readonly Problem[]> {
  const unmerged = [...filesOf(app), ...app.others].filter((it) => it.isUnmerged);
  if (unmerged.length > 0) {
    const message = `a merge has left ${
      unmerged.map((it) => it.path).join(", ")
    } in several versions`;
    const sides = unmerged.map(({ path }) => ({ component: "app", file: path }));
    return [problemOf("unmerged", message, sides, "settle the conflict, then `git add` the file")];
  }
  // Where there is no lock file, nothing is locked, and its place is not asked for.
  const { adapter, files, lock = app.pyproject } = app;
  // Messages name files as the app sees them.
  const edited = app.edited.map((it) => relativePath(`/${app.folder}`, `/${it.path}`));
  const conflict = app.lock && await lockConflict({ edited }, lock.path, lock.text);
  if (conflict !== undefined) throw conflict;
  const manifest = await parse({
    shared: { path: app.manifest.path, text: app.manifest.text ?? "" },
  });
  const pyproject = app.pyproject.text ?? "";
  // An adapter does not know which path it has in the repository.
  readAppProject(pyproject, app.pyproject.path);
  const owned = await adapter.owned(files);
  const locked = await adapter.readLock(app.lock?.text ?? "");
  const facts: Facts = {
    app,
    adapter,
    lock,
    root: join(top, app.folder),
    manifest,
    ...{ pyproject, files, uses: await adapter.uses(files), edited: sourceFile(edited) },
    managed: new Map([
      ...owned.map((name) => [normalizeName(name), name] as const),
      ...manifest.packages.map((it) => [it.key, it.name] as const),
    ]),
    written: new Set(owned.map(normalizeName)),
    locked: locked ?? [],
  };
  const dev = await devFindings(facts, index);
  const told = new Set(dev.flatMap((it) => it.sides.map((side) => normalizeName(side.component))));
  const notes = manifest.packages.filter(standsIn).map((it) => standInNote(it, app.manifest.path));
  const problems = [...dev, ...await differences(facts, told), ...notes];
  return locked === undefined ? [...problems, unreadable(lock.path)] : problems;
}

function unreadable(file: string): Problem {
  const fix = "update hsm, or delete the lock file if it is damaged";
  const message = `${file} is none that hsm can read`;
  return problemOf("source-differs", message, [{ component: "app", file }], fix);
}

function problemOf(
  code: Problem["code"],
  message: string,
  sides: readonly ProblemSide[],
  fix: string,
): Problem {
  return { code, severity: "error", message, sides, fix };
}

/** Only what is wrong needs its place; to find that takes parsers that most commits do without. */
const places = () => import("./places.ts");

/** One for each package that comes from one developer's machine, with all the places that say so. */
async function devFindings(facts: Facts, index: CommitIndex): Promise<readonly Problem[]> {
  const { adapter, app, manifest, uses, edited, managed, locked } = facts;
  // Of what is locked, the place in the lock file tells.
  const isLocked = new Set(locked.map((it) => it.key));
  const isMember = async (key: string) => isLocked.has(key) || await holdsMember(index, key);
  const found = new Map<string, Problem>();
  const add = (key: string, message: string, fix: string, ...sides: readonly ProblemSide[]) => {
    const first = found.get(key) ??
      problemOf("dev-source", message, [], `${fix}, and stage what has changed`);
    found.set(key, { ...first, sides: [...first.sides, ...sides] });
  };
  for (const { name, key, mode } of writtenForm(manifest).packages) {
    if (mode !== "dev") continue;
    add(key, `${name} is in dev mode`, `run \`hsm prod --shared ${name}\``, {
      component: name,
      file: app.manifest.path,
      ...(await places()).placeInManifest(app.manifest.text ?? "", key, ["mode"]),
    });
  }
  for (const it of [{ ...app.pyproject, uses, edited }, ...app.others]) {
    const { path: file, text = "" } = it;
    const sources = await findLocalSources(adapter, { ...it, text }, managed);
    const isOwn = await Promise.all(sources.map(async ({ name, isManaged, path }) =>
      !isManaged &&
      (path === undefined
        ? await isMember(normalizeName(name))
        : await isHeld(index, folderOf(file), path))
    ));
    for (const [number, source] of sources.entries()) {
      if (isOwn[number]) continue;
      const { name: component, at } = source;
      const key = normalizeName(component);
      const sides = at.length === 0
        ? await sourceSides(facts, component, key)
        : [{ component, file, ...(await places()).placeInToml(text, at) }];
      add(key, describeLocalSource(source), devFix(adapter, source), ...sides);
    }
  }
  for (const it of await lockedDevSources(facts, index)) {
    const { key, place } = it;
    const name = managed.get(key) ?? key;
    const at = adapter.sourcesAt;
    const fix = devFix(adapter, { name, isManaged: managed.has(key), at, file: edited });
    add(key, `${name} comes from the path ${place}`, fix, {
      component: name,
      file: facts.lock.path,
      ...await placeInLock(facts, { key, written: place }),
    });
  }
  return [...found.values()];
}

/** The locked packages that come from a path: managed ones, and those that the repository does not hold. */
async function lockedDevSources(
  { app, lock, managed, locked }: Facts,
  index: CommitIndex,
): Promise<readonly { readonly key: string; readonly place: string }[]> {
  const folder = folderOf(lock.path);
  const local = locked.flatMap(({ key, source }) => {
    const place = placeOf(source);
    return place === undefined ? [] : [{ key, place }];
  });
  // The app itself is in its lock file, too.
  const isApp = (place: string) =>
    normalize(`/${folder}/${place}/`) === normalize(`/${app.folder}/`);
  const isOwn = await Promise.all(
    local.map(async ({ key, place }) =>
      isApp(place) || (!managed.has(key) && await isHeld(index, folder, place))
    ),
  );
  return local.filter((_, number) => !isOwn[number]);
}

/** Whether the commit would have what a path leads to, seen from a folder of the repository. */
async function isHeld(index: CommitIndex, folder: string, path: string): Promise<boolean> {
  return !isElsewhere(path, folder) && await index.holds(normalizePath(`./${folder}/${path}`));
}

/** Whether the commit would have a project of that name, most likely in a folder of that name. */
async function holdsMember(index: CommitIndex, key: string): Promise<boolean> {
  const isNamed = async (path: string) => {
    const { text = "" } = await index.file(path);
    return normalizeName(peekDocument(text)?.string("project", "name") ?? "") === key;
  };
  const isLikely = (path: string) => normalizeName(basename(folderOf(path))) === key;
  const projects = [...index.paths].filter((it) => basename(it) === "pyproject.toml");
  for (const it of projects.filter(isLikely)) if (await isNamed(it)) return true;
  const others = projects.filter((it) => !isLikely(it));
  return (await mapAll(others, READERS, isNamed)).includes(true);
}

/** How many files are read at once. */
const READERS = 8;

/** The folder or file that a locked package comes from. */
function placeOf(source: LockedPackage["source"]): string | undefined {
  if (source.kind === "path") return source.path;
  return source.kind === "url" && localPlace(source.url) !== undefined ? source.url : undefined;
}

/** What is not where the other files say, of packages that are in prod mode in all of them. */
async function differences(
  facts: Facts,
  told: ReadonlySet<string>,
): Promise<readonly Problem[]> {
  const { adapter, app, root, manifest, files, uses, edited, managed, written, locked } = facts;
  const problems: Problem[] = [];
  const done = new Set(told);
  const add = (key: string, message: string, ...sides: ProblemSide[]) => {
    done.add(key);
    const fix = `run \`hsm sync\`, and stage hsm.yaml, ${edited} and the lock file together`;
    problems.push(problemOf("source-differs", message, sides, fix));
  };
  for (const it of writtenForm(manifest).packages) {
    const { key, name: component, pin } = it;
    if (done.has(key) || it.git === undefined || pin === undefined) continue;
    const source = uses.get(key);
    // A package that HSM has not written anything for yet is not there yet.
    if (source === undefined && !written.has(key)) continue;
    const difference = prodSource({ root, edited, package: it, source });
    if (difference === undefined) continue;
    const text = app.manifest.text ?? "";
    add(key, `${component} is ${describePin(pin)} in hsm.yaml, ${difference}`, {
      component,
      file: app.manifest.path,
      ...(await places()).placeInManifest(text, key, ["tag", "rev", "branch"]),
    }, ...await sourceSides(facts, component, key));
  }
  const others = [...managed.keys()].filter((key) => !done.has(key));
  const lock = join(root, relative(app.folder, dirname(facts.lock.path)));
  const strangers = await adapter.strangers(locked, files, others, { root, lock });
  for (const { package: key, from } of strangers) {
    const component = managed.get(key) ?? key;
    const { written = "" } = locked.find((it) => it.key === key) ?? {};
    const where = `comes from ${redact(from)} in the lock file`;
    const message = `${component} ${where}, not from where ${edited} says`;
    add(key, message, ...await sourceSides(facts, component, key), {
      component,
      file: facts.lock.path,
      ...await placeInLock(facts, { key, written }),
    });
  }
  return problems;
}

/** Where the app's files say, or would say, where a package comes from. */
async function sourceSides(
  { adapter: { sourcesAt }, app, pyproject }: Facts,
  component: string,
  key: string,
): Promise<readonly ProblemSide[]> {
  const { placeInToml, placeOfName } = await places();
  if (sourcesAt.length > 0) {
    const sources = peekDocument(pyproject)?.table(...sourcesAt) ?? {};
    const name = Object.keys(sources).find((it) => normalizeName(it) === key);
    // Of one that has lines of its own, the first says more than the header.
    const own = name === undefined
      ? []
      : [name, ...Object.keys(tableOf(sources[name])).slice(0, 1)];
    const place = placeInToml(pyproject, [...sourcesAt, ...own]);
    return [{ component, file: app.pyproject.path, ...place }];
  }
  const sides = app.edited.map(({ path: file, text = "" }) => ({
    component,
    file,
    ...placeOfName(text, key),
  }));
  const [first] = sides;
  const naming = sides.find((it) => it.line !== undefined) ?? first;
  return naming === undefined ? [] : [naming];
}

async function placeInLock(
  { adapter, lock: { text = "" } }: Facts,
  locked: Pick<LockedPackage, "key" | "written">,
): Promise<PlaceInFile | undefined> {
  return (await places()).placeAtLine(text, await adapter.lockLine(text, locked));
}
