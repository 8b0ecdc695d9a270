import { assertEquals, assertRejects } from "@std/assert";
import { HsmError } from "../../../lib/errors.ts";
import { run } from "../../../lib/process/run.ts";

/** What a terminal's Ctrl-C is to HSM. */
function interruption(): HsmError {
  return new HsmError("interrupted", "Cannot go on: interrupted by SIGINT", {
    details: { signal: "SIGINT" },
  });
}

Deno.test("run() is interrupted where Ctrl-C reaches the program a moment before HSM", async () => {
  for (const script of ["exit 130", "kill -INT $$"]) {
    const ending = new AbortController();
    setTimeout(() => ending.abort(interruption()), 80);
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
