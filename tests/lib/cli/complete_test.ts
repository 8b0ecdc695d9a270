import { assertEquals } from "@std/assert";
import { complete } from "../../../lib/cli/completion/complete.ts";
import { commands } from "../../../tasks/mod.ts";

async function values(...words: string[]): Promise<readonly string[] | string> {
  const packages = () => Promise.resolve(["plug-a", "plug-b", "other"]);
  const found = await complete(words, {
    commands: await commands().all(),
    globals: commands().globals,
    packages,
  });
  return typeof found === "string" ? found : found.map((it) => it.value);
}

Deno.test("complete() completes commands", async () => {
  assertEquals(await values("sy"), ["sync"]);
  assertEquals(await values("-C", "somewhere", "--quiet", "comp"), ["completions"]);
  const all = await values("");
  for (const name of ["sync", "graph", "help"]) assertEquals(all.includes(name), true, name);
  assertEquals(all.includes(""), false);
  assertEquals(await values("help", "gra"), ["graph"]);
  assertEquals(await values("help", "graph", ""), []);
});

Deno.test("complete() completes options that are not there yet, and their values", async () => {
  assertEquals(await values("graph", "--fo"), ["--format"]);
  assertEquals(await values("graph", "--format", "m"), ["mermaid"]);
  assertEquals(await values("graph", "-f", "d"), ["dot"]);
  assertEquals(await values("graph", "--format=m"), ["--format=mermaid"]);
  // As bash splits it.
  assertEquals(await values("graph", "--format", "=", "m"), ["mermaid"]);
  assertEquals(await values("graph", "--format", "="), ["tree", "mermaid", "dot", "svg", "json"]);
  assertEquals(await values("graph", "--format", "dot", "--fo"), []);
  assertEquals(await values("sync", "--color", ""), ["auto", "always", "never"]);
  assertEquals(await values("--ver"), ["--verbose", "--version"]);
  assertEquals(await values("-C", ""), "directories");
  assertEquals(await values("-j", ""), []);
});

Deno.test("complete() completes the names of packages, each once", async () => {
  assertEquals(await values("dev", "pl"), ["plug-a", "plug-b"]);
  assertEquals(await values("dev", "plug-a", ""), ["plug-b", "other"]);
  assertEquals(await values("sync", "--locked", "o"), ["other"]);
  assertEquals(await values("dev", " "), ["plug-a", "plug-b", "other"]);
});

Deno.test("complete() knows nothing of new names, and leaves to the shell what stands behind --", async () => {
  assertEquals(await values("new", ""), []);
  assertEquals(await values("graph", ""), []);
  assertEquals(await values("nonsense", ""), []);
  assertEquals(await values("sync", "--", "--ex"), "files");
  assertEquals(await values("completions", ""), ["bash", "zsh", "fish", "powershell"]);
});
