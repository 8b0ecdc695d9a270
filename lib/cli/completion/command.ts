/**
 * `hsm completions`: what a shell has to know to complete `hsm`.
 *
 * @module
 */

import { basename, resolve } from "@std/path";
import {
  type Command,
  type CommandContext,
  type CommandOutcome,
  defineCommand,
} from "../../command/command.ts";
import { type CompletionsInstalled, installCompletions } from "./install.ts";
import { complete, type Completion, type KnownWorkspace } from "./complete.ts";
import { knownPrograms } from "./known_programs.ts";
import { knownTags } from "./known_tags.ts";
import { plainWord, type TypedWord } from "./quoting.ts";
import { type CompletionShell, SHELL_COMPLETIONS } from "./scripts.ts";
import { HsmError } from "../../errors.ts";
import { columns } from "../../text/columns.ts";
import { manifestParser } from "../../manifest/cached_parser.ts";
import { listHistory } from "../../transaction/history.ts";
import { readManifest } from "../../workspace/read_manifest.ts";
import { findIrregular } from "../../workspace/regular_files.ts";
import { findRoot } from "../../workspace/root.ts";
import { choice, flag } from "../../command/options.ts";

/**
 * The script that makes a shell complete `hsm`, or another program that is made with `runCli`.
 *
 * @example
 * ```ts
 * import { completions } from "@hsm/hsm/tasks/completions";
 * import { assertMatch } from "@std/assert";
 *
 * assertMatch(completions("bash"), /complete -F _hsm hsm/);
 * ```
 */
export function completions(shell: CompletionShell, program: string = "hsm"): string {
  return SHELL_COMPLETIONS[shell].script(program);
}

const SHELLS: readonly CompletionShell[] = ["bash", "zsh", "fish", "powershell"];

/** What `hsm completions SHELL` prints. */
export interface CompletionsResult {
  /** The shell. */
  readonly shell: CompletionShell;
  /** The script. */
  readonly script: string;
}

/** What `hsm completions` prints. */
export type CompletionsDocument = CompletionsResult | CompletionsInstalled | Completion;

/** `hsm completions`. */
export const completionsCommand: Command<CompletionsDocument> = defineCommand({
  name: "completions",
  group: "Around hsm",
  summary: "Print or install the script that makes a shell complete hsm",
  description:
    "It completes commands, options and their values, packages, and the tags of packages. In zsh it comes after compinit. Installed, the file is where the shell looks for it; no file of yours is changed, and what has to stand in one is told.",
  examples: [
    "hsm completions --install",
    'eval "$(hsm completions bash)"',
    'eval "$(hsm completions zsh)"',
    "hsm completions fish | source",
    "hsm completions powershell | Out-String | Invoke-Expression",
  ],
  positional: "shell",
  passthrough: "with --complete: the words behind hsm, the last one to be completed",
  excludes: [
    ["install", "complete", "one writes the script, the other is what it asks"],
  ],
  needs: [
    ["--", "complete", "a script for a shell takes no words"],
  ],
  options: {
    shell: {
      ...choice("The shell: bash, zsh, fish or powershell; default: the one of $SHELL", SHELLS),
      placeholder: "SHELL",
    },
    install: flag("Write it to where the shell looks for it, and say what is still to be done"),
    complete: flag("Print what could come next, for the scripts themselves"),
  },
  async run(
    context,
    { shell: named, install = false, complete: asked = false },
  ): Promise<CommandOutcome<CompletionsDocument>> {
    if (asked) {
      const read = named === undefined ? plainWord : SHELL_COMPLETIONS[named].word;
      const words = context.passthrough.map(read);
      const found = await complete(words.map((it) => it.text), {
        program: context.program,
        workspace: (directory) => knownWorkspace(context, directory),
        programs: (beginning) => knownPrograms(beginning, context.opening.env ?? {}),
      });
      return { data: found, text: describe(found, words.at(-1) ?? plainWord("")) };
    }
    const shell = named ?? shellOf(context.opening.env ?? {});
    if (shell === undefined) {
      throw new HsmError("usage", `Cannot run ${context.called}: it needs a SHELL`, {
        hint: `name one of ${SHELLS.join(", ")}`,
      });
    }
    if (install) return installed(context, shell);
    const script = completions(shell, context.program.name);
    return { data: { shell, script }, text: script };
  },
});

/** Installs the script. */
function installed(
  { program: { name }, opening, width }: CommandContext,
  shell: CompletionShell,
): CommandOutcome<CompletionsInstalled> {
  const data = installCompletions(shell, name, opening.env ?? {});
  const { path, state, line, in: file } = data;
  const when = shell === "zsh" ? ", before compinit" : "";
  return {
    data,
    text: columns([[shell, state, path]], width),
    proof: line === undefined
      ? `A new ${shell} completes ${name}`
      : `Add to ${file}${when}: ${line}`,
  };
}

/** The shell that SHELL names, which is the one that its user logs in to. */
function shellOf({ SHELL = "" }: Readonly<Record<string, string>>): CompletionShell | undefined {
  const name = basename(SHELL.replaceAll("\\", "/")).replace(/\.exe$/, "");
  return name === "pwsh" ? "powershell" : SHELLS.find((it) => it === name);
}

function describe(found: Completion, word: TypedWord): string {
  if (!("candidates" in found)) return `:${found.kind}\t${found.prefix}\n`;
  const lines = found.candidates.flatMap(({ value, description }) => {
    const written = word.write(value);
    return written === undefined ? [] : `${written}\t${description}\n`;
  });
  return [`:${found.kind}\t\n`, ...lines].join("");
}

/** A workspace that is only looked at: nothing is written, not even into HSM's cache, and no lock is taken. */
function knownWorkspace(
  { opening }: CommandContext,
  directory: string = ".",
): KnownWorkspace {
  const env = opening.env ?? {};
  const root = () => findRoot(resolve(opening.directory ?? ".", directory));
  return {
    packages: () => quietly(() => readPackages(root(), env)),
    tags: (it) => quietly(() => knownTags(it, { root: root(), env })),
    history: () =>
      quietly(() => listHistory(root()).map((it) => ({ value: it.id, description: it.command }))),
  };
}

async function readPackages(root: string, env: Readonly<Record<string, string>>) {
  const [irregular] = findIrregular(root);
  if (irregular !== undefined) throw irregular;
  const parse = manifestParser(root, env, { keeps: false });
  return (await readManifest(root, parse)).manifest.packages;
}

/** Nobody wants to see what is wrong in a workspace at a press of the tab key. */
function quietly<T>(find: () => readonly T[] | Promise<readonly T[]>): Promise<readonly T[]> {
  return Promise.try(find).catch(() => []);
}
