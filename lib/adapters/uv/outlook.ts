/**
 * What a sync would do once the app's files have changed, as uv sees it.
 *
 * @module
 */

import { environmentFolder } from "./environment.ts";
import { normalizeName } from "../../names.ts";
import { readUvProject } from "./project.ts";
import { MAX_WRITTEN_BYTES, peekText } from "../../files/read_file.ts";
import type { AdapterContext, InstallPlan } from "../adapter.ts";
import { callUv } from "./call.ts";
import { errorOf, planInstall } from "./look.ts";
import { inShadow } from "./shadow.ts";
import { uvWorkspaceRoot } from "./workspace.ts";

const QUIETLY = { quiet: "always" } as const;
/** What `uv sync` would do to the environment with another pyproject.toml. */
export async function wouldInstall(
  context: AdapterContext,
  candidate: string,
): Promise<InstallPlan> {
  const environment = await environmentFolder(context.root, context.env);
  const app = readUvProject(candidate, "pyproject.toml").name;
  return await inShadow(context, candidate, async (shadow) => {
    const env = { ...shadow.env, UV_PROJECT_ENVIRONMENT: environment };
    const there = { ...shadow, env };
    const args = ["lock", "--no-build", "--no-python-downloads"];
    const { success, stderr } = await callUv(args, there, QUIETLY);
    if (!success) return { environment: "kept", steps: undefined, reason: errorOf(stderr) };
    const plan = await planInstall(there);
    // The shadow is no package, which the app may be.
    const own = app === undefined ? undefined : normalizeName(app);
    return { ...plan, steps: plan.steps?.filter((it) => it.package !== own) };
  });
}

/** What bringing uv.lock up to date would change, a line each; "" where that cannot be told. */
export async function lockChanges(context: AdapterContext): Promise<string> {
  const { stderr } = await callUv(["lock", "--dry-run"], context, QUIETLY);
  const lines = stderr.split("\n").filter((line) => /^(?:Add|Remove|Update) /.test(line));
  return [...await pythonChange(context.root), ...lines].join("\n");
}

/** uv does not tell that it would write down other Python versions; those of a workspace are its members' together. */
async function pythonChange(root: string): Promise<readonly string[]> {
  const folder = await uvWorkspaceRoot(root);
  if (folder !== root) return [];
  const lock = peekText(`${folder}/uv.lock`, MAX_WRITTEN_BYTES) ?? "";
  const locked = /^requires-python = "([^"]*)"/m.exec(lock)?.[1];
  const { requiresPython: wanted = "", workspace } = readUvProject(
    peekText(`${root}/pyproject.toml`, MAX_WRITTEN_BYTES) ?? "",
    "pyproject.toml",
  );
  // uv writes these in another way.
  if (locked === undefined || workspace !== undefined || !/^[^~*]+$/.test(wanted)) return [];
  const plain = (text: string) => text.replaceAll(/\s/g, "").split(",").sort().join();
  if (plain(locked) === plain(wanted)) return [];
  return [`Update requires-python ${locked} -> ${wanted}`];
}
