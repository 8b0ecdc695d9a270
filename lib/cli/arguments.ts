/**
 * Reading a command line by a command's schema.
 *
 * @module
 */

import type * as z from "../zod.ts";
import type { Command, ListedCommand, OptionFacts } from "../command.ts";
import { HsmError } from "../errors.ts";
import type { SchemaKit } from "../schema_kit.ts";
import { suggest } from "../text/suggest.ts";
import { callOf, findContradiction } from "./contradictions.ts";
import { type Part, takeApart } from "./words.ts";

/** A command line, read. */
export interface ParsedArguments {
  /** The command's options, by the keys of its schema, validated. */
  readonly options: Record<string, unknown>;
  /** The global options, by the keys of their schema, validated. */
  readonly globals: Record<string, unknown>;
  /** What stood behind `--`. */
  readonly passthrough: readonly string[];
}

/**
 * Reads the words of a command line, the command's own name left out.
 *
 * @throws {HsmError} `usage`
 */
export async function parseArguments(
  command: ListedCommand,
  words: readonly string[],
  globals: readonly OptionFacts[],
): Promise<ParsedArguments> {
  const facts = [...command.facts, ...globals];
  const named = facts.filter((it) => it.key !== command.positional);
  const { parts, passthrough = [] } = takeApart(words, named);
  const raw = collect(command, parts, named);
  if (passthrough.length > 0 && command.passthrough === undefined) {
    throw usage(command, "it takes nothing behind `--`");
  }
  const given = new Set([...Object.keys(raw), ...passthrough.length > 0 ? ["--"] : []]);
  const contradiction = findContradiction(command, facts, given);
  if (contradiction !== undefined) throw usage(command, contradiction.state, contradiction.why);
  const values = async (
    facts: readonly OptionFacts[],
    schema: (kit: SchemaKit) => Promise<z.ZodMiniObject> | z.ZodMiniObject,
  ) => {
    const own = Object.fromEntries(facts.flatMap(({ key }) => key in raw ? [[key, raw[key]]] : []));
    const isValid = facts.every((it) => own[it.key] === undefined ? !it.required : it.plain);
    if (isValid) return own;
    const { schemaKit } = await import("../schema_kit.ts");
    return validate(command, facts, own, schemaKit.z.safeParse(await schema(schemaKit), own));
  };
  return {
    options: await values(command.facts, (kit) => command.options(kit)),
    globals: await values(
      globals,
      async (kit) => (await import("../globals.ts")).globalOptions(kit),
    ),
    passthrough,
  };
}

/** What was given, by the keys of the schemas. */
function collect(
  command: ListedCommand,
  parts: readonly Part[],
  named: readonly OptionFacts[],
): Record<string, unknown> {
  const raw: Record<string, unknown> = {};
  const words: string[] = [];
  const standIns: OptionFacts[] = [];
  for (const part of parts) {
    if (part.kind === "word") words.push(part.text);
    else if (part.kind === "unknown") {
      const nearest = suggest(part.name.replace(/^-+/, ""), named.map((it) => it.flag));
      const hint = nearest === undefined ? undefined : `did you mean \`--${nearest}\`?`;
      throw usage(command, `there is no option ${part.name}`, hint);
    } else {
      const { option } = part;
      const { key, flag, many, standsFor } = option;
      const value = valueOf(command, part);
      // Those of every command may stand in a shell's alias: there the last one counts.
      const isOwn = command.facts.includes(option);
      if (isOwn && !many && value !== true && key in raw) {
        throw usage(command, `--${flag} can stand but once`);
      }
      if (standsFor !== undefined) standIns.push(option);
      else raw[key] = many ? [...list(raw[key]), value] : value;
    }
  }
  const [standIn] = standIns;
  if (standIn !== undefined && words.length > 0) {
    throw usage(
      command,
      `--${standIn.flag} and ${
        callOf(command, command.facts, command.positional!)
      } exclude each other`,
      "leave one of them out",
    );
  }
  const positionals = standIn?.standsFor === undefined ? words : [standIn.standsFor];
  if (positionals.length === 0) return raw;
  if (command.positional === undefined) {
    throw usage(command, `\`${positionals[0]}\` is one word too many`);
  }
  return { ...raw, [command.positional]: positionals };
}

function valueOf(command: Command, part: Part & { kind: "option" }): true | string {
  const { option: { flag, placeholder }, value } = part;
  if (placeholder === undefined) {
    if (value !== undefined) throw usage(command, `--${flag} takes no value`);
    return true;
  }
  if (value) return value;
  throw usage(command, `--${flag} needs a value: ${placeholder}`);
}

function validate(
  command: Command,
  facts: readonly OptionFacts[],
  raw: Record<string, unknown>,
  result: ReturnType<SchemaKit["z"]["safeParse"]>,
): Record<string, unknown> {
  if (result.success) return result.data as Record<string, unknown>;
  const issue = result.error.issues[0];
  const wrong = facts.find((it) => it.key === issue?.path[0]);
  if (wrong !== undefined && wrong.key === command.positional) {
    const word = issue?.path[1] === undefined
      ? undefined
      : list(raw[wrong.key])[Number(issue.path[1])];
    throw usage(
      command,
      issue?.code === "invalid_value"
        ? `\`${word}\` is no ${wrong.placeholder}, which is one of ${issue.values.join(", ")}`
        : issue?.code === "too_big"
        ? `\`${list(raw[wrong.key])[Number(issue.maximum)]}\` is one word too many`
        : `it needs a ${wrong.placeholder}`,
    );
  }
  const expected = issue?.code === "invalid_value"
    ? `one of ${issue.values.join(", ")}`
    : issue?.code === "too_small"
    ? `at least ${issue.minimum}`
    : issue?.code === "custom"
    ? issue.message.replace(/^expected /, "")
    : "a whole number";
  throw usage(
    command,
    `--${wrong?.flag} is \`${raw[wrong?.key ?? ""]}\`, and must be ${expected}`,
  );
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function usage(command: Command, state: string, hint?: string): HsmError {
  // What runs without a command has no name.
  const line = `hsm ${command.name}`.trim();
  return new HsmError("usage", `Cannot run ${line}: ${state}`, {
    hint: hint ?? `run \`${line} --help\` for its options`,
  });
}
