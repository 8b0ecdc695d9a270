/**
 * The package managers of the sweeps: scripts, of which only what they do to the app's files counts.
 *
 * @module
 */

import { fromFileUrl } from "@std/path";
import { APP_PYPROJECT } from "../../harness/app.ts";

/** A package manager, and an app of its own. */
export interface SweepManager {
  /** Its name in hsm.yaml. */
  readonly name: string;
  /** The script that stands for it. */
  readonly script: string;
  /** The variable that makes hsm use it. */
  readonly variable: string;
  /** Its lock file. */
  readonly lockFile: string;
  /** What hsm.yaml says of it. */
  readonly manifest: string;
  /** The app's pyproject.toml. */
  readonly pyproject: string;
  /** The app's pyproject.toml with a package from git that its user wrote. */
  readonly withPackage: (name: string, url: string) => string;
}

const script = (name: string) => fromFileUrl(new URL(name, import.meta.url));

/** uv. */
export const UV: SweepManager = {
  name: "uv",
  script: script("uv.sh"),
  variable: "HSM_UV",
  lockFile: "uv.lock",
  manifest: "",
  pyproject: APP_PYPROJECT,
  withPackage: (name, url) =>
    `${APP_PYPROJECT.replace("[]", `["${name}"]`)}
[tool.uv.sources]
${name} = { git = "${url}", tag = "v1.0.0" }
`,
};

const POETRY_PYPROJECT = `${APP_PYPROJECT}\n[tool.poetry]\npackage-mode = false\n`;

/** Poetry. */
export const POETRY: SweepManager = {
  name: "poetry",
  script: script("poetry.sh"),
  variable: "HSM_POETRY",
  lockFile: "poetry.lock",
  manifest: "adapter: poetry\n",
  pyproject: POETRY_PYPROJECT,
  withPackage: (name, url) =>
    `${POETRY_PYPROJECT.replace("[]", `["${name}"]`)}
[tool.poetry.dependencies]
${name} = { git = "${url}", tag = "v1.0.0" }
`,
};
