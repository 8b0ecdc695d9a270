/**
 * Which environment an app of pip's is installed in: pip has none of its own, so that the manifest names it.
 *
 * @module
 */

import { isAbsolute, join } from "@std/path";
import { HsmError } from "../../errors.ts";
import type { RunResult } from "../../process/run.ts";
import type { AdapterContext, AdapterRunOptions } from "../adapter.ts";
import type { AdapterProject } from "../reader.ts";
import { HATCH } from "./files.ts";

/** What says which environment it is. */
export type EnvironmentProject = AdapterProject & {
  /** What the manifest says under `environment:`. */
  readonly environment?: string | undefined;
};

/** An environment that packages are installed in. It need not exist. */
export interface PipEnvironment {
  /** Its folder, absolute. */
  readonly folder: string;
  /** What it needs itself, beside the app: requirements (PEP 508). */
  readonly needs?: () => Promise<readonly string[]>;
  /** Makes it where it is missing; undefined: it is an error that it is. */
  readonly make?: (
    context: AdapterContext,
    options: Pick<AdapterRunOptions, "quiet" | "onStart">,
  ) => Promise<RunResult>;
}

/** The words that are neither a variable nor a path; each finder is loaded where its word is said. */
const WORDS: Readonly<Record<string, (project: EnvironmentProject) => Promise<PipEnvironment>>> = {
  async [HATCH](project) {
    const { findHatchFolder, hatchNeeds, makeHatchEnvironment } = await import("./hatch.ts");
    const folder = await findHatchFolder(project);
    return {
      folder,
      needs: () => hatchNeeds(project.root),
      make: (context, options) => makeHatchEnvironment(context, folder, options),
    };
  },
};

/**
 * Finds the environment: `.venv` in the app's folder where the manifest names none, the folder that a variable such as
 * `$VIRTUAL_ENV` holds, Hatch's, or a path, where `~/` is the user's own folder. Touches nothing.
 *
 * @throws {HsmError} `usage` where the variable is not set; what Hatch's finder throws
 */
export async function findEnvironment(project: EnvironmentProject): Promise<PipEnvironment> {
  const { root, env, environment = ".venv" } = project;
  const find = Object.hasOwn(WORDS, environment) ? WORDS[environment] : undefined;
  if (find !== undefined) return await find(project);
  const { HOME: home } = env;
  const inRoot = (path: string) => {
    if (home && path.startsWith("~/")) return join(home, path.slice(2));
    return isAbsolute(path) ? path : join(root, path);
  };
  const variable = /^\$(?:(\w+)|\{(\w+)\})$/.exec(environment);
  if (variable === null) {
    const folder = inRoot(environment);
    return {
      folder,
      make: async (context, options) =>
        await (await import("./make_environment.ts")).makeEnvironment(context, folder, options),
    };
  }
  const name = variable[1] ?? variable[2] ?? "";
  const folder = env[name];
  if (folder) return { folder: inRoot(folder) };
  throw new HsmError(
    "usage",
    `Cannot find the app's environment: $${name}, which hsm.yaml names, is not set`,
    { hint: "activate the environment, or name another one under `environment:` in hsm.yaml" },
  );
}

/** {@linkcode findEnvironment} for who only looks; undefined where it cannot be told. */
export async function peekEnvironment(
  project: EnvironmentProject,
): Promise<PipEnvironment | undefined> {
  return await findEnvironment(project).catch((error) => {
    if (!(error instanceof HsmError) || error.code === "interrupted") throw error;
    return undefined;
  });
}
