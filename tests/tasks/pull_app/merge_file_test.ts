import { createContext } from "../../../lib/process/context.ts";
import { assertEquals } from "@std/assert";
import { REQUIREMENTS } from "../../../lib/adapters/uv/tables.ts";
import { mergeFile } from "../../../tasks/pull_app/merge_file.ts";
import { createTell } from "../../../lib/events/tell.ts";

const CONTEXT = createContext({
  root: Deno.cwd(),
  env: Deno.env.toObject(),
  tell: createTell(),
  signal: new AbortController().signal,
});

/** Two sides of a file, and what becomes of it; undefined: they do not go together. */
interface Case {
  readonly title: string;
  readonly file: string;
  readonly base: string;
  readonly mine: string;
  readonly theirs: string;
  readonly merged: string | undefined;
}

const project = (dependencies: string, more = "") =>
  `[project]\nname = "app"\ndependencies = ${dependencies}\n${more}`;
const packages = (...lines: string[]) => `packages:\n${lines.map((it) => `  ${it}\n`).join("")}`;
const sources = (...lines: string[]) =>
  project("[]", `\n[tool.uv.sources]\n${lines.map((it) => `${it}\n`).join("")}`);
const git = (tag: string) => `plug = { git = "https://example.com/plug", tag = "${tag}" }`;

const CASES: readonly Case[] = [
  {
    title: "both add a requirement to a list on one line",
    file: "pyproject.toml",
    base: project('["a", "plug"]'),
    mine: project('["a", "b", "plug"]'),
    theirs: project('["a", "plug", "c"]'),
    merged: project('["a", "plug", "c", "b"]'),
  },
  {
    title: "a list is laid out anew, as uv add does, while a requirement comes",
    file: "pyproject.toml",
    base: project('["a", "plug"]'),
    mine: project('[\n    "a",\n    "b>=2",\n    "plug",\n]'),
    theirs: project('["a", "c", "plug"]', "\n[tool.theirs]\n"),
    merged: project('["a", "c", "plug", "b>=2"]', "\n[tool.theirs]\n"),
  },
  {
    title: "both add requirements to a list with a line for each",
    file: "pyproject.toml",
    base: project('[\n    "a",\n]'),
    mine: project('[\n    "a",\n    "b", # why\n]'),
    theirs: project('[\n    "a",\n    "c",\n]'),
    merged: project('[\n    "a",\n    "c",\n    "b", # why\n]'),
  },
  {
    title: "one side changes a specifier, the other takes another requirement out",
    file: "pyproject.toml",
    base: project('["a>=1", "b", "c"]'),
    mine: project('["a>=2", "b", "c"]'),
    theirs: project('["a>=1", "c"]'),
    merged: project('["a>=2", "c"]'),
  },
  {
    title: "both change the specifier of one requirement",
    file: "pyproject.toml",
    base: project('["a>=1", "b"]'),
    mine: project('["a>=2", "b"]'),
    theirs: project('["a>=3", "b"]'),
    merged: undefined,
  },
  {
    title: "both add one requirement with another specifier",
    file: "pyproject.toml",
    base: project('[\n    "a",\n]'),
    mine: project('[\n    "a",\n    "b>=1",\n]'),
    theirs: project('[\n    "a",\n    "B>=2",\n]'),
    merged: undefined,
  },
  {
    title: "both add the same requirement, and one more each",
    file: "pyproject.toml",
    base: project('["a"]'),
    mine: project('["a", "b", "mine"]'),
    theirs: project('["a", "b", "theirs"]'),
    merged: project('["a", "b", "theirs", "mine"]'),
  },
  {
    title: "a comment of the user's own has no place in the list that comes",
    file: "pyproject.toml",
    base: project('["a"]'),
    mine: project('[\n    "a",\n    "b", # why\n]'),
    theirs: project('["a", "c"]'),
    merged: undefined,
  },
  {
    title: "both change an extra, a group and a constraint",
    file: "pyproject.toml",
    base: project(
      "[]",
      '[project.optional-dependencies]\nx = ["a"]\n[dependency-groups]\ndev = [{ include-group = "x" }, "a"]\n' +
        '[tool.uv]\nconstraint-dependencies = ["a"]\n',
    ),
    mine: project(
      "[]",
      '[project.optional-dependencies]\nx = ["a", "b"]\n[dependency-groups]\ndev = [{ include-group = "x" }, "a", "b"]\n' +
        '[tool.uv]\nconstraint-dependencies = ["a", "b"]\n',
    ),
    theirs: project(
      "[]",
      '[project.optional-dependencies]\nx = ["a", "c"]\n[dependency-groups]\ndev = [{ include-group = "x" }, "c"]\n' +
        '[tool.uv]\nconstraint-dependencies = ["a", "c"]\n',
    ),
    merged: project(
      "[]",
      '[project.optional-dependencies]\nx = ["a", "c", "b"]\n[dependency-groups]\ndev = [{ include-group = "x" }, "c", "b"]\n' +
        '[tool.uv]\nconstraint-dependencies = ["a", "c", "b"]\n',
    ),
  },
  {
    title: "a source of the user's own lies beside a pin that moves",
    file: "pyproject.toml",
    base: sources(git("v1")),
    mine: sources(git("v1"), 'own = { path = "../own" }'),
    theirs: sources(git("v2")),
    merged: sources(git("v2"), 'own = { path = "../own" }'),
  },
  {
    title: "both give a key another value",
    file: "pyproject.toml",
    base: project("[]", "version = 1\n"),
    mine: project("[]", "version = 2\n"),
    theirs: project("[]", "version = 3\n"),
    merged: undefined,
  },
  {
    title: "both add a key with another value",
    file: "pyproject.toml",
    base: project("[]"),
    mine: project("[]", "version = 2\n"),
    theirs: project("[]", "version = 3\n"),
    merged: undefined,
  },
  {
    title: "both add a package",
    file: "hsm.yaml",
    base: packages("a: v1"),
    mine: packages("a: v1", "mine: v1 # why"),
    theirs: packages("a: v1", "theirs: v1"),
    merged: packages("a: v1", "theirs: v1", "mine: v1 # why"),
  },
  {
    title: "the pins of neighbours move",
    file: "hsm.yaml",
    base: packages("a: v1", "b: v1", "c: v1"),
    mine: packages("a: v2", "b: v1"),
    theirs: packages("a: v1", "b: v2", "c: v1"),
    merged: packages("a: v2", "b: v2"),
  },
  {
    title: "both add one package with another pin",
    file: "hsm.yaml",
    base: packages("a: v1"),
    mine: packages("a: v1", "b: v1"),
    theirs: packages("a: v1", "b: v2"),
    merged: undefined,
  },
  {
    title: "one side moves a pin, the other takes the package out",
    file: "hsm.yaml",
    base: packages("a: v1", "b: v1"),
    mine: packages("a: v1", "b: v2"),
    theirs: packages("a: v1"),
    merged: undefined,
  },
  {
    title: "both add rules",
    file: ".gitignore",
    base: ".venv/\n",
    mine: ".venv/\n/packages/\nmine/\n",
    theirs: ".venv/\n/packages/\ntheirs/\n",
    merged: ".venv/\n/packages/\ntheirs/\nmine/\n",
  },
  {
    title: "lines end with CRLF, after a byte order mark",
    file: "pyproject.toml",
    base: `\uFEFF${project('["a"]')}`.replaceAll("\n", "\r\n"),
    mine: `\uFEFF${project('["a", "b"]')}`.replaceAll("\n", "\r\n"),
    theirs: `\uFEFF${project('["a", "c"]')}`.replaceAll("\n", "\r\n"),
    merged: `\uFEFF${project('["a", "c", "b"]')}`.replaceAll("\n", "\r\n"),
  },
];

for (const { title, file, merged, ...versions } of CASES) {
  Deno.test(`mergeFile() ${merged === undefined ? "gives up" : "merges"} where ${title}`, async () => {
    assertEquals(await mergeFile(CONTEXT, file, versions, REQUIREMENTS), merged);
  });
}
