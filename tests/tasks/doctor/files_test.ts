import { assertEquals } from "@std/assert";
import { mayAdd } from "../../../tasks/doctor/files.ts";
import { checkDeno } from "../../../tasks/doctor/tools.ts";

Deno.test("mayAdd() goes by the owner's bits for the owner, by the others' for others", () => {
  const cases: [number | null, number | null, number | undefined, boolean][] = [
    [0o755, 7, 7, true],
    [0o555, 7, 7, false],
    [0o577, 7, 7, false],
    [0o755, 7, 8, false],
    [0o775, 7, 8, true],
    [0o757, 7, 8, true],
    [0o555, 7, 0, true],
    [0o555, 7, undefined, true],
    [null, null, 8, true],
  ];
  for (const [mode, uid, user, expected] of cases) {
    assertEquals(mayAdd({ mode, uid }, user), expected, `${mode?.toString(8)} ${uid} ${user}`);
  }
});

Deno.test("checkDeno() warns of a Deno older than the sources need", () => {
  assertEquals(checkDeno("2.6.10").state, "ok");
  assertEquals(checkDeno("2.10.0").state, "ok");
  assertEquals(checkDeno("3.0.0").state, "ok");
  assertEquals(checkDeno("2.5.9"), {
    check: "deno",
    state: "warning",
    message: "2.5.9 is older than 2.6",
    fix: "run `deno upgrade`",
  });
});
