import { assertEquals } from "@std/assert";
import { tellColors } from "../../../tasks/exec/tell_colors.ts";

Deno.test("tellColors() asks programs and git for colours, beside what the user has set", () => {
  const git = (n: number) => ({
    GIT_CONFIG_COUNT: `${n + 1}`,
    [`GIT_CONFIG_KEY_${n}`]: "color.ui",
    [`GIT_CONFIG_VALUE_${n}`]: "always",
  });
  assertEquals(tellColors({ A: "b" }, { git: true }), {
    A: "b",
    FORCE_COLOR: "1",
    CLICOLOR_FORCE: "1",
    ...git(0),
  });
  const own = { GIT_CONFIG_COUNT: "1", GIT_CONFIG_KEY_0: "user.name", GIT_CONFIG_VALUE_0: "me" };
  assertEquals(tellColors({ ...own, FORCE_COLOR: "3", CLICOLOR_FORCE: "0" }, { git: true }), {
    ...own,
    FORCE_COLOR: "3",
    CLICOLOR_FORCE: "0",
    ...git(1),
  });
  for (
    const env of [{ NO_COLOR: "1" }, { FORCE_COLOR: "0" }, { FORCE_COLOR: "false" }]
  ) assertEquals(tellColors(env, { git: true }), env);
  for (const more of [{ GIT_CONFIG_COUNT: "x" }, { GIT_CONFIG_KEY_0: "Color.UI" }]) {
    assertEquals(tellColors(more, { git: true }), {
      ...more,
      FORCE_COLOR: "1",
      CLICOLOR_FORCE: "1",
    });
  }
});
