/**
 * Sources written for pip: the files of HSM's own, and what is set aside in the user's. Pure: texts in, texts out.
 *
 * @module
 */

import type { Change } from "../../change.ts";
import { normalizeName } from "../../names.ts";
import { packagesByName, unsupported } from "../../project/wishes.ts";
import { peekDocument } from "../../project/document.ts";
import { textsOf } from "../../table.ts";
import { parseRequirement } from "../../versions/requirement.ts";
import type { AppFiles, Wanted, WantedPackage, Written } from "../adapter.ts";
import { type Entry, entryLine } from "./entry.ts";
import { CONSTRAINTS, HATCH, REQUIREMENTS } from "./files.ts";
import { givesWay } from "./gives_way.ts";
import { hatchFiles } from "./hatch_settings.ts";
import { packageOf } from "./line_package.ts";
import { isProject } from "./project.ts";
import {
  isSameEntry,
  type OwnedEntries,
  ownedTexts,
  readOwned,
  refuseForeignLock,
} from "./owned_files.ts";
import { bringsOwned, type ReachedFile, reachedFiles } from "./reach.ts";
import { readRequirementFile, type RequirementLine } from "./requirement_file.ts";
import { linesAside, putBack, setAside } from "./set_aside.ts";

/** The files that HSM writes into. */
export async function editedFiles(files: AppFiles): Promise<readonly string[]> {
  const reached = await reachedFiles(files).catch(() => []);
  const hatch = await hatchFiles(files, files.environment === HATCH);
  return [REQUIREMENTS, CONSTRAINTS, ...reached.map((it) => it.path), ...hatch];
}

/** The files as they are to be. */
export async function writeSources(files: AppFiles, { packages }: Wanted): Promise<Written> {
  const before = await readOwned(files, new Set(packages.map((it) => normalizeName(it.name))));
  const reached = await reachedFiles(files);
  const { required, governed } = entriesFor(packages, before, await ownName(files));
  if (before.required.size + before.governed.size === 0 && required.length + governed.length > 0) {
    await refuseForeignLock(files);
  }
  const isBrought = bringsOwned(reached);
  const { requirements, constraints } = ownedTexts({
    ...{ required, governed, isBrought },
    isProject: await isProject(files) && !bringsApp(reached),
    hasRequirements: reached.length > 0 && !isBrought,
  });
  const texts = new Map<string, string | undefined>([
    [REQUIREMENTS, await keptAsIs(files, REQUIREMENTS, requirements)],
    [CONSTRAINTS, await keptAsIs(files, CONSTRAINTS, constraints)],
  ]);
  const changes = changesOf(before, { required, governed });
  const managed = new Set([...required, ...governed].map((it) => normalizeName(it.name)));
  await refuseOwnSources(files, managed);
  for (const file of reached) {
    const text = await withAside(file, files, managed);
    if (text === file.text) continue;
    texts.set(file.path, text);
    changes.push(...await asideChanges(file, text, files));
  }
  const isHatchs = managed.size > 0 && await isHatchTold(files);
  if ((await hatchFiles(files, isHatchs)).length === 0) return { texts, changes };
  const { writeHatchLines } = await import("./hatch_lines.ts");
  const hatch = await writeHatchLines(files, isHatchs ? packages : undefined);
  return {
    texts: new Map([...texts, ...hatch.texts]),
    changes: [...changes, ...hatch.changes],
  };
}

/** Whether Hatch is to be told; what it has been told stays where only one's own part of the manifest speaks against it. */
async function isHatchTold(files: AppFiles): Promise<boolean> {
  if (files.environment === HATCH) return true;
  if ((await hatchFiles(files, false)).length === 0) return false;
  return await files.sharedEnvironment?.() === HATCH;
}

/** What the manifest's packages come to; what is to stay as it is is what was written before. */
function entriesFor(
  packages: readonly WantedPackage[],
  before: OwnedEntries,
  own: string | undefined,
): Readonly<Record<"required" | "governed", readonly Entry[]>> {
  const required: Entry[] = [];
  const governed: Entry[] = [];
  for (const [key, it] of packagesByName(packages, own)) {
    const { name, source, extras, group } = it;
    if (group !== undefined) {
      throw unsupported(
        `pip knows no dependency groups, and ${name} is to be in ${group}`,
        `take \`group\` of ${name} out of hsm.yaml`,
      );
    }
    const kept = before.required.get(key) ?? before.governed.get(key);
    const entry = source === undefined ? kept : { name, source, extras };
    if (entry === undefined) continue;
    // pip takes no editable constraint.
    const isRequired = source === undefined
      ? before.required.has(key)
      : it.require || source.kind === "path";
    (isRequired ? required : governed).push(entry);
  }
  return { required, governed };
}

/** What pyproject.toml itself has from somewhere pip would have to take from two places; it is the app's published word. */
async function refuseOwnSources(files: AppFiles, managed: ReadonlySet<string>): Promise<void> {
  const text = await files.pyproject();
  const list = peekDocument(text)?.value(["project", "dependencies"]);
  for (const it of textsOf(list)) {
    const parsed = parseRequirement(it);
    if (!parsed.ok || parsed.value.url === undefined || !managed.has(parsed.value.key)) continue;
    const { name } = parsed.value;
    throw unsupported(
      `project.dependencies in pyproject.toml has ${name} from ${parsed.value.url}, and pip cannot overrule that`,
      `require ${name} by its name alone there: hsm.yaml says where it comes from`,
    );
  }
}

/** Git may have changed the ends of lines, which is no change of HSM's. */
async function keptAsIs(
  files: AppFiles,
  file: string,
  text: string | undefined,
): Promise<string | undefined> {
  const present = await files.read(file);
  return present?.replaceAll("\r\n", "\n") === text ? present : text;
}

function changesOf(
  before: OwnedEntries,
  after: Readonly<Record<"required" | "governed", readonly Entry[]>>,
): Change[] {
  const changes: Change[] = [];
  const left = new Map([...before.governed, ...before.required]);
  const wasRequired = new Set(before.required.keys());
  for (const [place, entries] of Object.entries(after)) {
    for (const entry of entries) {
      const key = normalizeName(entry.name);
      const was = left.get(key);
      left.delete(key);
      const isRequired = place === "required";
      if (was !== undefined && isSameEntry(was, entry) && wasRequired.has(key) === isRequired) {
        continue;
      }
      changes.push({
        package: entry.name,
        what: "source",
        ...was === undefined
          ? { action: "add" as const }
          : { action: "replace" as const, from: entryLine(was) },
        to: entryLine(entry),
      });
    }
  }
  for (const entry of left.values()) {
    changes.push({
      package: entry.name,
      what: "source",
      action: "remove",
      from: entryLine(entry),
    });
  }
  return changes;
}

/** The name of the app itself; undefined where it has none. */
async function ownName(files: AppFiles): Promise<string | undefined> {
  const name = peekDocument(await files.pyproject())?.string("project", "name");
  return name === undefined ? undefined : normalizeName(name);
}

/** Whether the app's own files bring the app itself. */
function bringsApp(reached: readonly ReachedFile[]): boolean {
  return reached.some(({ text, isRequired }) =>
    isRequired &&
    readRequirementFile(text).some(({ kind, value }) =>
      (kind === "editable" || kind === "requirement") && /^\.\/?(?:\[[^\]]*\])?$/.test(value)
    )
  );
}

/** A file of the user's with what speaks against the manifest set aside. */
async function withAside(
  file: ReachedFile,
  files: AppFiles,
  managed: ReadonlySet<string>,
): Promise<string> {
  const meant = new Set<number>();
  for (const line of readRequirementFile(putBack(file.text))) {
    const found = await packageOf(line, files);
    if (found === undefined || !managed.has(found.key)) continue;
    if (givesWay(line, file, found)) meant.add(line.first);
  }
  return setAside(file.text, (it) => meant.has(it.first));
}

/** What was set aside, and put back. */
async function asideChanges(
  { path, text }: ReachedFile,
  after: string,
  files: AppFiles,
): Promise<readonly Change[]> {
  const [was, is] = [text, after].map(linesAside);
  const what = `line of ${path}`;
  const notIn = (lines: readonly RequirementLine[], others: readonly RequirementLine[]) =>
    Promise.all(
      lines.filter((it) => !others.some(({ value }) => value === it.value)).map(async (it) => ({
        package: (await packageOf(it, files))?.key ?? it.value,
        value: it.kind === "editable" ? `-e ${it.value}` : it.value,
      })),
    );
  const [taken, given] = await Promise.all([notIn(is!, was!), notIn(was!, is!)]);
  return [
    ...taken.map((it) =>
      ({ package: it.package, what, action: "remove", from: it.value }) as const
    ),
    ...given.map((it) => ({ package: it.package, what, action: "add", to: it.value }) as const),
  ];
}
