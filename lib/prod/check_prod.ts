/**
 * Whether an app is fit for others: nothing in it comes from one developer's machine.
 *
 * @module
 */

import type { AppFiles, CompleteAdapter } from "../adapters/adapter.ts";
import type { Manifest, ManifestPackage } from "../manifest/model.ts";
import { standsIn, writtenForm } from "../manifest/stand_ins.ts";
import { describePin } from "../packages/describe_pin.ts";
import type { Problem } from "../reconcile/problem.ts";
import { textsOf } from "../table.ts";
import { describeLocalSource, findDevSources, type ManagedSource } from "./dev_sources.ts";

/**
 * The packages in dev mode, those of which hsm.local.yaml says something that others would get, and the dev sources in the
 * app's files: those of managed packages, and any path that leaves the root or leads into the folder of checkouts. Pure.
 *
 * @param manifest The manifest.
 * @param shared What hsm.yaml says by itself.
 * @param files The app's files.
 */
export async function checkProd(
  adapter: CompleteAdapter,
  manifest: Manifest,
  shared: Manifest,
  files: AppFiles,
): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  for (const [index, it] of manifest.packages.entries()) {
    const { name } = it;
    // For others only hsm.yaml counts; a personal prod mode hides nothing from them.
    const theirs = shared.packages[index];
    if (theirs?.mode === "dev" && !standsIn(theirs)) {
      const fix = `run \`hsm prod --shared ${name}\``;
      problems.push(devSource(name, "hsm.yaml", `${name} is in dev mode`, fix));
    } else if (it.mode === "dev" && !standsIn(it)) {
      const fix = `run \`hsm prod ${name}\``;
      problems.push(devSource(name, "hsm.local.yaml", `${name} is in dev mode`, fix));
    } else if (theirs !== undefined) {
      problems.push(...ownSettings(it, theirs));
    }
  }
  const notes = manifest.packages.flatMap((it, index) => {
    const theirs = shared.packages[index];
    if (theirs !== undefined && standsIn(theirs)) return standInNote(theirs, "hsm.yaml");
    return standsIn(it) ? standInNote(it, "hsm.local.yaml") : [];
  });
  // Its source follows from its mode.
  const told = new Set(problems.map((it) => it.sides[0]?.component));
  const { packagesDir } = manifest;
  const managed = new Map(writtenForm(manifest).packages.map((it) => [it.key, it.name]));
  const among = { managed, packagesDir };
  const found = await findDevSources(adapter, files, among);
  for (const source of found) {
    const { name, isManaged, file } = source;
    if (isManaged && told.has(name)) continue;
    const message = `${describeLocalSource(source)} in ${file}`;
    problems.push(devSource(name, file, message, devFix(adapter, source)));
  }
  return [...problems, ...notes];
}

/** A word on a checkout that stands in: nobody else gets anything of it. */
export function standInNote({ name, pin, path }: ManifestPackage, file: string): Problem {
  const files = pin === undefined ? "as they are without it" : `at ${describePin(pin)}`;
  return {
    code: "dev-source",
    severity: "warning",
    message: `${path} stands in for ${name}; the app's files stay ${files}`,
    sides: [{ component: name, file }],
    fix: "nothing is to be done for others",
  };
}

/** What of a package goes into the app's files in prod mode, besides its name, in words. */
const COMMITTED = {
  git: "another repository",
  pin: "another pin",
  subdirectory: "another subdirectory",
  lfs: "another `lfs`",
  extras: "other extras",
  group: "another group",
  require: "another `require`",
} as const;

/** What one developer's settings make of a package that others get as hsm.yaml says. */
function ownSettings(own: ManifestPackage, theirs: ManifestPackage): readonly Problem[] {
  const keys = Object.keys(COMMITTED) as (keyof typeof COMMITTED)[];
  const other = keys.filter((key) => JSON.stringify(own[key]) !== JSON.stringify(theirs[key]));
  if (other.length === 0) return [];
  const what = other.map((key) => COMMITTED[key]).join(", ");
  const fix =
    "take it out of hsm.local.yaml, and run `hsm sync`; or write it into hsm.yaml for all";
  return [devSource(own.name, "hsm.local.yaml", `hsm.local.yaml gives ${own.name} ${what}`, fix)];
}

/** What to do about a dev source. */
export function devFix(
  { sourcesAt }: Pick<CompleteAdapter, "sourcesAt">,
  { name, isManaged, at, file }: Pick<ManagedSource, "name" | "isManaged" | "at" | "file">,
): string {
  if (isManaged) return `run \`hsm prod ${name}\``;
  const list = textsOf(at);
  const isSource = sourcesAt.length > 0 && sourcesAt.every((key, index) => list[index] === key);
  const table = isSource ? sourcesAt : list;
  const where = table.length === 0 ? file : `[${table.join(".")}]`;
  return `take its source out of ${where}, or name ${name} in hsm.yaml`;
}

function devSource(component: string, file: string, message: string, fix: string): Problem {
  return { code: "dev-source", severity: "error", message, sides: [{ component, file }], fix };
}
