/**
 * A shadow of the app in a temporary folder, in which uv can be asked without touching the app.
 *
 * @module
 */

import { basename, isAbsolute, join, resolve } from "@std/path";
import { parse, stringify } from "smol-toml";
import { attempt } from "../../attempt.ts";
import { makeTemporary } from "../../files/make_temporary.ts";
import { readUvProject } from "./project.ts";
import { MAX_WRITTEN_BYTES, peekText, readFile } from "../../files/read_file.ts";
import type { AdapterContext, Verdict } from "../adapter.ts";
import { callUv } from "./call.ts";
import { explainUvFailure, findsNoSolution } from "./failure.ts";
import { findMembers } from "./local_sources.ts";
import { uvWorkspaceRoot } from "./workspace.ts";

type Table = Record<string, unknown>;

/** The group of a shadow that requires the members of the app's workspace. */
const MEMBERS = "hsm-workspace-members";

/**
 * The pyproject.toml of a shadow: paths are absolute, and nothing of the app itself is built.
 *
 * A computed version becomes 0, since uv would run the build backend for it. The members of the app's uv workspace
 * become editable paths, and those that nobody requires are put in a group, since uv locks all of them.
 *
 * @param text The app's pyproject.toml.
 * @param root The app's folder, absolute.
 * @param members The folders of the app's workspace members, by name, absolute.
 */
export function shadowPyproject(
  text: string,
  root: string,
  members: ReadonlyMap<string, string>,
): string {
  const data = parse(text.replace(/^\uFEFF/, "")) as Table;
  const project = table(data, "project");
  const dynamic = (project["dynamic"] as string[] | undefined ?? []).filter((it) =>
    it !== "version"
  );
  project["name"] ??= "app";
  project["version"] ??= "0";
  if (dynamic.length > 0) project["dynamic"] = dynamic;
  else delete project["dynamic"];
  // These name files that the shadow does not have, and scripts that uv would say it cannot install.
  const others = ["readme", "license", "license-files", "scripts", "gui-scripts"];
  for (const key of others) delete project[key];
  delete data["build-system"];
  const uv = table(table(data, "tool"), "uv");
  delete uv["workspace"];
  uv["package"] = false;
  makeAbsolute(uv, root, members);
  const sources = table(uv, "sources");
  for (const [name, path] of members) sources[name] ??= { path, editable: true };
  if (members.size > 0) {
    table(data, "dependency-groups")[MEMBERS] = [...members.keys()];
  }
  return stringify(data);
}

/**
 * Makes the places in uv's settings absolute: those of sources and of indexes.
 *
 * @param members As {@linkcode shadowPyproject} takes them.
 */
export function makeAbsolute(
  uv: Table,
  root: string,
  members: ReadonlyMap<string, string> = new Map(),
): void {
  const sources = (uv["sources"] ?? {}) as Table;
  for (const [name, source] of Object.entries(sources)) {
    sources[name] = Array.isArray(source)
      ? source.map((it) => absolute(it as Table, name, root, members))
      : absolute(source as Table, name, root, members);
  }
  for (const index of (uv["index"] as Table[] | undefined) ?? []) {
    if (typeof index["url"] === "string") index["url"] = absolutePath(index["url"], root);
  }
  if (Array.isArray(uv["find-links"])) {
    uv["find-links"] = uv["find-links"].map((it) => absolutePath(String(it), root));
  }
}

function absolute(
  source: Table,
  name: string,
  root: string,
  members: ReadonlyMap<string, string>,
): Table {
  const { workspace, ...rest } = source;
  if (workspace === true) return { ...rest, path: members.get(name) ?? root, editable: true };
  return typeof source["path"] === "string"
    ? { ...source, path: isAbsolute(source["path"]) ? source["path"] : join(root, source["path"]) }
    : source;
}

/** A local index is a path too, or a URL that stays as it is. */
function absolutePath(value: string, root: string): string {
  return /^[a-z][a-z0-9+.-]*:/i.test(value) || isAbsolute(value) ? value : join(root, value);
}

function table(parent: Table, key: string): Table {
  return (parent[key] ??= {}) as Table;
}

/** A uv.toml whose places are absolute; of one that cannot be read uv itself says so. */
function shadowSettings(text: string, root: string): string {
  const settings = attempt(() => parse(text.replace(/^\uFEFF/, "")) as Table);
  if (settings === undefined) return text;
  makeAbsolute(settings, root);
  return stringify(settings);
}

/** Lets uv lock a shadow of the app. */
export async function resolveShadow(
  context: AdapterContext,
  pyproject: string,
): Promise<Verdict> {
  const { root } = context;
  return await inShadow(context, pyproject, async (shadow) => {
    const result = await callUv(["lock"], shadow, { quiet: "always" });
    const message = result.stderr.replaceAll(shadow.root, root).trim();
    const { cause, hint } = explainUvFailure(message);
    const isUnsolvable = findsNoSolution(message);
    return { success: result.success, isUnsolvable, message, cause, hint };
  });
}

/** Makes a shadow of the app for as long as somebody works in it. */
export async function inShadow<T>(
  context: AdapterContext,
  pyproject: string,
  work: (shadow: AdapterContext) => Promise<T>,
): Promise<T> {
  await using shadow = await openShadow(context, pyproject);
  return await work(shadow.context);
}

/** A shadow of the app; disposed of, it is gone. */
export interface Shadow extends AsyncDisposable {
  /** What uv runs in there. */
  readonly context: AdapterContext;
  /** The group that requires the members of the app's workspace, which the app itself has not; undefined: there is none. */
  readonly group: string | undefined;
}

/** Makes a shadow of the app. */
export async function openShadow(context: AdapterContext, pyproject: string): Promise<Shadow> {
  const { root } = context;
  const { workspace } = readUvProject(pyproject, "pyproject.toml");
  const members = workspace === undefined ? new Map() : await findMembers(root, workspace);
  const folder = await makeTemporary("hsm-resolve-");
  try {
    await Deno.writeTextFile(
      join(folder.path, "pyproject.toml"),
      shadowPyproject(pyproject, root, members),
    );
    const project = await uvWorkspaceRoot(root);
    const copies = [
      join(project, "uv.lock"),
      join(root, ".python-version"),
    ];
    for (const file of copies) {
      const bytes = readFile(file, { limit: MAX_WRITTEN_BYTES });
      if (bytes !== undefined) await Deno.writeFile(join(folder.path, basename(file)), bytes);
    }
    const settings = peekText(join(project, "uv.toml"));
    if (settings !== undefined) {
      await Deno.writeTextFile(join(folder.path, "uv.toml"), shadowSettings(settings, project));
    }
  } catch (error) {
    await folder[Symbol.asyncDispose]();
    throw error;
  }
  const { UV_CONFIG_FILE: file } = context.env;
  const env = file ? { ...context.env, UV_CONFIG_FILE: resolve(root, file) } : context.env;
  return {
    context: { ...context, env, root: folder.path },
    group: members.size > 0 ? MEMBERS : undefined,
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}
