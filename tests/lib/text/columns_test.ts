import { assertEquals } from "@std/assert";
import { columns } from "../../../lib/text/columns.ts";

Deno.test("columns() makes each column as wide as its widest cell", () => {
  assertEquals(
    columns([["a", "1", "x"], ["bbb", "", "y"], ["c", "22", ""]]),
    "a    1   x\nbbb      y\nc    22\n",
  );
  assertEquals(columns([]), "");
  assertEquals(columns([["名", "x"], ["ab", "y"]]), "名  x\nab  y\n");
});

Deno.test("columns() lets the last cell go on below its beginning", () => {
  const rows = [["--one", "this goes on and on and on"], ["-2", "short"]];
  assertEquals(
    columns(rows, 28),
    "--one  this goes on and on\n       and on\n-2     short\n",
  );
  assertEquals(columns(rows, 33), "--one  this goes on and on and on\n-2     short\n");
  // Where there is too little room beside the others, it stands below them.
  const wide = ["--a-very-long-one WORD", "this goes on and on and on"];
  assertEquals(
    columns([wide, ["-2", "short"]], 32),
    `--a-very-long-one WORD
        this goes on and on and
        on
-2
        short
`,
  );
  // And where there is none there either, the terminal itself breaks the line.
  assertEquals(columns([wide], 27), columns([wide]));
  assertEquals(columns([wide], 20), columns([wide]));
  assertEquals(columns([["a", "x".repeat(40)]], 30), `a  ${"x".repeat(40)}\n`);
});

Deno.test("columns() lets no cell begin a line", () => {
  assertEquals(
    columns([["a\nb", "x\t\x1b[2J"], ["c", "\r\u202e"]]),
    "a\\nb  x\\t\\u{1b}[2J\nc     \\r\\u{202e}\n",
  );
});
