/**
 * A stranger's package that bears the name of one of the app's, where uv looks for packages.
 *
 * @module
 */

import { join } from "@std/path";
import { type TestApp, testApp } from "./app.ts";
import { must } from "./program.ts";
import { pluginPyproject, uvProgram } from "./repository.ts";

/** What the stranger is: its mere metadata runs code, or it is ready to be installed. */
export type Stranger = "sdist" | "wheel";

/** An app with the plugin `plug` 1.0.0, and a folder of packages with a stranger's `plug` 99; no other index counts. */
export async function appWithNamesake(
  stranger: Stranger,
  options: { readonly manifest?: string; readonly pyproject?: (uv: string) => string } = {},
): Promise<TestApp> {
  const app = await testApp({
    plugins: ["plug"],
    ...options.manifest === undefined ? {} : { manifest: options.manifest },
  });
  const uv = `package = false\nno-index = true\nfind-links = ["../links"]\n`;
  await app.write(
    "pyproject.toml",
    options.pyproject?.(uv) ?? `[project]
name = "app"
version = "0.1.0"
requires-python = ">=3.9"
dependencies = ["plug"]

[tool.uv]
${uv}`,
  );
  await Deno.mkdir(join(app.folder, "links"));
  await (stranger === "sdist" ? makeSdist(app) : makeWheel(app, "plug", "99"));
  return app;
}

/** The variables with which uv reads its settings, which in tests it does not otherwise. */
export const SETTINGS = { UV_NO_CONFIG: "0" } as const;

/** Whether code of the stranger's has run. */
export function hasRun(app: TestApp): Promise<boolean> {
  return app.exists("../canary");
}

/** What it needs is computed, so that uv runs its build backend to know it. */
async function makeSdist(app: TestApp): Promise<void> {
  const folder = "../stranger/plug-99";
  await app.write(
    `${folder}/pyproject.toml`,
    `[project]
name = "plug"
version = "99"
dynamic = ["dependencies"]

[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
`,
  );
  await app.write(
    `${folder}/backend.py`,
    `open(${JSON.stringify(join(app.folder, "canary"))}, "w").close()\n`,
  );
  const cwd = join(app.folder, "stranger");
  await must(["tar", "-czf", "../links/plug-99.tar.gz", "plug-99"], { cwd, env: app.env });
}

/** Puts a wheel into the folder of packages beside the app. */
export async function makeWheel(app: TestApp, name: string, version: string): Promise<void> {
  const folder = `../wheels/${name}-${version}`;
  await app.write(`${folder}/pyproject.toml`, await pluginPyproject({ name, version }));
  await app.write(`${folder}/src/${name}/__init__.py`, `VALUE = "${version}"\n`);
  const cwd = join(app.folder, "wheels", `${name}-${version}`);
  await must([uvProgram(), "build", "-q", "--wheel", "-o", "../../links"], { cwd, env: app.env });
}
