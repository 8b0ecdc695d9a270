/**
 * A shadow of the app in a temporary folder, in which Poetry can be asked without touching the app.
 *
 * @module
 */

import { isAbsolute, join, resolve } from "@std/path";
import { parse, stringify } from "smol-toml";
import { makeTemporary } from "../../files/make_temporary.ts";
import { MAX_WRITTEN_BYTES, peekText } from "../../files/read_file.ts";
import { isTable } from "../../table.ts";
import type { AdapterContext, InstallPlan, Verdict } from "../adapter.ts";
import { callPoetry } from "./call.ts";
import { explainPoetryFailure, findsNoSolution } from "./failure.ts";
import { reasonOf, stepsIn } from "./look.ts";
import { dependencyTables, SOURCES } from "./tables.ts";

const asItIs = (text: string) => text;

const QUIETLY = { quiet: "always" } as const;

type Table = Record<string, unknown>;

/**
 * The pyproject.toml of a shadow: paths are absolute, and nothing of the app itself is built.
 *
 * @param text The app's pyproject.toml.
 * @param root The app's folder, absolute.
 */
export function shadowPyproject(text: string, root: string): string {
  const data = parse(text.replace(/^\uFEFF/, "")) as Table;
  const at = (path: readonly string[]) =>
    path.reduce<unknown>((value, key) => isTable(value) ? value[key] : undefined, data);
  for (const path of [...dependencyTables(at), SOURCES]) {
    for (const value of Object.values(at(path) ?? {})) {
      for (const item of [value].flat()) {
        if (!isTable(item)) continue;
        for (const key of ["path", "file"]) {
          const place = item[key];
          if (typeof place !== "string" || isAbsolute(place)) continue;
          (item as Table)[key] = join(root, place);
        }
      }
    }
  }
  const project = data["project"] as Table | undefined;
  // These name files that the shadow does not have.
  for (const key of ["readme", "license", "license-files"]) delete project?.[key];
  const poetry = ((data["tool"] ??= {}) as Table)["poetry"] ??= {};
  delete (poetry as Table)["readme"];
  (poetry as Table)["package-mode"] = false;
  return stringify(data);
}

/** The poetry.lock of a shadow: the folders and files in it are absolute as well. */
export function shadowLock(text: string, root: string): string {
  return text.replace(
    /^(type = "(?:directory|file)"\r?\nurl = )"((?:[^"\\]|\\.)*)"/gm,
    (_, before, url) => `${before}${JSON.stringify(resolve(root, JSON.parse(`"${url}"`)))}`,
  );
}

/** What a shadow is made of. */
export interface ShadowedApp {
  /** What Poetry runs in. */
  readonly context: AdapterContext;
  /** The app's environment; undefined: it has none yet. */
  readonly environment: string | undefined;
  /** The pyproject.toml that the app is to have. */
  readonly pyproject: string;
}

/** Lets Poetry lock a shadow of the app. */
export async function resolveShadow(
  app: ShadowedApp,
  lock: readonly string[],
): Promise<Verdict> {
  const { context } = app;
  return await inShadow(app, async (shadow) => {
    const { success, stderr } = await callPoetry(lock, shadow, QUIETLY);
    const message = stderr.replaceAll(shadow.root, context.root).trim();
    const { cause, hint } = explainPoetryFailure(message);
    return { success, isUnsolvable: findsNoSolution(message), message, cause, hint };
  });
}

/** What a sync would do to the app's environment with another pyproject.toml. */
export async function wouldInstall(
  app: ShadowedApp,
  { lock, sync }: Readonly<Record<"lock" | "sync", readonly string[]>>,
): Promise<InstallPlan> {
  if (app.environment === undefined) return { environment: "made", steps: undefined };
  return await inShadow(app, async (shadow) => {
    const locked = await callPoetry(lock, shadow, QUIETLY);
    const plan = locked.success
      ? await callPoetry([...sync, "--dry-run"], shadow, QUIETLY)
      : locked;
    return plan.success
      ? { environment: "kept", steps: stepsIn(plan.stderr) }
      : { environment: "kept", steps: undefined, reason: reasonOf(plan.stderr) };
  });
}

/** Makes a shadow of the app for as long as somebody works in it, with the app's own environment if it has one. */
async function inShadow<T>(
  { context, environment, pyproject }: ShadowedApp,
  work: (shadow: AdapterContext) => Promise<T>,
): Promise<T> {
  const { root } = context;
  await using shadow = await makeTemporary("hsm-resolve-");
  await Deno.writeTextFile(
    join(shadow.path, "pyproject.toml"),
    shadowPyproject(pyproject, root),
  );
  for (const [file, change] of [["poetry.lock", shadowLock], ["poetry.toml", asItIs]] as const) {
    const text = peekText(join(root, file), MAX_WRITTEN_BYTES);
    if (text !== undefined) {
      await Deno.writeTextFile(join(shadow.path, file), change(text, root));
    }
  }
  const own: AdapterContext["env"] = environment === undefined
    ? { POETRY_VIRTUALENVS_CREATE: "false" }
    : { VIRTUAL_ENV: environment };
  return await work({ ...context, env: { ...context.env, ...own }, root: shadow.path });
}
