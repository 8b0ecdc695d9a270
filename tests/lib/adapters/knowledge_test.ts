import { assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";

const ROOT = fromFileUrl(new URL("../../..", import.meta.url));

/** What only the adapter of uv knows: its files, tables, variables and words, and itself. */
const KNOWLEDGE = /uv/i;

/** Who names it all the same, and why that is no knowledge of it. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  "lib/adapters.ts": "names the package managers that there are, and where each is loaded from",
  "lib/cli/nothing_to_do.ts": "names those that can be asked alone: all that a quick run loads",
  "lib/errors.ts":
    "lists the codes of errors, which are a contract; uv's adapter says which is its own",
  "lib/manifest/adapter_names.ts": "lists the names that hsm.yaml may say",
  "lib/manifest/schema.ts": "has a command line of a user's as its example",
  "lib/metadata/derive_version.ts": "names a build backend's plugin, which is called after uv",
  "mod.ts": "exports the readers of uv's adapter, for scripts that check by themselves",
  "tasks/exec.ts": "has a command line of a user's as its example",
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
