/**
 * What shall be in a pyproject.toml, and what was changed for it.
 *
 * @module
 */

import { HsmError } from "../errors.ts";
import { NAME_PATTERN, normalizeName } from "../names.ts";
import type { Source } from "../source.ts";

/** One managed package. */
export interface Injection {
  /** The name as hsm.yaml writes it. */
  readonly name: string;
  /** Where it comes from. */
  readonly source: Source;
  /** The extras to ask for. */
  readonly extras: readonly string[];
  /** The dependency group to put the requirement in (PEP 735); undefined: project.dependencies. */
  readonly group: string | undefined;
  /** Whether the app requires it itself; false: its source is written, and no requirement. */
  readonly require: boolean;
}

/** All that HSM wants in a pyproject.toml. What it added before and is not named any more goes. */
export interface InjectionPlan {
  /** The managed packages. */
  readonly packages: readonly Injection[];
  /** The names of packages of which everything stays as it is. */
  readonly keep?: readonly string[];
  /** Entries of `[tool.uv] constraint-dependencies`. */
  readonly constraints: readonly string[];
  /** Entries of `[tool.uv] override-dependencies`. */
  readonly overrides: readonly string[];
  /** Entries of `[tool.uv.workspace] exclude`. */
  readonly excludes: readonly string[];
}

/** One change to a pyproject.toml. */
export interface Change {
  /** The package's name; for an exclude the folder. */
  readonly package: string;
  /** The kind of entry. */
  readonly what: "source" | "requirement" | "constraint" | "override" | "exclude";
  /** What was done to it. */
  readonly action: "add" | "replace" | "remove";
  /** What was there, as TOML for a source, else as the entry's text. */
  readonly from?: string;
  /** What is there now. */
  readonly to?: string;
}

/** The requirement that HSM writes for a package (PEP 508). */
export function requirementText({ name, extras }: Injection): string {
  return extras.length === 0 ? name : `${name}[${extras.join(",")}]`;
}

/** The normalized name that a requirement is on; undefined where it begins with none. */
export function requirementName(text: string): string | undefined {
  const name = /^\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)/.exec(text)?.[1];
  return name === undefined ? undefined : normalizeName(name);
}

/**
 * The packages of a plan by normalized name.
 *
 * @param own The app's own normalized name.
 * @throws {HsmError} `pyproject-unsupported` where a name cannot be written, comes twice, or is the app's own.
 */
export function packagesByName(
  plan: InjectionPlan,
  own: string | undefined,
): Map<string, Injection> {
  const packages = new Map<string, Injection>();
  for (const injection of plan.packages) {
    const { name, extras } = injection;
    const wrong = [name, ...extras].find((it) => !NAME_PATTERN.test(it));
    if (wrong !== undefined) throw unsupported(`${JSON.stringify(wrong)} is no valid name`);
    const key = normalizeName(name);
    if (packages.has(key)) throw unsupported(`${name} is in the plan twice`);
    if (key === own) {
      throw unsupported(`${name} is the app itself`, `take ${name} out of the manifest`);
    }
    packages.set(key, injection);
  }
  return packages;
}

/** The error that a pyproject.toml, or what is asked of it, is beyond HSM. */
export function unsupported(state: string, hint?: string): HsmError {
  return new HsmError(
    "pyproject-unsupported",
    `Cannot inject the sources: ${state}`,
    hint === undefined ? {} : { hint },
  );
}
