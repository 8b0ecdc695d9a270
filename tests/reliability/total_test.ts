import { assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { testApp } from "../harness/app.ts";
import { start } from "../harness/program.ts";
import { TALLY_FILE, total } from "../harness/tally.ts";

Deno.test("total() adds up what tests tried", () => {
  assertEquals(total('{"kills":2}\n{"kills":3,"errors":1}\n{"cases":1000}\n'), {
    kills: 5,
    errors: 1,
    signals: 0,
    cases: 1000,
  });
});

Deno.test("deno task test FILE runs a part, prints how much it tried, and ends as the tests do", async () => {
  await using app = await testApp();
  const run = (...args: string[]) =>
    start([Deno.execPath(), "task", "--quiet", "test", ...args], {
      cwd: fromFileUrl(new URL("../..", import.meta.url)),
      env: { ...app.env, [TALLY_FILE]: "" },
    }).ended;

  const part = await run("tests/lib/manifest/command_test.ts");
  part.expect({ code: 0 });
  assertMatch(part.stdout, /^ok \| \d+ passed \| 0 failed .*\n\ntried: 1,000 generated cases\n$/m);

  (await run("tests/no_such_test.ts")).expect({ code: 1 });
});
