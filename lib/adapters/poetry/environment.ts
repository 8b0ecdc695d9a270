/**
 * Where Poetry's environment is, and what is installed in it.
 *
 * @module
 */

import { join } from "@std/path";
import { peekText } from "../../files/read_file.ts";
import { entriesOf, sitePackagesOf } from "../../files/site_packages.ts";
import { isFile } from "../../files/is_there.ts";
import { run } from "../../process/run.ts";
import type { AdapterContext } from "../adapter.ts";
import type { AdapterProject } from "../reader.ts";
import { callPoetry, poetryProgram } from "./call.ts";
import { projectEnvironment } from "./project_environment.ts";

/** The environment's folder; undefined where there is none yet, or no Poetry to know it. Touches nothing. */
export async function environmentFolder(project: AdapterProject): Promise<string | undefined> {
  const own = projectEnvironment(project);
  if (own !== undefined) return own;
  const { root, env } = project;
  const argv = [poetryProgram(env), "env", "info", "--path", "--no-interaction", "--no-ansi"];
  const result = await run(argv, { cwd: root, env }).catch(() => undefined);
  const folder = result?.success ? result.stdout.trim().split("\n").at(-1) : undefined;
  return folder && isFile(join(folder, "pyvenv.cfg")) ? folder : undefined;
}

/** What is installed, and from where, a line each; undefined where there is no environment. Touches nothing. */
export async function takeSnapshot(context: AdapterContext): Promise<string | undefined> {
  const folder = await environmentFolder(context);
  if (folder === undefined) return undefined;
  const lines: string[] = [];
  for (const site of await sitePackagesOf(folder)) {
    for (const name of await entriesOf(site)) {
      if (!name.endsWith(".dist-info")) continue;
      lines.push(`${name} ${peekText(join(site, name, "direct_url.json")) ?? ""}`);
    }
  }
  return lines.sort().join("\n");
}

/** Brings the environment back to what the lock file says, which has gone back before, and looks whether it is a snapshot. */
export async function restoreSnapshot(
  context: AdapterContext,
  snapshot: string,
  args: readonly string[],
): Promise<"unchanged" | "restored" | "failed"> {
  const isBack = async () => await takeSnapshot(context) === snapshot;
  if (await isBack()) return "unchanged";
  // Without a lock file Poetry would make one.
  if (!isFile(join(context.root, "poetry.lock"))) return "failed";
  await callPoetry(args, context, { quiet: "always" });
  return await isBack() ? "restored" : "failed";
}
