import { assert, assertEquals } from "@std/assert";
import { commandHelp, mainHelp } from "../../../lib/cli/help.ts";
import { createStyle } from "../../../lib/text/style.ts";
import { printable } from "../../../lib/text/printable.ts";
import { hsmCommands } from "../../../tasks/mod.ts";

Deno.test("help fits into 40 columns, but for command lines to copy", async () => {
  const program = { name: "hsm", version: "1.2.3", summary: "Many words", commands: hsmCommands() };
  const all = await program.commands.all();
  const pages = (color: boolean, width?: number) => {
    const style = createStyle(color);
    return [
      mainHelp(program, all, style, width),
      ...all.map((it) => commandHelp(program, it, style, width)),
    ];
  };
  const examples = new Set(all.flatMap((it) => it.examples.map((line) => `  ${line}`)));
  const words = (text: string) => text.split(/\s+/).join(" ");
  const wide = pages(false);
  for (const [index, text] of pages(false, 40).entries()) {
    for (const line of text.split("\n")) {
      assert(line.length <= 40 || examples.has(line), line);
    }
    // Nothing is cut off, and no word is broken.
    assertEquals(words(text), words(wide[index]!));
  }
  assertEquals(pages(true, 40).map((it) => printable(it)), pages(false, 40));
});
