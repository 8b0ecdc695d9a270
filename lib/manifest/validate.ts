/**
 * One manifest file: from its text to checked data, with every problem found.
 *
 * @module
 */

import { normalizeName } from "../names.ts";
import { describeConflict, findConflicts, settleHint } from "../text/conflict.ts";
import { Lines } from "../text/lines.ts";
import { suggest } from "../text/suggest.ts";
import type { FileFindings, Finding, ManifestFile } from "./problem.ts";
import {
  type Located,
  type LocatedEntry,
  packageEntries,
  readYaml,
  type YamlFile,
} from "./read_yaml.ts";
import { packageNameProblem } from "./rules.ts";
import { MANIFEST_KEYS, manifestSchema, PACKAGE_KEYS, type RawManifest } from "./schema.ts";
import { listChoices, quoteForMessage } from "./quote.ts";
import { findSecrets as secretsIn, type Span } from "../text/redact.ts";
import type { core } from "./zod.ts";

/** A manifest file, checked. */
export interface ValidatedFile extends FileFindings {
  /** The YAML, as read. */
  readonly yaml: YamlFile;
  /** The data; undefined where anything is wrong. */
  readonly data: RawManifest | undefined;
  /** The package entries with their places, in order. */
  readonly packages: readonly LocatedEntry[];
}

type Path = readonly (string | number)[];

/** Where a plain `1.10` or `true` is meant as text: names and pins. */
const TEXT_KEYS = new Set(["tag", "rev", "branch", "tag_prefix", "checkout", "group"]);

/**
 * Reads and checks one file of a manifest; never throws.
 *
 * @param adapters The package managers that it may name; undefined: whichever it does.
 */
export function validateFile(
  file: ManifestFile,
  adapters?: readonly string[],
): ValidatedFile {
  const validated = validate(file, adapters);
  if (validated.findings.length === 0) return validated;
  const conflicts = conflictFindings(file);
  // What else is wrong is so because of them.
  return conflicts.length === 0 ? validated : { ...validated, packages: [], findings: conflicts };
}

function conflictFindings({ path, text }: ManifestFile): Finding[] {
  const lines = new Lines(text);
  return findConflicts(text).map((conflict) => ({
    span: { start: lines.start(conflict[0]!), end: lines.start(conflict[0]! + 1) },
    path: [],
    message: describeConflict(conflict),
    hint: settleHint(path),
  }));
}

function validate(file: ManifestFile, adapters: readonly string[] | undefined): ValidatedFile {
  const yaml = readYaml(file.text);
  const secrets = yaml.root === undefined ? [] : findSecrets(yaml.root);
  const findings: Finding[] = yaml.problems.map((problem) => ({ ...problem, path: [] }));
  if (findings.length > 0 || isEmpty(yaml.root)) {
    const data = findings.length > 0 ? undefined : {};
    return { file, yaml, data, packages: [], findings, secrets };
  }
  const root = yaml.root!;
  const packages = packageEntries(root);
  findings.push(...nameFindings(packages), ...pinFindings(packages));
  if (adapters !== undefined) findings.push(...adapterFindings(root, adapters));
  const result = manifestSchema.safeParse(toData(root, []));
  if (!result.success) {
    for (const issue of result.error.issues) findings.push(...explain(issue, root, []));
  }
  const data = result.success && findings.length === 0 ? result.data : undefined;
  return { file, yaml, data, packages, findings, secrets };
}

function isEmpty(root: Located | undefined): boolean {
  return root === undefined || (root.kind === "scalar" && root.value === null);
}

/** The value as plain data. In the places of names and pins a number or boolean is the text that the file has. */
export function toData(value: Located, path: Path): unknown {
  if (value.kind === "scalar") {
    const { source } = value;
    const isWord = typeof value.value !== "string" && value.value !== null && isTextPlace(path);
    return isWord ? source : value.value;
  }
  if (value.kind === "list") {
    return value.items.map((item, index) => toData(item, [...path, index]));
  }
  const data: Record<string, unknown> = {};
  for (const { key, value: inner } of value.entries.values()) {
    // A wrong name has its own finding; `__proto__` must not become a prototype.
    if (path.length === 1 && path[0] === "packages" && packageNameProblem(key) !== undefined) {
      continue;
    }
    Object.defineProperty(data, key, {
      value: toData(inner, [...path, key]),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return data;
}

function isTextPlace(path: Path): boolean {
  if (path[0] !== "packages") return false;
  if (path.length === 2) return true;
  if (path.length === 3) return TEXT_KEYS.has(String(path[2]));
  return path.length === 4 && path[2] === "extras";
}

function nameFindings(packages: readonly LocatedEntry[]): Finding[] {
  const seen = new Map<string, string>();
  return packages.flatMap(({ key, keySpan }): Finding[] => {
    const path = ["packages", key];
    const problem = packageNameProblem(key);
    if (problem !== undefined) return [{ ...problem, span: keySpan, path }];
    const other = seen.get(normalizeName(key));
    seen.set(normalizeName(key), other ?? key);
    if (other === undefined) return [];
    const message = `${quoteForMessage(key)} and ${quoteForMessage(other)} are the same package`;
    return [{ message, span: keySpan, path }];
  });
}

function pinFindings(packages: readonly LocatedEntry[]): Finding[] {
  return packages.flatMap(({ key, value }): Finding[] => {
    if (value.kind !== "map") return [];
    const pins = [...value.entries.values()].filter((entry) =>
      ["tag", "rev", "branch"].includes(entry.key)
    );
    return pins.slice(1).map((pin) => ({
      span: pin.keySpan,
      path: ["packages", key, pin.key],
      message: `expected one of \`tag\`, \`rev\`, \`branch\`, got \`${pin.key}\` beside \`${
        pins[0]!.key
      }\``,
      expected: "one of `tag`, `rev`, `branch`",
    }));
  });
}

function adapterFindings(root: Located, adapters: readonly string[]): Finding[] {
  const value = root.kind === "map" ? root.entries.get("adapter")?.value : undefined;
  if (value?.kind !== "scalar" || typeof value.value !== "string") return [];
  return adapters.includes(value.value) ? [] : [wrongChoice(adapters, value, ["adapter"])];
}

/** The scalars, keys included, that may hold a token or a password. */
function findSecrets(root: Located): Span[] {
  const secrets: Span[] = [];
  const add = (text: string, span: Span) => {
    if (secretsIn(text, { strict: true }).length > 0) secrets.push(span);
  };
  const visit = (value: Located): void => {
    if (value.kind === "scalar") return add(value.source, value.span);
    if (value.kind === "list") return value.items.forEach(visit);
    for (const entry of value.entries.values()) {
      add(entry.key, entry.keySpan);
      visit(entry.value);
    }
  };
  visit(root);
  return secrets;
}

const KINDS: Readonly<Record<string, string>> = {
  string: "a string",
  boolean: "`true` or `false`",
  array: "a list",
  object: "keys with values",
};

function explain(issue: core.$ZodIssue, root: Located, base: Path): Finding[] {
  const path = [...base, ...issue.path as (string | number)[]];
  const entry = lookUp(root, path);
  if (issue.code === "invalid_union") {
    // The branch that the value was meant for is the one that does not refuse its kind.
    const meant = issue.errors.find((branch) =>
      !branch.some((inner) => inner.code === "invalid_type" && inner.path.length === 0)
    );
    if (meant !== undefined) return meant.flatMap((inner) => explain(inner, root, path));
    const expected = path.length === 1 ? "names with pins or keys" : "a tag, a commit or keys";
    return [wrongKind(expected, entry.value, path)];
  }
  if (issue.code === "unrecognized_keys") {
    const known = path.length === 0 ? MANIFEST_KEYS : PACKAGE_KEYS;
    return issue.keys.map((key) => unknownKey(key, known, root, path));
  }
  if (issue.code === "invalid_value") {
    return [wrongChoice(issue.values.map(String), entry.value, path)];
  }
  if (issue.code === "invalid_type") {
    const expected = KINDS[issue.expected] ?? issue.expected;
    const finding = wrongKind(expected, entry.value, path);
    const isBare = issue.expected === "string" && entry.value.kind === "scalar" &&
      entry.value.source !== "";
    return [isBare ? { ...finding, message: `${finding.message}: put it in quotes` } : finding];
  }
  const params = issue.code === "custom" ? issue.params : {};
  return [{ span: entry.value.span, path, message: issue.message, ...params }];
}

function wrongChoice(choices: readonly string[], value: Located, path: Path): Finding {
  const finding = wrongKind(listChoices(choices), value, path);
  const suggestion = value.kind === "scalar" ? suggest(value.source, choices) : undefined;
  if (suggestion === undefined) return finding;
  return { ...finding, message: `${finding.message}, did you mean \`${suggestion}\`?`, suggestion };
}

function wrongKind(expected: string, value: Located, path: Path): Finding {
  const message = `expected ${expected}, got ${describe(value)}`;
  return { span: value.span, path, message, expected };
}

function describe(value: Located): string {
  if (value.kind === "list") return "a list";
  if (value.kind === "map") return "keys with values";
  if (value.value === null && value.source === "") return "nothing";
  if (value.source === "") return "an empty text";
  return quoteForMessage(value.source);
}

function unknownKey(key: string, known: readonly string[], root: Located, path: Path): Finding {
  const suggestion = suggest(key, known);
  const { keySpan: span } = lookUp(root, [...path, key]);
  const expected = listChoices(known);
  const rest = suggestion === undefined
    ? `expected ${expected}`
    : `did you mean \`${suggestion}\`?`;
  const message = `unknown key ${quoteForMessage(key)}, ${rest}`;
  return { span, path: [...path, key], message, expected, suggestion };
}

/** The value at a path, or the nearest one above it. */
function lookUp(root: Located, path: Path): { readonly value: Located; readonly keySpan: Span } {
  let found = { value: root, keySpan: root.span };
  for (const part of path) {
    const { value } = found;
    if (value.kind === "list") {
      const item = value.items[Number(part)];
      if (item === undefined) return found;
      found = { value: item, keySpan: item.span };
    } else if (value.kind === "map") {
      const entry = value.entries.get(String(part));
      if (entry === undefined) return found;
      found = entry;
    }
  }
  return found;
}
