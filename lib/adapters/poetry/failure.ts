/**
 * What a failure of Poetry means in terms of packages: from Poetry's words to one line and a hint.
 *
 * @module
 */

import { AUTHENTICATION_GUIDE, readDenial } from "../../git/denial.ts";
import { printable } from "../../text/printable.ts";
import { redact } from "../../text/redact.ts";
import type { Explanation } from "../adapter.ts";
import { repositoryOf } from "./lock.ts";

/**
 * Reads what Poetry said (1.8 to 2.5). Pure.
 *
 * @returns Nothing for a failure of another kind: Poetry's own words are there too.
 */
export function explainPoetryFailure(text: string): Explanation {
  const lines = printable(text).split("\n").map((line) => line.trim());
  const flat = lines.join(" ").replace(/\s+/g, " ");
  for (const explain of EXPLANATIONS) {
    const found = explain(flat, lines);
    if (found !== undefined) return found;
  }
  return {};
}

/** Whether Poetry has looked for a solution and found that there is none. Pure. */
export function findsNoSolution(text: string): boolean {
  return /version solving failed|^Incompatible constraints in requirements/m.test(text);
}

type Explain = (flat: string, lines: readonly string[]) => Explanation | undefined;

/** Who needs what of an index, in Poetry's derivation: `plug-c (1.2.0) @ git+… depends on idna (>=3.7)`. */
const NEED =
  /([\w.-]+)(?: \([^()]*\)(?: @ \S+)?)? (?:which )?depends on ([\w.-]+) \(([^()]*)\)(?! @)/g;

/** Who has a package from where, likewise: `plug-u (1.2.0) @ git+… depends on plug-c (1.0.0) @ git+…`. */
const PLACE =
  /([\w.-]+)(?: \([^()]*\)(?: @ \S+)?)? (?:which )?depends on ([\w.-]+) \([^()]*\) @ (\S+?)(?=,? )/g;

/** A place as people write it; of what is on this disk Poetry says that its host is None. */
function placeOf(text: string): string {
  return redact(text.replace("git+file://None/", "git+file:///"));
}

const EXPLANATIONS: readonly Explain[] = [
  function ref(flat) {
    const [, url = "", name] =
      /Failed to clone (\S+) at '([^']+)', verify ref exists on remote/.exec(flat) ?? [];
    if (name === undefined) return undefined;
    const repository = redact(repositoryOf(url));
    return {
      cause: `${repository} has no tag, branch or commit ${name}`,
      hint: `\`git ls-remote ${repository}\` lists them; correct the pin in hsm.yaml`,
    };
  },
  function repository(flat) {
    const path = /No git repository was found at (\S+)/.exec(flat)?.[1];
    return path === undefined ? undefined : {
      cause: `there is no git repository at ${redact(path)}`,
      hint: "correct `git` in hsm.yaml",
    };
  },
  function access(flat) {
    const url = /Failed to clone (\S+), check your git configuration and permissions/.exec(flat)
      ?.[1];
    if (url === undefined) return undefined;
    const repository = redact(repositoryOf(url));
    return {
      cause: `${repository} cannot be fetched`,
      hint: `make sure that \`git ls-remote ${repository}\` works without asking anybody: Poetry ` +
        `lets git ask nobody; ${AUTHENTICATION_GUIDE}`,
    };
  },
  function denied(flat) {
    const denial = readDenial(flat);
    return denial && {
      cause: `Poetry was not let in${"host" in denial ? ` at ${denial.host}` : ""}`,
      hint: denial.hint,
    };
  },
  function name(flat) {
    const [, wanted, found] =
      /The dependency name for (\S+) does not match the actual package's name: (\S+)/.exec(flat) ??
        [];
    return wanted === undefined ? undefined : {
      misplaced: wanted,
      cause: `what is where ${wanted} is said to be is ${found}`,
      hint: `correct the name, or \`git\` and \`subdirectory\`, of ${wanted} in hsm.yaml`,
    };
  },
  function folder(flat) {
    const [, path, wanted] = /Path (\S+) for (\S+) does not exist/.exec(flat) ?? [];
    return path === undefined || wanted === undefined ? undefined : {
      misplaced: wanted,
      cause: `${wanted} is to come from ${path}, which does not exist`,
      hint: `run \`hsm clone ${wanted}\`, or take the path out of who has ${wanted} from there`,
    };
  },
  function project(flat) {
    const [, path, why] =
      /Source (\S+) (does not appear to be a Python project|is not a directory)/.exec(flat) ?? [];
    if (path === undefined) return undefined;
    const place = /\/src\/(.+)$/.exec(path)?.[1] ?? path;
    return {
      cause: why === "is not a directory"
        ? `there is no folder ${place}`
        : `there is no Python project in ${place}`,
      hint: "correct `subdirectory` in hsm.yaml, or use another version",
    };
  },
  function python(flat) {
    const [, name = "", needs, , allowed] =
      /- (\S+) requires Python ([^,]+(?:,[^,\s]+)*), so it will not be (satisfied|installable) for Python (\S+)/
        .exec(flat) ?? [];
    return needs === undefined ? undefined : {
      cause: `${name} needs Python ${needs}, and the app is to work with ${allowed} as well`,
      hint: `narrow the app's Python versions (\`requires-python\`, or \`python\` in ` +
        `[tool.poetry.dependencies]), or use another version of ${name}`,
    };
  },
  function build(flat, lines) {
    const isBuild = /PEP517 build of a dependency failed|Unable to determine package info for path/
      .test(flat);
    if (!isBuild) return undefined;
    const name = /one of the following issues with (\S+) \(/.exec(flat)?.[1] ??
      /package info for path: \S*\/([^/\s]+)/.exec(flat)?.[1] ?? "a package";
    const said = lines.map((it) => it.replace(/^\|\s*/, ""))
      .findLast((it) => /^[\w.]*(?:Error|Exception): /.test(it));
    const why = said?.replace(/^build\._exceptions\.\w+: /, "");
    return {
      cause: `${name} does not build${why === undefined ? "" : `: ${why}`}`,
      hint: `repair the build of ${name}, or use another version of it`,
    };
  },
  function incompatible(_, lines) {
    const begin = lines.findIndex((it) =>
      it.startsWith("Incompatible constraints in requirements")
    );
    if (begin < 0) return undefined;
    const end = lines.findIndex((it, at) => at > begin && it === "");
    const needs = lines.slice(begin + 1, end < 0 ? undefined : end).map((it) => placeOf(it));
    const name = /^[\w.-]+/.exec(needs[0] ?? "")?.[0];
    return {
      cause: `the app asks for ${needs.join(" and for ")}`,
      hint: `let only hsm.yaml say where ${name} comes from, or pin it to a version that fits`,
    };
  },
  function places(flat) {
    const all = [...flat.matchAll(PLACE)].map(([, who = "", name = "", place = ""]) => ({
      who,
      name,
      place: placeOf(place),
    }));
    for (const { name } of all) {
      const found = all.filter((it) => it.name === name);
      const places = [...new Set(found.map((it) => it.place))];
      if (places.length < 2) continue;
      const others = [...new Set(found.map((it) => it.who))].filter((it) => it !== "app");
      return {
        cause: `${name} is to come from ${places.join(" and from ")}`,
        hint: others.length === 0
          ? `let only hsm.yaml say where ${name} comes from`
          : `take the URL of ${name} out of the requirements of ${others.join(" and ")}: ` +
            "Poetry cannot overrule it",
      };
    }
    return undefined;
  },
  function solution(flat) {
    if (!/version solving failed/.test(flat)) return undefined;
    const versions = new Map(
      [...flat.matchAll(/([\w.-]+) \(([^()]+)\) @ /g)].map(([, name = "", it = ""]) => [name, it]),
    );
    const label = (name: string) =>
      name === "app" ? "the app" : [name, versions.get(name)].join(" ").trim();
    const needs = [...flat.matchAll(NEED)].map(([, who = "", name = "", range = ""]) => ({
      who,
      name,
      range: range === "*" ? "" : range,
    }));
    for (const { name } of needs) {
      const all = needs.filter((it) => it.name === name && it.range !== "");
      const names = [...new Set(all.map((it) => it.who))];
      if (names.length < 2) continue;
      return {
        cause: all.map((it) => `${label(it.who)} needs ${name}${it.range}`).join(", "),
        hint: `pin ${names.filter((it) => it !== "app").join(" or ")} to a version that fits, ` +
          `or change what ${names.includes("app") ? "the app" : "one of them"} needs`,
      };
    }
    const missing = /([\w.-]+) \([^()]*\) which doesn't match any versions/.exec(flat)?.[1];
    const wanting = needs.find((it) => it.name === missing);
    if (missing !== undefined) {
      const who = wanting === undefined
        ? ""
        : `${label(wanting.who)} needs ${missing}${wanting.range}, and `;
      return {
        cause: `${who}there is ${wanting?.range ? "none" : `no package ${missing}`}`,
        hint: `if ${missing} is one of your own packages, add it to hsm.yaml`,
      };
    }
    const unmet = needs.find((it) => versions.has(it.name));
    return unmet && {
      cause: `${label(unmet.who)} needs ${unmet.name}${unmet.range}, ` +
        `${unmet.name} is ${versions.get(unmet.name)}`,
      hint: `use a version of ${unmet.name} that fits, or another of ${unmet.who}`,
    };
  },
  function unreachable(flat) {
    const host = /(?:HTTPS?ConnectionPool\(host='([^']+)'|Failed to resolve '([^']+)')/.exec(flat);
    if (host === null) return undefined;
    return {
      cause: `${host[1] ?? host[2]} cannot be reached`,
      hint: "make sure that it can be reached from here",
    };
  },
];
