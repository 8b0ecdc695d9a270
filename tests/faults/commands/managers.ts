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
  /** The files of HSM's and its own, the lock file among them. */
  readonly files: readonly string[];
  /** What hsm.yaml says of it. */
  readonly manifest: string;
  /** The app's pyproject.toml. */
  readonly pyproject: string;
  /** More files of the app's. */
  readonly more?: Readonly<Record<string, string>>;
  /** The file with a package from git that its user wrote, and its text. */
  readonly withPackage: (name: string, url: string) => readonly [file: string, text: string];
}

const script = (name: string) => fromFileUrl(new URL(name, import.meta.url));

/** uv. */
export const UV: SweepManager = {
  name: "uv",
  script: script("uv.sh"),
  variable: "HSM_UV",
  files: ["uv.lock"],
  manifest: "",
  pyproject: APP_PYPROJECT,
  withPackage: (name, url) => [
    "pyproject.toml",
    `${APP_PYPROJECT.replace("[]", `["${name}"]`)}
[tool.uv.sources]
${name} = { git = "${url}", tag = "v1.0.0" }
`,
  ],
};

const POETRY_PYPROJECT = `${APP_PYPROJECT}\n[tool.poetry]\npackage-mode = false\n`;

/** Poetry. */
export const POETRY: SweepManager = {
  name: "poetry",
  script: script("poetry.sh"),
  variable: "HSM_POETRY",
  files: ["poetry.lock"],
  manifest: "adapter: poetry\n",
  pyproject: POETRY_PYPROJECT,
  withPackage: (name, url) => [
    "pyproject.toml",
    `${POETRY_PYPROJECT.replace("[]", `["${name}"]`)}
[tool.poetry.dependencies]
${name} = { git = "${url}", tag = "v1.0.0" }
`,
  ],
};

const OWN_REQUIREMENTS = "requirements.txt";

/** pip, whose work uv does. What it installs is beside the app, so that what is in the app's folder is all that counts. */
export const PIP: SweepManager = {
  name: "pip",
  script: script("pip.sh"),
  variable: "HSM_UV",
  files: [
    OWN_REQUIREMENTS,
    "limits.txt",
    "requirements-hsm.txt",
    "constraints-hsm.txt",
    "pylock.hsm.toml",
  ],
  manifest: "adapter: pip\nenvironment: ../env\n",
  pyproject: APP_PYPROJECT,
  more: { [OWN_REQUIREMENTS]: "# ours\n-c limits.txt\nplug-b>=1\n", "limits.txt": "plug-d>=1\n" },
  withPackage: (name, url) => [OWN_REQUIREMENTS, `# ours\n${name} @ git+${url}@v1.0.0\n`],
};
