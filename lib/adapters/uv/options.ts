/**
 * The options of `uv sync` (0.9 to 0.13): which of the two steps of a sync they belong to, and which would keep it from
 * being one.
 *
 * @module
 */

import { argumentSplitter, type SplitArguments, type StepOptions } from "../split_arguments.ts";

/** What is locked. A `=` says that the option has a value, a letter before it is its short form. */
const LOCK = `
  U:upgrade no-upgrade P:upgrade-package= upgrade-group=
  resolution= prerelease= prerelease-package= pre fork-strategy=`;

/** What of it is chosen. */
const CHOICE = `
  extra= all-extras no-extra= no-all-extras
  dev no-dev only-dev group= no-group= no-default-groups only-group= all-groups`;

/** What of that is installed, and how. */
const INSTALL = `
  package= all-packages
  no-install-project no-install-workspace no-install-local no-install-package=
  only-install-project only-install-workspace only-install-local only-install-package=
  editable exact inexact no-exact active no-active no-check python-platform= output-format=
  reinstall no-reinstall force-reinstall reinstall-package=
  compile-bytecode no-compile-bytecode compile no-compile`;

/** Both look for packages, and both build them. */
const BOTH = `
  index= default-index= i:index-url= extra-index-url= f:find-links= no-index
  index-strategy= keyring-provider= exclude-newer= exclude-newer-package=
  C:config-setting= config-settings= config-settings-package=
  no-build-isolation build-isolation no-build-isolation-package=
  no-build build no-build-package= no-binary binary no-binary-package=
  require-build-hashes no-require-build-hashes
  link-mode= n:no-cache no-cache-dir cache-dir= refresh no-refresh refresh-package=
  python-preference= managed-python no-managed-python
  allow-python-downloads no-python-downloads python-fetch=
  q:quiet v:verbose color= no-color no-progress no-installer-metadata
  native-tls no-native-tls system-certs no-system-certs
  offline no-offline allow-insecure-host= trusted-host=
  preview no-preview preview-features= preview-feature=`;

/** The Python that both work with. */
const PYTHON = "p:python=";

const ONLY_OPTIONS = "`uv sync` has options only";

/** What uv would take for another task than a sync of this project with its sources, and what to say instead. */
const CONTRARY: Readonly<Record<string, string>> = {
  "--dry-run": "run `hsm sync --dry-run`, or `hsm check --resolve`",
  "--locked": "run `hsm sync --locked`",
  "--check": "run `hsm sync --locked`",
  "--frozen": "leave it away: a sync brings the lock file up to date",
  "--no-sources":
    "leave it away: without their sources, packages of the same names come from an index",
  "--no-sources-package":
    "leave it away: without its source, a package of the same name comes from an index",
  "--no-editable": "run `hsm prod NAME` for each package that is not to be editable",
  "--no-editable-package": "run `hsm prod NAME` for each package that is not to be editable",
  "--project": "run `hsm -C DIR`",
  "--directory": "run `hsm -C DIR`",
  "--script": "run `uv sync --script` itself: a script's environment is not the app's",
  "--config-file": "set UV_CONFIG_FILE, so that it holds for every call of uv",
  "--no-config": "set UV_NO_CONFIG=1, so that it holds for every call of uv",
  "--isolated": "leave it away: it is for `uv run`",
  "--show-settings": "run `uv sync --show-settings`",
  "--help": "run `uv sync --help`",
  "-h": "run `uv sync --help`",
  "--version": "run `uv --version`",
  "-V": "run `uv --version`",
  "--": ONLY_OPTIONS,
};

/**
 * Splits the arguments of a sync into those of its two steps, `uv lock` and `uv sync`.
 *
 * @throws {HsmError} `usage` where one would keep it from being a sync of this project with its sources, or is unknown.
 */
export const splitUvArguments: (args: readonly string[]) => SplitArguments = splitter({
  lock: LOCK,
  sync: CHOICE + INSTALL,
  both: `${BOTH} ${PYTHON}`,
});

/** Those arguments of a sync that choose what is installed, which other commands of uv's take as well. */
export function choosing(args: readonly string[]): readonly string[] {
  return splitChoice(args).sync;
}

/** Those arguments of a sync that hold in another environment, with a Python that is given. */
export function holdingElsewhere(args: readonly string[]): readonly string[] {
  return splitPlace(args).sync;
}

const splitChoice = splitter({
  lock: `${LOCK} ${INSTALL} ${BOTH} ${PYTHON}`,
  sync: CHOICE,
  both: "",
});

const splitPlace = splitter({
  lock: `${LOCK} ${INSTALL} ${PYTHON}`,
  sync: `${CHOICE} ${BOTH}`,
  both: "",
});

function splitter(steps: StepOptions["steps"]): (args: readonly string[]) => SplitArguments {
  return argumentSplitter({
    manager: "uv",
    steps,
    contrary: CONTRARY,
    elsewhere: "say it in [tool.uv] of pyproject.toml, if it is there",
    onlyOptions: ONLY_OPTIONS,
  });
}
