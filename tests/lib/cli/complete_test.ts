import { assertEquals } from "@std/assert";
import { complete, type Completion } from "../../../lib/cli/completion/complete.ts";
import type { ManifestPackage, Mode, Pin } from "../../../lib/manifest/model.ts";
import { hsmCommands } from "../../../tasks/mod.ts";

function knownPackage(name: string, mode: Mode, pin?: Pin): ManifestPackage {
  return { name, key: name, mode, pin, path: `packages/${name}` } as ManifestPackage;
}

const PACKAGES = [
  knownPackage("plug-a", "dev", { tag: "v1.0.0" }),
  knownPackage("plug-b", "prod", { tag: "v1.2.0" }),
  knownPackage("other", "prod", { branch: "main" }),
];

function found(
  words: readonly string[],
  packages: readonly ManifestPackage[] = PACKAGES,
): Promise<Completion> {
  return complete(words, {
    program: { name: "hsm", version: "1.2.3", commands: hsmCommands() },
    // As if each other folder held a workspace of its own.
    workspace: (directory) => ({
      packages: () =>
        Promise.resolve(
          directory === undefined ? packages : [knownPackage(`of-${directory}`, "dev")],
        ),
      tags: (it) =>
        Promise.resolve([
          { value: `v2-of-${it.name}`, description: "2026-01-02" },
          { value: "v1.0.0+cu12", description: "" },
          { value: "v1\x1b[2J", description: "" },
          { value: "v1\u202e", description: "" },
        ]),
      history: () =>
        Promise.resolve([
          { value: "12", description: "hsm pin plug-a\x1b[2J" },
          { value: "9", description: "hsm sync" },
        ]),
    }),
    programs: (beginning) => [`${beginning}it`],
  });
}

async function values(...words: string[]): Promise<readonly string[] | string> {
  const it = await found(words);
  return "candidates" in it ? it.candidates.map(({ value }) => value) : `${it.kind} ${it.prefix}`;
}

async function describe(...words: string[]): Promise<readonly string[]> {
  const it = await found(words);
  if (!("candidates" in it)) return [];
  return it.candidates.map(({ value, description }) => `${it.kind} ${value}: ${description}`);
}

Deno.test("complete() completes commands, also behind global options", async () => {
  assertEquals(await describe("sy"), [
    "command sync: Clone, map, inject and install: everything as the manifest says",
  ]);
  assertEquals(await values("-C", "somewhere", "--quiet", "comp"), ["completions"]);
  assertEquals(await values("-qvC", "somewhere", "--color=never", "comp"), ["completions"]);
  const all = await values("");
  for (const name of ["sync", "graph", "help"]) assertEquals(all.includes(name), true, name);
  assertEquals(all.includes(""), false);
  assertEquals(await values("help", "gra"), ["graph"]);
  assertEquals(await values("help", "graph", ""), []);
});

Deno.test("complete() completes options that are not there yet, and their values", async () => {
  assertEquals(await describe("sync", "--qui"), ["option --quiet: Print errors and results only"]);
  assertEquals(await values("graph", "--fo"), ["--format"]);
  assertEquals(await values("graph", "--format", "m"), ["mermaid"]);
  assertEquals(await values("graph", "-f", "d"), ["dot"]);
  assertEquals(await values("graph", "-fd"), ["-fdot"]);
  assertEquals(await values("graph", "-qf", "d"), ["dot"]);
  assertEquals(await values("graph", "--format=m"), ["--format=mermaid"]);
  assertEquals(await values("graph", "--format="), [
    ...["--format=tree", "--format=mermaid", "--format=dot", "--format=svg", "--format=json"],
  ]);
  assertEquals(await values("graph", "--format", "dot", "--fo"), []);
  assertEquals(await values("graph", "--format=dot", "-q", "--fo"), []);
  assertEquals(await values("graph", "-q", "--qui"), []);
  assertEquals(await values("init", "--from", "a", "--fro"), ["--from"]);
  assertEquals(await values("sync", "--color", ""), ["auto", "always", "never"]);
  assertEquals(await values("exec", "--mode", ""), ["dev", "prod", "all"]);
  assertEquals(await values("sync", "--filter", ""), ["blob:none", "blob:limit=1m", "tree:0"]);
  assertEquals(await values("sync", "--filter=blob:n"), ["--filter=blob:none"]);
  assertEquals(await values("--ver"), ["--verbose", "--version"]);
  assertEquals(await values("-C", ""), "directories ");
  assertEquals(await values("-qC", ""), "directories ");
  assertEquals(await values("-Cpa"), "directories -C");
  assertEquals(await values("sync", "--directory=pa"), "directories --directory=");
  assertEquals(await values("init", "--from="), "files --from=");
  assertEquals(await values("-j", ""), []);
  assertEquals(await values("sync", "--quiet="), []);
  assertEquals(await values("sync", "--nonsense="), []);
});

Deno.test("complete() offers the packages that a command is for, each once, with mode and pin", async () => {
  assertEquals(await describe("sync", ""), [
    "package plug-a: dev, packages/plug-a",
    "package plug-b: v1.2.0",
    "package other: branch main",
  ]);
  assertEquals(await values("sync", "--locked", "o"), ["other"]);
  assertEquals(await values("sync", "Plug_A", "pl"), ["plug-b"]);
  assertEquals(await values("dev", ""), ["plug-b", "other"]);
  assertEquals(await values("dev", "plug-b", ""), ["other"]);
  assertEquals(await values("dev", "--all", ""), []);
  for (const command of ["prod", "pull", "clone", "exec"]) {
    assertEquals(await values(command, ""), ["plug-a"], command);
  }
  assertEquals(await values("exec", "--mode", "prod", ""), ["plug-b", "other"]);
  assertEquals(await values("exec", "--mode=all", "pl"), ["plug-a", "plug-b"]);
  for (const words of [["-C", "x"], ["-Cx"], ["-qCx"], ["--directory=x"]]) {
    assertEquals(await values(...words, "dev", ""), []);
    assertEquals(await values(...words, "prod", ""), ["of-x"]);
    assertEquals(await values("prod", ...words, ""), ["of-x"]);
  }
});

Deno.test("complete() offers the tags of the package that is named", async () => {
  const tags = ["v2-of-plug-a", "v1.0.0+cu12"];
  assertEquals(await describe("pin", "plug-a", "v2"), ["tag v2-of-plug-a: 2026-01-02"]);
  // Whatever would not be seen on a terminal is left out.
  assertEquals(await values("pin", "plug-a", ""), tags);
  assertEquals(await values("pin", "Plug_A", ""), tags);
  assertEquals(await values("pin", "--no-sync", "plug-a", ""), tags);
  assertEquals(await values("pin", "plug-a", "v1", ""), []);
  assertEquals(await values("pin", "plug"), ["plug-a", "plug-b"]);
  assertEquals(await values("pin", "nonsense", ""), []);
  assertEquals(await values("update", "plug-a", "--to", ""), tags);
  assertEquals(await values("update", "plug-a", "--to=v1"), ["--to=v1.0.0+cu12"]);
  assertEquals(await values("update", "--to", "v1", ""), ["plug-a", "plug-b", "other"]);
  assertEquals(await values("update", "plug-a", "--to", "v1", ""), []);
  assertEquals(await values("update", "plug-a", "plug-b", "--to", ""), []);
  assertEquals(await values("update", "--to", ""), []);
  const only = await found(["update", "--to", "v2"], PACKAGES.slice(0, 1));
  assertEquals("candidates" in only && only.candidates.length, 1);
  assertEquals(await values("add", "plug-a", "--tag", ""), []);
});

Deno.test("complete() offers what can be undone, with its command", async () => {
  assertEquals(await describe("undo", ""), [
    "entry 12: hsm pin plug-a\\u{1b}[2J",
    "entry 9: hsm sync",
  ]);
  assertEquals(await values("undo", "12", ""), []);
});

Deno.test("complete() offers programs behind -- where one is run, and nothing elsewhere", async () => {
  assertEquals(await values("exec", "plug-a", "--", "g"), ["git"]);
  assertEquals(await values("exec", "--", "./g"), "files ");
  assertEquals(await values("exec", "--", "git", "--fo"), "files ");
  assertEquals(await values("sync", "--", "--ex"), []);
  assertEquals(await values("graph", "--", ""), []);
});

Deno.test("complete() knows nothing of new names, and of what there is not", async () => {
  assertEquals(await values("new", ""), []);
  assertEquals(await values("add", ""), []);
  assertEquals(await values("graph", ""), []);
  assertEquals(await values("nonsense", ""), []);
  assertEquals(await values("completions", ""), ["bash", "zsh", "fish", "powershell"]);
  assertEquals(await values("completions", "bash", ""), []);
});
