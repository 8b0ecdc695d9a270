/**
 * What a failure of Hatch's own means: from Hatch's words to one line and a hint. What uv or pip say in it is theirs.
 *
 * @module
 */

import { printable } from "../../text/printable.ts";
import type { Explanation } from "../adapter.ts";
import { LOCK } from "./files.ts";

/** How Hatch tells that it runs one of several commands. */
const RUNS = /^(?:pre|post)-install \[\d+\] \| (.+)$/;

/**
 * Reads what Hatch said (1.10 to 1.18). Pure.
 *
 * @returns Nothing for a failure of another kind: Hatch's own words are there too.
 */
export function explainHatchFailure(text: string): Explanation {
  const lines = printable(text).split("\n").map((line) => line.trim());
  for (const explain of EXPLANATIONS) {
    for (const line of lines) {
      const found = explain(line);
      if (found !== undefined) return found;
    }
  }
  // What HSM's command says is uv's.
  const last = lines.map((it) => RUNS.exec(it)?.[1]).findLast((it) => it !== undefined);
  const isCommand = lines.some((it) => /^Failed with exit code: \d+$/.test(it));
  if (!isCommand || last === undefined || last.includes(LOCK)) return {};
  return {
    cause: `the command \`${last}\` of Hatch's environment failed`,
    hint: "correct it among the pre-install-commands or post-install-commands",
  };
}

type Explain = (line: string) => Explanation | undefined;

const EXPLANATIONS: readonly Explain[] = [
  function required(line) {
    const [, needs, version] = /^Hatch (\S+) is required but (\S+) is installed$/.exec(line) ?? [];
    return needs === undefined ? undefined : {
      cause: `the app needs Hatch ${needs}, and this one is ${version}`,
      hint: "update it (`uv tool upgrade hatch`, `pipx upgrade hatch`) or name one in HSM_HATCH",
    };
  },
  function python(line) {
    const wanted =
      /^Environment `.+` is incompatible: (?:cannot locate Python: (\S+)|no compatible Python)/
        .exec(line);
    if (wanted === null) return undefined;
    return wanted[1] === undefined
      ? {
        cause: "Hatch finds no Python that the app's `requires-python` allows",
        hint: "install one (`hatch python install`, `uv python install`)",
      }
      : {
        cause: `Hatch finds no Python ${wanted[1]}`,
        hint: `install it (\`hatch python install ${wanted[1]}\`, ` +
          `\`uv python install ${wanted[1]}\`), or correct \`python\` of the environment`,
      };
  },
  function virtualenv(line) {
    return !/^Environment `.+` is incompatible: module 'virtualenv\./.test(line) ? undefined : {
      cause: "this Hatch does not work with the virtualenv that is installed beside it",
      hint: "update it (`uv tool upgrade hatch`, `pipx upgrade hatch`)",
    };
  },
  function incompatible(line) {
    const why = /^Environment `.+` is incompatible: (.+)$/.exec(line)?.[1];
    return why === undefined ? undefined : {
      cause: `Hatch cannot make its environment here: ${why}`,
      hint: "correct the environment in [tool.hatch.envs.default]",
    };
  },
  function type(line) {
    const kind = /^Environment `.+` has unknown type: (.+)$/.exec(line)?.[1];
    return kind === undefined ? undefined : {
      cause: `Hatch knows no environments of type ${kind}`,
      hint: "install the plugin beside Hatch, or correct `type` of the environment",
    };
  },
  function lock(line) {
    const file = /^error: File not found: `?(\S*pylock\.hsm\.toml)`?$/.exec(line)?.[1];
    return file === undefined ? undefined : {
      cause: "there is no pylock.hsm.toml",
      hint: "run `hsm sync`",
    };
  },
  function settings(line) {
    const why = /^(?:TypeError|ValueError): (.*`tool\.hatch.*)$/.exec(line)?.[1];
    return why === undefined ? undefined : {
      cause: `Hatch does not take its settings: ${why}`,
      hint: "correct it in pyproject.toml or hatch.toml",
    };
  },
  function requirement(line) {
    const [, name, who] =
      /^ERROR: No matching distribution found for ([^\s(]+)(?: \(from (\S+)\))?$/.exec(line) ?? [];
    const needed = who === undefined ? "" : `, which ${who} needs`;
    return name === undefined ? undefined : {
      cause: `pip finds no ${name}${needed}`,
      hint: `if it is one of your own packages, add it to hsm.yaml`,
    };
  },
];
