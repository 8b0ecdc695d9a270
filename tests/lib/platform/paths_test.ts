import { assertEquals } from "@std/assert";
import { isInside, relativePath, shortPath, withSlashes } from "../../../lib/platform/paths.ts";
import { SYSTEM } from "../../../lib/platform/system.ts";

Deno.test("withSlashes() writes Windows' paths with `/`, and leaves others alone", () => {
  assertEquals(withSlashes("packages\\plug\\x.py", "windows"), "packages/plug/x.py");
  assertEquals(withSlashes("C:\\app/x", "windows"), "C:/app/x");
  for (const system of ["linux", "darwin"] as const) {
    assertEquals(withSlashes("a\\b/c", system), "a\\b/c");
  }
});

Deno.test("isInside() knows a folder by either separator on Windows, as git and Deno name it", () => {
  for (const folder of ["C:/app", "C:\\app", "C:/", "C:\\"]) {
    assertEquals(isInside("C:\\app\\packages\\a", folder, "windows"), true, folder);
    assertEquals(isInside("C:/app/packages/a", folder, "windows"), true, folder);
  }
  assertEquals(isInside("C:\\app", "C:/app", "windows"), true);
  assertEquals(isInside("C:\\apple\\a", "C:\\app", "windows"), false);
  for (const system of ["linux", "darwin"] as const) {
    assertEquals(isInside("/app/a", "/app", system), true);
    assertEquals(isInside("/app/a", "/", system), true);
    assertEquals(isInside("/app\\a", "/app", system), false);
    assertEquals(isInside("packages", "", system), true);
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
