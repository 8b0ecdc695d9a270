/**
 * `hsm exec`: one command in one checkout, or in many.
 *
 * @module
 */

import stringWidth from "fast-string-width";
import { attempt } from "../lib/attempt.ts";
import { type CheckoutGroup, concerning, groupByCheckout } from "../lib/checkout/group.ts";
import { readCheckoutStates } from "../lib/checkout/read_states.ts";
import { dirtyCount } from "../lib/checkout/state.ts";
import {
  type Command,
  type CommandContext,
  defineCommand,
  PROGRAM,
} from "../lib/command/command.ts";
import { HsmError } from "../lib/errors.ts";
import type { Mode } from "../lib/manifest/model.ts";
import { handOver } from "../lib/process/hand_over.ts";
import { mapAll } from "../lib/process/pool.ts";
import { run } from "../lib/process/run.ts";
import { showsColors, tellColors } from "./exec/tell_colors.ts";
import { noneIn } from "../lib/packages/none.ts";
import { selectPackages } from "../lib/packages/select.ts";
import { selectDevPackages } from "../lib/packages/select.ts";
import { countOf } from "../lib/text/words.ts";
import type { Workspace } from "../lib/workspace/workspace.ts";
import { choice, flag } from "../lib/command/options.ts";
import { packageOptions } from "../lib/command/package_options.ts";

/** What {@linkcode exec} runs, and where. */
export interface ExecOptions {
  /** The program, by path or by a name on PATH, and its arguments; no shell reads them. */
  readonly command: readonly string[];
  /** The packages, by name or glob, such as `plug-*`; default: all in that mode. */
  readonly packages?: readonly string[] | undefined;
  /** The packages in this mode; those in prod mode only where they have a checkout. @default {"dev"} */
  readonly mode?: Mode | "all" | undefined;
  /** Only where files differ from the commit. @default {false} */
  readonly dirty?: boolean | undefined;
  /**
   * In exactly one checkout, the program has this process's own standard input, output and error, and on a terminal
   * Ctrl-C; nothing of its output is captured. In several it makes no difference. @default {false}
   */
  readonly handOver?: boolean | undefined;
  /**
   * Tells the programs whose output is captured to show colours all the same (FORCE_COLOR, CLICOLOR_FORCE, git's
   * `color.ui`), unless the environment says otherwise. @default {false}
   */
  readonly color?: boolean | undefined;
  /** Called with each piece of a command's output, as it comes; `names` are the checkout's packages, as in "a, b". */
  readonly onOutput?:
    | ((names: string, text: string, stream: "stdout" | "stderr") => void)
    | undefined;
  /** Called when a command has ended whose output was captured. */
  readonly onEnd?: ((run: ExecRun) => void) | undefined;
}

/** How the command ended in one checkout. */
export interface ExecRun {
  /** The name of the first package in it. */
  readonly package: string;
  /** The names of all packages asked for that are in it. */
  readonly packages: readonly string[];
  /** The checkout's folder, relative to the root, with `/`. */
  readonly path: string;
  /** The exit status; 128+n where signal n ended it, 127 where there is no such program. */
  readonly code: number;
  /** Its standard output, as far as it was captured. */
  readonly stdout: string;
  /** Its standard error, likewise. */
  readonly stderr: string;
}

/** What {@linkcode exec} ran. */
export interface ExecResult {
  /** One for each checkout, however many packages are in it, in the manifest's order. */
  readonly runs: readonly ExecRun[];
}

/**
 * Runs a program in the checkouts of packages, once in each and several at a time, with HSM_PACKAGE (the package's
 * name; of several in one checkout the first), HSM_PACKAGES (all of them, with spaces between) and HSM_ROOT (the app's
 * folder) in its environment.
 *
 * What it touches is the program's own business; HSM touches nothing and takes no lock, so that the program may be hsm.
 * It has no terminal, and nothing on its standard input, unless there is one checkout and `handOver` is said.
 *
 * @example
 * ```ts
 * import { exec, openWorkspace } from "@hsm/hsm";
 *
 * await using workspace = await openWorkspace({ readonly: true });
 * const { runs } = await exec(workspace, { command: ["git", "status", "--porcelain"] });
 * console.log(runs.map((it) => [it.path, it.code, it.stdout])); // [["packages/my-plugin", 0, ""]]
 * ```
 *
 * @param workspace The workspace.
 * @param options The program, and in which checkouts.
 * @returns How it ended in each checkout. A program that fails is a result, and no error that is thrown.
 * @throws {HsmError} `checkout-missing`, before anything is run; `tool-missing` where there is no program of that name;
 * `package-unknown`, `usage`
 */
export async function exec(workspace: Workspace, options: ExecOptions): Promise<ExecResult> {
  if (options.command.length === 0) throw noCommand();
  const { signal, tell } = workspace;
  const groups = await choose(workspace, options);
  const isAlone = options.handOver === true && groups.length === 1;
  const runs = await mapAll(groups, workspace.jobs, async (group) => {
    const { code, stdout, stderr } = isAlone
      ? await handOver(options.command, { signal, tell, ...surroundings(workspace, group) })
      : await runCaptured(workspace, group, options);
    const packages = group.packages.map((it) => it.name);
    const ended = { package: packages[0]!, packages, path: group.path, code, stdout, stderr };
    if (!isAlone) options.onEnd?.(ended);
    return ended;
  });
  return { runs };
}

/** Where a program runs, and with which variables. */
function surroundings(
  { ownEnv, root }: Workspace,
  { directory, packages }: CheckoutGroup,
): { readonly cwd: string; readonly env: Readonly<Record<string, string>> } {
  const variables = {
    HSM_PACKAGE: packages[0].name,
    HSM_PACKAGES: packages.map((it) => it.name).join(" "),
    HSM_ROOT: root,
  };
  return { cwd: directory, env: { ...ownEnv, ...variables } };
}

/** git's editor where there is no terminal: one that needs it would wait for ever, unseen. */
const NO_EDITOR =
  "echo 'an editor needs a terminal: name one package, or say by GIT_EDITOR what needs none' >&2; false";

async function runCaptured(
  workspace: Workspace,
  group: CheckoutGroup,
  { command, color = false, onOutput }: ExecOptions,
): Promise<Pick<ExecRun, "code" | "stdout" | "stderr">> {
  using _ = workspace.tell.begin({
    work: "exec",
    ...concerning(group),
    message: `Running in ${group.path}`,
  });
  try {
    const { cwd, ...around } = surroundings(workspace, group);
    const env = { GIT_EDITOR: NO_EDITOR, ...around.env };
    return await run(command, {
      cwd,
      env: color ? tellColors(env, { git: await showsColors(workspace, cwd) }) : env,
      signal: workspace.signal,
      tell: workspace.tell,
      detached: true,
      onStdout: (text) => onOutput?.(group.names, text, "stdout"),
      onStderr: (text) => onOutput?.(group.names, text, "stderr"),
    });
  } catch (error) {
    // Found on PATH or not, a bare name is the same everywhere; a path leads elsewhere in each checkout.
    const isSame = !/[\\/]/.test(command[0] ?? "");
    if (!(error instanceof HsmError) || error.code !== "tool-missing" || isSame) throw error;
    const stderr = `${error.message}\nhint: ${error.hint}\n`;
    onOutput?.(group.names, stderr, "stderr");
    return { code: 127, stdout: "", stderr };
  }
}

async function choose(
  workspace: Workspace,
  { packages, mode = "dev", dirty = false }: ExecOptions,
): Promise<readonly CheckoutGroup[]> {
  const { manifest, jobs, root } = workspace;
  const selected = mode === "dev"
    ? selectDevPackages(manifest, packages, "run a command in")
    : selectPackages(manifest, packages).filter((it) => mode === "all" || it.mode === mode);
  const groups = groupByCheckout(root, selected);
  const there = groups.filter((it) => attempt(() => Deno.statSync(it.directory))?.isDirectory);
  const missing = groups.filter((it) =>
    !there.includes(it) && it.packages.some(({ mode }) => mode === "dev")
  );
  if (missing.length > 0) throw checkoutMissing(missing);
  if (!dirty) return there;
  const states = await readCheckoutStates(workspace, there.map((it) => it.directory), jobs);
  return there.filter((_, index) => {
    const reading = states[index];
    return reading?.kind === "checkout" && dirtyCount(reading.state) > 0;
  });
}

function checkoutMissing(missing: readonly CheckoutGroup[]): HsmError {
  const names = missing.flatMap((it) => it.packages.map(({ name }) => name));
  const paths = missing.map((it) => it.path);
  return new HsmError(
    "checkout-missing",
    `Cannot run a command in ${names.join(", ")}: ${paths.join(", ")} ${
      paths.length === 1 ? "is" : "are"
    } missing`,
    { hint: `run \`hsm clone ${names.join(" ")}\``, details: { packages: names, paths } },
  );
}

function noCommand(called = "hsm exec"): HsmError {
  return new HsmError("usage", `Cannot run ${called}: there is no command behind \`--\``, {
    hint: "run `hsm exec -- git log -1`, for example",
  });
}

/** What shows the output of commands. */
type Output = Required<Pick<ExecOptions, "onOutput" | "onEnd">>;

/** Shows the output of each command on its own, when it has ended. */
function groupedOutput(context: CommandContext): Output {
  const texts = new Map<string, string>();
  return {
    onOutput: (names, text) => texts.set(names, (texts.get(names) ?? "") + text),
    onEnd({ packages, code }) {
      const names = packages.join(", ");
      const text = texts.get(names) ?? "";
      texts.delete(names);
      if (text === "" && code === 0) return;
      const head = code === 0 ? names : `${names}: exit status ${code}`;
      context.print(`== ${head}\n${text}${text === "" || text.endsWith("\n") ? "" : "\n"}`);
    },
  };
}

/** Shows each line as it comes, behind the names of its checkout's packages. */
function prefixedOutput(context: CommandContext, names: readonly string[]): Output {
  const width = Math.max(0, ...names.map((it) => stringWidth(it)));
  const rests = new Map<string, string>();
  const write = (name: string, line: string) =>
    context.print(`${name}${" ".repeat(width - stringWidth(name))} | ${line}\n`);
  return {
    onOutput(name, text, stream) {
      const key = `${stream} ${name}`;
      const lines = ((rests.get(key) ?? "") + text).split(/\r\n?|\n/);
      rests.set(key, lines.pop() ?? "");
      for (const line of lines) write(name, line);
    },
    onEnd({ packages }) {
      const name = packages.join(", ");
      for (const stream of ["stdout", "stderr"]) {
        const rest = rests.get(`${stream} ${name}`);
        if (rest) write(name, rest);
      }
    },
  };
}

function failureOf(runs: readonly ExecRun[], command: readonly string[]): HsmError | undefined {
  const failed = runs.filter((it) => it.code !== 0);
  if (failed.length === 0) return undefined;
  return new HsmError(
    "command-failed",
    `Cannot run \`${command.join(" ")}\` everywhere: it failed in ${failed.length} of ${
      countOf(runs.length, "checkout")
    }`,
    {
      causes: failed.map((it) => `${it.packages.join(", ")}: it exited with code ${it.code}`),
      details: { packages: failed.flatMap((it) => it.packages) },
      exitStatus: runs.length === 1 ? failed[0]?.code : undefined,
    },
  );
}

/**
 * `hsm exec`.
 *
 * @throws {HsmError} `command-failed` where the program fails in a checkout
 */
export const execCommand: Command<ExecResult> = defineCommand({
  name: "exec",
  group: "The checkouts",
  summary: "Run a command in every dev checkout, several at a time",
  description:
    "In one checkout the command has the terminal or the pipes that hsm has, and hsm exits as it does. In several, and " +
    "with --json, --events or --prefix, its output is collected, its input is empty, and git's editor is what GIT_EDITOR says, or " +
    "none; where hsm shows colours, it is told to do so as well (FORCE_COLOR, CLICOLOR_FORCE, git's color.ui). HSM_PACKAGE, HSM_PACKAGES and HSM_ROOT are " +
    "in its environment. Packages that share a checkout are one run.",
  examples: [
    "hsm exec -- git log -1 --oneline",
    "hsm exec --dirty -- git diff --stat",
    "hsm exec my-plugin -- git add -p",
    "hsm exec my-plugin --prefix -- uv run pytest",
  ],
  positional: "packages",
  packageMode: "dev",
  passthrough: PROGRAM,
  excludes: [
    ["prefix", "json", "with `--json` nothing is shown before the end"],
  ],
  options: {
    ...packageOptions("Only these; default: all in dev mode", "All in that mode"),
    mode: choice("In the checkouts of packages in this mode; default dev", ["dev", "prod", "all"]),
    dirty: flag("Only where files differ from the commit"),
    prefix: flag("Show lines as they come, each behind its package's name"),
  },
  async run(context, { packages, mode, dirty, prefix = false }) {
    if (context.passthrough.length === 0) throw noCommand(context.called);
    await using workspace = await context.open({ readonly: true });
    const chosen = selectPackages(workspace.manifest, packages)
      .filter((it) => mode === "all" || it.mode === (mode ?? "dev"));
    const names = groupByCheckout(workspace.root, chosen).map((it) => it.names);
    const command = context.passthrough;
    const isHandedOver = !prefix && !context.json && !context.events;
    const { runs } = await exec(workspace, {
      command,
      handOver: isHandedOver,
      color: context.color && !context.json,
      packages,
      mode,
      dirty,
      ...prefix ? prefixedOutput(context, names) : groupedOutput(context),
    });
    const failure = failureOf(runs, command);
    // The program has said itself what there is to say.
    if (isHandedOver && runs.length === 1) {
      return { data: { runs }, text: "", failure, isTold: true };
    }
    const nowhere = chosen.length === 0 && mode !== "all"
      ? noneIn(mode ?? "dev")
      : dirty
      ? "No checkout has changes"
      : "There is no checkout to run it in";
    const proof = runs.length === 0 ? nowhere : `Done in ${countOf(runs.length, "checkout")}`;
    return { data: { runs }, text: "", proof, failure };
  },
});
