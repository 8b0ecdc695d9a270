/**
 * What a failure of uv means in terms of packages: from uv's words to one line and a hint.
 *
 * @module
 */

import { readDenial } from "../../git/denial.ts";
import type { Explanation } from "../adapter.ts";
import { printable } from "../../text/printable.ts";
import { readIndexDenial } from "./denial.ts";
import { redact } from "../../text/redact.ts";

/**
 * Reads uv's standard error (0.9 to 0.13: with and without a frame around it, wrapped or not). Pure.
 *
 * @param text All that uv said.
 * @returns Nothing for a failure of another kind: uv's own words are there too.
 */
export function explainUvFailure(text: string): Explanation {
  const lines = printable(text).split("\n").map((line) => line.replace(/^[\s×│├╰─▶]+/u, ""));
  const flat = lines.join(" ").replace(/\s+/g, " ");
  return submodule(flat, lines) ?? ref(flat) ?? lfs(flat) ?? remote(flat, lines) ?? denied(flat) ??
    conflictingUrls(flat) ??
    wrongName(flat) ??
    noProject(flat) ?? noFolder(flat) ?? buildNeeds(flat) ?? build(flat, lines) ??
    index(flat, lines) ??
    python(flat) ?? noInterpreter(flat) ??
    resolution(flat) ?? {};
}

/** Whether uv has looked for a solution and found that there is none. Pure. */
export function findsNoSolution(text: string): boolean {
  // What a build needs is a solution of its own, and what is not to be had may be one.
  return /No solution found/.test(text) &&
    !/Failed to (?:download and )?build `|network was disabled/.test(text) &&
    readDenial(text) === undefined && readIndexDenial(text) === undefined;
}

/** A package with its repository, as uv names what it downloads. */
const GIT_PACKAGE = /`([\w.-]+)(?:\[[^\]]*\])? ?@ git\+([^`\s]+?)(?:@([^@`\s/]+(?:\/[^@`\s]+)*))?`/;

function ref(flat: string): Explanation | undefined {
  if (
    !/couldn't find remote ref|not our ref|unadvertised object|Could not parse object/.test(flat)
  ) {
    return undefined;
  }
  const [, kind, value] =
    /failed to fetch (tag|branch|commit|branch or tag) `([^`]+)`/.exec(flat) ?? [];
  const [, name, url] = GIT_PACKAGE.exec(flat) ?? [];
  if (kind === undefined || name === undefined) return undefined;
  const list = { tag: "--tags ", branch: "--heads " }[kind] ?? "";
  return {
    misplaced: name,
    cause: `${name} has no ${kind} ${value} in ${url}`,
    hint: kind === "commit"
      ? `correct the pin of ${name} in hsm.yaml, or push the commit`
      : `\`git ls-remote ${list}${url}\` lists them; correct the pin of ${name} in hsm.yaml`,
  };
}

function submodule(flat: string, lines: readonly string[]): Explanation | undefined {
  if (!/git[^`]* submodule update/.test(flat)) return undefined;
  const name = GIT_PACKAGE.exec(flat)?.[1];
  const said = lines.find((line) => /^fatal: (?!clone of )/.test(line));
  if (name === undefined || said === undefined) return undefined;
  const path = /(?:Failed to clone|Fetched in submodule path|in submodule path) '([^']+)'/
    .exec(flat)?.[1];
  const what = path === undefined ? "a submodule" : `the submodule ${path}`;
  return {
    cause: `${what} of ${name} cannot be fetched: ${said.replace(/^fatal: /, "")}`,
    hint: `uv fetches submodules always: make sure that git can, or use a version of ${name} ` +
      "without it",
  };
}

function lfs(flat: string): Explanation | undefined {
  const isAbsent = /git-lfs[^`]*: (?:not found|command not found)|smudge filter lfs failed/.test(
    flat,
  );
  if (!isAbsent && !/missing Git LFS artifacts/.test(flat)) return undefined;
  const name = GIT_PACKAGE.exec(flat)?.[1] ?? "a package";
  return {
    cause: `git could not fetch the files of ${name} that Git LFS keeps`,
    hint: `${isAbsent ? "install git-lfs, then run" : "run"} \`git lfs install\`` +
      "; `hsm doctor` says whether that was all",
  };
}

const UNREACHABLE =
  /does not appear to be a git repository|[Rr]epository .*not found|[Cc]ould not resolve host|[Cc]ould not read (?:Username|Password|from remote)|Authentication failed|Permission denied|Host key verification failed|unable to access|Connection (?:refused|timed out|reset)/;

function remote(flat: string, lines: readonly string[]): Explanation | undefined {
  if (!/Git operation failed|failed to (?:clone|fetch)/.test(flat)) return undefined;
  const said = lines.find((line) => UNREACHABLE.test(line));
  const [, name, url] = GIT_PACKAGE.exec(flat) ?? [];
  if (said === undefined || name === undefined) return undefined;
  return {
    misplaced: name,
    cause: `${name} cannot be fetched from ${url}: ${said.replace(/^(?:fatal|ERROR|error): /, "")}`,
    hint: readDenial(said, { caller: "uv" })?.hint ??
      `make sure that \`git ls-remote ${url}\` works, or correct \`git\` of ${name} in hsm.yaml`,
  };
}

/** uv takes what an index does not show it for what is not there. */
function denied(flat: string): Explanation | undefined {
  const denial = readDenial(flat) === undefined ? readIndexDenial(flat) : undefined;
  if (denial === undefined) return undefined;
  return { cause: `uv was not let in at ${denial.host}`, hint: denial.hint };
}

function conflictingUrls(flat: string): Explanation | undefined {
  const [, name, list = ""] =
    /conflicting URLs for package `([^`]+)`[^:]*:((?: - \S+(?: \(editable\))?)+)/.exec(flat) ?? [];
  if (name === undefined) return undefined;
  const places = list.split(/ - /).filter((it) => it !== "").map((it) => it.trim());
  const by = /Failed to resolve dependencies for (?:package )?`([\w.-]+)/.exec(flat)?.[1];
  return {
    misplaced: name,
    cause: `${name} is to come from ${places.join(" and from ")}`,
    hint: by === undefined
      ? `take one of the sources of ${name} away`
      : `take ${name} out of [tool.uv.sources] in the pyproject.toml of ${by}, or of its uv workspace`,
  };
}

function wrongName(flat: string): Explanation | undefined {
  const [, is, wanted] = /metadata name `([^`]+)` does not match given name `([^`]+)`/.exec(flat) ??
    [];
  if (is === undefined) return undefined;
  return {
    cause: `what was to be ${wanted} is named ${is}`,
    hint: `correct its name, or its repository, in hsm.yaml`,
  };
}

function noProject(flat: string): Explanation | undefined {
  if (!/does not appear to be a Python project/.test(flat)) return undefined;
  const name = /`([\w.-]+)(?:\[[^\]]*\])? ?@ /.exec(flat)?.[1];
  if (name === undefined) return undefined;
  return {
    cause: `${name} has neither pyproject.toml nor setup.py at the top of its repository`,
    hint: `set \`subdirectory\` of ${name} in hsm.yaml`,
  };
}

function noFolder(flat: string): Explanation | undefined {
  const folder = /The source distribution `[^`]*` has no subdirectory `([^`]+)`/.exec(flat)?.[1];
  const name = GIT_PACKAGE.exec(flat)?.[1];
  return folder === undefined || name === undefined ? undefined : {
    cause: `there is no folder ${folder} in the repository of ${name}`,
    hint: `correct \`subdirectory\` of ${name} in hsm.yaml, or use another version`,
  };
}

function build(flat: string, lines: readonly string[]): Explanation | undefined {
  const name = /Failed to (?:download and )?build `([\w.-]+)/.exec(flat)?.[1];
  if (name === undefined || !/build backend returned an error/.test(flat)) return undefined;
  const begin = lines.indexOf("[stderr]");
  const end = lines.findIndex((line, index) => index > begin && /^(?:hint|help): /.test(line));
  const said = begin < 0 ? [] : lines.slice(begin + 1, end < 0 ? undefined : end);
  const last = said.findLast((line) => line.trim() !== "");
  return {
    cause: `${name} does not build${last === undefined ? "" : `: ${last.trim()}`}`,
    hint: `repair the build of ${name}, or use another version of it`,
  };
}

function buildNeeds(flat: string): Explanation | undefined {
  const [, name, needs] =
    /Failed to (?:download and )?build `([\w.-]+).*?Failed to resolve requirements from .*?No solution found when resolving: (`[^:]*?`)(?: |$)/
      .exec(flat) ?? [];
  if (name === undefined || needs === undefined) return undefined;
  return {
    cause: `${name} does not build: its build needs ${needs}, which cannot be had`,
    hint: `make sure that the index has it, or use another version of ${name}`,
  };
}

function index(flat: string, lines: readonly string[]): Explanation | undefined {
  if (/network was disabled/.test(flat)) {
    return {
      cause: "the network is switched off, and uv's cache lacks a package",
      hint: "run it with the network once",
    };
  }
  const url = /Failed to (?:fetch|download)(?: distribution)?: `?(https?:\/\/[^`\s]+)/.exec(flat)
    ?.[1];
  if (url === undefined) return undefined;
  const said = lines.findLast((line) => /^(?:cause|Caused by): /i.test(line));
  const why = said === undefined ? "" : `: ${said.replace(/^[^:]*: /, "")}`;
  return {
    cause: redact(`${url} cannot be fetched${why}`),
    hint: "make sure that the index can be reached from here",
  };
}

function python(flat: string): Explanation | undefined {
  const [, allowed, name, needs] =
    /the (?:requested|current) Python version \(([^)]+)\) does not satisfy Python\S+(?: and Python\S+)* and (\S+) depends on Python(\S+),/
      .exec(flat) ?? [];
  if (name === undefined || allowed === undefined) return undefined;
  return {
    cause: `${subject(name)} needs Python${needs}, ${
      /^\d/.test(allowed) ? `this one is ${allowed}` : `the app allows Python${allowed}`
    }`,
    hint: `raise \`requires-python\` in the app's pyproject.toml, or use another version of ${
      bareName(name)
    }`,
  };
}

function noInterpreter(flat: string): Explanation | undefined {
  const wanted = /No interpreter found for Python (\S+)/.exec(flat)?.[1];
  if (wanted === undefined) return undefined;
  return {
    cause: `there is no Python ${wanted} on this machine`,
    hint: "install one (`uv python install` can), or change `requires-python`",
  };
}

/** Who needs what, in uv's derivation: `plug-c==1.2.0 depends on idna>=3.7`. */
interface Need {
  readonly who: string;
  readonly name: string;
  readonly range: string;
}

function resolution(flat: string): Explanation | undefined {
  if (!/No solution found/.test(flat)) return undefined;
  const needs = readNeeds(flat);
  for (const { name } of needs.filter((it) => it.range !== "")) {
    const ranged = needs.filter((it) => it.name === name && it.range !== "");
    if (new Set(ranged.map((it) => it.who)).size < 2) continue;
    return { cause: ranged.map(describe).join(", "), hint: conflictHint(ranged) };
  }
  const missing = / (\S+) was not found in the package registry/.exec(flat)?.[1];
  const wanting = needs.find((it) => it.name === missing);
  if (missing !== undefined) {
    return {
      cause: `${
        wanting ? `${wanting.who} needs ${missing}, and ` : ""
      }there is no package ${missing}`,
      hint: `if ${missing} is one of your own packages, add it to hsm.yaml`,
    };
  }
  for (const need of needs) {
    const available = new RegExp(`only ${escape(need.name)}(\\S+) (?:is|are) available`).exec(flat)
      ?.[1];
    // Where a range lies between versions that there are, uv names those instead.
    const none = flat.includes(`no version of ${need.name}${need.range}`) ||
      flat.includes(`only the following versions of ${need.name} are available`);
    if (need.range === "" || (available === undefined && !none)) continue;
    return {
      lacking: need.name,
      cause: `${describe(need)}, ${
        none ? "and there is none" : `there is only ${need.name}${available}`
      }`,
      hint: `use a version of ${need.name} that fits, or another of ${need.who.split(" ")[0]}`
        .replace("another of the", "change what the app needs"),
    };
  }
  return undefined;
}

function readNeeds(flat: string): readonly Need[] {
  const facts = flat.matchAll(
    /(?:all versions of (\S+)|(your project|your workspace)|(\S+)) depends? on ([^:]+?)(?=, we can conclude| and (?:only )?[^\s,]+ (?:depends?|is|are|was|needs) | and (?:your|all|there|the) |\. |\.$)/g,
  );
  const needs = new Map<string, Need>();
  // What is concluded for all versions of a package has mostly been said of the one that there is.
  const last = [...facts].sort(([, a], [, b]) => Number(a !== undefined) - Number(b !== undefined));
  for (const [, every, own, one, list = ""] of last) {
    const who = own === undefined ? subject(every ?? one ?? "") : "the app";
    if (every !== undefined && [...needs.values()].some((it) => bareName(it.who) === who)) continue;
    for (const requirement of list.split(/,? and |, (?=[A-Za-z])/)) {
      const [, name, range = ""] =
        /^([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?([<>=!~].*)?$/.exec(requirement) ?? [];
      if (name !== undefined) needs.set(`${who} ${requirement}`, { who, name, range });
    }
  }
  return [...needs.values()];
}

function describe({ who, name, range }: Need): string {
  return `${who} needs ${name}${range}`;
}

function conflictHint(needs: readonly Need[]): string {
  const names = [...new Set(needs.map((it) => it.who))].filter((it) => it !== "the app")
    .map((it) => it.split(" ")[0]);
  const own = names.length < new Set(needs.map((it) => it.who)).size;
  return `pin ${names.join(" or ")} to a version that fits, or change ${
    own ? "what the app needs" : "what one of them needs"
  }`;
}

/** `plug-c==1.2.0` as people say it. */
function subject(text: string): string {
  return text.replace(/\[[^\]]*\]/, "").replace(/==/, " ");
}

function bareName(text: string): string {
  return subject(text).split(" ")[0] ?? text;
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
