/**
 * The options of `uv sync` (0.9 to 0.13): which of the two steps of a sync they belong to, and which would keep it from
 * being one.
 *
 * An option that is not here is refused: nobody knows whether it belongs to the lock file, or takes sources away.
 *
 * @module
 */

import { HsmError } from "../../errors.ts";

/** Which of the steps an option belongs to. */
type Step = "lock" | "sync" | "both";

/** What is locked. A `=` says that the option has a value, a letter before it is its short form. */
const LOCK = `
  U:upgrade no-upgrade P:upgrade-package= upgrade-group=
  resolution= prerelease= prerelease-package= pre fork-strategy=`;

/** What of it is installed, and how. */
const SYNC = `
  extra= all-extras no-extra= no-all-extras
  dev no-dev only-dev group= no-group= no-default-groups only-group= all-groups
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
  p:python= python-preference= managed-python no-managed-python
  allow-python-downloads no-python-downloads python-fetch=
  q:quiet v:verbose color= no-color no-progress no-installer-metadata
  native-tls no-native-tls system-certs no-system-certs
  offline no-offline allow-insecure-host= trusted-host=
  preview no-preview preview-features= preview-feature=`;

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
  "--": "`uv sync` has options only",
};

interface Option {
  readonly step: Step;
  readonly hasValue: boolean;
}

/** The options by their names, dashes included. */
const OPTIONS: ReadonlyMap<string, Option> = new Map(
  Object.entries({ lock: LOCK, sync: SYNC, both: BOTH }).flatMap(([step, list]) =>
    list.trim().split(/\s+/).flatMap((entry) => {
      const [, letter, name] = /^(?:(\w):)?([\w-]+)=?$/.exec(entry)!;
      const option = { step: step as Step, hasValue: entry.endsWith("=") };
      const long = [`--${name}`, option] as const;
      return letter === undefined ? [long] : [long, [`-${letter}`, option] as const];
    })
  ),
);

/**
 * Splits the arguments of a sync into those of its two steps, `uv lock` and `uv sync`.
 *
 * @throws {HsmError} `usage` where one would keep it from being a sync of this project with its sources, or is unknown.
 */
export function splitUvArguments(
  args: readonly string[],
): Readonly<Record<"lock" | "sync", readonly string[]>> {
  const lock: string[] = [];
  const sync: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const words = [args[at]!];
    const { name, step, wantsValue } = readOption(words[0]!);
    if (wantsValue) {
      const value = args[++at];
      if (value === undefined || value.startsWith("-")) {
        throw refusal(name, "it needs a value", "write the value behind it");
      }
      words.push(value);
    }
    if (step !== "sync") lock.push(...words);
    if (step !== "lock") sync.push(...words);
  }
  return { lock, sync };
}

/** One word of a command line: the option that it is, or several letters in one. */
function readOption(word: string): { name: string; step: Step; wantsValue: boolean } {
  if (!word.startsWith("-") || word === "-") {
    throw refusal(word, "it is no option", CONTRARY["--"]!);
  }
  if (word.startsWith("--")) {
    const [name = "", ...value] = word.split("=");
    const { step, hasValue } = find(name);
    return { name, step, wantsValue: hasValue && value.length === 0 };
  }
  const steps = new Set<Step>();
  const stepOf = () => steps.size === 1 ? [...steps][0]! : "both";
  for (const [at, letter] of [...word.slice(1)].entries()) {
    const name = `-${letter}`;
    const { step, hasValue } = find(name);
    steps.add(step);
    if (steps.size > 1 && at > 0) throw refusal(word, "it is several options", "write them apart");
    // What follows is its value already.
    if (hasValue) return { name, step: stepOf(), wantsValue: word.length === at + 2 };
  }
  return { name: word, step: stepOf(), wantsValue: false };
}

function find(name: string): Option {
  const hint = CONTRARY[name];
  if (hint !== undefined && Object.hasOwn(CONTRARY, name)) {
    throw refusal(name, "that is for hsm to decide", hint);
  }
  const option = OPTIONS.get(name);
  if (option !== undefined) return option;
  throw refusal(
    name,
    "hsm does not know it",
    "say it in [tool.uv] of pyproject.toml, if it is there",
  );
}

function refusal(name: string, why: string, hint: string): HsmError {
  return new HsmError("usage", `Cannot sync with uv's ${name}: ${why}`, { hint });
}
