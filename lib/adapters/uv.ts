/**
 * uv.
 *
 * @module
 */

import { basename, join } from "@std/path";
import { HsmError } from "../errors.ts";
import { readProject } from "../pyproject/read.ts";
import { run, type RunResult } from "../process/run.ts";
import type { Adapter, AdapterContext, NewLibraryOptions, Verdict } from "./adapter.ts";
import { callUv, refuseUvArguments, uvProgram, uvSyncArguments } from "./uv_call.ts";
import { findMembers } from "./uv_members.ts";
import { shadowPyproject } from "./uv_shadow.ts";
import { explainUvFailure } from "./uv_failure.ts";
import { uvWorkspaceRoot } from "./uv_workspace.ts";

/** The oldest uv that HSM works with: major, minor. */
const OLDEST = [0, 9] as const;

/** The adapter for uv, which is found through `HSM_UV`, `UV` (set under uvx) or PATH. */
export function uvAdapter(env: Readonly<Record<string, string>>): Adapter {
  const program = uvProgram(env);
  let version: Promise<void> | undefined;
  const ready = (context: AdapterContext) => version ??= checkVersion(program, context);
  return {
    name: "uv",
    program,
    ready,
    refuse: refuseUvArguments,
    explain: explainUvFailure,
    commandLine: (options) => ["uv", ...uvSyncArguments(options)].join(" "),
    lockFiles: async (root) => [`${await uvWorkspaceRoot(root)}/uv.lock`],
    async sync(context, options) {
      await ready(context);
      return await callUv(program, uvSyncArguments(options), context, options);
    },
    async lockChanges(context) {
      await ready(context);
      const { stderr } = await callUv(program, ["lock", "--dry-run"], context, { quiet: "always" });
      return stderr.split("\n").filter((line) => /^(?:Add|Remove|Update) /.test(line)).join("\n");
    },
    async resolve(context, pyproject) {
      await ready(context);
      return await resolveShadow(program, context, pyproject);
    },
    async newLibrary(context, options) {
      await ready(context);
      return await callUv(program, initArguments(options), context, { quiet: "always" });
    },
  };
}

/** Without `--no-workspace` uv would add the library to a workspace around it, and write in its pyproject.toml. */
function initArguments(options: NewLibraryOptions): readonly string[] {
  const { directory, name, requiresPython } = options;
  return [
    "init",
    "--lib",
    "--no-workspace",
    "--vcs=none",
    "--no-pin-python",
    `--name=${name}`,
    ...(requiresPython === undefined ? [] : [`--python=${requiresPython}`]),
    "--",
    directory,
  ];
}

/** Lets uv lock a shadow of the app. */
async function resolveShadow(
  program: string,
  context: AdapterContext,
  pyproject: string,
): Promise<Verdict> {
  const { root } = context;
  const { workspace } = readProject(pyproject, "pyproject.toml");
  const members = workspace === undefined ? new Map() : await findMembers(root, workspace);
  const shadow = await Deno.makeTempDir({ prefix: "hsm-resolve-" });
  try {
    await Deno.writeTextFile(
      join(shadow, "pyproject.toml"),
      shadowPyproject(pyproject, root, members),
    );
    const copies = [
      join(await uvWorkspaceRoot(root), "uv.lock"),
      join(root, "uv.toml"),
      join(root, ".python-version"),
    ];
    for (const file of copies) {
      await Deno.copyFile(file, join(shadow, basename(file))).catch(ignoreMissing);
    }
    const result = await callUv(program, ["lock"], { ...context, root: shadow }, {
      quiet: "always",
    });
    return { success: result.success, message: result.stderr.replaceAll(shadow, root).trim() };
  } finally {
    await Deno.remove(shadow, { recursive: true });
  }
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}

async function checkVersion(program: string, context: AdapterContext): Promise<void> {
  const { root: cwd, env, signal } = context;
  const install = "install it from https://docs.astral.sh/uv/ or name one in HSM_UV";
  let result: RunResult;
  try {
    result = await run([program, "--version"], { cwd, env, signal });
  } catch (error) {
    if (!(error instanceof HsmError) || error.code !== "tool-missing") throw error;
    throw new HsmError("tool-missing", `Cannot find uv: there is no program ${program}`, {
      hint: install,
      cause: error,
    });
  }
  const version = /^uv (\d+)\.(\d+)\S*/.exec(result.stdout);
  if (!result.success || version === null) {
    throw new HsmError("tool-missing", `Cannot use ${program}: it does not answer as uv does`, {
      hint: install,
      causes: `${result.stdout}${result.stderr}`.trim().split("\n").slice(0, 3),
    });
  }
  const [major, minor] = [Number(version[1]), Number(version[2])];
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
    throw new HsmError(
      "tool-too-old",
      `Cannot use ${version[0]} at ${program}: HSM needs ${OLDEST.join(".")} or newer`,
      { hint: "update it (`uv self update`) or name a newer one in HSM_UV" },
    );
  }
}
