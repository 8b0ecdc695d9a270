import { assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";

const ROOT = fromFileUrl(new URL("../../..", import.meta.url));

/** What only the adapter of uv knows: its files, its tables, its variables, and itself. */
const KNOWLEDGE = /\buv\.(?:lock|toml)\b|\btool\.uv\b|"tool", "uv"|\b(?:HSM_)?UV_|\/uv\/\w+\.ts"/;

/** Who may say so all the same, and why. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  "lib/adapters.ts": "names the package managers that there are",
  "lib/cli/nothing_to_do.ts": "is the quick road, which loads no more than it needs",
  "lib/manifest/rules.ts": "keeps checkouts off a lock file's place before any adapter is known",
  "lib/pyproject/read.ts": "reads uv's tables beside those of all, for uv's own folder",
  "lib/reconcile/check_python.ts": "foretells what uv resolves",
  "lib/reconcile/reconcile.ts": "foretells what uv resolves",
  "lib/toml/edit.ts": "gives an example in a hint",
  "mod.ts": "exports how an app and projects are read with uv's tables",
  "tasks/graph.ts": "says in its help where it looks, which is written for the default",
};

async function* sources(folder: string): AsyncGenerator<string> {
  for await (const entry of Deno.readDir(join(ROOT, folder))) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory && path !== "lib/adapters/uv") yield* sources(path);
    else if (entry.isFile && path.endsWith(".ts")) yield path;
  }
}

/** The lines of code that know something; comments may explain what they like. */
function knowing(text: string): readonly string[] {
  return text.replaceAll(/\/\*.*?\*\//gs, "").split("\n")
    .map((line) => line.replace(/(?<=^|\s)\/\/ .*/, "").trim())
    .filter((line) => KNOWLEDGE.test(line));
}

Deno.test("what is known of uv stands in uv's own folder", async () => {
  const found = new Map<string, readonly string[]>();
  const files = ["cli.ts", "mod.ts"];
  for (const folder of ["lib", "tasks"]) for await (const it of sources(folder)) files.push(it);
  for (const file of files) {
    const lines = knowing(await Deno.readTextFile(join(ROOT, file)));
    if (lines.length > 0) found.set(file, lines);
  }
  const others = [...found].filter(([file]) => !Object.hasOwn(EXCEPTIONS, file));
  assertEquals(Object.fromEntries(others), {});
  // Who knows nothing of it any more is no exception.
  assertEquals(Object.keys(EXCEPTIONS).filter((file) => !found.has(file)), []);
});
