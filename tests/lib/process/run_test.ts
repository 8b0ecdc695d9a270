import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { HsmError } from "../../../lib/errors.ts";
import { run } from "../../../lib/process/run.ts";

/** What a terminal's Ctrl-C is to HSM. */
function interruption(): HsmError {
  return new HsmError("interrupted", "Cannot go on: interrupted by SIGINT", {
    details: { signal: "SIGINT" },
  });
}

Deno.test("run() is interrupted where Ctrl-C reaches the program a moment before HSM", async () => {
  // Those that fail because a program of theirs was interrupted do not say so.
  for (const [script, after] of [["exit 130", 80], ["kill -INT $$", 80], ["exit 1", 20]] as const) {
    const ending = new AbortController();
    setTimeout(() => ending.abort(interruption()), after);
    const error = await assertRejects(
      () => run(["sh", "-c", script], { cwd: ".", signal: ending.signal }),
      HsmError,
    );
    assertEquals(error.code, "interrupted", script);
  }
});

Deno.test("run() gives the status of a program that somebody else interrupted", async () => {
  const { signal } = new AbortController();
  const { code, success } = await run(["sh", "-c", "exit 130"], { cwd: ".", signal });
  assertEquals([code, success], [130, false]);
});

Deno.test("run() ends a program that says more than is to be captured", async () => {
  const started = performance.now();
  for (const stream of ["", ">&2"]) {
    const result = await run(["sh", "-c", `exec yes ${stream}`], { cwd: ".", limit: 100_000 });
    assertEquals([result.success, result.isCut], [false, true]);
    const said = stream === "" ? result.stdout : result.stderr;
    // What comes with one reading is there; no more is read.
    assertEquals(said.length > 100_000 && said.length < 1_000_000, true, `${said.length}`);
  }
  assertEquals(performance.now() - started < 10_000, true);
  const { isCut, stdout } = await run(["echo", "12345"], { cwd: ".", limit: 6 });
  assertEquals([isCut, stdout], [false, "12345\n"]);
});

Deno.test("run() names the folder that a program cannot run in, and does not blame the program", async () => {
  const error = await assertRejects(() => run(["true"], { cwd: "./missing" }), HsmError);
  assertEquals(error.code, "io");
  assertMatch(error.message, /^Cannot run true in \.\/missing: .*ENOENT/);
});

Deno.test("run() hands on no escape sequence in halves, and all that came", async () => {
  const script =
    "printf 'a\\033'; sleep 0.2; printf '[3'; sleep 0.2; printf '1mb\\033]0;t'; sleep 0.2; " +
    "printf '\\007c\\n\\033['; sleep 0.2";
  const pieces: string[] = [];
  const { stdout } = await run(["sh", "-c", script], {
    cwd: ".",
    onStdout: (text) => void pieces.push(text),
  });
  assertEquals(pieces, ["a", "\x1b[31mb", "\x1b]0;t\x07c\n", "\x1b["]);
  assertEquals(stdout, pieces.join(""));
});
