/**
 * The environment in the app's own folder, which is found without Poetry: to start it takes a second or two.
 *
 * @module
 */

import { join } from "@std/path";
import { peekText } from "../../files/read_file.ts";
import { isFile } from "../../files/is_there.ts";
import { variable } from "../../platform/program.ts";
import type { AdapterProject } from "../reader.ts";

/**
 * Finds the environment in the app's folder (`.venv`) where Poetry takes that and no other: none is active, and no setting
 * keeps Poetry out of it. Touches nothing.
 *
 * @returns undefined where Poetry has to be asked.
 */
export function projectEnvironment({ root, env }: AdapterProject): string | undefined {
  const folder = join(root, ".venv");
  if (!isFile(join(folder, "pyvenv.cfg"))) return undefined;
  if (env["CONDA_PREFIX"] || (env["VIRTUAL_ENV"] || folder) !== folder) return undefined;
  const setting = env["POETRY_VIRTUALENVS_IN_PROJECT"];
  if (setting !== undefined) return /^(?:true|1)$/i.test(setting) ? folder : undefined;
  const isKeptOut = [join(root, "poetry.toml"), ...userSettings(env)].some((file) =>
    /\bin-project["']?\s*=\s*false\b/.test(peekText(file) ?? "")
  );
  return isKeptOut ? undefined : folder;
}

/** The files that the user's own settings may be in, on whatever system. */
function userSettings(env: AdapterProject["env"]): readonly string[] {
  const home = env["HOME"];
  const data = variable(env, "APPDATA");
  const folders = env["POETRY_CONFIG_DIR"] ? [env["POETRY_CONFIG_DIR"]] : [
    ...env["XDG_CONFIG_HOME"] ? [join(env["XDG_CONFIG_HOME"], "pypoetry")] : [],
    ...home
      ? [".config", "Library/Application Support", "Library/Preferences"]
        .map((it) => join(home, it, "pypoetry"))
      : [],
    ...data ? [join(data, "pypoetry")] : [],
  ];
  return folders.map((it) => join(it, "config.toml"));
}
