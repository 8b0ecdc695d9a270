import { assertEquals } from "@std/assert";
import { faultOnWindows } from "../../../lib/platform/file_names.ts";

Deno.test("faultOnWindows() knows devices, endings that are dropped, and characters that no name has", () => {
  const faults = [
    "packages/aux",
    "Con.txt/x",
    "a/lpt9",
    "a. ",
    "a./b",
    "a:b",
    "what?",
    'a"b',
    "a|b",
  ];
  for (const path of faults) assertEquals(typeof faultOnWindows(path), "string", path);
  const fine = ["packages/a", "../x", "./a", ".venv/lib", "console", "com", "com10/a.b", "a b"];
  for (const path of fine) assertEquals(faultOnWindows(path), undefined, path);
});
