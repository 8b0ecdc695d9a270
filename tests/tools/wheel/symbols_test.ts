import { assertEquals, assertThrows } from "@std/assert";
import { oldestSystem } from "../../../tools/wheel/symbols.ts";
import { linuxExecutable, macExecutable, windowsExecutable } from "./executables.ts";

Deno.test("oldestSystem is the newest version of glibc that an executable asks for", () => {
  const oldest = (versions: readonly string[], libraries = ["libc.so.6"]) =>
    oldestSystem(linuxExecutable({ libraries, versions }), "x86_64-unknown-linux-gnu");
  assertEquals(oldest(["GLIBC_2.2.5"]), "2.2");
  assertEquals(oldest(["GLIBC_2.9", "GLIBC_2.27", "GLIBC_2.3.4"]), "2.27");
  const libraries = ["libgcc_s.so.1", "libm.so.6", "libc.so.6", "ld-linux-aarch64.so.1"];
  assertEquals(oldest(["GCC_4.2.0", "GLIBC_2.17", "GCC_3.0"], libraries), "2.17");

  const wrong: readonly (readonly [readonly string[], string[], string])[] = [
    [["GLIBC_2.17"], ["libc.so.6", "libssl.so.3"], "it needs libssl.so.3"],
    [["GLIBC_2.17", "GLIBCXX_3.4"], ["libstdc++.so.6"], "it needs libstdc++.so.6, GLIBCXX_3.4"],
    [["GLIBC_2.17", "GCC_14.0.0"], ["libc.so.6"], "it needs GCC_14.0.0"],
    [["GLIBC_2.17", "GLIBC_PRIVATE"], ["libc.so.6"], "it needs GLIBC_PRIVATE"],
    [["GCC_3.0"], ["libgcc_s.so.1"], "it needs no glibc"],
  ];
  for (const [versions, libraries, message] of wrong) {
    const why = `Cannot say on which Linux it runs: ${message}`;
    assertEquals(assertThrows(() => oldest(versions, libraries), Error).message, why);
  }
});

Deno.test({
  name: "oldestSystem is at most what this machine has, for the Deno that runs on it",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const [, minor] = /^2\.(\d+)$/.exec(
      oldestSystem(await Deno.readFile(Deno.execPath()), Deno.build.target) ?? "",
    ) ?? [];
    const { stdout } = await new Deno.Command("getconf", { args: ["GNU_LIBC_VERSION"] }).output();
    const [, here] = /^glibc 2\.(\d+)\n$/.exec(new TextDecoder().decode(stdout)) ?? [];
    assertEquals(Number(minor) >= 17 && Number(minor) <= Number(here), true, `${minor}, ${here}`);
  },
});

Deno.test("oldestSystem is the version of macOS that an executable was built for, by either command", () => {
  const oldest = (command: number, version: number) =>
    oldestSystem(macExecutable({ command, version }), "aarch64-apple-darwin");
  assertEquals(oldest(0x32, 0x000b0000), "11.0");
  assertEquals(oldest(0x24, 0x000a0c00), "10.12");
  assertThrows(() => oldest(0x1d, 0), Error, "Cannot say on which macOS it runs");
  assertEquals(oldestSystem(windowsExecutable(0x8664), "x86_64-pc-windows-msvc"), undefined);
});
