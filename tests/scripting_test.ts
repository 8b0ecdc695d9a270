import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { testApp } from "./harness/app.ts";
import { readBlocks, runPage, scriptName } from "./harness/steps.ts";

const PROJECT = fromFileUrl(new URL("..", import.meta.url));

Deno.test("docs/scripting.md: every script and command does and prints what the page says", async () => {
  await using app = await testApp();
  assert(await runPage(app, "docs/scripting.md") > 30);
});

Deno.test("docs/scripting.md has every script of examples/ as it is there", async () => {
  const page = await Deno.readTextFile(`${PROJECT}docs/scripting.md`);
  const shown = new Map(
    readBlocks(page).filter((it) => it.language === "ts")
      .map((it) => [scriptName(it), `${it.lines.slice(1).join("\n")}\n`]),
  );
  for await (const { name } of Deno.readDir(`${PROJECT}examples`)) {
    const text = await Deno.readTextFile(`${PROJECT}examples/${name}`);
    assertEquals(shown.get(name), text.replace(/^\/\*\*\n[^]*?\*\/\n\n/, ""), name);
  }
});
