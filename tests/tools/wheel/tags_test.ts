import { assertEquals, assertThrows } from "@std/assert";
import { wheelTag } from "../../../tools/wheel/tags.ts";

Deno.test("wheelTag says for which machines a wheel is, for each target of Deno's", () => {
  const cases: readonly (readonly [target: string, oldest: string | undefined, tag: string])[] = [
    ["x86_64-unknown-linux-gnu", "2.27", "py3-none-manylinux_2_27_x86_64"],
    ["aarch64-unknown-linux-gnu", "2.17", "py3-none-manylinux_2_17_aarch64"],
    ["x86_64-apple-darwin", "10.12", "py3-none-macosx_10_12_x86_64"],
    ["x86_64-apple-darwin", "11.0", "py3-none-macosx_11_0_x86_64"],
    ["aarch64-apple-darwin", "11.0", "py3-none-macosx_11_0_arm64"],
    // No tag is between these.
    ["aarch64-apple-darwin", "13.3", "py3-none-macosx_14_0_arm64"],
    ["x86_64-pc-windows-msvc", undefined, "py3-none-win_amd64"],
    ["aarch64-pc-windows-msvc", undefined, "py3-none-win_arm64"],
  ];
  for (const [target, oldest, tag] of cases) assertEquals(wheelTag(target, oldest), tag);
});

Deno.test("wheelTag says nothing that is not known", () => {
  const cases: readonly (readonly [target: string, oldest: string | undefined])[] = [
    ["x86_64-unknown-linux-musl", "1.2"],
    ["riscv64gc-unknown-linux-gnu", "2.27"],
    ["x86_64-unknown-linux-gnu", undefined],
    ["x86_64-apple-darwin", undefined],
    ["x86_64-unknown-linux-gnu", "2.27.1"],
  ];
  for (const [target, oldest] of cases) {
    const { message } = assertThrows(() => wheelTag(target, oldest), Error);
    assertEquals(
      message,
      `Cannot say in a wheel's name that it is for ${target} from ${oldest ?? "?"} on`,
    );
  }
});
