import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { counted } from "../../harness/tally.ts";
import { HsmError } from "../../../lib/errors.ts";
import { splitCommand } from "../../../lib/manifest/command.ts";

Deno.test("splitCommand() splits words as a POSIX shell does", () => {
  const cases: [string, string[]][] = [
    ['uv run python -c "import app"', ["uv", "run", "python", "-c", "import app"]],
    ["  a\t b  ", ["a", "b"]],
    ["a '' \"\" x''y", ["a", "", "", "xy"]],
    ["a 'it'\\''s' b\\ c", ["a", "it's", "b c"]],
    ['a "\\"\\\\\\$\\x" \'$HOME && *\' \\*', ["a", '"\\$\\x', "$HOME && *", "*"]],
    ["pytest -k a=b --x=1 http://h/?a#b ~x".replace("~x", "x~"), [
      "pytest",
      "-k",
      "a=b",
      "--x=1",
      "http://h/?a#b",
      "x~",
    ]],
    ["a 5$ $", ["a", "5$", "$"]],
  ];
  for (const [text, words] of cases) assertEquals(splitCommand(text), words, text);
});

Deno.test("splitCommand() leaves backslashes between folders on Windows, and splits all else as elsewhere", () => {
  const cases: [string, string[]][] = [
    ["pytest tests\\unit", ["pytest", "tests\\unit"]],
    [".venv\\Scripts\\python.exe -m app", [".venv\\Scripts\\python.exe", "-m", "app"]],
    ["C:\\tools\\x.exe '-o' D:\\", ["C:\\tools\\x.exe", "-o", "D:\\"]],
    ["\\\\server\\share\\x a", ["\\\\server\\share\\x", "a"]],
    ['"C:\\Program Files\\x.exe" a', ["C:\\Program Files\\x.exe", "a"]],
    // As on other systems: a manifest is for all of them.
    ["a b\\ c 'd\\e' \\* \\\"x\\\" e\\\\f", ["a", "b c", "d\\e", "*", '"x"', "e\\f"]],
    ['a "\\"\\\\\\$"', ["a", '"\\$']],
  ];
  for (const [text, words] of cases) assertEquals(splitCommand(text, "windows"), words, text);
  assertEquals(splitCommand("pytest tests\\unit", "linux"), ["pytest", "testsunit"]);
  for (const text of ["a && b", "a 'b", "a *", "a $HOME"]) {
    assertThrows(() => splitCommand(text, "windows"), HsmError);
  }
});

Deno.test("splitCommand() gives back the words that were quoted", () => {
  const word = fc.string({ unit: "grapheme" }).filter((text) => !/\p{Cc}/u.test(text));
  fc.assert(
    fc.property(fc.array(word), fc.constantFrom("linux", "windows"), (rest, system) => {
      const words = ["x", ...rest];
      const single = words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
      const double = words.map((word) => `"${word.replace(/[$`"\\]/g, "\\$&")}"`).join("  ");
      assertEquals(splitCommand(single, system), words);
      assertEquals(splitCommand(double, system), words);
    }),
    counted(1000),
  );
});

Deno.test("splitCommand() fails when only a shell could run the command", () => {
  const cases: [string, string][] = [
    ["a && b", "`&&` does nothing here: there is no shell"],
    ["a|b", "`|` does nothing here: there is no shell"],
    ["a > b", "`>` does nothing here: there is no shell"],
    ["a; b", "`;` does nothing here: there is no shell"],
    ["a (b)", "`(` does nothing here: there is no shell"],
    ["a\nb", "a line break does nothing here: there is no shell"],
    ["a *.py", "`*` does nothing here: there is no shell"],
    ["a ~/x", "`~` does nothing here: there is no shell"],
    ["a # b", "`#` does nothing here: there is no shell"],
    ["A=1 b", "`A=` sets no variable here: there is no shell"],
    ["a $HOME", "`$HOME` is not expanded: there is no shell"],
    ['a "${X}"', "`${` is not expanded: there is no shell"],
    ['a "$(b)"', "`$(` is not expanded: there is no shell"],
    ["a `b`", "a backquote is not expanded: there is no shell"],
    ["a 'b", "a single quote is not closed"],
    ['a "b', "a double quote is not closed"],
    ["a \\", "nothing follows the backslash"],
    ["", "the command is empty"],
    ["  ", "the command is empty"],
    ["'' a", "the command is empty"],
    ["a '\0'", "control characters are not allowed in a command"],
  ];
  for (const [text, message] of cases) {
    const error = assertThrows(() => splitCommand(text), HsmError);
    assertEquals(error.code, "manifest-invalid");
    assertEquals(error.message.endsWith(`: ${message}`), true, `${text}: ${error.message}`);
  }
});
