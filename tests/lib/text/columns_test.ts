import { assertEquals } from "@std/assert";
import { columns, table } from "../../../lib/text/columns.ts";

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

Deno.test("columns() colours cells, whose colours take no room", () => {
  const paint = (text: string) => `<${text}>`;
  assertEquals(
    columns([[{ text: "a", paint }, "x"], ["bbb", { text: "y\nz", paint }], [{ text: "", paint }]]),
    "<a>    x\nbbb  <y\\nz>\n\n",
  );
  assertEquals(
    columns([["a", { text: "this goes on and on and on", paint }]], 25),
    "a  <this goes on and on>\n   <and on>\n",
  );
});

Deno.test("columns() folds rows where there is no room for any two cells side by side", () => {
  assertEquals(
    columns([
      ["12", "2 hours ago", "hsm dev my-plugin --shared", "hsm.yaml, pyproject.toml"],
      ["3", "1 minute ago", "hsm sync", "uv.lock"],
    ], 40),
    `12  2 hours ago
        hsm dev my-plugin --shared
        hsm.yaml, pyproject.toml
3  1 minute ago  hsm sync  uv.lock
`,
  );
  assertEquals(
    columns([["名名名名名名名名名名", "名名名名名名名名名名", "x".repeat(30)]], 41),
    `${"名".repeat(10)}\n        ${"名".repeat(10)}\n        ${"x".repeat(30)}\n`,
  );
});

Deno.test("table() puts the cells of a row below one another where the terminal is narrow", () => {
  const heading = ["package", "mode", "checkout", "state"];
  const rows = [
    ["plug-a", "dev", "main, 2 commits ahead", "installed is 1.0.0, and the checkout is 1.1.0"],
    ["plug-b", "prod", "-", { text: "ok", paint: (text: string) => `<${text}>` }],
  ];
  const wide = `package  mode  checkout               state
plug-a   dev   main, 2 commits ahead  installed is 1.0.0, and the checkout is 1.1.0
plug-b   prod  -                      <ok>
`;
  assertEquals(table(heading, rows), wide);
  assertEquals(
    table(heading, rows, 80),
    wide.replace("checkout is 1.1.0", `checkout is\n${" ".repeat(38)}1.1.0`),
  );
  assertEquals(
    table(heading, rows, 40),
    `plug-a
  mode      dev
  checkout  main, 2 commits ahead
  state     installed is 1.0.0, and the
            checkout is 1.1.0
plug-b
  mode      prod
  state     <ok>
`,
  );
});
