import { assertEquals, assertThrows } from "@std/assert";
import { type CommandContext, commandSet, defineCommand } from "../../../lib/command/command.ts";
import * as option from "../../../lib/command/options.ts";
import { inProgram, programOf } from "../../../lib/command/program.ts";
import { hsmCommands } from "../../../tasks/mod.ts";

const own = (name: string, said = name) => defineCommand({ name, run: () => said });
const context = { signal: new AbortController().signal } as CommandContext;

Deno.test("programOf() lets a command of one's own beat one of a set, and the first of two sets", async () => {
  const set = (said: string, ...names: string[]) =>
    commandSet(
      Object.fromEntries(names.map((name) => [name, () => Promise.resolve(own(name, said))])),
    );
  const { commands } = programOf({
    name: "mytool",
    commands: [set("first", "a", "b"), own("a"), set("second", "b", "c")],
  });
  assertEquals(commands.names, ["a", "b", "c"]);
  assertEquals((await commands.all()).map((it) => it.name), ["a", "b", "c"]);
  const said = async (name: string) => (await (await commands.find(name))?.run(context, {}))?.text;
  assertEquals(await Promise.all(["a", "b", "c", "constructor"].map(said)), [
    ...["a\n", "first\n", "second\n"],
    undefined,
  ]);
});

Deno.test("programOf() refuses two commands of one name, and a name that is no word for a shell", () => {
  assertThrows(
    () => programOf({ name: "mytool", commands: [own("a"), own("b"), own("a")] }),
    TypeError,
    "two commands of mytool are called `a`",
  );
  for (const name of ["", "my tool", "$(evil)", "a;b", "-x", "../a"]) {
    assertThrows(() => programOf({ name, commands: [] }), TypeError);
  }
  for (const name of ["mytool", "my-tool", "my_tool.2"]) programOf({ name, commands: [] });
});

Deno.test("programOf() refuses commands that nobody could type as they say", async () => {
  const mistake = (it: Parameters<typeof defineCommand>[0]) =>
    assertThrows(() => programOf({ name: "mytool", commands: [defineCommand(it)] }), TypeError)
      .message;
  const [flag, word, texts] = [{ description: "" }, option.word("", "A"), option.texts("", "B")];
  const run = () => "";
  assertEquals(mistake({ name: "help", run }), "mytool help: no command can be called `help`");
  assertEquals(mistake({ name: "-x", run }), "mytool -x: no command can be called `-x`");
  const cases: readonly (readonly [it: object, mistake: string])[] = [
    [{ options: { quiet: flag } }, "--quiet would mean two things"],
    [{ options: { fast: { ...flag, alias: "v" } } }, "-v would mean two things"],
    [
      { options: { fast: { ...flag, alias: "f" }, far: { ...flag, alias: "f" } } },
      "-f would mean two things",
    ],
    [{ positional: "a" }, "there is no option a for its positional argument"],
    [
      { options: { texts, word }, positional: ["texts", "word"] },
      "what stands behind B never gets a word",
    ],
    [
      { options: { word, may: option.text("", "C") }, positional: ["may", "word"] },
      "A is needed, and what stands before it is not",
    ],
  ];
  for (const [it, expected] of cases) {
    assertEquals(mistake({ name: "x", run, ...it }), `mytool x: ${expected}`);
  }
  programOf({ name: "hsm", commands: await hsmCommands().all() });
});

Deno.test("inProgram() names a command line of hsm's by the program that has that command", () => {
  const program = programOf({ name: "mytool", commands: [hsmCommands("sync", "undo")] });
  const cases: readonly (readonly [text: string, said: string])[] = [
    ["run `hsm sync` or `hsm clone a`", "run `mytool sync` or `hsm clone a`"],
    ["run `hsm -C DIR`, `hsm --help`", "run `mytool -C DIR`, `mytool --help`"],
    ["`hsm sync -- -P a` takes it", "`mytool sync -- -P a` takes it"],
    ["hsm undo --list\n  hsm sync\n  hsm init", "mytool undo --list\n  mytool sync\n  hsm init"],
    // A package, a folder and a file that are called so stay what they are.
    ["Cloned hsm into packages/hsm: hsm sync", "Cloned hsm into packages/hsm: hsm sync"],
    ["hsm.yaml: `hsm.yaml` of `hsm`", "hsm.yaml: `hsm.yaml` of `hsm`"],
    ["`hsm synchronize`, `my-hsm sync`", "`hsm synchronize`, `my-hsm sync`"],
  ];
  for (const [text, said] of cases) {
    assertEquals(inProgram(program, text), said);
    assertEquals(inProgram({ ...program, name: "hsm" }, text), text);
  }
});

Deno.test("a command of hsm's speaks of the program that it is one of", async () => {
  const all = await programOf({ name: "mytool", commands: [hsmCommands()] }).commands.all();
  const texts = all.filter((it) => !it.hidden).flatMap((
    { summary, description = "", group = "", examples, options },
  ) => [
    ...[summary, description, group],
    ...examples,
    ...Object.values(options).map((it) => it.description),
  ]);
  // What is left names files, folders and hsm's own sections.
  assertEquals(texts.filter((it) => /(?<![\w./[-])hsm(?![\w./-])/.test(it)), []);
});

// What the compiler is to refuse is tried by `deno check`.
void (() => {
  const data = { version: "1" };
  // @ts-expect-error: every document has a version of its own.
  defineCommand({ name: "a", run: () => ({ data }) });
  // @ts-expect-error: every command has that option.
  defineCommand({ name: "a", options: { json: { description: "" } }, run: () => "" });
  // @ts-expect-error: there is no such option.
  defineCommand({ name: "a", positional: "b", options: { c: { description: "" } }, run: () => "" });
  // @ts-expect-error: HSM has no such command.
  hsmCommands("nonsense");
});
