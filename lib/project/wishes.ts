/**
 * What shall be required in a pyproject.toml.
 *
 * @module
 */

import { HsmError } from "../errors.ts";
import { NAME_PATTERN, normalizeName } from "../names.ts";

/** What is wanted of one managed package. */
export interface Wish {
  /** The name as hsm.yaml writes it. */
  readonly name: string;
  /** The extras to ask for. */
  readonly extras: readonly string[];
  /** The dependency group to put the requirement in (PEP 735); undefined: project.dependencies. */
  readonly group: string | undefined;
  /** Whether the app requires it itself; false: no requirement is written. */
  readonly require: boolean;
}

/** The requirement that HSM writes for a package (PEP 508). */
export function requirementText({ name, extras }: Pick<Wish, "name" | "extras">): string {
  return extras.length === 0 ? name : `${name}[${extras.join(",")}]`;
}

/**
 * The packages by normalized name.
 *
 * @param own The app's own normalized name.
 * @throws {HsmError} `pyproject-unsupported` where a name cannot be written, comes twice, or is the app's own.
 */
export function packagesByName<T extends Wish>(
  wishes: readonly T[],
  own: string | undefined,
): Map<string, T> {
  const packages = new Map<string, T>();
  for (const wish of wishes) {
    const { name, extras } = wish;
    const wrong = [name, ...extras].find((it) => !NAME_PATTERN.test(it));
    if (wrong !== undefined) throw unsupported(`${JSON.stringify(wrong)} is no valid name`);
    const key = normalizeName(name);
    if (packages.has(key)) throw unsupported(`${name} is in the plan twice`);
    if (key === own) {
      throw unsupported(`${name} is the app itself`, `take ${name} out of the manifest`);
    }
    packages.set(key, wish);
  }
  return packages;
}

/** The error that a pyproject.toml, or what is asked of it, is beyond HSM. */
export function unsupported(state: string, hint?: string): HsmError {
  return new HsmError("pyproject-unsupported", `Cannot inject the sources: ${state}`, { hint });
}
