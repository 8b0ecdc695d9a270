/**
 * mxdev's `mx.ini`.
 *
 * @module
 */

// @ts-types="@types/ini"
import { parse } from "ini";
import { HsmError } from "../../lib/errors.ts";
import { normalizeFolder } from "../../lib/manifest/rules.ts";
import type { ForeignFile, ForeignPackage, Skipped } from "../../lib/adapters/found_packages.ts";
import { gitRevision } from "../../lib/adapters/revision.ts";

/** One section's options, lower case, as Python's configparser has them. */
type Section = ReadonlyMap<string, string>;

/**
 * Reads the packages of an mx.ini. Pure.
 *
 * `${section:option}` is filled in as mxdev does. mxdev installs checkouts: so every package is in dev mode, and its
 * folder below `target` stays its place.
 *
 * @param file The file, as messages name it.
 * @throws {HsmError} `manifest-invalid`
 */
export function readMxIni(text: string, file: string): ForeignFile {
  const sections = readSections(text, file);
  const settings = sections.get("settings") ?? new Map();
  const packages: ForeignPackage[] = [];
  const skipped: Skipped[] = [];
  if (settings.has("include")) {
    skipped.push({ name: "[settings]", reason: "the files in `include` are not read" });
  }
  for (const name of sections.keys()) {
    if (name === "settings") continue;
    const option = (key: string) => interpolate(sections, name, key);
    const git = option("url");
    // A section without a URL holds options of somebody's own.
    if (git === undefined) continue;
    const reason = refusal(option, settings);
    if (reason !== undefined) {
      skipped.push({ name, reason });
      continue;
    }
    const target = option("target") ?? interpolate(sections, "settings", "default-target") ??
      "sources";
    const revision = option("rev") ?? option("revision") ?? option("branch") ?? "main";
    packages.push({
      name,
      git,
      version: gitRevision(revision),
      mode: "dev",
      path: normalizeFolder(`${target}/${name}`),
      subdirectory: option("subdirectory"),
      extras: option("extras")?.split(",").map((it) => it.trim()).filter((it) => it !== "") ?? [],
    });
  }
  return { file, packages, skipped };
}

function refusal(
  option: (key: string) => string | undefined,
  settings: Section,
): string | undefined {
  const vcs = option("vcs") ?? "git";
  if (vcs !== "git") return `it is kept in ${vcs}, not in git`;
  const isOff = (value: string | undefined) => /^(?:false|no|off|0)$/i.test(value ?? "");
  if (isOff(option("use") ?? settings.get("default-use"))) return "it is switched off (`use`)";
  if (option("install-mode") === "skip") return "it is not to be installed (`install-mode = skip`)";
  return undefined;
}

/** More than any name has, and fewer than the stack bears. */
const MAX_DOTS = 100;

/** The sections, by name. A dot in a section's name, which `ini` takes for nesting, is a dot. */
function readSections(text: string, file: string): ReadonlyMap<string, Section> {
  const sections = new Map<string, Map<string, string>>();
  const visit = (table: Readonly<Record<string, unknown>>, path: readonly string[]) => {
    if (path.length > MAX_DOTS) {
      throw new HsmError(
        "manifest-invalid",
        `Cannot read ${file}: a section's name has more than ${MAX_DOTS} dots`,
      );
    }
    for (const [key, value] of Object.entries(table)) {
      if (typeof value === "object" && value !== null && !Array.isArray(value)) {
        visit(value as Record<string, unknown>, [...path, key]);
      } else {
        const name = path.join(".");
        const section = sections.get(name) ?? new Map<string, string>();
        sections.set(name, section.set(key.toLowerCase(), String(value).trim()));
      }
    }
  };
  visit(parse(text.replace(/^\uFEFF/, "")), []);
  return sections;
}

/** How deep values may refer to values. */
const MAX_DEPTH = 10;

/** An option with `${option}` and `${section:option}` filled in; undefined where it is missing or empty. */
function interpolate(
  sections: ReadonlyMap<string, Section>,
  section: string,
  option: string,
  depth = 0,
): string | undefined {
  const value = sections.get(section)?.get(option);
  if (value === undefined || value === "" || depth > MAX_DEPTH) return undefined;
  return value.replace(/\$\{(?:([^:}]+):)?([^:}]+)\}/g, (whole, other: string | undefined, key) => {
    const name = key.toLowerCase();
    return interpolate(sections, other ?? section, name, depth + 1) ??
      interpolate(sections, "settings", name, depth + 1) ?? whole;
  });
}
