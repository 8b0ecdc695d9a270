/**
 * A look at the programs that HSM works with.
 *
 * @module
 */

import type { AdapterContext, CompleteAdapter } from "../../lib/adapters/adapter.ts";
import { isOlder } from "../../lib/adapters/ask_version.ts";
import { HsmError } from "../../lib/errors.ts";
import type { Context } from "../../lib/process/context.ts";
import { lfsProblem } from "../../lib/git/lfs.ts";
import type { Manifest } from "../../lib/manifest/model.ts";
import { createCommands } from "../../lib/process/commands.ts";
import { error, type Finding, ok, warning } from "./model.ts";

/** The oldest git that does all that HSM asks of it: `submodule update --filter`. */
const OLDEST_GIT = [2, 36] as const;

/** The oldest Deno that the sources run on. */
const OLDEST_DENO = [2, 6] as const;

/** Looks at git, at the package manager, and, where HSM runs from its sources, at Deno. */
export async function checkTools(
  adapter: CompleteAdapter,
  context: AdapterContext,
): Promise<readonly Finding[]> {
  const [git, manager] = await Promise.all([checkGit(context), checkAdapter(adapter, context)]);
  return [git, manager, ...(Deno.build.standalone ? [] : [checkDeno(Deno.version.deno)])];
}

async function checkGit(context: AdapterContext): Promise<Finding> {
  const install = "install git 2.36 or newer, and make sure that it is on PATH";
  const version = await versionOf("git", context);
  if (version === undefined) return error("git", "there is no git that answers", install);
  return isOlder(version, OLDEST_GIT)
    ? warning("git", `${version} is older than ${OLDEST_GIT.join(".")}`, install)
    : ok("git", version);
}

async function checkAdapter(adapter: CompleteAdapter, context: AdapterContext): Promise<Finding> {
  try {
    await adapter.ready(context);
  } catch (thrown) {
    if (!(thrown instanceof HsmError) || thrown.code === "interrupted") throw thrown;
    return error(adapter.programName, thrown.message, thrown.hint);
  }
  const version = await adapter.version?.(context) ?? await versionOf(adapter.program, context);
  return ok(adapter.programName, version ?? "it is there");
}

/** Looks at whether git can fetch what Git LFS keeps, where a package asks for it. */
export async function checkLfs(
  context: Context,
  { packages }: Manifest,
): Promise<readonly Finding[]> {
  const asking = packages.filter((it) => it.lfs).map((it) => it.name);
  if (asking.length === 0) return [];
  try {
    const problem = await lfsProblem(context, context.root);
    if (problem === undefined) return [ok("git-lfs", `it is set up, for ${asking.join(", ")}`)];
    const message = `${problem.message}, and \`lfs: true\` of ${asking.join(", ")} needs it`;
    return [error("git-lfs", message, problem.fix)];
  } catch (thrown) {
    // That there is no git has been said.
    if (!(thrown instanceof HsmError) || thrown.code !== "tool-missing") throw thrown;
    return [];
  }
}

/** Judges a version of Deno. Pure. */
export function checkDeno(version: string): Finding {
  return isOlder(version, OLDEST_DENO)
    ? warning("deno", `${version} is older than ${OLDEST_DENO.join(".")}`, "run `deno upgrade`")
    : ok("deno", version);
}

/** The version that a program says it has, without its name. */
async function versionOf(program: string, context: AdapterContext): Promise<string | undefined> {
  try {
    const { success, stdout } = await createCommands(context)`${program} --version`.noThrow();
    return success ? /\d+\.\d+[\w.+-]*/.exec(stdout)?.[0] : undefined;
  } catch (thrown) {
    if (thrown instanceof HsmError && thrown.code === "tool-missing") return undefined;
    throw thrown;
  }
}
