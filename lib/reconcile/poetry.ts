/**
 * Poetry's version constraints, as far as they are needed for the Python version.
 *
 * @module
 */

import { parseSpecifiers } from "./specifiers.ts";

/**
 * Turns Poetry's constraint on Python into PEP 440 specifiers.
 *
 * @param constraint Such as `^3.9`, `~3.10`, `>=3.8,<4`, `3.11.*` or `*`.
 * @returns The specifiers; undefined where PEP 440 has none for it (`||`).
 */
export function pythonOfPoetry(constraint: string): string | undefined {
  if (constraint.trim() === "*") return "";
  if (constraint.includes("|")) return undefined;
  const clauses = constraint.split(",").map((clause) => clauseOfPoetry(clause.trim()));
  if (clauses.includes(undefined)) return undefined;
  const specifiers = clauses.join(",");
  return parseSpecifiers(specifiers).ok ? specifiers : undefined;
}

function clauseOfPoetry(clause: string): string | undefined {
  if (/^(?:[<>]=?|[=!]=|~=)/.test(clause)) return clause;
  const [, sign, version] = /^([\^~]?)(\d+(?:\.\d+)*(?:\.\*)?)$/.exec(clause) ?? [];
  if (version === undefined) return undefined;
  if (sign === "") return `==${version}`;
  if (version.endsWith("*")) return undefined;
  const numbers = version.split(".").map(Number);
  // The caret lets everything behind the first number that is not 0 grow, the tilde everything behind the second one.
  const nonZero = numbers.findIndex((number) => number !== 0);
  const keep = sign === "^"
    ? (nonZero < 0 ? numbers.length : nonZero + 1)
    : Math.min(2, numbers.length);
  const limit = numbers.slice(0, keep);
  limit.push(limit.pop()! + 1);
  return `>=${version},<${limit.join(".")}`;
}
