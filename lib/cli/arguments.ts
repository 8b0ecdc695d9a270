/**
 * Reading a command line by a command's options.
 *
 * @module
 */

import { type Command, type Program, takes } from "../command/command.ts";
import { HsmError } from "../errors.ts";
import { GLOBAL_OPTIONS, type Globals } from "../command/globals.ts";
import { named, type NamedOption } from "../command/option.ts";
import { suggest } from "../text/suggest.ts";
import { callOf, findContradiction } from "./contradictions.ts";
import { type Part, takeApart } from "../command/words.ts";

/** A command line, read. */
export interface ParsedArguments {
  /** The command's options, by their keys. */
  readonly options: Record<string, unknown>;
  /** The global options. */
  readonly globals: Globals;
  /** What stood behind `--`. */
  readonly passthrough: readonly string[];
}

/**
 * Reads the words of a command line, the names of program and command left out.
 *
 * @throws {HsmError} `usage`
 */
export function parseArguments(
  program: Pick<Program, "name">,
  command: Command,
  words: readonly string[],
): ParsedArguments {
  // What runs without a command has no name.
  const called = `${program.name} ${command.name}`.trim();
  const usage = (state: string, hint = `run \`${called} --help\` for its options`) =>
    new HsmError("usage", `Cannot run ${called}: ${state}`, { hint });
  const own = named(command.options);
  const all = [...own, ...named(GLOBAL_OPTIONS)];
  const { parts, passthrough = [] } = takeApart(words, all.filter(isNamed));
  const raw = collect();
  if (passthrough.length > 0 && command.passthrough === undefined) {
    throw usage("it takes nothing behind `--`");
  }
  const given = new Set([...raw.keys(), ...passthrough.length > 0 ? ["--"] : []]);
  const contradiction = findContradiction(command, given);
  if (contradiction !== undefined) throw usage(contradiction.state, contradiction.why);
  const read = (options: readonly NamedOption[]) =>
    Object.fromEntries(options.flatMap((option) => {
      const texts = raw.get(option.key);
      if (texts !== undefined) return [[option.key, valueOf(option, texts)]];
      if (option.required) throw usage(`it needs ${lackOf(option)}`);
      return [];
    }));
  return { options: read(own), globals: read(all.slice(own.length)), passthrough };

  function isNamed(option: NamedOption): boolean {
    return !command.positionals.includes(option.key);
  }

  function lackOf(option: NamedOption): string {
    return isNamed(option) ? `--${option.flag}` : `a ${option.placeholder}`;
  }

  /** What was given for each option, by its key. */
  function collect(): ReadonlyMap<string, readonly string[]> {
    const raw = new Map<string, readonly string[]>();
    const words: string[] = [];
    let standIn: NamedOption | undefined;
    for (const part of parts) {
      if (part.kind === "word") words.push(part.text);
      else if (part.kind === "unknown") {
        const nearest = suggest(
          part.name.replace(/^-+/, ""),
          all.filter(isNamed).map((it) => it.flag),
        );
        const hint = nearest === undefined ? undefined : `did you mean \`--${nearest}\`?`;
        throw usage(`there is no option ${part.name}`, hint);
      } else {
        const { option } = part;
        const text = textOf(part);
        // Those of every command may stand in a shell's alias: there the last one counts.
        const isOnce = own.includes(option) && !option.many && option.placeholder !== undefined;
        if (isOnce && raw.has(option.key)) {
          throw usage(`--${option.flag} can stand but once`);
        }
        if (option.standsFor !== undefined) standIn ??= option;
        else raw.set(option.key, option.many ? [...raw.get(option.key) ?? [], text] : [text]);
      }
    }
    if (standIn !== undefined && words.length > 0) {
      throw usage(
        `--${standIn.flag} and ${callOf(command, command.positionals[0]!)} exclude each other`,
        "leave one of them out",
      );
    }
    let left = standIn?.standsFor === undefined ? words : [standIn.standsFor];
    for (const option of takes(command).positionals) {
      if (left.length === 0) break;
      raw.set(option.key, option.many ? left : left.slice(0, 1));
      left = option.many ? [] : left.slice(1);
    }
    if (left.length > 0) throw usage(`\`${left[0]}\` is one word too many`);
    return raw;
  }

  function textOf({ option: { flag, placeholder }, value }: Part & { kind: "option" }): string {
    if (placeholder === undefined) {
      if (value !== undefined) throw usage(`--${flag} takes no value`);
      return "";
    }
    if (value) return value;
    throw usage(`--${flag} needs a value: ${placeholder}`);
  }

  function valueOf(option: NamedOption, texts: readonly string[]): unknown {
    const { flag, placeholder, values, many } = option;
    if (placeholder === undefined) return true;
    const list = texts.map((text) => {
      const value = values?.includes(text) === false
        ? { expected: `one of ${values.join(", ")}` }
        : option.read?.(text) ?? text;
      if (typeof value !== "object" || !("expected" in value!)) return value;
      const nearest = values && suggest(text, values);
      throw usage(
        isNamed(option)
          ? `--${flag} is \`${text}\`, and must be ${value.expected}`
          : `\`${text}\` is no ${placeholder}, which is ${value.expected}`,
        nearest === undefined ? undefined : `did you mean \`${nearest}\`?`,
      );
    });
    return many ? list : list[0];
  }
}
