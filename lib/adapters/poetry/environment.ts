/**
 * Where Poetry's environment is, and what is installed in it.
 *
 * @module
 */

import { join } from "@std/path";
import { attempt } from "../../attempt.ts";
import { makeTemporary } from "../../files/make_temporary.ts";
import { peekText } from "../../files/read_file.ts";
import { entriesOf, sitePackagesOf } from "../../files/site_packages.ts";
import { isFile } from "../../files/is_there.ts";
import { run } from "../../process/run.ts";
import { tableOf, textOf } from "../../table.ts";
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

/** What is installed, as requirements that are exact; undefined where there is no environment. Touches nothing. */
export async function takeSnapshot(context: AdapterContext): Promise<string | undefined> {
  const folder = await environmentFolder(context);
  if (folder === undefined) return undefined;
  const lines: string[] = [];
  for (const site of await sitePackagesOf(folder)) {
    for (const name of await entriesOf(site)) {
      const direct = () => peekText(join(site, name, "direct_url.json"));
      lines.push(...exactRequirement(name, direct));
    }
  }
  return lines.sort().join("\n");
}

/** Of a distribution's folder, such as `idna-3.7.dist-info`; none where it is no such folder. */
function exactRequirement(folder: string, direct: () => string | undefined): readonly string[] {
  // What an uninstall that was ended has moved away begins with `~`.
  const [, name, version] = /^([A-Za-z0-9][\w.]*)-([^-\s]+)\.dist-info$/.exec(folder) ?? [];
  if (name === undefined) return [];
  const data = tableOf(attempt(() => JSON.parse(direct() ?? "")));
  const url = textOf(data["url"]);
  if (url === undefined || /\s/.test(url)) return [`${name}==${version}`];
  if (tableOf(data["dir_info"])["editable"] === true) return [`-e ${url}`];
  const { vcs, commit_id: commit } = tableOf(data["vcs_info"]);
  const subdirectory = textOf(data["subdirectory"]);
  const where = typeof vcs === "string" ? `${vcs}+${url}@${commit}` : url;
  return [`${name} @ ${where}${subdirectory === undefined ? "" : `#subdirectory=${subdirectory}`}`];
}

/**
 * Brings the environment back to what the lock file says, which has gone back before, and what was there beside that by
 * pip; then looks whether it is the snapshot.
 */
export async function restoreSnapshot(
  context: AdapterContext,
  snapshot: string,
  args: readonly string[],
): Promise<"unchanged" | "restored" | "failed"> {
  const missing = async () => {
    const now = await takeSnapshot(context);
    if (now === snapshot) return undefined;
    const there = new Set(now?.split("\n"));
    return snapshot.split("\n").filter((it) => it !== "" && !there.has(it));
  };
  if (await missing() === undefined) return "unchanged";
  // Without a lock file Poetry would make one.
  if (!isFile(join(context.root, "poetry.lock"))) return "failed";
  await callPoetry(args, context, QUIET);
  const rest = await missing();
  if (rest === undefined) return "restored";
  await using folder = await makeTemporary("hsm-environment-");
  const file = join(folder.path, "requirements.txt");
  await Deno.writeTextFile(file, rest.map((it) => `${it}\n`).join(""));
  await callPoetry([...PIP_INSTALL, file], context, QUIET);
  return await missing() === undefined ? "restored" : "failed";
}

const QUIET = { quiet: "always" } as const;

const PIP_INSTALL = [
  ...["run", "python", "-m", "pip", "--disable-pip-version-check"],
  ...["install", "--no-deps", "--requirement"],
] as const;
