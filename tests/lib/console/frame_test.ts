import { assert, assertEquals } from "@std/assert";
import { createStyle } from "../../../lib/text/style.ts";
import stringWidth from "fast-string-width";
import { cut, renderFrame, type WorkFacts } from "../../../lib/console/frame.ts";

const plain = createStyle(false);

function work(label: string, text = "", percent?: number): WorkFacts {
  return { label, text, percent };
}

const TWO = [
  work("Cloning plug-a", "Receiving objects", 45),
  work("Cloning plug-long-name", "Resolving deltas", 100),
];

Deno.test("renderFrame() aligns names, percentages and phases", () => {
  assertEquals(renderFrame(TWO, { columns: 80, rows: 24 }, 0, plain), [
    " ⠋ Cloning plug-a           45%  Receiving objects",
    " ⠋ Cloning plug-long-name  100%  Resolving deltas",
  ]);
  assertEquals(renderFrame([work("uv sync")], { columns: 80, rows: 24 }, 1, plain), [
    " ⠙ uv sync",
  ]);
});

Deno.test("renderFrame() keeps the percentage longest in a narrow window, and never fills a line", () => {
  assertEquals(renderFrame(TWO, { columns: 40, rows: 24 }, 0, plain), [
    " ⠋ Cloning plug-a           45%  Recei…",
    " ⠋ Cloning plug-long-name  100%  Resol…",
  ]);
  assertEquals(
    renderFrame(TWO, { columns: 22, rows: 24 }, 0, plain),
    [
      " ⠋ Cloning plug…   45%",
      " ⠋ Cloning plug…  100%",
    ].map((line) => line.replace("plug…", "plu…")),
  );
  for (let columns = 1; columns < 60; columns++) {
    for (const line of renderFrame(TWO, { columns, rows: 24 }, 0, plain)) {
      assert(stringWidth(line) < Math.max(columns, 14), `${columns}: ${line}`);
    }
  }
});

Deno.test("renderFrame() counts what has no place in a low window", () => {
  const many = Array.from({ length: 9 }, (_, index) => work(`Cloning plug-${index}`));
  assertEquals(renderFrame(many, { columns: 80, rows: 5 }, 0, plain), [
    " ⠋ Cloning plug-0",
    " ⠋ Cloning plug-1",
    " ⠋ Cloning plug-2",
    "   and 6 more",
  ]);
  assertEquals(renderFrame(many, { columns: 80, rows: 10 }, 0, plain).length, 9);
  assertEquals(renderFrame(many, { columns: 80, rows: 1 }, 0, plain).length, 1);
});

Deno.test("renderFrame() lets no program's colours and line breaks through", () => {
  const [line] = renderFrame(
    [work("uv sync", "\x1b[2mBuilding\x1b[0m\r\nplug-a\x1b[2K\tnow")],
    { columns: 80, rows: 24 },
    0,
    plain,
  );
  assertEquals(line, " ⠋ uv sync  Building plug-a now");
  const asking = work("Asking ht\x1b[0mtps://me:s3cret@host/a", "\u202e\x07");
  assertEquals(renderFrame([asking], { columns: 80, rows: 24 }, 0, plain), [
    " ⠋ Asking https://***@host/a  \\u{202e}\\u{7}",
  ]);
});

Deno.test("cut() counts columns, and leaves no character in halves", () => {
  assertEquals(cut("plug-a", 6), "plug-a");
  assertEquals(cut("plug-ab", 6), "plug-…");
  assertEquals(cut("日本語", 6), "日本語");
  assertEquals(cut("日本語", 5), "日本…");
  assertEquals(cut("日本語", 4), "日…");
  assertEquals(cut("👩‍👩‍👧‍👦 family", 3), "👩‍👩‍👧‍👦…");
  assertEquals(cut("plug", 1), "…");
  assertEquals(cut("plug", 0), "");
});
