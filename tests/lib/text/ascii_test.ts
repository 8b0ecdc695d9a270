import { assert, assertEquals } from "@std/assert";
import { walk } from "@std/fs";
import { isAscii, SPINNER, toAscii } from "../../../lib/text/ascii.ts";

Deno.test("isAscii() goes by the first variable of the locale that says anything", () => {
  for (const locale of ["C", "POSIX", "de_DE", "de_DE.ISO-8859-1", "de_DE@euro"]) {
    assertEquals(isAscii({ LANG: locale }), true, locale);
  }
  for (const locale of ["C.UTF-8", "de_DE.utf8", "UTF-8", "ca_ES.UTF-8@valencia", ""]) {
    assertEquals(isAscii({ LANG: locale }), false, locale);
  }
  assertEquals(isAscii({}), false);
  assertEquals(isAscii({ LC_ALL: "C", LC_CTYPE: "C.UTF-8", LANG: "C.UTF-8" }), true);
  assertEquals(isAscii({ LC_ALL: "C.UTF-8", LC_CTYPE: "C", LANG: "C" }), false);
  assertEquals(isAscii({ LC_ALL: "", LC_CTYPE: "C", LANG: "C.UTF-8" }), true);
  // What has nothing to do with characters.
  assertEquals(isAscii({ LC_MESSAGES: "C", LANGUAGE: "C" }), false);
});

Deno.test("toAscii() writes all marks of the sources as ASCII, and leaves names alone", async () => {
  assertEquals(toAscii("├── a → b…\n│   └── é 名"), "|-- a -> b...\n|   `-- é 名");
  assertEquals(toAscii(SPINNER), "|/-\\|/-\\|/");
  for (const folder of ["lib", "tasks"]) {
    const root = new URL(`../../../${folder}`, import.meta.url);
    for await (const { path } of walk(root, { exts: ["ts"] })) {
      const text = await Deno.readTextFile(path);
      const code = text.replace(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, "");
      for (const line of code.split("\n")) {
        // Patterns that read what others say print nothing.
        if (path.endsWith("/ascii.ts") || /replace\(\/.*\/u/.test(line)) continue;
        // deno-lint-ignore no-control-regex
        assert(/^[\x00-\x7f]*$/.test(toAscii(line)), `${path}: ${line}`);
      }
    }
  }
});
