/**
 * What of a pyproject.toml is the user's own, seen from the text that is committed. Pure.
 *
 * @module
 */

import { parseToml } from "../../toml/document.ts";
import { type Injection, type InjectionPlan, injectSources, readUvRecord } from "./inject.ts";
import { readUvProject } from "./project.ts";
import type { PackageRecord } from "../../project/record.ts";
import { sourceTable, type UvSource } from "./source_table.ts";
import { byKey, requirementName } from "../../names.ts";
import { isSame, useOf } from "./uses.ts";

const NOTHING: InjectionPlan = { packages: [], constraints: [], overrides: [], excludes: [] };

/**
 * The text with all that is HSM's as a committed text has it: what is left of the difference between the two are the
 * user's own edits. Where there are none it is the committed text itself.
 *
 * @param path The file, as messages name it.
 * @param committed The text as committed.
 * @param text The text as it stands, in whatever modes.
 * @returns undefined where that cannot be told: what is committed for a package is nothing that HSM writes.
 * @throws {HsmError} as `injectSources()`
 */
export function inCommittedForm(
  path: string,
  committed: string,
  text: string,
): string | undefined {
  const without = (it: string) => injectSources(it, NOTHING, path).text;
  if (text === committed || without(text) === without(committed)) return committed;
  const plan = planOf(committed, path);
  if (plan === undefined || injectSources(committed, plan, path).text !== committed) {
    return undefined;
  }
  return injectSources(text, plan, path).text;
}

/** The plan that a text is the outcome of, as its record tells. */
function planOf(text: string, path: string): InjectionPlan | undefined {
  const record = readUvRecord(parseToml(text, path));
  const sources = byKey(readUvProject(text, path).sources);
  const packages: Injection[] = [];
  for (const [key, owned] of record.packages) {
    const source = sourceOf(sources.get(key));
    if (source === undefined) return undefined;
    packages.push({ ...requirementOf(key, owned), group: owned.group, source });
  }
  const { constraints, overrides, excludes } = record.lists;
  return { packages, constraints, overrides, excludes };
}

function requirementOf(
  key: string,
  { requirement }: PackageRecord,
): Pick<Injection, "name" | "extras" | "require"> {
  if (requirement === undefined || requirementName(requirement) !== key) {
    return { name: key, extras: [], require: false };
  }
  const [, name = key, extras = ""] = /^([^[\s]+)(?:\[(.*)\])?$/.exec(requirement) ?? [];
  return { name, extras: extras.split(",").filter((it) => it !== ""), require: true };
}

/** A source as HSM writes it; undefined for any other. */
function sourceOf(value: unknown): UvSource | undefined {
  const use = useOf(value);
  if (use.kind === "foreign") return undefined;
  const source: UvSource = use.kind === "git"
    ? use
    : use.path === undefined
    ? { kind: "workspace", path: "" }
    : { kind: "path", path: use.path };
  return isSame(value, sourceTable(source)) ? source : undefined;
}
