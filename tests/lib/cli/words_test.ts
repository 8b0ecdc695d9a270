import { assertEquals } from "@std/assert";
import { takeApart } from "../../../lib/command/words.ts";
import { GLOBAL_OPTIONS } from "../../../lib/command/globals.ts";
import { named } from "../../../lib/command/option.ts";

const globals = named(GLOBAL_OPTIONS);

/** The parts as they would be written at length. */
function parts(...words: string[]): readonly string[] {
  return takeApart(words, globals).parts.map((it) =>
    it.kind === "word"
      ? it.text
      : it.kind === "unknown"
      ? `?${it.name}`
      : `--${it.option.flag}${it.value === undefined ? "" : `=${it.value}`}`
  );
}

Deno.test("takeApart() reads options and their values as getopt does", () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ["-qy", ["--quiet", "--yes"]],
    ["-vj4 sync", ["--verbose", "--jobs=4", "sync"]],
    ["-vj 4 sync", ["--verbose", "--jobs=4", "sync"]],
    ["-j=4", ["--jobs=4"]],
    ["--jobs=4 --jobs 5", ["--jobs=4", "--jobs=5"]],
    ["-CDIR -qC dir", ["--directory=DIR", "--quiet", "--directory=dir"]],
    ["-hq", ["--help", "--quiet"]],
    ["-qx4 a", ["--quiet", "?-x", "a"]],
    ["--bogus=1 a", ["?--bogus", "a"]],
    ["-y=no --yes=no", ["--yes=no", "--yes=no"]],
    ["--directory= x", ["--directory=", "x"]],
    // Neither is the next option a value.
    ["-C --json x", ["--directory", "--json", "x"]],
    ["-C=-x --directory=--json", ["--directory=-x", "--directory=--json"]],
    ["- -C -", ["-", "--directory=-"]],
    ["sync -q -- -y --", ["sync", "--quiet"]],
    ["-C -- x", ["--directory"]],
  ];
  for (const [line, expected] of cases) assertEquals(parts(...line.split(" ")), expected, line);
  assertEquals(takeApart(["sync", "--", "-y", "--"], globals).passthrough, ["-y", "--"]);
  assertEquals(takeApart(["sync"], globals).passthrough, undefined);
});

Deno.test("takeApart() knows which option still lacks its value", () => {
  const open = (...words: string[]) => takeApart(words, globals).open?.flag;
  assertEquals(open("sync", "-qC"), "directory");
  assertEquals(open("--jobs"), "jobs");
  assertEquals(open("--jobs="), undefined);
  assertEquals(open("-j", "4"), undefined);
  assertEquals(open("-j", "-q"), undefined);
});
