/** Builds what reconcile() takes, the way users write it: as files. */

import { assert } from "@std/assert";
import type { App, Component, ComponentMetadata } from "../../../lib/reconcile/model.ts";
import type { Problem, ProblemCode } from "../../../lib/reconcile/problem.ts";
import { readApp } from "../../../lib/adapters/uv/read_app.ts";
import { readMetadata } from "../../../lib/adapters/uv/read_metadata.ts";
import { reconcile } from "../../../lib/reconcile/reconcile.ts";

/** What a test says of a project; everything else is the most ordinary. */
export interface ProjectOptions {
  readonly version?: string;
  readonly python?: string;
  readonly dependencies?: readonly string[];
  readonly extras?: Readonly<Record<string, readonly string[]>>;
  /** Lines of TOML behind the `[project]` table. */
  readonly toml?: string;
}

/** What a test says of a component. */
export interface PluginOptions extends ProjectOptions {
  readonly component?: Partial<Component>;
}

function projectText(name: string, options: ProjectOptions): string {
  const { version, python, dependencies = [], extras = {}, toml = "" } = options;
  return [
    "[project]",
    `name = "${name}"`,
    ...(version === undefined ? ['dynamic = ["version"]'] : [`version = "${version}"`]),
    ...(python === undefined ? [] : [`requires-python = "${python}"`]),
    `dependencies = ${JSON.stringify(dependencies)}`,
    "[project.optional-dependencies]",
    ...Object.entries(extras).map(([extra, list]) => `${extra} = ${JSON.stringify(list)}`),
    toml,
  ].join("\n");
}

/** An app for Python 3.9 and later. */
export function makeApp(options: ProjectOptions = {}): App {
  const text = projectText("app", { version: "1.0", python: ">=3.9", ...options });
  const { app } = readApp({ component: "app", file: "pyproject.toml", text });
  assert(app !== undefined);
  return app;
}

/** A dev component, version 1.2.0 unless the test says otherwise. */
export function makePlugin(name: string, options: PluginOptions = {}): Component {
  const file = `packages/${name}/pyproject.toml`;
  const text = projectText(name, {
    ...("version" in options ? {} : { version: "1.2.0" }),
    ...options,
  });
  const { metadata, problems } = readMetadata({ component: name, file, text });
  return {
    name,
    mode: "dev",
    file,
    metadata,
    problems,
    extras: [],
    require: true,
    ...options.component,
  };
}

/** Metadata that says nothing but the name. */
export function bareMetadata(name: string): ComponentMetadata {
  return {
    name,
    dependencies: [],
    optionalDependencies: {},
    dynamic: [],
    sources: [],
    lines: {},
  };
}

/** All problems of an app with its components. */
export function check(
  app: ProjectOptions,
  ...components: readonly Component[]
): readonly Problem[] {
  return reconcile({ app: makeApp(app), components }).problems;
}

/** The codes of all problems. */
export function codes(
  app: ProjectOptions,
  ...components: readonly Component[]
): readonly ProblemCode[] {
  return check(app, ...components).map((problem) => problem.code);
}
