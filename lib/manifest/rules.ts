/**
 * What the values of a manifest may be: the rules that keep a name, a URL or a path from becoming an option, a command or a way
 * out of its folder.
 *
 * @module
 */

import { NAME_PATTERN } from "../names.ts";
import { TRAPS } from "../platform/file_names.ts";
import { listChoices } from "./quote.ts";
import { type Fault, type Rule, textRule } from "./text_rule.ts";

/** The longest distribution name. */
export const MAX_NAME_LENGTH = 214;
const MAX_REF_LENGTH = 240;
const MAX_TEXT_LENGTH = 1000;
const CONTROL: Fault = {
  pattern: "[\\u0000-\\u001f\\u007f-\\u009f]",
  why: "it must not hold control characters",
};
const NO_OPTION: Fault = { pattern: "^-", why: "it must not begin with `-`" };

function nameRule(expected: string): Rule {
  const characters = "letters, digits, `-`, `_` and `.`, with a letter or digit first and last";
  return textRule({
    expected,
    maxLength: MAX_NAME_LENGTH,
    faults: [{ wanted: NAME_PATTERN.source, why: `it may hold ${characters}` }],
  });
}

/** A distribution name (PEP 508). */
export const packageNameProblem: Rule = nameRule("a package name");
/** The name of an extra (PEP 508). */
export const extraProblem: Rule = nameRule("the name of an extra");
/** The name of a dependency group (PEP 735). */
export const groupProblem: Rule = nameRule("the name of a dependency group");

/** A commit: 7 to 64 hexadecimal digits. */
export const revProblem: Rule = textRule({
  expected: "a commit (7 to 64 hexadecimal digits, 40 recommended)",
  faults: [{ wanted: "^[0-9A-Fa-f]{7,64}$" }],
});

/** What neither a ref nor the beginning of one may be like, by the rules of `git check-ref-format`. */
const REF_FAULTS: readonly Fault[] = [
  NO_OPTION,
  CONTROL,
  ...[" ", "~", "^", ":", "?", "*", "[", "\\"].map((it) => ({
    pattern: `[${/[\\^[]/.test(it) ? `\\${it}` : it}]`,
    why: `it must not hold ${it === " " ? "a space" : `\`${it}\``}`,
  })),
  ...["\\.\\.", "@\\{", "//"].map((it) => ({
    pattern: it,
    why: `it must not hold \`${it.replaceAll("\\", "")}\``,
  })),
  { pattern: "^/", why: "it must not begin or end with `/`" },
  { pattern: "(^|/)\\.", why: "no part of it may begin with `.`" },
  { pattern: "\\.lock/", why: "no part of it may end with `.lock`" },
];

function refRule(expected: string): Rule {
  return textRule({
    expected,
    minLength: 1,
    maxLength: MAX_REF_LENGTH,
    faults: [
      ...REF_FAULTS,
      { pattern: "/$", why: "it must not begin or end with `/`" },
      { pattern: "\\.$", why: "it must not end with `.`" },
      { pattern: "\\.lock$", why: "no part of it may end with `.lock`" },
      { pattern: "^(@|HEAD)$", why: "git uses this name itself" },
    ],
  });
}

/** The name of a tag, by the rules of `git check-ref-format`. */
export const tagProblem: Rule = refRule("the name of a tag");
/** The name of a branch, by the rules of `git check-ref-format --branch`. */
export const branchProblem: Rule = refRule("the name of a branch");

/** What tags begin with: a version behind it makes the name of a tag. An empty one stands for the version alone. */
export const tagPrefixProblem: Rule = textRule({
  expected: "what a tag begins with",
  maxLength: MAX_REF_LENGTH - 1,
  faults: REF_FAULTS,
});

/** The object filter of a partial clone. */
export const filterProblem: Rule = textRule({
  expected: listChoices(["blob:none", "tree:0", "blob:limit=SIZE"]),
  faults: [{ wanted: "^(blob:none|tree:0|blob:limit=[0-9]{1,15}[kmg]?)$" }],
});

const URL_SCHEMES = ["https", "http", "ssh", "git", "file"];
const CREDENTIALS = {
  why: "it must not hold a password or token",
  hint: "leave the user and the token out of the URL; git asks a credential helper for them",
};
const SCHEME = `the scheme must be ${listChoices(URL_SCHEMES)}`;
const DASHES = "the host and the user must not begin with `-`";

/** A repository's URL or path; `{name}` stands for the package's name. */
export const gitProblem: Rule = textRule({
  expected: "a git URL or a path",
  minLength: 1,
  maxLength: MAX_TEXT_LENGTH,
  faults: [
    { pattern: "^\\s+$", why: "it is empty" },
    NO_OPTION,
    CONTROL,
    { pattern: "^\\s|\\s$", why: "it must not begin or end with a space" },
    { wanted: "^([^{}]|\\{name\\})*$", why: "`{name}` is the only placeholder" },
    // `ext::COMMAND` and its like let git run any program.
    { pattern: "^[^/\\\\\\[@]*::", why: "transport helpers (`…::`) are not allowed" },
  ],
  either: {
    when: "^[^/]*://",
    faults: [
      {
        pattern: `^git\\+(${URL_SCHEMES.join("|")})://`,
        why: SCHEME,
        hint: "leave out the leading `git+`",
      },
      { wanted: `^(${URL_SCHEMES.join("|")})://`, why: SCHEME },
      { pattern: "^https?://[^/?#\\\\]*@", ...CREDENTIALS },
      { pattern: "^[^/]*://[^/?#\\\\]*:[^/?#\\\\]*@", ...CREDENTIALS },
      // A token's own `/` moves the `@` behind the host: `https://user:to/ken@host`.
      { pattern: "^https?://[^/@]*:[^/]*[^0-9/][^@]*@", ...CREDENTIALS },
      { pattern: "\\s", why: "it must not hold spaces" },
      { pattern: "^(https?|ssh|git)://[\\s\\S]*[?#]", why: "it must not hold `?` or `#`" },
      { pattern: "^(https?|ssh|git)://([^/?#\\\\]*@)?([/?#\\\\]|$)", why: "it names no host" },
      { pattern: "^[^/]*://([^/?#\\\\]*@)?-[^@/?#\\\\]*([/?#\\\\]|$)", why: DASHES },
      { pattern: "^[^/]*://-[^/?#\\\\]*@", why: DASHES },
    ],
    // `user@host:path`, or a local path.
    others: [
      { pattern: "^[^/@]*:[^@]+@", ...CREDENTIALS },
      { pattern: "^[^/:]*@-[^/:]*:", why: DASHES },
    ],
  },
});

/** An environment: a folder, a variable, or a word of the package manager's. */
export const environmentProblem: Rule = textRule({
  expected: "a folder or a variable such as `$VIRTUAL_ENV`",
  minLength: 1,
  maxLength: MAX_TEXT_LENGTH,
  faults: [
    NO_OPTION,
    CONTROL,
    { pattern: "^\\s|\\s$", why: "it must not begin or end with a space" },
    { wanted: "^([^$]|\\$[A-Za-z_][A-Za-z0-9_]*$)", why: "a variable stands alone" },
  ],
});

/** What is at the root, or will be, and no checkout may take or lie in. */
export const RESERVED_AT_ROOT: readonly string[] = [
  ".hsm",
  ".venv",
  ".gitignore",
  "hsm.yaml",
  "hsm.local.yaml",
  "pyproject.toml",
];

/** What the names of lock files end with: the one at the root is a package manager's. */
export const LOCK_FILE = ".lock";

/** A part of a path that a file system may take for this name: some take `.GIT` and `.git.` for `.git`. */
function part(name: string): string {
  const letters = [...name].map((it) =>
    it === "." ? "\\." : it === "k" ? "[kK\\u212a]" : `[${it}${it.toUpperCase()}]`
  );
  return `${letters.join("")}[. ]*(/|$)`;
}

function pathRule(
  expected: string,
  limits: { readonly mayLeave?: boolean; readonly mayBeRoot?: boolean },
): Rule {
  return textRule({
    expected,
    minLength: 1,
    maxLength: MAX_TEXT_LENGTH,
    faults: [
      CONTROL,
      { pattern: "\\\\", why: "folders are separated by `/`" },
      { pattern: "^/|^(\\./+)*(~|[A-Za-z]:)", why: "it must not be absolute" },
      ...(limits.mayLeave
        ? []
        : [{ pattern: "^(\\./+)*\\.\\.(/|$)", why: "it must not leave through `..`" }]),
      ...(limits.mayBeRoot
        ? []
        : [{ pattern: "^\\.(/+\\.)*/*$", why: "it must not be the root itself" }]),
      { pattern: "(^|/)-", why: "no part of it may begin with `-`" },
      { pattern: `(^|/)${part(".git")}`, why: "it must not be inside `.git`" },
      ...(limits.mayBeRoot ? [] : [
        ...RESERVED_AT_ROOT.map((it) => ({
          pattern: `^(\\./+)*${part(it)}`,
          why: `it must not be inside \`${it}\``,
        })),
        {
          pattern: `^(\\./+)*[^/]*${part(LOCK_FILE)}`,
          why: "it must not be inside a lock file",
        },
        // A repository's folders are called what they are called; the others are the manifest's own choice, for all systems.
        ...TRAPS,
      ]),
    ],
    // What it says once `..` behind a name is worked out.
    also: normalizeFolder,
  });
}

/** The folder of the checkouts: below the root. */
export const packagesDirProblem: Rule = pathRule("a folder below the root", {});
/** A folder inside a repository. */
export const subdirectoryProblem: Rule = pathRule("a folder inside the repository", {
  mayBeRoot: true,
});
/** A checkout's folder: relative to the root, inside it or beside it. */
export const pathProblem: Rule = pathRule("a folder relative to the root", { mayLeave: true });

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
