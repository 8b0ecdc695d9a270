/**
 * `hsm completions`: what a shell has to know to complete `hsm`.
 *
 * @module
 */

import { resolve } from "@std/path";
import { uvAdapter } from "../lib/adapters/uv.ts";
import {
  type Command,
  type CommandContext,
  type CommandOutcome,
  defineCommand,
} from "../lib/command.ts";
import { type Candidate, complete, type Completion } from "../lib/cli/completion/complete.ts";
import { COMPLETION_SCRIPTS, type CompletionShell } from "../lib/cli/completion/scripts.ts";
import { HsmError } from "../lib/errors.ts";
import { manifestParser } from "../lib/manifest/parser.ts";
import { readManifest } from "../lib/workspace/read_manifest.ts";
import { findIrregular } from "../lib/workspace/regular_files.ts";
import { findRoot } from "../lib/workspace/root.ts";

/**
 * The script that makes a shell complete `hsm`.
 *
 * @example
 * ```ts
 * import { completions } from "@hsm/hsm";
 * import { assertMatch } from "@std/assert";
 *
 * assertMatch(completions("bash"), /complete -F _hsm hsm/);
 * ```
 */
export function completions(shell: CompletionShell): string {
  return COMPLETION_SCRIPTS[shell];
}

const SHELLS: readonly CompletionShell[] = ["bash", "zsh", "fish", "powershell"];

/** What `hsm completions SHELL` prints. */
interface CompletionsResult {
  /** The shell. */
  readonly shell: CompletionShell;
  /** The script. */
  readonly script: string;
}

/** What `hsm completions --complete` prints: one of the two. */
interface CompleteResult {
  /** What could come next. */
  readonly candidates?: readonly Candidate[];
  /** What the shell itself is to offer. */
  readonly paths?: "files" | "directories";
}

/** What `hsm completions` prints. */
type CompletionsDocument = CompletionsResult | CompleteResult;

/** `hsm completions`. */
export const completionsCommand: Command<CompletionsDocument> = defineCommand({
  name: "completions",
  summary: "Print the script that makes a shell complete hsm",
  description: "It completes commands, options, and the names of packages.",
  examples: [
    'eval "$(hsm completions bash)"',
    'eval "$(hsm completions zsh)"',
    "hsm completions fish | source",
  ],
  positional: "shell",
  positionalUsage: "SHELL",
  passthrough: "with --complete: the words behind hsm, the last one to be completed",
  excludes: [
    ["complete", "shell", "what could come next is the same in every shell"],
  ],
  needs: [
    ["--", "complete", "a script for a shell takes no words"],
  ],
  options: ({ z, flag }) =>
    z.object({
      shell: z.optional(z.array(z.enum(SHELLS)).check(z.maxLength(1))).check(
        z.meta({ description: "The shell: bash, zsh, fish or powershell", placeholder: "SHELL" }),
      ),
      complete: flag("Print what could come next, for the scripts themselves"),
    }),
  async run(
    context,
    { shell: shells = [], complete: asked = false },
  ): Promise<CommandOutcome<CompletionsDocument>> {
    const [shell] = shells;
    if (asked) {
      const found = await complete(context.passthrough, {
        commands: await context.commands.all(),
        globals: context.commands.globals,
        packages: () => packageNames(context),
      });
      const data = typeof found === "string" ? { paths: found } : { candidates: found };
      return { data, text: describe(found) };
    }
    if (shell === undefined) {
      throw new HsmError("usage", "Cannot run hsm completions: it needs a SHELL", {
        hint: `name one of ${SHELLS.join(", ")}`,
      });
    }
    const script = completions(shell);
    return { data: { shell, script }, text: script };
  },
});

function describe(found: Completion): string {
  if (typeof found === "string") return `:${found}\n`;
  return found.map((it) => `${it.value}\t${it.description}\n`).join("");
}

/** The names in hsm.yaml; nobody wants to see what is wrong in it at a press of the tab key. */
async function packageNames({ opening, passthrough }: CommandContext): Promise<readonly string[]> {
  try {
    const at = passthrough.findIndex((it) => it === "-C" || it === "--directory");
    const directory = at < 0 ? "." : passthrough[at + 1] ?? ".";
    const root = findRoot(resolve(opening.directory ?? ".", directory));
    const [irregular] = await findIrregular(root, uvAdapter(opening.env ?? {}));
    if (irregular !== undefined) throw irregular;
    const parse = manifestParser(root, opening.env ?? {});
    return (await readManifest(root, parse)).manifest.packages.map((it) => it.name);
  } catch (error) {
    if (error instanceof HsmError && error.code !== "io") return [];
    throw error;
  }
}
