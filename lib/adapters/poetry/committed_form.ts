/**
 * What of a pyproject.toml is the user's own, seen from the text that is committed. Pure.
 *
 * @module
 */

import { normalizeName, requirementName } from "../../names.ts";
import { readRecord } from "../../project/record.ts";
import { tableOf, textsOf } from "../../table.ts";
import { parseToml } from "../../toml/document.ts";
import { type Injection, type InjectionPlan, injectSources } from "./inject.ts";
import { plain } from "./plain.ts";
import { isFrom, useOf } from "./source_table.ts";
import { SOURCES } from "./tables.ts";

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
  const without = (it: string) => injectSources(it, { packages: [] }, path).text;
  if (text === committed || without(text) === without(committed)) return committed;
  const plan = planOf(committed, path);
  if (plan === undefined || injectSources(committed, plan, path).text !== committed) {
    return undefined;
  }
  return injectSources(text, plan, path).text;
}

/** The plan that a text is the outcome of, as its record tells. */
function planOf(text: string, path: string): InjectionPlan | undefined {
  const document = parseToml(text, path);
  const table = tableOf(plain(document, SOURCES));
  const sources = new Map(Object.entries(table).map(([name, it]) => [normalizeName(name), it]));
  const packages: Injection[] = [];
  for (const [key, { requirement, group }] of readRecord(document, []).packages) {
    const value = sources.get(key);
    const use = useOf(value);
    if (use === undefined || use.kind === "foreign") return undefined;
    const source = use.kind === "git" ? use : { kind: "path", path: use.path ?? "" } as const;
    if (!isFrom(value, source)) return undefined;
    const isRequired = requirement !== undefined && requirementName(requirement) === key;
    const [, name = key, extras] = isRequired
      ? /^([^[\s]+)(?:\[(.*)\])?$/.exec(requirement) ?? []
      : [];
    packages.push({
      ...{ name, source, group, require: isRequired },
      extras: isRequired ? extras?.split(",") ?? [] : textsOf(tableOf(value)["extras"]),
    });
  }
  return { packages };
}
