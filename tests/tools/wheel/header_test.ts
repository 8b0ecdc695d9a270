import { assertEquals, assertThrows } from "@std/assert";
import { readTarget } from "../../../tools/wheel/header.ts";
import { linuxExecutable, macExecutable, patched, windowsExecutable } from "./executables.ts";

Deno.test("readTarget tells by its header for which platform an executable is", async () => {
  assertEquals(readTarget(await Deno.readFile(Deno.execPath())), Deno.build.target);
  assertEquals(readTarget(linuxExecutable({ machine: 62 })), "x86_64-unknown-linux-gnu");
  assertEquals(readTarget(linuxExecutable({ machine: 183 })), "aarch64-unknown-linux-gnu");
  assertEquals(readTarget(macExecutable({ machine: 0x01000007 })), "x86_64-apple-darwin");
  assertEquals(readTarget(macExecutable({ machine: 0x0100000c })), "aarch64-apple-darwin");
  assertEquals(readTarget(windowsExecutable(0x8664)), "x86_64-pc-windows-msvc");
  assertEquals(readTarget(windowsExecutable(0xaa64)), "aarch64-pc-windows-msvc");
});

Deno.test("readTarget takes nothing for an executable that Deno does not make", () => {
  const arm32 = linuxExecutable({ machine: 40 });
  const script = new TextEncoder().encode("#!/bin/sh\nexit 0\n");
  // For a machine whose bytes are in the other order.
  const other = patched(linuxExecutable({ machine: 62 }), 5, [2]);
  for (const bytes of [arm32, script, other, new Uint8Array()]) {
    assertThrows(() => readTarget(bytes), Error, "Cannot tell for which platform it is");
  }
});
