/**
 * The environments that a check is made for, as bits of a whole number: a set of them is a `bigint`, and what holds in
 * two sets is `a & b`.
 *
 * @module
 */

import { normalizeName } from "../names.ts";
import { comparisonsOf, type Marker, type MarkerComparison } from "../versions/marker.ts";
import { containsVersion, parseSpecifiers, type VersionSet } from "../versions/specifiers.ts";
import { parseVersion } from "../versions/versions.ts";

/** One environment: the marker variables and their values. */
export type Environment = Readonly<Record<string, string>>;

/** Where each extra of a distribution is asked for. */
export type ExtraBits = ReadonlyMap<string, bigint>;

const NO_EXTRAS: ExtraBits = new Map();

function platform(
  os_name: string,
  sys_platform: string,
  platform_system: string,
  platform_machine: string,
): Environment {
  return { os_name, sys_platform, platform_system, platform_machine };
}

/** The platforms that count even where nobody names them. */
const PLATFORMS: readonly Environment[] = [
  platform("posix", "linux", "Linux", "x86_64"),
  platform("posix", "linux", "Linux", "aarch64"),
  platform("posix", "darwin", "Darwin", "x86_64"),
  platform("posix", "darwin", "Darwin", "arm64"),
  platform("nt", "win32", "Windows", "AMD64"),
  platform("nt", "win32", "Windows", "ARM64"),
];

const IMPLEMENTATIONS: Readonly<Record<string, string>> = {
  cpython: "CPython",
  pypy: "PyPy",
  graalpy: "GraalVM",
  jython: "Jython",
  ironpython: "IronPython",
};

const VERSION_VARIABLES: ReadonlySet<string> = new Set([
  "python_version",
  "python_full_version",
  "implementation_version",
]);

/** The environments of one check, and which of them a marker holds in. */
export class EnvironmentSet {
  /** Every environment of the set. */
  readonly all: bigint;
  readonly #environments: readonly Environment[];
  readonly #comparisons = new Map<string, bigint>();

  /**
   * Chooses the environments: each common platform, and each that a marker names; at each Python version where a marker
   * or a `requires-python` can change its answer.
   *
   * @param markers Every marker that will be asked about.
   * @param pythons The texts of all `requires-python`.
   * @param requiresPython The Python versions that the app allows; undefined: 3.8 and later.
   */
  constructor(
    markers: Iterable<Marker>,
    pythons: Iterable<string>,
    requiresPython: VersionSet | undefined,
  ) {
    const named = new Map<string, Set<string>>();
    for (const marker of markers) {
      for (const { variable, value } of comparisonsOf(marker)) {
        const values = named.get(variable) ?? new Set();
        named.set(variable, values.add(value));
      }
    }
    const mentioned = [...pythons];
    for (const variable of VERSION_VARIABLES) mentioned.push(...named.get(variable) ?? []);
    const rows: Environment[] = [];
    for (const python of pythonVersions(mentioned, requiresPython)) {
      for (const implementation of implementations(named)) {
        for (const row of platforms(named)) {
          rows.push({ ...row, ...implementation, ...pythonValues(python) });
        }
      }
    }
    this.#environments = rows;
    this.all = (1n << BigInt(rows.length)) - 1n;
  }

  /**
   * The environments in which a marker holds.
   *
   * @param marker The marker; undefined: always.
   * @param extras Where each extra is asked for, for `extra == "x"`.
   */
  evaluate(marker: Marker | undefined, extras: ExtraBits = NO_EXTRAS): bigint {
    if (marker === undefined) return this.all;
    switch (marker.kind) {
      case "and":
        return this.evaluate(marker.left, extras) & this.evaluate(marker.right, extras);
      case "or":
        return this.evaluate(marker.left, extras) | this.evaluate(marker.right, extras);
      default:
        return marker.variable === "extra"
          ? this.#evaluateExtra(marker, extras)
          : this.#evaluateComparison(marker);
    }
  }

  /** The environments whose Python version is in a set. */
  whereVersions(holds: (version: string) => boolean): bigint {
    const answers = new Map<string, boolean>();
    return this.#bits(({ python_full_version: version = "" }) => {
      const known = answers.get(version);
      if (known !== undefined) return known;
      const answer = holds(version);
      answers.set(version, answer);
      return answer;
    });
  }

  /** The environments whose Python version is in a set of versions. */
  wherePython(set: VersionSet): bigint {
    return this.whereVersions((text) => {
      const version = parseVersion(text);
      return version !== undefined && containsVersion(set, version, text);
    });
  }

  /**
   * Makes sets coarser: an environment brings along all that have the same Python version and are on the same side of
   * each of the given sets.
   */
  coarsen(borders: readonly bigint[]): (bits: bigint) => bigint {
    const classes = new Map<string, bigint>();
    for (const [index, { python_full_version = "" }] of this.#environments.entries()) {
      const bit = 1n << BigInt(index);
      const sides = borders.map((border) => (border & bit) === 0n ? "-" : "+");
      const key = python_full_version + sides.join("");
      classes.set(key, (classes.get(key) ?? 0n) | bit);
    }
    const whole = [...classes.values()];
    return (bits) => whole.reduce((sum, it) => (it & bits) === 0n ? sum : sum | it, 0n);
  }

  /** Says in a few words which environments a set holds, such as `on win32, Python 3.9`. */
  describe(bits: bigint): string {
    if (bits === this.all || bits === 0n) return "";
    const held = this.#environments.filter((_, index) => (bits >> BigInt(index)) & 1n);
    const parts: string[] = [];
    for (
      const variable of [
        "sys_platform",
        "platform_machine",
        "implementation_name",
        "python_version",
      ]
    ) {
      const values = new Set(held.map((environment) => environment[variable]!));
      const every = new Set(this.#environments.map((environment) => environment[variable]!));
      if (values.size === every.size) continue;
      const list = [...values].slice(0, 3).join(", ") + (values.size > 3 ? ", …" : "");
      parts.push(variable === "python_version" ? `Python ${list}` : list);
    }
    return parts.length === 0 ? "" : `on ${parts.join(", ")}`;
  }

  #evaluateExtra({ operator, value }: MarkerComparison, extras: ExtraBits): bigint {
    const asked = extras.get(normalizeName(value)) ?? 0n;
    return operator === "!=" || operator === "not in" ? this.all & ~asked : asked;
  }

  #evaluateComparison(comparison: MarkerComparison): bigint {
    const { variable, operator, value, isReversed } = comparison;
    const key = `${variable}\0${operator}\0${value}\0${isReversed}`;
    const known = this.#comparisons.get(key);
    if (known !== undefined) return known;
    const holds = comparisonTest(comparison);
    const bits = this.#bits((environment) => holds(environment[variable] ?? ""));
    this.#comparisons.set(key, bits);
    return bits;
  }

  #bits(holds: (environment: Environment) => boolean): bigint {
    const digits = this.#environments.map((environment) => (holds(environment) ? "1" : "0"));
    return digits.length === 0 ? 0n : BigInt(`0b${digits.reverse().join("")}`);
  }
}

/** The test of a comparison: as versions where its variable is one and its text is a specifier, else as texts. */
function comparisonTest(comparison: MarkerComparison): (actual: string) => boolean {
  const { variable, operator, value, isReversed } = comparison;
  if (operator === "in" || operator === "not in") {
    const expected = operator === "in";
    if (VERSION_VARIABLES.has(variable)) {
      const listed = value.split(/\s+/).filter((item) => item !== "");
      const sets = listed.map((item) => parseSpecifiers(`==${item}`));
      return (actual) => {
        const version = parseVersion(actual);
        const isListed = version !== undefined &&
          sets.some((set) => set.ok && containsVersion(set.value, version, actual));
        return isListed === expected;
      };
    }
    return (actual) => (isReversed ? actual.includes(value) : value.includes(actual)) === expected;
  }
  const set = parseSpecifiers(`${operator}${value}`);
  const isVersion = VERSION_VARIABLES.has(variable) || variable.startsWith("platform_");
  return (actual) => {
    const version = isVersion && set.ok && value !== "" ? parseVersion(actual) : undefined;
    if (version !== undefined && set.ok) return containsVersion(set.value, version, actual);
    const order = actual < value ? "<" : actual > value ? ">" : "=";
    return operator === "!=" ? order !== "=" : operator !== "~=" && operator.includes(order);
  };
}

type Named = ReadonlyMap<string, ReadonlySet<string>>;

/** The common platforms, and one for each value that a marker names and none of them has. */
function platforms(named: Named): readonly Environment[] {
  const rows = [...PLATFORMS];
  const add = (variable: string, make: (value: string) => readonly Environment[]): void => {
    for (const value of named.get(variable) ?? []) {
      const isPlain = /^[\w.-]+$/.test(value);
      if (isPlain && !rows.some((row) => row[variable] === value)) rows.push(...make(value));
    }
  };
  add("sys_platform", (value) => [platform("posix", value, capitalize(value), "x86_64")]);
  add("platform_system", (value) => [platform("posix", value.toLowerCase(), value, "x86_64")]);
  add("os_name", (value) => [platform(value, value, capitalize(value), "x86_64")]);
  // A machine that is named counts on every platform, linux on "arm64" too: uv resolves for it.
  const families = [...new Map(rows.map((row) => [row["sys_platform"], row])).values()];
  for (const machine of named.get("platform_machine") ?? []) {
    rows.push(...families.map((row) => ({ ...row, platform_machine: machine })));
  }
  for (const variable of ["platform_release", "platform_version"]) {
    add(variable, (value) => families.map((row) => ({ ...row, [variable]: value })));
  }
  return rows;
}

function implementations(named: Named): readonly Environment[] {
  const keys = new Set(["cpython"]);
  for (const variable of ["implementation_name", "platform_python_implementation"]) {
    for (const value of named.get(variable) ?? []) {
      if (value.toLowerCase() === "cpython") keys.add("pypy");
      else keys.add(value === "GraalVM" ? "graalpy" : value.toLowerCase());
    }
  }
  return [...keys].map((key) => ({
    implementation_name: key,
    platform_python_implementation: IMPLEMENTATIONS[key] ?? capitalize(key),
  }));
}

function pythonValues(version: string): Environment {
  const python_version = version.split(".").slice(0, 2).join(".");
  return { python_version, python_full_version: version, implementation_version: version };
}

/** A micro or minor version beyond all that exist. */
const LAST = 99;

/** The Python versions at, just below and just above everything that is mentioned, as far as the app allows them. */
function pythonVersions(
  mentioned: readonly string[],
  allowed: VersionSet | undefined,
): readonly string[] {
  const points = new Set<string>(["3.8.0", "3.12.0"]);
  for (const [, major, minor, micro] of mentionedReleases(mentioned)) {
    const a = Number(major);
    const b = Number(minor ?? 0);
    const c = Number(micro ?? 0);
    points.add(`${a}.${b}.${c}`).add(`${a}.${b}.${c + 1}`).add(`${a}.${b + 1}.0`);
    points.add(`${a + 1}.0.0`);
    if (c > 0) points.add(`${a}.${b}.${c - 1}`);
    else if (b > 0) points.add(`${a}.${b - 1}.${LAST}`);
    else if (a > 0) points.add(`${a - 1}.${LAST}.${LAST}`);
  }
  const floor = parseSpecifiers(">=3.8");
  const set = allowed ?? (floor.ok ? floor.value : undefined);
  return [...points].filter((point) => {
    const version = parseVersion(point);
    return set === undefined || (version !== undefined && containsVersion(set, version, point));
  });
}

function* mentionedReleases(texts: readonly string[]): Generator<RegExpMatchArray> {
  for (const text of new Set(texts)) yield* text.matchAll(/(\d+)(?:\.(\d+))?(?:\.(\d+))?/g);
}

function capitalize(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
