/**
 * Reading a command line by a command's schema.
 *
 * @module
 */

import { type Args, parseArgs } from "@std/cli";
import * as z from "zod/mini";
import type { Command } from "../command.ts";
import { HsmError } from "../errors.ts";
import { suggest } from "../text/suggest.ts";

/** One option, as its schema describes it. */
export interface OptionFacts {
  /** The key in the schema, such as `dryRun`. */
  readonly key: string;
  /** The option, without dashes, such as `dry-run`. */
  readonly flag: string;
  /** The letter that stands for it. */
  readonly alias: string | undefined;
  /** What it does. */
  readonly description: string;
  /** What its value is; undefined for a switch. */
  readonly placeholder: string | undefined;
  /** The values that it can have, where they are known. */
  readonly values: readonly string[] | undefined;
  /** Whether it may stand several times. */
  readonly many: boolean;
  /** Whether the command needs it. */
  readonly required: boolean;
  /** Whether help leaves it out. */
  readonly hidden: boolean;
}

/** The options that a schema describes, in its order. */
export function optionFacts(schema: z.ZodMiniObject): readonly OptionFacts[] {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: "input" });
  return Object.entries(properties).map(([key, property]) => {
    const facts = property as Record<string, unknown>;
    const items = facts["items"] as Record<string, unknown> | undefined;
    const values = (facts["enum"] ?? items?.["enum"]) as readonly string[] | undefined;
    const flag = key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    return {
      key,
      flag,
      alias: facts["alias"] as string | undefined,
      description: facts["description"] as string,
      placeholder: facts["type"] === "boolean"
        ? undefined
        : facts["placeholder"] as string ?? values?.join("|") ?? flag.toUpperCase(),
      values,
      many: facts["type"] === "array",
      required: required.includes(key),
      hidden: facts["hidden"] === true,
    };
  });
}

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
export function parseArguments(
  command: Command,
  words: readonly string[],
  globals: z.ZodMiniObject,
): ParsedArguments {
  const own = command.options();
  const facts = [...optionFacts(own), ...optionFacts(globals)];
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
  const values = (schema: z.ZodMiniObject) => {
    const raw: Record<string, unknown> = {};
    for (const { key, flag } of optionFacts(schema)) {
      if (key === command.positional) {
        if (positionals.length > 0) raw[key] = positionals;
      } else if (args[flag] !== undefined && args[flag] !== false) raw[key] = args[flag];
    }
    return validate(command, schema, raw);
  };
  return { options: values(own), globals: values(globals), passthrough };
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
  for (const { flag, placeholder } of valued) {
    if (args[flag] === "") throw usage(command, `--${flag} needs a value: ${placeholder}`);
  }
  return args;
}

function validate(
  command: Command,
  schema: z.ZodMiniObject,
  raw: Record<string, unknown>,
): Record<string, unknown> {
  const result = z.safeParse(schema, raw);
  if (result.success) return result.data as Record<string, unknown>;
  const issue = result.error.issues[0];
  const facts = optionFacts(schema).find((it) => it.key === issue?.path[0]);
  if (facts !== undefined && facts.key === command.positional) {
    const word = issue?.path[1] === undefined
      ? undefined
      : list(raw[facts.key])[Number(issue.path[1])];
    throw usage(
      command,
      issue?.code === "invalid_value"
        ? `\`${word}\` is no ${facts.placeholder}, which is one of ${issue.values.join(", ")}`
        : issue?.code === "too_big"
        ? `\`${list(raw[facts.key])[Number(issue.maximum)]}\` is one word too many`
        : `it needs a ${facts.placeholder}`,
    );
  }
  const expected = issue?.code === "invalid_value"
    ? `one of ${issue.values.join(", ")}`
    : issue?.code === "too_small"
    ? `at least ${issue.minimum}`
    : "a whole number";
  throw usage(
    command,
    `--${facts?.flag} is \`${raw[facts?.key ?? ""]}\`, and must be ${expected}`,
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
