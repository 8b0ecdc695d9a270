/**
 * The options of `poetry lock` and `poetry sync` (1.8 to 2.5): which of the two steps of a sync they belong to, and which
 * would keep it from being one.
 *
 * @module
 */

import { argumentSplitter, type SplitArguments } from "../split_arguments.ts";

const ONLY_OPTIONS = "`poetry sync` has options only";

/** What Poetry would take for another task than a sync of this project with its sources, and what to say instead. */
const CONTRARY: Readonly<Record<string, string>> = {
  "--dry-run": "run `hsm sync --dry-run`, or `hsm check --resolve`",
  "--no-directory": "leave it away: checkouts are folders, and would not be installed",
  "--only-root": "leave it away: no package would be installed",
  "--sync": "leave it away: a sync is one",
  "--remove-untracked": "leave it away: a sync does so",
  "--no-update": "leave it away: what is locked stays as far as it can",
  "--check": "run `hsm sync --locked`",
  "--project": "run `hsm -C DIR`",
  "-P": "run `hsm -C DIR`",
  "--directory": "run `hsm -C DIR`",
  "-C": "run `hsm -C DIR`",
  // HSM goes by what it says.
  "--quiet": "run `hsm sync --quiet`",
  "-q": "run `hsm sync --quiet`",
  "--no-interaction": "leave it away: nobody is asked",
  "-n": "leave it away: nobody is asked",
  "--ansi": "run `hsm sync --color always`",
  "--no-ansi": "run `hsm sync --color never`",
  "--help": "run `poetry sync --help`",
  "-h": "run `poetry sync --help`",
  "--version": "run `poetry --version`",
  "-V": "run `poetry --version`",
  "--": ONLY_OPTIONS,
};

/**
 * Splits the arguments of a sync into those of its two steps.
 *
 * @throws {HsmError} `usage` where one would keep it from being a sync of this project with its sources, or is unknown.
 */
export const splitPoetryArguments: (args: readonly string[]) => SplitArguments = argumentSplitter({
  manager: "Poetry",
  steps: {
    lock: "regenerate",
    sync: "with= without= only= E:extras= all-extras all-groups no-dev no-root compile",
    both: "no-cache no-plugins v:verbose",
  },
  contrary: CONTRARY,
  elsewhere: "`poetry config` has settings that hold for every call",
  onlyOptions: ONLY_OPTIONS,
});
