/**
 * Reading a command line by a command's schema.
 *
 * @module
 */

import { type Args, parseArgs } from "@std/cli";
import type * as z from "../zod.ts";
import type { Command, ListedCommand, OptionFacts } from "../command.ts";
import { HsmError } from "../errors.ts";
import type { SchemaKit } from "../schema_kit.ts";
import { suggest } from "../text/suggest.ts";

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
  const args = read(command, words, named);
  const positionals = args._.map(String);
  if (positionals.length > 0 && command.positional === undefined) {
    throw usage(command, `\`${positionals[0]}\` is one word too many`);
  }
  const passthrough = args["--"] ?? [];
  if (passthrough.length > 0 && command.passthrough === undefined) {
    throw usage(command, "it takes nothing behind `--`");
  }
  const values = async (
    facts: readonly OptionFacts[],
    schema: (kit: SchemaKit) => Promise<z.ZodMiniObject> | z.ZodMiniObject,
  ) => {
    const raw: Record<string, unknown> = {};
    for (const { key, flag } of facts) {
      if (key === command.positional) {
        if (positionals.length > 0) raw[key] = positionals;
      } else if (args[flag] !== undefined && args[flag] !== false) raw[key] = args[flag];
    }
    const isValid = facts.every((it) => raw[it.key] === undefined ? !it.required : it.plain);
    if (isValid) return raw;
    const { schemaKit } = await import("../schema_kit.ts");
    return validate(command, facts, raw, schemaKit.z.safeParse(await schema(schemaKit), raw));
  };
  return {
    options: await values(command.facts, (kit) => command.options(kit)),
    globals: await values(
      globals,
      async (kit) => (await import("./globals.ts")).globalOptions(kit),
    ),
    passthrough,
  };
}

function read(command: Command, words: readonly string[], facts: readonly OptionFacts[]): Args {
  const switches = facts.filter((it) => it.placeholder === undefined);
  const valued = facts.filter((it) => it.placeholder !== undefined);
  const args = parseArgs(words, {
    "--": true,
    boolean: switches.map((it) => it.flag),
    // Without `_` here, a package named 7 would become a number.
    string: [...valued.map((it) => it.flag), "_"],
    collect: facts.filter((it) => it.many).map((it) => it.flag),
    alias: Object.fromEntries(facts.flatMap((it) => it.alias ? [[it.flag, it.alias]] : [])),
    unknown: (word, key) => {
      if (key === undefined) return true;
      throw usage(
        command,
        `there is no option ${word.split("=")[0]}`,
        suggest(key, facts.map((it) => it.flag)),
      );
    },
  });
  const own = words.includes("--") ? words.slice(0, words.indexOf("--")) : words;
  for (const { flag, alias } of switches) {
    const given = own.some((word) =>
      word.startsWith(`--${flag}=`) || word.startsWith(`-${alias}=`)
    );
    if (given) throw usage(command, `--${flag} takes no value`);
  }
  for (const { flag, placeholder } of valued) {
    if (args[flag] === "") throw usage(command, `--${flag} needs a value: ${placeholder}`);
  }
  return args;
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

function usage(command: Command, state: string, nearest?: string): HsmError {
  // What runs without a command has no name.
  const line = `hsm ${command.name}`.trim();
  return new HsmError("usage", `Cannot run ${line}: ${state}`, {
    hint: nearest === undefined
      ? `run \`${line} --help\` for its options`
      : `did you mean \`--${nearest}\`?`,
  });
}
