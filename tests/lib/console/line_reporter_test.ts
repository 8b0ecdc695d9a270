import { assertEquals } from "@std/assert";
import { createStyle } from "../../../lib/text/style.ts";
import { printer } from "../../../lib/console/printer.ts";
import { Region } from "../../../lib/console/region.ts";
import { lineReporter } from "../../../lib/console/line_reporter.ts";
import type { Reporter } from "../../../lib/report.ts";

const style = createStyle(false);
const NOISE = /^ *(?:Resolved|Building)/;
const LINES = "Resolved 2 packages\n   Building plug-a\nwarning: old\n + plug-a==1\n";

function reporter(
  { quiet = false, verbose = false, terminal = false },
): { readonly reporter: Reporter; readonly written: string[] } & Disposable {
  const written: string[] = [];
  const draw = (text: string) => void written.push(text);
  const write = printer({
    writeSync(bytes) {
      written.push(new TextDecoder().decode(bytes));
      return bytes.length;
    },
  }, false);
  const size = () => ({ columns: 80, rows: 24 });
  const region = terminal ? new Region({ write, draw, size, style }) : undefined;
  return {
    reporter: lineReporter({ globals: { quiet, verbose }, style, write, region, cwd: "/app" }),
    written,
    [Symbol.dispose]: () => region?.[Symbol.dispose](),
  };
}

/** What a run of a program that says {@linkcode LINES} writes. */
function program(
  setting: Parameters<typeof reporter>[0],
  success: boolean,
  quiet?: "always" | "unless-done",
): string {
  using it = reporter(setting);
  using report = it.reporter.program("uv sync", { noise: NOISE, ...(quiet ? { quiet } : {}) });
  report.output(LINES.slice(0, 30));
  report.output(LINES.slice(30));
  report.ended(success);
  return it.written.join("");
}

Deno.test("lineReporter() shows all lines of a program where nothing moves", () => {
  assertEquals(program({}, true), LINES);
  assertEquals(program({}, false), LINES);
  assertEquals(program({ quiet: true }, false), "");
});

Deno.test("lineReporter() shows on a terminal what matters, and all of it after a failure", () => {
  const terminal = true;
  assertEquals(program({ terminal }, true), "warning: old\n + plug-a==1\n");
  assertEquals(program({ terminal }, false), LINES);
  assertEquals(program({ terminal, verbose: true }, true), LINES);
});

Deno.test("lineReporter() keeps a quiet program's lines back", () => {
  for (const terminal of [true, false]) {
    assertEquals(program({ terminal }, true, "always"), "");
    assertEquals(program({ terminal }, false, "always"), "");
    assertEquals(program({ terminal }, false, "unless-done"), "");
  }
  for (const terminal of [true, false]) {
    assertEquals(program({ terminal }, true, "unless-done"), "warning: old\n + plug-a==1\n");
  }
});

Deno.test("lineReporter() says what is run with --verbose only, and nothing with --quiet", () => {
  const say = ({ reporter }: ReturnType<typeof globalThis.Object.assign>) => {
    reporter.info("Cloned plug-a");
    reporter.warn("it is old");
    reporter.command(["git", "clone", "https://me:s3cret@example.com/x"], 12.4);
    for (const folder of ["/app/packages/a\nb", "/app", "/else"]) {
      reporter.command(["git", "status"], 1, folder);
    }
  };
  const run = (setting: Parameters<typeof reporter>[0]) => {
    using it = reporter(setting);
    say(it);
    return it.written.join("");
  };
  assertEquals(run({}), "Cloned plug-a\nwarning: it is old\n");
  assertEquals(run({ quiet: true }), "");
  assertEquals(
    run({ verbose: true }),
    "Cloned plug-a\nwarning: it is old\n$ git clone https://***@example.com/x (12 ms)\n" +
      "$ git status  # in packages/a\\nb (1 ms)\n$ git status  # in . (1 ms)\n" +
      "$ git status  # in /else (1 ms)\n",
  );
});

Deno.test("Region shows work that lasts, prints above it, and leaves nothing", async () => {
  const written: string[] = [];
  const size = () => ({ columns: 80, rows: 24 });
  const write = (text: string) => void written.push(text);
  using region = new Region({ write, draw: write, size, style });
  {
    using _short = region.add("Cloning plug-a");
  }
  assertEquals(written, []);
  {
    using progress = region.add("Cloning plug-b");
    progress.update("Receiving objects", 7);
    await new Promise((resolve) => setTimeout(resolve, 900));
    assertEquals(/Cloning plug-b {4}7% {2}Receiving objects/.test(written.join("")), true);
    {
      using _ = region.suspend();
      const before = written.length;
      await new Promise((resolve) => setTimeout(resolve, 300));
      assertEquals(written.length, before);
    }
    region.print("Cloned plug-x\n");
    assertEquals(written.at(-2), "Cloned plug-x\n");
  }
  assertEquals(written.at(-1), "\r \x1b[J\r\x1b[K");
});

Deno.test("lineReporter() lets no message begin a line, and shows a program's words without what moves", () => {
  for (const terminal of [true, false]) {
    using it = reporter({ verbose: true, terminal });
    it.reporter.info("a\n2 packages fit\x1b[2J");
    it.reporter.warn("b\r\u202e");
    it.reporter.command(["git", "c\n\x07"], 1);
    it.reporter.output("\x1b[31mred\x1b[2K\x07\rnext\n");
    assertEquals(
      it.written.join(""),
      "a\\n2 packages fit\\u{1b}[2J\nwarning: b\\r\\u{202e}\n$ git c\\n\\u{7} (1 ms)\n" +
        "red\\u{7}\nnext\n",
    );
  }
});

Deno.test("no secret is shown that a sequence stands in", () => {
  using it = reporter({});
  it.reporter.output("ht\x1b[0mtps://me:s3\x1b[31mcret@example.com/x?to\x1b]0;x\x07ken=s3cret\n");
  assertEquals(it.written.join(""), "https://***@example.com/x?token=***\n");
});

Deno.test("lineReporter() shows of many lines on a terminal what sums them up", () => {
  const many = { lines: /^ \+ /, sum: /^Installed/ };
  const say = (count: number, setting: Parameters<typeof reporter>[0], success = true) => {
    const lines = Array.from({ length: count }, (_, at) => ` + plug-${at}==1\n`).join("");
    using it = reporter(setting);
    using report = it.reporter.program("uv sync", { noise: /^(?:Resolved|Installed)/, many });
    const text = `Resolved 9\nwarning: old\nInstalled 9\n${lines}`;
    report.output(text);
    report.ended(success);
    return it.written.join("").replace(text, "all");
  };
  const terminal = true;
  assertEquals(say(6, { terminal }), "warning: old\nInstalled 9\n");
  assertEquals(say(1, { terminal }), "warning: old\n + plug-0==1\n");
  assertEquals(say(6, { terminal, verbose: true }), "all");
  assertEquals(say(6, { terminal }, false), "all");
  assertEquals(say(6, {}), "all");
});

Deno.test("lineReporter() tells one of many with --verbose only", () => {
  for (const verbose of [true, false]) {
    using it = reporter({ verbose });
    it.reporter.detail("one\nof many");
    assertEquals(it.written.join(""), verbose ? "one\\nof many\n" : "");
  }
});

Deno.test("lineReporter() tells what others do once a question has been answered", () => {
  for (const terminal of [false, true]) {
    using it = reporter({ terminal });
    {
      using _ = it.reporter.suspend();
      it.reporter.info("Cloned plug-b");
      {
        using _ = it.reporter.suspend();
        it.reporter.warn("slow");
      }
      assertEquals(it.written.join(""), "");
    }
    assertEquals(it.written.join(""), "Cloned plug-b\nwarning: slow\n");
  }
});
