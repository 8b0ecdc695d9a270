import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { completeLength, oneLine, printable, toJson } from "../../../lib/text/printable.ts";
import { counted } from "../../harness/tally.ts";

const ST = "\x1b\\";

Deno.test("printable() leaves escape sequences out, and writes other control characters", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["plain, tab\tline\nend", "plain, tab\tline\nend"],
    ["Grüße 日本語 👩‍👩‍👧‍👦 é", "Grüße 日本語 👩‍👩‍👧‍👦 é"],
    ["\uFEFFwith a byte order mark", "\uFEFFwith a byte order mark"],
    ["-old\r\n+new\r\n", "-old\r\n+new\r\n"],
    ["50%\r100%\rdone", "50%\n100%\ndone"],
    ["\x1b[2J\x1b[1;1H\x1b[?25l\x1b[0 qfits", "fits"],
    ["\x1b[31mred\x1b[0m \x1b[8mhidden\x1b[28m", "red hidden"],
    [`\x1b]8;;http://x\x07link\x1b]8;;${ST}\x1b]0;title\x9c`, "link"],
    [`\x1bPq#0${ST}a\x1b_x${ST}b\x1b^x${ST}c\x1bXx${ST}d`, "abcd"],
    ["\x1bcreset\x1b7\x1b8\x1b(0\x1b=", "reset"],
    ["\x9b2Ja\x9d0;t\x07b\x90q\x9cc\x9fx\x9cd", "abcd"],
    ["\x00\x07\b\v\f\x7f\x85", "\\u{0}\\u{7}\\u{8}\\u{b}\\u{c}\\u{7f}\\u{85}"],
    [
      "a\u202eb\u2066c\u200fd\u061ce\u2028f\ud800g",
      "a\\u{202e}b\\u{2066}c\\u{200f}d\\u{61c}e" +
      "\\u{2028}f\\u{d800}g",
    ],
    // What is not complete begins nothing, and takes nothing with it.
    ["\x1b", "\\u{1b}"],
    ["\x1b[12", "\\u{1b}[12"],
    ["\x1b]0;never ends\nfits", "\\u{1b}]0;never ends\nfits"],
    ["\x1b\x1b[2J[2J", "\\u{1b}[2J"],
    ["\x9d0;t\x1b[2J", "\\u{9d}0;t"],
  ];
  for (const [text, shown] of cases) assertEquals(printable(text), shown, JSON.stringify(text));
});

Deno.test("printable() leaves colours where there are colours, ends them, and hides nothing", () => {
  const own = "\x1b[31m\x1b[1merror:\x1b[22m\x1b[39m \x1b[2m\x1b[33m\x1b[36m\x1b[0m";
  assertEquals(printable(own, { colors: true }), own);
  assertEquals(printable(own), "error: ");
  const others =
    "\x1b[01;4;31mx\x1b[m\x1b[38;5;8;48;2;8;8;8mx\x1b[39;49m\x1b[97mx\x1b[4:3mx\x1b[0m";
  assertEquals(printable(others, { colors: true }), others);
  assertEquals(printable(others), "xxxx");
  const none = "\x1b[8m\x1b[5m\x1b[31;8m\x1b[38m\x1b[38;5m\x1b[;8m\x1b[>1m\x1b[1 m\x1b[2K\x9b31mx";
  assertEquals(printable(none, { colors: true }), "x");
  for (
    const [text, end] of [["\x1b[31mx", ""], ["\x1b[31;1mx\x1b[39m", "\n"], [
      "\x1b[0;7mx\n",
      "\r\n",
    ]]
  ) {
    assertEquals(printable(`${text}${end}`, { colors: true }), `${text}\x1b[0m${end}`);
  }
});

Deno.test("oneLine() writes out whatever cannot be seen, and leaves nothing open", () => {
  assertEquals(
    oneLine("1.0\n2 packages fit\r\n\t\x1b[2J"),
    "1.0\\n2 packages fit\\r\\n\\t\\u{1b}[2J",
  );
  assertEquals(
    oneLine("a\u200bb\u202ec\u2029d\x9be\ufeff\ue000"),
    "a\\u{200b}b\\u{202e}c\\u{2029}d" +
      "\\u{9b}e\\u{feff}\\u{e000}",
  );
  assertEquals(oneLine("نمی‌خواهم 👩‍💻 é"), "نمی‌خواهم 👩‍💻 é");
});

Deno.test("toJson() writes as JSON what would not be printable, and it is read as what it was", () => {
  const value = { "k\x1b\u202e": ["\x00\x7f\x9b\u2028\u2066\ud800 👩‍💻 é\n"] };
  assertEquals(
    toJson(value),
    '{\n  "k\\u001b\\u202e": [\n    "\\u0000\\u007f\\u009b\\u2028\\u2066\\ud800 👩‍💻 é\\n"\n  ]\n}\n',
  );
  assertEquals(JSON.parse(toJson(value)), value);
  assertEquals(printable(toJson(value)), toJson(value));
});

/** Texts of what sequences are made of. */
const hostile = fc.array(
  fc.constantFrom(
    ..."\x1b[]PX^_\\0;9 m~cJq\x07\x9b\x9c\x9d\x90\x85\x00\x7f\n\r\t\u202e\u2066\u2028a",
    "\x1b[31m",
    "\x1b[39m",
    "\ud83d",
    "\ude00",
  ),
  { maxLength: 30 },
).map((it) => it.join(""));

Deno.test("whatever the text, what is shown is harmless, and showing it again changes nothing", () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const shown = printable(text);
      // deno-lint-ignore no-control-regex
      assert(!/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/.test(shown), shown);
      assert(!/\r(?!\n)/.test(shown) && shown.isWellFormed(), shown);
      assertEquals(printable(shown), shown);
      assert(!/[\n\r\t]/.test(oneLine(text)));
      assertEquals(oneLine(oneLine(text)), oneLine(text));
      assertEquals(printable(printable(text, { colors: true })), shown);
    }),
    counted(5_000),
  );
});

Deno.test("a sequence that comes in pieces is shown as though it came at once", () => {
  fc.assert(
    fc.property(hostile, fc.array(fc.nat(30), { maxLength: 4 }), (text, cuts) => {
      const characters = [...text.replaceAll("\r", "").toWellFormed()];
      const end = characters.length;
      const places = [0, ...cuts.filter((it) => it < end).sort((a, b) => a - b), end];
      let held = "";
      let shown = "";
      for (const [index, place] of places.slice(1).entries()) {
        held += characters.slice(places[index], place).join("");
        const length = place === end ? held.length : completeLength(held);
        shown += printable(held.slice(0, length));
        held = held.slice(length);
      }
      assertEquals(shown, printable(characters.join("")), JSON.stringify(text));
    }),
    counted(5_000),
  );
});

Deno.test("much of anything is shown in no time", () => {
  const pieces = ["\x1b", "\x1b[", "\x1b]", "\x1b]x", "\x1b[0", "\x1b ", "\x9d", "\x90x", "\x9b0"];
  const others = ["\r", "\n", "\u202e", "\ud800", "a", "\x1b]\x1b", "\x1bP\x9d", "😀"];
  for (const piece of [...pieces, ...others]) {
    for (const before of ["", "\x1b]"]) {
      const text = before + piece.repeat(200_000 / piece.length);
      for (const show of [printable, oneLine, toJson, completeLength]) {
        const started = performance.now();
        show(text);
        const took = performance.now() - started;
        assert(took < 1_000, `${show.name} of ${JSON.stringify(before + piece)}: ${took} ms`);
      }
    }
  }
});
