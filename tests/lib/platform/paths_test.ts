import { assertEquals } from "@std/assert";
import { relativePath, withSlashes } from "../../../lib/platform/paths.ts";
import { SYSTEM } from "../../../lib/platform/system.ts";
import { shortPath } from "../../../lib/transaction/content.ts";

Deno.test("withSlashes() writes Windows' paths with `/`, and leaves others alone", () => {
  assertEquals(withSlashes("packages\\plug\\x.py", "windows"), "packages/plug/x.py");
  assertEquals(withSlashes("C:\\app/x", "windows"), "C:/app/x");
  for (const system of ["linux", "darwin"] as const) {
    assertEquals(withSlashes("a\\b/c", system), "a\\b/c");
  }
});

Deno.test({
  name: "a file whose name has a backslash in it stays one",
  ignore: SYSTEM === "windows",
  fn: () => {
    assertEquals(relativePath("/app", "/app/we\\ird/uv.lock"), "we\\ird/uv.lock");
    assertEquals(shortPath("/app", "/app/we\\ird/uv.lock"), "we\\ird/uv.lock");
  },
});
