/**
 * uv's settings where it installs a checkout: those of the app, but for what says which packages are chosen, and where
 * `uv pip` puts them. Which checkout it is, and in which environment, is settled by then.
 *
 * @module
 */

import { dirname, join, resolve } from "@std/path";
import { parse, stringify } from "smol-toml";
import { attempt } from "../../../attempt.ts";
import { makeTemporary } from "../../../files/make_temporary.ts";
import { peekText } from "../../../files/read_file.ts";
import { asTable, type Table } from "../../../table.ts";
import type { AdapterContext } from "../../adapter.ts";
import { makeAbsolute } from "../shadow.ts";
import { uvWorkspaceRoot } from "../workspace.ts";

/** Settings that choose among packages, and those of `uv pip` alone. */
const CHOOSING = [
  "constraint-dependencies",
  "override-dependencies",
  "exclude-dependencies",
  "pip",
];

/** Variables that choose among packages. */
const VARIABLES = ["UV_CONSTRAINT", "UV_OVERRIDE", "UV_EXCLUDE", "UV_REQUIRE_HASHES"];

/** What uv runs in for as long as somebody installs checkouts; disposed of, the settings are gone. */
export interface Installing extends AsyncDisposable {
  /** The app's folder still, with other variables. */
  readonly context: AdapterContext;
}

/** Gives uv the settings with which it installs checkouts. What cannot be read it does not have either. */
export async function openInstalling(context: AdapterContext): Promise<Installing> {
  const root = await uvWorkspaceRoot(context.root);
  const folder = await makeTemporary("hsm-install-");
  const env: Record<string, string> = { ...context.env, UV_PROJECT: folder.path };
  for (const variable of VARIABLES) delete env[variable];
  try {
    const project = settingsIn(
      join(root, "pyproject.toml"),
      (it) => asTable(asTable(it["tool"])?.["uv"]),
    );
    const write = async (name: string, settings: Table | undefined) => {
      const path = join(folder.path, name);
      if (settings !== undefined) await Deno.writeTextFile(path, stringify(settings));
      return path;
    };
    await write("pyproject.toml", { tool: { uv: project ?? {} } });
    await write("uv.toml", settingsIn(join(root, "uv.toml")));
    const { UV_CONFIG_FILE: named } = env;
    const settings = named ? settingsIn(resolve(context.root, named)) : undefined;
    if (settings !== undefined) env["UV_CONFIG_FILE"] = await write("named.toml", settings);
  } catch (error) {
    await folder[Symbol.asyncDispose]();
    throw error;
  }
  return {
    context: { ...context, env },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

/** What of a file's settings holds where a checkout is installed; undefined where there is no such file. */
function settingsIn(
  path: string,
  part: (all: Table) => Table | undefined = (it) => it,
): Record<string, unknown> | undefined {
  const text = peekText(path);
  const all = text && attempt(() => parse(text.replace(/^\uFEFF/, "")));
  const found = all ? part(all) : undefined;
  if (found === undefined) return undefined;
  const kept = Object.entries(found).filter(([key]) => ![...CHOOSING, "workspace"].includes(key));
  const settings = Object.fromEntries(kept);
  makeAbsolute(settings, dirname(path));
  return settings;
}
