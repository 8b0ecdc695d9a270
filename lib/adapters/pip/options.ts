/**
 * The options of `uv pip compile` and `uv pip install` (0.9 to 0.13) that a sync takes.
 *
 * @module
 */

import { argumentSplitter, type SplitArguments } from "../split_arguments.ts";

/**
 * Splits the arguments of a sync into those of its two steps.
 *
 * @throws {HsmError} `usage` where one would keep it from being a sync of this project with its sources, or is unknown.
 */
export const splitPipArguments: (args: readonly string[]) => SplitArguments = argumentSplitter({
  manager: "uv pip",
  steps: {
    lock: `
      U:upgrade P:upgrade-package= resolution= prerelease= fork-strategy= exclude-newer=`,
    sync: `
      reinstall reinstall-package= compile-bytecode link-mode= break-system-packages verify-hashes
      no-verify-hashes`,
    both: `
      index= default-index= i:index-url= extra-index-url= f:find-links= index-strategy=
      keyring-provider= no-index allow-insecure-host= native-tls no-build-isolation no-binary=
      only-binary= C:config-setting= refresh refresh-package= n:no-cache cache-dir= offline
      no-python-downloads v:verbose`,
  },
  contrary: {
    "--dry-run": "run `hsm sync --dry-run`, or `hsm check --resolve`",
    "--no-deps": "leave it away: what packages require would not be installed",
    "--python": "name the environment under `environment:` in hsm.yaml",
    "-p": "name the environment under `environment:` in hsm.yaml",
    "--system": "name the environment under `environment:` in hsm.yaml",
    "--target": "name the environment under `environment:` in hsm.yaml",
    "--prefix": "name the environment under `environment:` in hsm.yaml",
    "--requirement": "write it in requirements.txt",
    "-r": "write it in requirements.txt",
    "--constraint": "write a `-c` line in requirements.txt",
    "-c": "write a `-c` line in requirements.txt",
    "--override": "leave it away: plain pip has nothing like it",
    "--no-sources": "leave it away: hsm says so itself",
    "--no-editable": "run `hsm prod NAME` for each package that is not to be editable",
    "--output-file": "leave it away: hsm keeps pylock.hsm.toml",
    "-o": "leave it away: hsm keeps pylock.hsm.toml",
    "--help": "run `uv pip install --help`",
    "-h": "run `uv pip install --help`",
  },
  onlyOptions: "`uv pip install` and `uv pip compile` take options only here",
  elsewhere: "say it in [tool.uv.pip] of pyproject.toml, or in uv.toml, if it is there",
});
