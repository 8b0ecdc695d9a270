/**
 * Requirements (PEP 508, and the "Dependency specifiers" specification that follows it), read by recursive descent.
 *
 * @module
 */

import { NAME, NAME_PATTERN, normalizeName } from "../names.ts";
import type { Marker, MarkerComparison, MarkerOperator } from "./marker.ts";
import { ANY_VERSION, type Parsed, parseSpecifiers, type VersionSet } from "./specifiers.ts";
import { parseVersion } from "./versions.ts";

/** A requirement, read. */
export interface Requirement {
  /** The distribution's name as written. */
  readonly name: string;
  /** The name in the form in which names compare (PEP 503). */
  readonly key: string;
  /** The extras that are asked for, normalized (PEP 685). */
  readonly extras: readonly string[];
  /** The version specifiers as written, without parentheses; empty where there are none. */
  readonly specifier: string;
  /** The versions that the specifiers allow. */
  readonly versions: VersionSet;
  /** The URL of a direct reference. */
  readonly url: string | undefined;
  /** When the requirement holds; undefined: always. */
  readonly marker: Marker | undefined;
  /** The marker as written; empty where there is none. */
  readonly markerText: string;
}

/** What was read, by its text: many components write the same, and several views look at one file. */
const known = new Map<string, Parsed<Requirement>>();

/**
 * Reads a requirement such as `name[extra]>=1,<2; python_version < "3.12"` or `name @ url ; marker`.
 *
 * @param text The requirement.
 * @returns The requirement, or what is wrong with it.
 */
export function parseRequirement(text: string): Parsed<Requirement> {
  const parsed = known.get(text) ?? parse(text);
  known.set(text, parsed);
  return parsed;
}

function parse(text: string): Parsed<Requirement> {
  const [, name, specifier = ""] = PLAIN.exec(text) ?? [];
  if (name !== undefined) {
    const versions = parseSpecifiers(specifier);
    if (versions.ok) {
      const [key, url, marker] = [normalizeName(name), undefined, undefined];
      const value = { name, key, extras: [], specifier, versions: versions.value, url, marker };
      return { ok: true, value: { ...value, markerText: "" } };
    }
  }
  return read(() => new RequirementReader(text).readRequirement());
}

/**
 * Reads a marker on its own, such as an entry of `[tool.uv] environments`.
 *
 * @param text The marker.
 * @returns The marker, undefined where it always holds, or what is wrong with it.
 */
export function parseMarker(text: string): Parsed<Marker | undefined> {
  return read(() => new RequirementReader(text).readWholeMarker());
}

function read<T>(descend: () => T): Parsed<T> {
  try {
    return { ok: true, value: descend() };
  } catch (error) {
    if (error instanceof Unreadable) return { ok: false, reason: error.message };
    throw error;
  }
}

/** A name with specifiers: most requirements are no more, and there are thousands of them. */
const PLAIN = new RegExp(`^(${NAME})\\s*([<>=!~][^;()\\s]+)?$`);

const LEADING_NAME = new RegExp(NAME, "y");

/** Ends the descent; it never leaves this module. */
class Unreadable extends Error {}

const VARIABLES: ReadonlySet<string> = new Set([
  "python_version",
  "python_full_version",
  "os_name",
  "sys_platform",
  "platform_release",
  "platform_system",
  "platform_version",
  "platform_machine",
  "platform_python_implementation",
  "implementation_name",
  "implementation_version",
  "extra",
]);

/** The names of before PEP 508, which old files still use. */
const OLD_VARIABLES: Readonly<Record<string, string>> = {
  "os.name": "os_name",
  "sys.platform": "sys_platform",
  "platform.version": "platform_version",
  "platform.machine": "platform_machine",
  "platform.python_implementation": "platform_python_implementation",
  "python_implementation": "platform_python_implementation",
};

/** The operator that says the same with its sides exchanged. */
const MIRRORED: Readonly<Partial<Record<MarkerOperator, MarkerOperator>>> = {
  "<": ">",
  "<=": ">=",
  ">": "<",
  ">=": "<=",
};

interface Operand {
  readonly isVariable: boolean;
  readonly text: string;
}

/** Far more comparisons and parentheses than any marker has, far fewer than the stack bears. */
const MAX_TERMS = 1000;

class RequirementReader {
  readonly #text: string;
  #at = 0;
  #terms = 0;

  constructor(text: string) {
    this.#text = text;
  }

  readRequirement(): Requirement {
    this.#skipSpace();
    const name = this.#take(LEADING_NAME) ??
      this.#fail("a name is expected");
    this.#skipSpace();
    const extras = this.#readExtras();
    this.#skipSpace();
    let url: string | undefined;
    let specifier = "";
    if (this.#take(/@/y) !== undefined) {
      this.#skipSpace();
      url = this.#take(/\S+/y) ?? this.#fail("a URL is expected");
    } else specifier = this.#readSpecifiers();
    const versions = specifier === ""
      ? { ok: true as const, value: ANY_VERSION }
      : parseSpecifiers(specifier);
    if (!versions.ok) throw new Unreadable(versions.reason);
    this.#skipSpace();
    let marker: Marker | undefined;
    let markerText = "";
    if (this.#take(/;/y) !== undefined) {
      markerText = this.#text.slice(this.#at).trim();
      marker = this.#readOr();
      this.#skipSpace();
    }
    if (this.#at < this.#text.length) this.#fail("the end is expected");
    const key = normalizeName(name);
    return { name, key, extras, specifier, versions: versions.value, url, marker, markerText };
  }

  readWholeMarker(): Marker | undefined {
    const marker = this.#readOr();
    this.#skipSpace();
    if (this.#at < this.#text.length) this.#fail("the end is expected");
    return marker;
  }

  #readExtras(): readonly string[] {
    if (this.#take(/\[/y) === undefined) return [];
    const body = this.#take(/[^\]]*\]/y) ?? this.#fail("] is expected");
    const inner = body.slice(0, -1).trim();
    if (inner === "") return [];
    const extras = inner.split(",").map((extra) => extra.trim());
    for (const extra of extras) {
      if (!NAME_PATTERN.test(extra)) {
        throw new Unreadable(`"${extra}" is not an extra's name`);
      }
    }
    return [...new Set(extras.map(normalizeName))];
  }

  #readSpecifiers(): string {
    if (this.#take(/\(/y) !== undefined) {
      const body = this.#take(/[^)]*\)/y) ?? this.#fail(") is expected");
      return body.slice(0, -1).trim();
    }
    if (!/[<>=!~]/.test(this.#text[this.#at] ?? "")) return "";
    return (this.#take(/[^;]+/y) ?? "").trim();
  }

  #readOr(): Marker | undefined {
    let left = this.#readAnd();
    while (this.#takeWord("or")) left = join("or", left, this.#readAnd());
    return left;
  }

  #readAnd(): Marker | undefined {
    let left = this.#readTerm();
    while (this.#takeWord("and")) left = join("and", left, this.#readTerm());
    return left;
  }

  #readTerm(): Marker | undefined {
    if (++this.#terms > MAX_TERMS) {
      throw new Unreadable(`its marker has more than ${MAX_TERMS} parts`);
    }
    this.#skipSpace();
    if (this.#take(/\(/y) !== undefined) {
      const marker = this.#readOr();
      this.#skipSpace();
      if (this.#take(/\)/y) === undefined) this.#fail(") is expected");
      return marker;
    }
    return compare(this.#readOperand(), this.#readOperator(), this.#readOperand());
  }

  #readOperand(): Operand {
    this.#skipSpace();
    const quoted = this.#take(/'[^']*'|"[^"]*"/y);
    if (quoted !== undefined) return { isVariable: false, text: quoted.slice(1, -1) };
    const start = this.#at;
    const word = this.#take(/[A-Za-z_.]+/y) ??
      this.#fail("a marker variable or a text is expected");
    const text = OLD_VARIABLES[word] ?? word;
    if (!VARIABLES.has(text)) {
      this.#at = start;
      this.#fail(`"${word}" is not a marker variable`);
    }
    return { isVariable: true, text };
  }

  #readOperator(): MarkerOperator {
    this.#skipSpace();
    const symbol = this.#take(/===|==|~=|!=|<=|>=|<|>/y);
    if (symbol !== undefined) return symbol as MarkerOperator;
    if (this.#take(/in\b/y) !== undefined) return "in";
    if (this.#take(/not[ \t]+in\b/y) !== undefined) return "not in";
    return this.#fail("a comparison is expected");
  }

  #takeWord(word: "and" | "or"): boolean {
    this.#skipSpace();
    return this.#take(word === "and" ? /and\b/y : /or\b/y) !== undefined;
  }

  #skipSpace(): void {
    while (/\s/.test(this.#text[this.#at] ?? "")) this.#at++;
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match === null) return undefined;
    this.#at += match[0].length;
    return match[0];
  }

  #fail(expected: string): never {
    throw new Unreadable(`${expected} at column ${this.#at + 1}`);
  }
}

/** Two markers as one; one that says nothing is left out, as uv does. */
function join(
  kind: "and" | "or",
  left: Marker | undefined,
  right: Marker | undefined,
): Marker | undefined {
  return left === undefined ? right : right === undefined ? left : { kind, left, right };
}

/** A comparison; undefined where it says nothing: uv passes over what it cannot make sense of. */
function compare(left: Operand, operator: MarkerOperator, right: Operand): Marker | undefined {
  const isReversed = !left.isVariable;
  const [variable, literal] = isReversed ? [right, left] : [left, right];
  // Two texts, or two variables: nothing in an environment decides such a comparison.
  if (!variable.isVariable || literal.isVariable) return undefined;
  const comparison: MarkerComparison = {
    kind: "compare",
    variable: variable.text,
    operator: isReversed ? MIRRORED[operator] ?? operator : operator,
    value: literal.text,
    isReversed,
  };
  return makesSense(comparison) ? comparison : undefined;
}

/** The variables that compare as versions whatever they are compared with. */
const PYTHON_VARIABLES: ReadonlySet<string> = new Set(["python_version", "python_full_version"]);

function makesSense({ variable, operator, value, isReversed }: MarkerComparison): boolean {
  const isList = operator === "in" || operator === "not in";
  if (!PYTHON_VARIABLES.has(variable)) return operator !== "~=";
  if (!isList) {
    return parseSpecifiers(`${operator}${value}`).ok && !isOrderedWildcard(operator, value);
  }
  return !isReversed &&
    value.split(/\s+/).every((item) => item === "" || parseVersion(item) !== undefined);
}

/** What is let pass in a requirement, is not in a marker. */
function isOrderedWildcard(operator: MarkerOperator, value: string): boolean {
  return value.trim().endsWith(".*") && operator !== "==" && operator !== "!=";
}
