/**
 * What the values of a manifest may be: the rules that keep a name, a URL or a path from becoming an option, a command or a way
 * out of its folder.
 *
 * @module
 */

import { NAME_PATTERN } from "../names.ts";
import { listChoices, quoteForMessage } from "./show.ts";

/** Why a value breaks a rule. */
export interface RuleProblem {
  /** The sentence for people. */
  readonly message: string;
  /** What would have been right. */
  readonly expected?: string;
  /** What to do about it. */
  readonly hint?: string;
}

/** Says why a text breaks a rule; undefined where it does not. */
export type Rule = (text: string) => RuleProblem | undefined;

/** The longest distribution name. */
export const MAX_NAME_LENGTH = 214;
const MAX_REF_LENGTH = 240;
const MAX_TEXT_LENGTH = 1000;
const URL_SCHEMES = ["https", "http", "ssh", "git", "file"];
const CONTROL = /\p{Cc}/u;

function wrong(text: string, expected: string, why?: string, hint?: string): RuleProblem {
  const reason = why === undefined ? "" : `: ${why}`;
  return {
    message: `expected ${expected}, got ${
      text === "" ? "an empty text" : quoteForMessage(text)
    }${reason}`,
    expected,
    ...(hint === undefined ? {} : { hint }),
  };
}

function nameRule(expected: string): Rule {
  return (text) => {
    if (text.length > MAX_NAME_LENGTH) {
      return wrong(text, expected, `it is longer than ${MAX_NAME_LENGTH} characters`);
    }
    if (NAME_PATTERN.test(text)) return undefined;
    const rule = "letters, digits, `-`, `_` and `.`, with a letter or digit first and last";
    return wrong(text, expected, `it may hold ${rule}`);
  };
}

/** A distribution name (PEP 508). */
export const packageNameProblem: Rule = nameRule("a package name");
/** The name of an extra (PEP 508). */
export const extraProblem: Rule = nameRule("the name of an extra");
/** The name of a dependency group (PEP 735). */
export const groupProblem: Rule = nameRule("the name of a dependency group");

/** A commit: 7 to 64 hexadecimal digits. */
export function revProblem(text: string): RuleProblem | undefined {
  if (/^[0-9a-f]{7,64}$/i.test(text)) return undefined;
  return wrong(text, "a commit (7 to 64 hexadecimal digits, 40 recommended)");
}

/** The name of a tag, by the rules of `git check-ref-format`. */
export const tagProblem: Rule = refRule("the name of a tag");
/** The name of a branch, by the rules of `git check-ref-format --branch`. */
export const branchProblem: Rule = refRule("the name of a branch");

/** What tags begin with: a version behind it makes the name of a tag. An empty one stands for the version alone. */
export function tagPrefixProblem(text: string): RuleProblem | undefined {
  const why = refFault(`${text}1`);
  return why === undefined ? undefined : wrong(text, "what a tag begins with", why);
}

function refRule(expected: string): Rule {
  return (text) => {
    const why = refFault(text);
    return why === undefined ? undefined : wrong(text, expected, why);
  };
}

function refFault(text: string): string | undefined {
  if (text === "") return "it is empty";
  if (text.length > MAX_REF_LENGTH) return `it is longer than ${MAX_REF_LENGTH} characters`;
  if (text.startsWith("-")) return "it must not begin with `-`";
  if (CONTROL.test(text)) return "it must not hold control characters";
  const character = /[ ~^:?*[\\]/.exec(text)?.[0];
  if (character !== undefined) {
    return `it must not hold ${character === " " ? "a space" : `\`${character}\``}`;
  }
  const sequence = ["..", "@{", "//"].find((part) => text.includes(part));
  if (sequence !== undefined) return `it must not hold \`${sequence}\``;
  if (text.startsWith("/") || text.endsWith("/")) return "it must not begin or end with `/`";
  if (text.endsWith(".")) return "it must not end with `.`";
  if (text === "@" || text === "HEAD") return "git uses this name itself";
  for (const part of text.split("/")) {
    if (part.startsWith(".")) return "no part of it may begin with `.`";
    if (part.endsWith(".lock")) return "no part of it may end with `.lock`";
  }
  return undefined;
}

/** The object filter of a partial clone. */
export function filterProblem(text: string): RuleProblem | undefined {
  if (/^(?:blob:none|tree:0|blob:limit=[0-9]{1,15}[kmg]?)$/.test(text)) return undefined;
  return wrong(text, listChoices(["blob:none", "tree:0", "blob:limit=SIZE"]));
}

const GIT_URL = "a git URL or a path";

/** A repository's URL or path; `{name}` stands for the package's name. */
export function gitProblem(text: string): RuleProblem | undefined {
  const why = gitUrlFault(text.replaceAll("{name}", "name"));
  return why === undefined ? undefined : wrong(text, GIT_URL, why.message, why.hint);
}

function gitUrlFault(url: string): RuleProblem | undefined {
  const credentials = {
    message: "it must not hold a password or token",
    hint: "leave the user and the token out of the URL; git asks a credential helper for them",
  };
  if (url.trim() === "") return { message: "it is empty" };
  if (url.length > MAX_TEXT_LENGTH) {
    return { message: `it is longer than ${MAX_TEXT_LENGTH} characters` };
  }
  if (url.startsWith("-")) return { message: "it must not begin with `-`" };
  if (CONTROL.test(url)) return { message: "it must not hold control characters" };
  if (url !== url.trim()) return { message: "it must not begin or end with a space" };
  if (/[{}]/.test(url)) return { message: "`{name}` is the only placeholder" };
  // `ext::COMMAND` and its like let git run any program.
  if (/^[^/\\[@]*::/.test(url)) {
    return { message: "transport helpers (`…::`) are not allowed" };
  }
  const scheme = /^([^/]*?):\/\//.exec(url)?.[1];
  if (scheme === undefined) return scpFault(url, credentials);
  if (!URL_SCHEMES.includes(scheme)) {
    const plain = scheme.replace(/^git\+/, "");
    return {
      message: `the scheme must be ${listChoices(URL_SCHEMES)}`,
      ...(plain !== scheme && URL_SCHEMES.includes(plain)
        ? { hint: "leave out the leading `git+`" }
        : {}),
    };
  }
  const rest = url.slice(scheme.length + 3);
  const end = rest.search(/[/?#\\]/);
  const authority = end < 0 ? rest : rest.slice(0, end);
  const at = authority.lastIndexOf("@");
  const user = at < 0 ? undefined : authority.slice(0, at);
  const isHttp = scheme === "https" || scheme === "http";
  // A token's own `/` moves the `@` behind the host: `https://user:to/ken@host`.
  const looksCut = isHttp && at < 0 && /^[^/@]*:[^/]*[^0-9/][^@]*@/.test(rest);
  if ((user !== undefined && (isHttp || user.includes(":"))) || looksCut) return credentials;
  if (/\s/.test(url)) return { message: "it must not hold spaces" };
  if (scheme !== "file" && /[?#]/.test(rest)) {
    return { message: "it must not hold `?` or `#`" };
  }
  const host = at < 0 ? authority : authority.slice(at + 1);
  if (host === "" && scheme !== "file") return { message: "it names no host" };
  if (host.startsWith("-") || user?.startsWith("-") === true) {
    return { message: "the host and the user must not begin with `-`" };
  }
  return undefined;
}

/** `user@host:path`, or a local path. */
function scpFault(url: string, credentials: RuleProblem): RuleProblem | undefined {
  const colon = url.indexOf(":");
  const slash = url.indexOf("/");
  if (colon < 0 || (slash >= 0 && slash < colon)) return undefined;
  if (/^[^/@]*:[^@]+@/.test(url)) return credentials;
  const [host = "", ...user] = url.slice(0, colon).split("@").reverse();
  if (host.startsWith("-") || user.some((part) => part.startsWith("-"))) {
    return { message: "the host and the user must not begin with `-`" };
  }
  return undefined;
}

/** The folder of the checkouts: below the root. */
export const packagesDirProblem: Rule = pathRule("a folder below the root", {
  mayLeave: false,
  mayBeRoot: false,
});
/** A folder inside a repository. */
export const subdirectoryProblem: Rule = pathRule("a folder inside the repository", {
  mayLeave: false,
  mayBeRoot: true,
});
/** A checkout's folder: relative to the root, inside it or beside it. */
export const pathProblem: Rule = pathRule("a folder relative to the root", {
  mayLeave: true,
  mayBeRoot: false,
});

/** What is at the root, or will be, and no checkout may take or lie in. */
export const RESERVED_AT_ROOT: readonly string[] = [
  ".hsm",
  ".venv",
  ".gitignore",
  "hsm.yaml",
  "hsm.local.yaml",
  "pyproject.toml",
  "uv.lock",
];

function pathRule(
  expected: string,
  limits: { readonly mayLeave: boolean; readonly mayBeRoot: boolean },
): Rule {
  return (text) => {
    const why = pathFault(text, limits);
    return why === undefined ? undefined : wrong(text, expected, why);
  };
}

function pathFault(
  text: string,
  limits: { readonly mayLeave: boolean; readonly mayBeRoot: boolean },
): string | undefined {
  if (text === "") return "it is empty";
  if (text.length > MAX_TEXT_LENGTH) return `it is longer than ${MAX_TEXT_LENGTH} characters`;
  if (CONTROL.test(text)) return "it must not hold control characters";
  if (text.includes("\\")) return "folders are separated by `/`";
  if (text.startsWith("/") || text.startsWith("~") || /^[A-Za-z]:/.test(text)) {
    return "it must not be absolute";
  }
  const segments = normalizeFolder(text).split("/");
  if (!limits.mayLeave && segments[0] === "..") return "it must not leave through `..`";
  if (!limits.mayBeRoot && segments[0] === ".") return "it must not be the root itself";
  for (const [index, segment] of segments.entries()) {
    if (segment.startsWith("-")) return "no part of it may begin with `-`";
    // Some file systems take `.GIT` and `.git.` for `.git`.
    const folded = segment.toLowerCase().replace(/[. ]+$/, "");
    if (folded === ".git") return "it must not be inside `.git`";
    if (!limits.mayBeRoot && index === 0 && RESERVED_AT_ROOT.includes(folded)) {
      return `it must not be inside \`${folded}\``;
    }
  }
  return undefined;
}

/** The relative path without `.`, `//` and a last `/`, with `..` only at its beginning; `.` for the folder itself. */
export function normalizeFolder(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "" || segment === ".") continue;
    if (segment === ".." && segments.length > 0 && segments.at(-1) !== "..") segments.pop();
    else segments.push(segment);
  }
  return segments.length === 0 ? "." : segments.join("/");
}
