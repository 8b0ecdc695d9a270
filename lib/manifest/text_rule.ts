/**
 * A rule for a text, as data: the program goes by it, and so does the JSON Schema that editors are given.
 *
 * @module
 */

import { given } from "../given.ts";
import { quoteForMessage } from "./quote.ts";

/** Why a value breaks a rule. */
export interface RuleProblem {
  /** The sentence for people. */
  readonly message: string;
  /** What would have been right. */
  readonly expected?: string;
  /** What to do about it. */
  readonly hint?: string;
}

/** Says why a text breaks a rule; undefined where it does not. */
export interface Rule {
  (text: string): RuleProblem | undefined;
  /** The rule as JSON Schema; what it cannot say is told in docs/manifest.md. */
  readonly schema: Readonly<Record<string, unknown>>;
}

/**
 * What a text must not be like (`pattern`), or must be (`wanted`). The patterns keep to what all validators of JSON
 * Schema have in common: nothing looks ahead or back.
 */
export type Fault =
  & ({ readonly pattern: string } | { readonly wanted: string })
  & Pick<Partial<RuleProblem>, "hint">
  & { readonly why?: string };

/** What a rule is made of. */
export interface RuleParts {
  /** What is expected, in words. */
  readonly expected: string;
  /** How many characters it has at least. @default {0} */
  readonly minLength?: number;
  /** How many characters it has at most. */
  readonly maxLength?: number;
  /** What is wrong, in the order in which it is told. */
  readonly faults: readonly Fault[];
  /** What is wrong beside that with texts that match `when`, and with the others. */
  readonly either?: {
    readonly when: string;
    readonly faults: readonly Fault[];
    readonly others: readonly Fault[];
  };
  /** Another form of the text, which must be right as well. */
  readonly also?: (text: string) => string;
}

/** Makes a rule. */
export function textRule(parts: RuleParts): Rule {
  const problem = (text: string): RuleProblem | undefined => {
    const fault = findFault(parts, text) ?? (parts.also && findFault(parts, parts.also(text)));
    if (fault === undefined) return undefined;
    const { expected } = parts;
    const { why, hint } = fault;
    const got = text === "" ? "an empty text" : quoteForMessage(text);
    const message = `expected ${expected}, got ${got}${why === undefined ? "" : `: ${why}`}`;
    return { message, expected, ...given({ hint }) };
  };
  return Object.defineProperty(problem, "schema", { get: () => ruleSchema(parts) }) as Rule;
}

function findFault(
  { minLength = 0, maxLength = Infinity, faults, either }: RuleParts,
  text: string,
): Pick<Fault, "why" | "hint"> | undefined {
  if (text.length < minLength) return { why: "it is empty" };
  if (text.length > maxLength && [...text].length > maxLength) {
    return { why: `it is longer than ${maxLength} characters` };
  }
  const more = either === undefined
    ? []
    : matches(either.when, text)
    ? either.faults
    : either.others;
  return [...faults, ...more].find((it) =>
    "wanted" in it ? !matches(it.wanted, text) : matches(it.pattern, text)
  );
}

function matches(pattern: string, text: string): boolean {
  return new RegExp(pattern, "u").test(text);
}

/** `errorMessage` is no keyword of JSON Schema: the YAML language server, and what is made of it, shows it. */
function ruleSchema({ expected, minLength, maxLength, faults, either }: RuleParts) {
  const all = (list: readonly Fault[]) =>
    list.map((it) => ({
      ...("wanted" in it
        ? { pattern: it.wanted }
        // A pattern alone holds of everything that is no text.
        : { not: { type: "string", pattern: it.pattern } }),
      errorMessage: `expected ${expected}${it.why === undefined ? "" : `: ${it.why}`}`,
    }));
  const choice = either === undefined ? [] : [{
    if: { pattern: either.when },
    then: { allOf: all(either.faults) },
    else: { allOf: all(either.others) },
  }];
  return {
    ...given({ minLength, maxLength }),
    allOf: [...all(faults), ...choice],
  };
}
