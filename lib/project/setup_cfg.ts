/**
 * Reading setuptools' setup.cfg: the values that are written out in it, the way setuptools reads them.
 *
 * It is not known which setuptools will read them, and a setup.py beside it may say otherwise. So whatever cannot be
 * read is left to uv, and is no error.
 *
 * @module
 */

import { given } from "../given.ts";
import { type Config, type ConfigRow, type ConfigValue, parseConfig } from "./config_parser.ts";
import type { ComponentMetadata, MetadataField } from "../reconcile/model.ts";
import type { Problem } from "../reconcile/problem.ts";
import { type MetadataFile, type MetadataResult, unreadable } from "./metadata_file.ts";
import { pickLines } from "./metadata_reader.ts";
import { parseRequirement } from "../versions/requirement.ts";
import { parseSpecifiers } from "../versions/specifiers.ts";
import { formatVersion, parseVersion } from "../versions/versions.ts";

/** What a setup.py beside a setup.cfg can do to it: there is none, it does nothing, or it is a program that may say anything. */
export type SetupPy = "none" | "bare" | "program";

/**
 * What kind of setup.py it is.
 *
 * @param text Its text; undefined where there is none.
 */
export function kindOfSetupPy(text: string | undefined): SetupPy {
  if (text === undefined) return "none";
  if (text.length > LONGEST) return "program";
  const code = text.replace(/^\uFEFF/, "").replace(/^\s*(?:#.*)?$/gm, "").trim();
  return BARE.test(code) ? "bare" : "program";
}

/** Longer than any requirement, or a setup.py that does nothing, in characters; what is longer takes too long to read. */
const LONGEST = 10_000;

/** Nothing but a call of setup() without arguments; most files are like that where there is a setup.cfg. */
const BARE = new RegExp(
  [
    `^(?:("""|''')[^"'\\\\]*\\1\\s*)?`,
    String.raw`(?:from __future__ import \w+\s+)?`,
    String.raw`(?:import setuptools|from setuptools import setup)\s*(?:#.*\s+)?`,
    String.raw`(?:if __name__ == (["'])__main__\2:\s*)?(?:#.*\s+)?`,
    String.raw`(?:setuptools\.)?setup\(\s*\)\s*(?:#.*)?$`,
  ].join(""),
);

/**
 * Reads a setup.cfg. What is computed (`attr:`, `file:`) counts as dynamic.
 *
 * @param file The file.
 * @param setupPy What kind of setup.py lies beside it.
 */
export function readSetupCfg(file: MetadataFile, setupPy: SetupPy): MetadataResult {
  const parsed = parseConfig(file.text);
  if (!parsed.ok) {
    const problem = unreadable(file, `line ${parsed.line}`, parsed.reason, parsed.line);
    return { metadata: undefined, problems: [problem] };
  }
  const reader = new SetupReader(file, parsed.config);
  const name = reader.text("metadata", "name", "name");
  const version = reader.version();
  const requiresPython = reader.python();
  const dependencies = reader.requirements("options", "install_requires", "dependencies");
  const optionalDependencies: Record<string, readonly string[]> = {};
  for (const extra of parsed.config.get("options.extras_require")?.keys() ?? []) {
    const path = `optional-dependencies.${extra}`;
    optionalDependencies[extra] = reader.requirements("options.extras_require", extra, path) ?? [];
  }
  if (setupPy === "program") {
    // What is not written here may stand there.
    if (dependencies === undefined) reader.dynamic.add("dependencies");
    if (!parsed.config.has("options.extras_require")) reader.dynamic.add("optional-dependencies");
    if (requiresPython === undefined) reader.dynamic.add("requires-python");
  }
  const metadata: ComponentMetadata = {
    ...given({ name, version, requiresPython }),
    dependencies: dependencies ?? [],
    optionalDependencies,
    dynamic: [...reader.dynamic],
    ...(Object.keys(reader.unread).length === 0 ? {} : { unread: reader.unread }),
    sources: [],
    lines: reader.lines,
    ...(setupPy === "program" ? { guesses: FIELDS } : {}),
  };
  return { metadata, problems: reader.problems };
}

/**
 * What a `[project]` table leaves to setuptools, out of the setup.cfg beside it.
 *
 * @param project What the table says.
 * @param fields The fields that it leaves open.
 * @param file The setup.cfg, as messages name it.
 * @param cfg What the setup.cfg says; undefined where it cannot be read.
 */
export function completeMetadata(
  project: ComponentMetadata,
  fields: readonly MetadataField[],
  file: string,
  cfg: ComponentMetadata | undefined,
): ComponentMetadata {
  if (cfg === undefined) return project;
  const has = (field: MetadataField) => {
    if (field === "version") return cfg.version !== undefined;
    if (field === "requires-python") return cfg.requiresPython !== undefined;
    const list = field === "dependencies"
      ? cfg.dependencies
      : Object.keys(cfg.optionalDependencies);
    return list.length > 0 && !cfg.dynamic.includes(field);
  };
  const taken = fields.filter(has);
  const take = <T>(field: MetadataField, own: T, other: T) => taken.includes(field) ? other : own;
  const isTaken = (path: string) => taken.some((it) => path === it || path.startsWith(`${it}.`));
  const version = take("version", project.version, cfg.version);
  const requiresPython = take("requires-python", project.requiresPython, cfg.requiresPython);
  return {
    ...project,
    ...given({ version, requiresPython }),
    dependencies: take("dependencies", project.dependencies, cfg.dependencies),
    optionalDependencies: take(
      "optional-dependencies",
      project.optionalDependencies,
      cfg.optionalDependencies,
    ),
    dynamic: project.dynamic.filter((it) => !taken.includes(it as MetadataField)),
    unread: {
      ...project.unread,
      ...Object.fromEntries(fields.map((it) => [it, cfg.unread?.[it] ?? []])),
    },
    lines: pickLines([project.lines, (path) => !isTaken(path)], [cfg.lines, isTaken]),
    files: Object.fromEntries(taken.map((it) => [it, file])),
    guesses: taken.filter((it) => cfg.guesses?.includes(it)),
  };
}

/** What HSM reads of a setup.cfg. */
export const FIELDS: readonly MetadataField[] = [
  "name",
  "version",
  "requires-python",
  "dependencies",
  "optional-dependencies",
];

/**
 * A version with the tags of `[egg_info]`, which setuptools puts behind whatever version it has found.
 *
 * @param text The text of a setup.cfg.
 * @param version The version without them.
 * @returns undefined where the version depends on the day of the build, or is none.
 */
export function tagVersion(text: string, version: string): string | undefined {
  const parsed = parseConfig(text);
  return parsed.ok ? withTags(parsed.config, version) : undefined;
}

function withTags(config: Config, version: string): string | undefined {
  const tag = (key: string) => textOf(valueOf(config, "egg_info", key));
  if (/^(?:1|true|t|yes|y|on)$/i.test(tag("tag_date") ?? "")) return undefined;
  const build = tag("tag_build") ?? "";
  if (build === "") return version;
  const tail = parseVersion(`0${build}`);
  // A version that ends in its tag has it already.
  const isTagged = version.endsWith(build) ||
    (tail !== undefined && version.endsWith(formatVersion(tail).slice(1)));
  const tagged = isTagged ? version : `${version}${build}`;
  const parsed = parseVersion(tagged);
  return parsed === undefined ? undefined : formatVersion(parsed);
}

class SetupReader {
  readonly dynamic = new Set<string>();
  readonly unread: Partial<Record<MetadataField, readonly string[]>> = {};
  readonly lines: Record<string, number> = {};
  readonly problems: Problem[] = [];
  readonly #file: MetadataFile;
  readonly #config: Config;

  constructor(file: MetadataFile, config: Config) {
    this.#file = file;
    this.#config = config;
  }

  /** A value of one line. */
  text(section: string, key: string, path: MetadataField): string | undefined {
    const value = valueOf(this.#config, section, key);
    const text = textOf(value);
    if (text === undefined || this.#isElsewhere(text, path) || text.includes("%")) {
      this.dynamic.add(path);
      return undefined;
    }
    this.lines[path] = value!.find((row) => row.text !== "")!.line;
    return text;
  }

  version(): string | undefined {
    const written = this.text("metadata", "version", "version");
    if (written === undefined) return undefined;
    const line = this.lines["version"];
    const version = parseVersion(written) && withTags(this.#config, written);
    if (version !== undefined) return version;
    this.dynamic.add("version");
    if (parseVersion(written) === undefined) {
      this.#skip(`the version "${written}"`, "it does not follow PEP 440", line);
    }
    return undefined;
  }

  python(): string | undefined {
    if (valueOf(this.#config, "options", "python_requires") === undefined) return undefined;
    const text = this.text("options", "python_requires", "requires-python")?.replaceAll("\n", "");
    if (text === undefined) return undefined;
    const parsed = parseSpecifiers(text);
    if (parsed.ok) return text;
    this.#skip(`requires-python "${text}"`, parsed.reason, this.lines["requires-python"]);
    return undefined;
  }

  /** A list of requirements, without those that cannot be read; undefined where there is none. */
  requirements(section: string, key: string, path: string): readonly string[] | undefined {
    const value = valueOf(this.#config, section, key);
    if (value === undefined) return undefined;
    const field = path.split(".")[0] as MetadataField;
    if (this.#isElsewhere(textOf(value) ?? "", field)) {
      this.dynamic.add(field);
      return [];
    }
    const items: string[] = [];
    for (const { text, line } of joinLines(splitList(value))) {
      const parsed = text.includes("%")
        ? { ok: false as const, reason: "% is for setuptools to replace" }
        : parseRequirement(text);
      if (parsed.ok) {
        this.lines[`${path}.${items.length}`] = line;
        items.push(text);
      } else {
        this.#skip(`the requirement "${text}"`, parsed.reason, line);
      }
    }
    return items;
  }

  /** Whether a value only says where it is; whoever asks does without it. */
  #isElsewhere(text: string, field: MetadataField): boolean {
    const [, places] = /^(?:attr|file):(.*)$/s.exec(text) ?? [];
    if (places === undefined) return false;
    const names = places.split(/[,\n]/).map((it) => it.trim()).filter((it) => it !== "");
    this.unread[field] = [...this.unread[field] ?? [], ...names];
    return true;
  }

  #skip(what: string, reason: string, line: number | undefined): void {
    this.problems.push(unreadable(this.#file, what, reason, line));
  }
}

/** A value, by a key that older files write with `-` or capital letters. */
function valueOf(config: Config, section: string, key: string): ConfigValue | undefined {
  const values = config.get(section);
  if (section === "options.extras_require") return values?.get(key);
  for (const [name, value] of values ?? []) {
    if (name.replaceAll("-", "_").toLowerCase() === key) return value;
  }
  return undefined;
}

/** A value as one text; undefined where it is empty. */
function textOf(value: ConfigValue | undefined): string | undefined {
  const text = value?.map((row) => row.text).join("\n").trim() ?? "";
  return text === "" ? undefined : text;
}

/** A list is split by lines, or, where it has but one line, by semicolons: markers are for the first form. */
function splitList(rows: ConfigValue): readonly ConfigRow[] {
  const [first] = rows as readonly [ConfigRow];
  const list = rows.length > 1
    ? rows
    : first.text.split(";").map((text) => ({ text: text.trim(), line: first.line }));
  return list.filter(({ text }) => text !== "" && !text.startsWith("#"));
}

/** Takes comments away, and joins what a backslash goes on in the next line; it takes the character before it along. */
function joinLines(rows: readonly ConfigRow[]): readonly ConfigRow[] {
  const joined: ConfigRow[] = [];
  let open: ConfigRow | undefined;
  for (const { text, line } of rows) {
    const [bare = ""] = text.split(" #", 1);
    const row = open === undefined ? { text: bare, line } : { ...open, text: open.text + bare };
    const goesOn = row.text.endsWith("\\") && row.text.length < LONGEST;
    open = goesOn ? { ...row, text: row.text.slice(0, -2).trim() } : undefined;
    if (open === undefined) joined.push({ ...row, text: row.text.trim() });
  }
  return joined;
}
