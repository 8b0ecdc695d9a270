import { assertEquals } from "@std/assert";
import { areOthers } from "../../../lib/files/owner.ts";

Deno.test("areOthers() sees whose a file is, and what is not there as nobody's", async () => {
  const file = await Deno.makeTempFile({ prefix: "hsm-owner-" });
  try {
    assertEquals(areOthers([file, `${file}-missing`], {}), false);
    assertEquals(areOthers([file], { GIT_TEST_ASSUME_DIFFERENT_OWNER: "1" }), true);
    if (Deno.build.os === "windows" || Deno.uid() !== 0) return;
    await Deno.chown(file, 12345, 12345);
    assertEquals(areOthers([file], {}), true);
  } finally {
    await Deno.remove(file);
  }
});
