import { assertEquals } from "@std/assert";
import { bashWord, powershellWord } from "../../../lib/cli/completion/quoting.ts";
import { must } from "../../harness/program.ts";

/** Values with all that a shell does something with. */
const HOSTILE = [
  ...["v1.0.0+cu12", "a/b-v1", "--to=v1", "blob:none", "pkg@1.0"],
  ..."$(touch${IFS}evil)|`touch evil`|a;b|a&b|a|b|a<b>c|a'b|a\"b|a\\b|a!b|a#b|~|{a,b}|*?[a]|a b|ä"
    .split("|"),
  "a|b",
];

Deno.test("bashWord() reads words as bash does", () => {
  const texts = (typed: string) => bashWord(typed).text;
  assertEquals(texts("v1"), "v1");
  assertEquals(texts("\\$\\(a\\)"), "$(a)");
  assertEquals(texts("'a b"), "a b");
  assertEquals(texts("'a b'c\"d"), "a bcd");
  assertEquals(texts('"a\\$b\\c'), "a$b\\c");
  assertEquals(texts("--to='v"), "--to=v");
  assertEquals(texts("a\\"), "a");
});

Deno.test("bashWord() writes values that bash reads back, and does nothing with", async () => {
  for (const typed of ["", "'", '"', "--to=", "--to='", '--to="']) {
    const word = bashWord(typed);
    const close = typed.at(-1)?.replace("=", "") ?? "";
    for (const value of HOSTILE) {
      const whole = `${word.text}${value}`;
      const written = word.write(whole);
      // In double quotes bash looks for a command of its history.
      assertEquals(written === undefined, close === '"' && value.includes("!"));
      if (written === undefined) continue;
      const script = `printf '%s' ${written}${close}`;
      const read = await must(["bash", "--norc", "-c", script], { cwd: "/", env: {} });
      assertEquals(read, whole, script);
    }
  }
  assertEquals(bashWord("").write("v1.0.0+cu12"), "v1.0.0+cu12");
});

Deno.test("powershellWord() puts quotes around what PowerShell would do something with", () => {
  assertEquals(powershellWord(" ").text, "");
  const write = (value: string) => powershellWord("").write(value);
  assertEquals(write("v1.0.0+cu12"), "v1.0.0+cu12");
  assertEquals(write("--filter=blob:none"), "--filter=blob:none");
  assertEquals(write("$(touch evil)`"), "'$(touch evil)`'");
  assertEquals(write("a'b\u2019c"), "'a''b\u2019\u2019c'");
  assertEquals(write("a;b"), "'a;b'");
});
