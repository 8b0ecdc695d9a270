/**
 * Hatch's default environment: where it is, and how it is made. What is in it otherwise is pip's adapter's affair.
 *
 * @module
 */

import { isAbsolute, join } from "@std/path";
import { HsmError } from "../../errors.ts";
import { infoAt } from "../../files/is_there.ts";
import { peekText } from "../../files/read_file.ts";
import { ioError } from "../../files/system_error.ts";
import { run, type RunResult } from "../../process/run.ts";
import type { AdapterContext, AdapterRunOptions } from "../adapter.ts";
import { callProgram } from "../call_program.ts";
import type { AdapterProject } from "../reader.ts";
import { explainHatchFailure } from "./hatch_failure.ts";
import { filesOnDisk } from "./app_disk.ts";
import { DEFAULT, HATCH_PLACES, readHatchSettings } from "./hatch_settings.ts";

/** The Hatch to run: named by `HSM_HATCH`, else the one on PATH. */
export function hatchProgram(env: Readonly<Record<string, string>>): string {
  return env["HSM_HATCH"] || "hatch";
}

/** The folder of the default environment of an app, by all that Hatch goes by: it is asked once. */
const folders = new Map<string, Promise<string>>();

/**
 * The folder of Hatch's default environment, which need not exist; only Hatch knows it. Touches nothing of the app's.
 *
 * @throws {HsmError} `tool-missing`; `adapter-failed` where Hatch does not say
 */
export async function findHatchFolder({ root, env }: AdapterProject): Promise<string> {
  const program = hatchProgram(env);
  const variables = Object.entries(env).filter(([name]) => /^(?:HATCH_|XDG_|HOME$)/.test(name));
  const texts = HATCH_PLACES.map(({ file }) => peekText(join(root, file)));
  const key = JSON.stringify([root, program, variables, texts]);
  const known = folders.get(key) ?? askForFolder(root, program, hatchVariables(env));
  folders.set(key, known);
  try {
    return await known;
  } catch (error) {
    folders.delete(key);
    throw error;
  }
}

/** What the default environment depends on, beside the app. Touches nothing. */
export async function hatchNeeds(root: string): Promise<readonly string[]> {
  return (await readHatchSettings(filesOnDisk(root))).needs;
}

/**
 * Has Hatch make its default environment: with what `pre-install-commands` installs, the app, and what the environment
 * depends on itself. One that does not come to be is taken away, as Hatch would take it for one.
 *
 * @throws {HsmError} `adapter-failed` where something else is in its place
 */
export async function makeHatchEnvironment(
  context: AdapterContext,
  folder: string,
  options: Pick<AdapterRunOptions, "quiet" | "onStart"> = {},
): Promise<RunResult> {
  await makeRoom(folder);
  let isMade = false;
  try {
    const result = await callHatch(["env", "create", DEFAULT], context, options);
    isMade = result.success;
    return result;
  } finally {
    if (!isMade) await makeRoom(folder);
  }
}

/** What lies in a virtual environment from its first moment on. */
const OWN: ReadonlySet<string> = new Set([
  ...["pyvenv.cfg", "bin", "include", "lib", "lib64", "share", "Scripts", "Include", "Lib"],
  ...[".gitignore", ".lock", "CACHEDIR.TAG"],
]);

/** Takes away what is left of an environment. */
async function makeRoom(folder: string): Promise<void> {
  const info = infoAt(folder);
  if (info === undefined) return;
  const names = info.isDirectory ? Array.from(Deno.readDirSync(folder), (it) => it.name) : [""];
  if (names.some((it) => !OWN.has(it))) {
    throw new HsmError(
      "adapter-failed",
      `Cannot make Hatch's default environment: ${folder} is no environment`,
      { hint: "move it away, or correct `path` of the environment" },
    );
  }
  try {
    await Deno.remove(folder, { recursive: true });
  } catch (error) {
    throw ioError(`remove ${folder}`, folder, error);
  }
}

async function askForFolder(
  root: string,
  program: string,
  env: Readonly<Record<string, string>>,
): Promise<string> {
  const argv = [program, "env", "find", DEFAULT];
  const { success, stdout, stderr } = await run(argv, { cwd: root, env });
  const found = success ? stdout.trim().split(/\r?\n/) : [];
  const [folder] = found;
  if (folder !== undefined && found.length === 1 && isAbsolute(folder)) return folder;
  const { cause, hint = `run \`hatch env find ${DEFAULT}\`` } = explainHatchFailure(
    stdout + stderr,
  );
  const state = cause ?? (found.length > 1 ? "it is several" : "Hatch does not say where it is");
  throw new HsmError("adapter-failed", `Cannot find Hatch's default environment: ${state}`, {
    hint,
  });
}

/** How Hatch goes about it, and where in it an error came up. */
const NOISE =
  /^(?: *$|[\u2500-\u257f]|(?:Creating|Removing) environment: |Running pre-installation|Running post-installation|Installing project|Checking dependencies|Syncing dependencies|Polling dependency)/u;

/** It tells of no package by itself. */
const NOT_MANY = { lines: /(?!)/, sum: /(?!)/ };

/** Runs Hatch; what is returned as standard error is what it said on both streams. */
async function callHatch(
  args: readonly string[],
  context: AdapterContext,
  options: Pick<AdapterRunOptions, "quiet" | "onStart">,
): Promise<RunResult> {
  const env = hatchVariables(context.env);
  const hatch = { name: "hatch", program: hatchProgram(env), noise: NOISE, many: NOT_MANY };
  const { said, ...result } = await callProgram(hatch, args, { ...context, env }, options);
  return { ...result, stderr: said };
}

/** Without what leads Hatch to another project or changes how it says things; a line is to stay one. */
export function hatchVariables(
  env: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const kept = Object.entries(env).filter(([name]) => !CHANGING.has(name));
  return {
    ...Object.fromEntries(kept),
    HATCH_INTERACTIVE: "false",
    NO_COLOR: "1",
    COLUMNS: "1000",
  };
}

const CHANGING: ReadonlySet<string> = new Set([
  "FORCE_COLOR",
  "HATCH_ENV",
  "HATCH_ENV_ACTIVE",
  "HATCH_KEEP_ENV",
  "HATCH_PROJECT",
  "HATCH_QUIET",
  "HATCH_VERBOSE",
]);
