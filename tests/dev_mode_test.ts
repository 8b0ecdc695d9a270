import { assert } from "@std/assert";
import { testApp } from "./harness/app.ts";
import { runPage } from "./harness/steps.ts";

Deno.test("docs/dev-mode.md: every command does and prints what the page says", async () => {
  // Its app has an index of its own.
  await using app = await testApp({ env: { UV_NO_CONFIG: "0" } });
  assert(await runPage(app, "docs/dev-mode.md") > 30);
});
