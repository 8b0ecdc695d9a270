import { assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";

const ROOT = fromFileUrl(new URL("../../..", import.meta.url));

/** What only one package manager's own adapter knows, and who names it all the same. */
interface Knowledge {
  /** Its files, tables, variables and words, and itself; and the keys of its tables. */
  readonly words: RegExp;
  /** In how many lines a file names it, and why that is no knowledge of it. */
  readonly exceptions: Readonly<Record<string, readonly [lines: number, why: string]>>;
  /** The folders of others that let it do their work. */
  readonly users?: readonly string[];
}

const UV: Knowledge = {
  users: ["lib/adapters/pip"],
  words:
    /uv|(?:build|constraint|dev|exclude|override)-dependencies|dependency-metadata|default-groups|no-sources|(?:editable|lfs|workspace) = true/i,
  exceptions: {
    "lib/adapters/load.ts": [
      1,
      "names the package managers that there are, and where each is loaded from",
    ],
    "lib/adapters/poetry/tables.ts": [1, "has a table of Poetry's, which is called the same"],
    "lib/adapters/poetry/version.ts": [2, "tells how to install Poetry, which uv can"],
    "lib/cli/nothing_to_do.ts": [
      2,
      "names those that can be asked alone: all that a quick run loads",
    ],
    "lib/errors.ts": [
      1,
      "lists the codes of errors, which are a contract; uv's adapter says which is its own",
    ],
    "lib/manifest/adapter_names.ts": [
      3,
      "lists the names that hsm.yaml may say, and where it may say no environment and no stand-ins",
    ],
    "lib/manifest/schema.ts": [1, "has a command line of a user's as its example"],
    "lib/metadata/derive_version.ts": [
      1,
      "names a build backend's plugin, which is called after uv",
    ],
    "tasks/exec.ts": [1, "has a command line of a user's as its example"],
  },
};

const POETRY: Knowledge = {
  words: /poetry/i,
  exceptions: {
    "lib/adapters/load.ts": [1, "names where each package manager is loaded from"],
    "lib/manifest/adapter_names.ts": [
      2,
      "lists the names that hsm.yaml may say, and where it may say no environment",
    ],
    "lib/checkout/find_folders.ts": [1, "reads the name of a distribution that Poetry builds"],
    "lib/metadata/derive_version.ts": [1, "names a build backend's plugin"],
    "lib/project/poetry.ts": [
      25,
      "reads the metadata of what Poetry builds, whichever package manager installs it",
    ],
    "lib/project/poetry_constraint.ts": [4, "reads versions as Poetry writes them"],
    "lib/project/read_metadata.ts": [12, "reads the metadata of what Poetry builds"],
  },
};

async function* sources(folder: string, own: readonly string[]): AsyncGenerator<string> {
  for await (const entry of Deno.readDir(join(ROOT, folder))) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory && !own.includes(path)) yield* sources(path, own);
    else if (entry.isFile && path.endsWith(".ts")) yield path;
  }
}

/** The lines of code that know something; comments may explain what they like. */
function knowing(text: string, words = UV.words): readonly string[] {
  return text.replaceAll(/\/\*.*?\*\//gs, "").split("\n")
    .map((line) => line.replace(/(?<=^|\s)\/\/ .*/, "").trim())
    .filter((line) => words.test(line));
}

for (
  const [name, { words, exceptions, users = [] }] of Object.entries({ uv: UV, poetry: POETRY })
) {
  Deno.test(`what is known of ${name} stands in ${name}'s own folder`, async () => {
    const found: Record<string, readonly string[]> = {};
    const files = ["cli.ts", "mod.ts"];
    for (const folder of ["api", "lib", "tasks"]) {
      for await (const it of sources(folder, [`lib/adapters/${name}`, ...users])) files.push(it);
    }
    for (const file of files) {
      const lines = knowing(await Deno.readTextFile(join(ROOT, file)), words);
      // Who knows nothing of it any more is no exception.
      if (lines.length !== (exceptions[file]?.[0] ?? 0)) found[file] = lines;
    }
    assertEquals(found, {});
  });
}

Deno.test("uv is known by its files, tables, keys and variables, wherever code names them", () => {
  const lines = [
    'const SOURCES = ["tool", "uv", "sources"];',
    "const HEADER = `[tool.uv.sources]`;",
    'reader.strings(...managers, "override-dependencies");',
    'return editable ? "" : "it does not say `editable = true`";',
    'const file = join(root, "uv.lock"); // the lock file',
    'if (env["UV_PROJECT"] !== undefined) return;',
    'import { readUvProject } from "./project.ts";',
  ];
  for (const line of lines) assertEquals(knowing(`${line}\n`).length, 1, line);
  assertEquals(knowing("/** As uv does it. */\n// uv.lock\nconst it = 1; // UV_PROJECT\n"), []);
});
