/**
 * Settings of uv's that take sources away from a project, looked for where uv (0.9 to 0.13) looks for them.
 *
 * @module
 */

import { join, resolve } from "@std/path";
import { HsmError } from "../../errors.ts";
import { normalizeName } from "../../names.ts";
import { variable } from "../../platform/program.ts";
import { SYSTEM, type System } from "../../platform/system.ts";
import { readText } from "../../files/read_text.ts";
import { shortPath } from "../../platform/paths.ts";
import { readStrictly } from "../../project/strict_document.ts";
import { tableOf } from "../../table.ts";
import type { AdapterContext, SourcesOff } from "../adapter.ts";
import { uvWorkspaceRoot } from "./workspace.ts";
import { isFile } from "../../files/is_there.ts";

type Environment = AdapterContext["env"];
type Project = Pick<AdapterContext, "root" | "env">;

/** A file of settings. */
interface Layer {
  /** Its name in messages. */
  readonly file: string;
  readonly text: string;
  /** The keys that lead to uv's settings in it; none: the whole file. */
  readonly table: readonly string[];
}

/**
 * The settings that take sources away.
 *
 * @param pyproject The text of the project's pyproject.toml.
 * @param system The system that uv runs on.
 * @throws {HsmError} `pyproject-invalid` where a file is no TOML; `io`
 */
export async function findSourcesOff(
  project: Project,
  pyproject: string,
  system: System = SYSTEM,
): Promise<readonly SourcesOff[]> {
  const layers = await readLayers(project, pyproject, system);
  const [first] = layers;
  const found: SourcesOff[] = [];
  for (const layer of layers) {
    // Most say nothing of it; a key may also be written with escapes.
    if (!/no-sources|\\/.test(layer.text)) continue;
    const document = readStrictly(layer.text, layer.file);
    const settings = tableOf(document.value(layer.table));
    const { "no-sources": off, "no-sources-package": names } = settings;
    const fix = fixOf(layer, first, project.env);
    const at = (key: string) => {
      return { file: layer.file, line: document.line([...layer.table, key]), fix };
    };
    // The nearest file that says it, yes or no, is the one that counts, and lists of packages do not count beside it.
    if (off === true) return [{ ...at("no-sources"), setting: "no-sources = true" }];
    if (off === false) return [];
    // The lists of all files count.
    if (!Array.isArray(names) || names.length === 0) continue;
    found.push({
      ...at("no-sources-package"),
      setting: `no-sources-package = [${names.map((it) => JSON.stringify(it)).join(", ")}]`,
      packages: names.map((it) => normalizeName(String(it))),
    });
  }
  return found;
}

/** The files that count, the nearest first. */
async function readLayers(
  { root, env }: Project,
  pyproject: string,
  system: System,
): Promise<readonly Layer[]> {
  const own = env["UV_CONFIG_FILE"];
  if (own !== undefined) return await settingsFile(root, resolve(root, own));
  if (isYes(env["UV_NO_CONFIG"])) return [];
  const folder = await uvWorkspaceRoot(root);
  return [
    ...await projectLayer(root, folder, pyproject),
    ...await settingsFile(root, userFile(env, system)),
    ...isYes(env["UV_NO_SYSTEM_CONFIG"])
      ? []
      : await settingsFile(root, systemFile(root, env, system)),
  ];
}

/** uv does not look into pyproject.toml where there is a uv.toml beside it. */
async function projectLayer(
  root: string,
  folder: string,
  pyproject: string,
): Promise<readonly Layer[]> {
  const own = await settingsFile(root, join(folder, "uv.toml"));
  if (own.length > 0) return own;
  const file = shortPath(root, join(folder, "pyproject.toml"));
  const text = folder === root
    ? pyproject
    : await readText(join(folder, "pyproject.toml"), file, "pyproject-invalid");
  return text === undefined ? [] : [{ file, text, table: ["tool", "uv"] }];
}

async function settingsFile(root: string, path: string | undefined): Promise<readonly Layer[]> {
  if (path === undefined) return [];
  const file = shortPath(root, path);
  try {
    const text = await readText(path, file, "pyproject-invalid");
    return text === undefined ? [] : [{ file, text, table: [] }];
  } catch (error) {
    // What nobody may read here, uv does without, or says so itself.
    const cause = error instanceof HsmError ? error.cause : undefined;
    const isDenied = cause instanceof Deno.errors.PermissionDenied ||
      cause instanceof Deno.errors.NotCapable;
    if (isDenied) return [];
    throw error;
  }
}

function userFile(env: Environment, system: System): string | undefined {
  if (system === "windows") {
    const folder = variable(env, "APPDATA", system);
    return folder ? join(folder, "uv", "uv.toml") : undefined;
  }
  const { XDG_CONFIG_HOME: config = "", HOME: home = "" } = env;
  if (config.startsWith("/")) return join(config, "uv", "uv.toml");
  return home === "" ? undefined : join(home, ".config", "uv", "uv.toml");
}

function systemFile(root: string, env: Environment, system: System): string | undefined {
  if (system === "windows") {
    const drive = variable(env, "SYSTEMDRIVE", system);
    return drive ? `${drive}\\ProgramData\\uv\\uv.toml` : undefined;
  }
  const folders = (env["XDG_CONFIG_DIRS"] || "/etc/xdg").split(":");
  const end = folders.indexOf("");
  const files = folders.slice(0, end < 0 ? undefined : end)
    .map((it) => resolve(root, it, "uv", "uv.toml"));
  return [...files, "/etc/uv/uv.toml"].find(isFile);
}

/** Whether a variable says yes, in one of the ways that uv understands. */
function isYes(value: string | undefined): boolean {
  return ["1", "true", "t", "yes", "y", "on"].includes(value?.toLowerCase() ?? "");
}

function fixOf({ file }: Layer, nearest: Layer | undefined, env: Environment): string {
  if (env["UV_CONFIG_FILE"] !== undefined) return `take it out of ${file}, or unset UV_CONFIG_FILE`;
  if (nearest === undefined || file === nearest.file) return `take it out of ${file}`;
  const where = nearest.table.length === 0
    ? nearest.file
    : `[${nearest.table.join(".")}] of ${nearest.file}`;
  return `take it out of ${file}, or set \`no-sources = false\` in ${where}`;
}
