/**
 * `deno task reference`: docs/reference/, from the commands' options and the types of their results,
 * the manifest's schema and the error codes; and the entries of the tasks in deno.json.
 *
 * With `--check` it writes nothing, and fails where a page is not current.
 *
 * @module
 */

import { GLOBAL_OPTIONS } from "../lib/command/globals.ts";
import { contradictions } from "../lib/cli/contradictions.ts";
import { groupCommands, optionUsage, usageLine } from "../lib/cli/help.ts";
import { type Command, takes } from "../lib/command/command.ts";
import { HsmError, type HsmErrorCode } from "../lib/errors.ts";
import { manifestJsonSchema } from "../lib/manifest/schema.ts";
import { named, type NamedOption } from "../lib/command/option.ts";
import { hsmCommands } from "../tasks/mod.ts";
import { readDeclarations } from "./declarations.ts";
import { type DocumentShapes, documentShapes, documentsSchema } from "./documents.ts";
import { withEntries } from "./entries.ts";
import { eventShapes, eventsSchema } from "./event_shapes.ts";
import { EXIT_STATUS } from "./exit_status.ts";
import { eventSections } from "./events_page.ts";
import { jsonSections } from "./json_page.ts";
import { keepFiles } from "./made_files.ts";
import { code, fenced, table } from "./markdown.ts";

const NOTE = "<!-- Made by `deno task reference`; do not edit. -->";

/** What each kind of error means. The compiler sees to it that none is left out. */
const ERRORS: Readonly<Record<HsmErrorCode, string>> = {
  "usage": "The command line is wrong, or asks for what is not possible now.",
  "workspace-not-found": "There is no hsm.yaml in this folder or any above it.",
  "manifest-invalid":
    "hsm.yaml or hsm.local.yaml is wrong; the message names file, line and column.",
  "pyproject-invalid": "A pyproject.toml is missing, no TOML, or has a value of the wrong type.",
  "pyproject-unsupported": "pyproject.toml is written in a way that HSM cannot edit safely.",
  "newer-format": "A newer HSM wrote what has to be read or changed; it stays as it is.",
  "lock-invalid": "The lock file has an unresolved merge conflict.",
  "outside-root":
    "A file of the app is a link that leads out of its folder: it is read, and never written.",
  "package-unknown": "hsm.yaml names no such package.",
  "packages-incompatible": "The packages' requirements do not fit together.",
  "check-failed": "`hsm check` has found what does not fit; `problems` says all of it.",
  "sources-off": "A setting tells uv to ignore where packages come from.",
  "checkout-missing": "A dev package is not cloned, and nobody said that it should be.",
  "checkout-mismatch": "Something else lies at the place of a checkout.",
  "source-not-found": "A checkout does not hold the package.",
  "pin-missing": "A package in prod mode has no tag, rev or branch.",
  "pin-not-found": "The repository has no such tag, commit or branch.",
  "tool-missing": "git, uv or another program is not there.",
  "tool-too-old": "uv is older than HSM needs.",
  "pull-refused": "The app's own repository cannot be pulled as it is; nothing was touched.",
  "clone-failed": "Repositories could not be cloned.",
  "checkout-dirty": "A checkout holds work that would be lost or is nowhere else.",
  "checkout-upstream-gone": "The remote has no longer the branch that a checkout's branch follows.",
  "command-failed": "A command of `hsm exec`, or of `$` in a script, has failed.",
  "git-failed": "git did not do what it was asked.",
  "uv-failed": "uv did not do what it was asked; `details` has its output.",
  "adapter-failed":
    "The same of a package manager that a script brought; an adapter may name another code.",
  "source-ignored": "The lock file has a package from elsewhere than pyproject.toml says.",
  "stand-in-refused": "The package manager does not let a checkout stand in for a package.",
  "verify-failed": "A `verify` command of hsm.yaml has failed.",
  "doctor-failed": "`hsm doctor` has found what does not work; `findings` says all of it.",
  "update-failed": "With `--each`: pins stayed where they were; `failed` says why.",
  "plan-invalid": "What is to be applied is no plan that HSM has made.",
  "plan-outdated": "What a plan rests on has changed since it was made.",
  "out-of-date":
    "With `--locked`: pyproject.toml does not match hsm.yaml, or the lock file pyproject.toml.",
  "workspace-locked": "Another hsm works in this workspace.",
  "lock-unsupported": "The file system has no locks.",
  "file-changed": "Somebody else changed a file meanwhile.",
  "io": "A file could not be read or written.",
  "internal": "A bug in HSM.",
  "rollback-failed": "Not every file could be brought back; the message says what to do.",
  "program-running":
    "A program that a killed command started still runs; its files go back when it has ended.",
  "interrupted": "A signal ended the command; every file is as it was.",
};

async function commandsPage(): Promise<string> {
  const groups = groupCommands(await hsmCommands().all());
  return [
    "# Commands",
    NOTE,
    "The root is the nearest folder upward with an hsm.yaml. Progress and messages go to standard error, results to standard output. With `--json` standard output holds exactly one JSON document, [documented field by field](json.md); on failure it has an `error` with one of the [error codes](errors.md). With `--events` standard error holds what happens as [JSON lines](events.md).",
    "`hsm` without a command shows the state of the workspace and the next sensible command.",
    "Wherever packages are named, a word may be a glob (`*`, `?`, `[abc]`, `[!abc]`): `hsm pull 'plug-*'`, in quotes, so that the shell leaves it to hsm. Names and globs compare normalized (PEP 503): `Plug_*` is `plug-*`. `--all` is another name for `*`.",
    "Short options may stand in one word (`-qy`, `-vj4`); a value that begins with `-` stands behind `=` (`--tag=-x`).",
    "## Options of every command",
    table(["option", "what it does"], optionRows(named(GLOBAL_OPTIONS))),
    "## What is shown",
    "A command ends with its result, or with a line on standard error that says what came of it: the same on a terminal and in a pipe. Where the same happens to more than five packages, it says to how many; `--verbose` lists them, and what wants attention is always listed. What is asked for just that, such as `hsm map`, tells of each.",
    "Colour is there by `--color`, else on a terminal without NO_COLOR; nothing is told by colour alone. On a terminal that is narrower than a table, rows become lines; in a pipe lines are as long as they are. Where the locale (`LC_ALL`, else `LC_CTYPE`, else `LANG`) is another than UTF-8, arrows, trees and the spinner are ASCII on a terminal; names stay as they are. No locale at all changes nothing: containers have none, and their terminals know UTF-8.",
    "## Exit status",
    table(["status", "meaning"], EXIT_STATUS),
    "In one checkout `hsm exec` exits as its command does.",
    ...groups.flatMap((group) => [`## ${group.title}`, ...group.commands.map(commandSection)]),
  ].join("\n\n");
}

function commandSection(command: Command): string {
  const { positionals, options: own } = takes(command);
  const words = [
    ...positionals.map((it) => [code(it.placeholder ?? ""), it.description]),
    ...(command.passthrough ? [[code("-- ARGS"), command.passthrough]] : []),
  ];
  const refused = contradictions(command);
  return [
    `### hsm ${command.name}`,
    fenced("sh", usageLine({ name: "hsm" }, command)),
    `${command.summary}.${command.description ? ` ${command.description}` : ""}`,
    ...(words.length > 0 ? [table(["argument", "what it is"], words)] : []),
    ...(own.length > 0 ? [table(["option", "what it does"], optionRows(own))] : []),
    ...(refused.length > 0 ? [refused.map((it) => `- ${it.state}: ${it.why}`).join("\n")] : []),
    fenced("sh", command.examples.join("\n")),
  ].join("\n\n");
}

function optionRows(options: readonly NamedOption[]): readonly (readonly string[])[] {
  return options.map((it) => [
    code(optionUsage(it)),
    `${it.description}${it.many ? "; may stand several times" : ""}`,
  ]);
}

/** As much of a JSON Schema as the manifest's is made of. */
interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly string[];
  readonly items?: Schema;
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema;
  readonly anyOf?: readonly Schema[];
}

function manifestPage(): string {
  const schema = manifestJsonSchema() as Schema;
  const forms = schema.properties?.["packages"]?.anyOf?.[0]?.additionalProperties?.anyOf ?? [];
  const short = forms.find((it) => [it.type].flat().includes("string"));
  const long = forms.find((it) => it.properties !== undefined);
  return [
    "# The manifest",
    NOTE,
    "`hsm.yaml` is committed; `hsm.local.yaml` has the same keys, is one developer's own, and wins key by key. `hsm schema` prints this as JSON Schema, for editors.",
    fenced(
      "yaml",
      "git: https://github.com/org/{name}.git\npackages:\n  my-plugin: v1.2.0\n  other-plugin:\n    tag: v0.3.1\n    mode: dev",
    ),
    "## Keys",
    keyTable(schema.properties ?? {}),
    "## Keys of a package",
    `The short form is one value. ${short?.description ?? ""}`,
    keyTable(long?.properties ?? {}),
  ].join("\n\n");
}

function keyTable(properties: Readonly<Record<string, Schema>>): string {
  return table(
    ["key", "type", "default", "what it is"],
    Object.entries(properties).map(([key, it]) => [
      code(key),
      typeOf(it),
      it.default === undefined ? "" : code(String(it.default)),
      `${it.description ?? ""}${
        it.examples === undefined
          ? ""
          : ` Example: ${it.examples.map((example) => code(show(example))).join(", ")}.`
      }`,
    ]),
  );
}

function typeOf(schema: Schema): string {
  if (schema.enum !== undefined) return schema.enum.map(code).join(" or ");
  if (schema.anyOf !== undefined) return "map";
  // A number is a text as well, where it is taken as it is written.
  const [type = ""] = [schema.type].flat();
  return type === "array" ? `list of ${typeOf(schema.items ?? {})}s` : type;
}

function show(example: unknown): string {
  if (Array.isArray(example)) return `[${example.join(", ")}]`;
  return String(example);
}

function errorsPage(): string {
  const codes = Object.keys(ERRORS) as HsmErrorCode[];
  return [
    "# Error codes",
    NOTE,
    "Each failure has one of these codes, which stay the same from version to version: in `error.code` with `--json`, and as `HsmError.code` in scripts.",
    table(
      ["code", "exit status", "meaning"],
      codes.map((it) => [code(it), String(new HsmError(it, "").exitStatus), ERRORS[it]]),
    ),
    "An `interrupted` run exits with 128 plus the number of the signal.",
  ].join("\n\n");
}

function jsonPage(shapes: DocumentShapes): string {
  return ["# JSON", NOTE, ...jsonSections(shapes)].join("\n\n");
}

const declarations = await readDeclarations("tasks", "lib");
const shapes = documentShapes(declarations, await hsmCommands().all());
const events = eventShapes(declarations);
await keepFiles("reference", {
  "deno.json": await withEntries(await Deno.readTextFile(new URL("../deno.json", import.meta.url))),
  "docs/reference/commands.md": await commandsPage(),
  "docs/reference/manifest.md": manifestPage(),
  "docs/reference/errors.md": errorsPage(),
  "docs/reference/json.md": jsonPage(shapes),
  "docs/reference/json.schema.json": documentsSchema(shapes),
  "docs/reference/events.md": ["# Events", NOTE, ...eventSections(events)].join("\n\n"),
  "docs/reference/events.schema.json": eventsSchema(events),
});
