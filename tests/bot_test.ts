import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import type { TestApp } from "./harness/app.ts";
import { asked, BRANCH, branches, forgedApp, forgeEnvironment } from "./harness/forge.ts";
import { type Run, start } from "./harness/program.ts";
import { scriptCommand } from "./harness/tool.ts";

function bot(app: TestApp): Promise<Run> {
  return start(scriptCommand("examples/bot.ts"), { cwd: app.root, env: forgeEnvironment(app) })
    .ended;
}

Deno.test("examples/bot.ts does nothing where there is nothing to update", async () => {
  await using app = await forgedApp();
  const before = await branches(app);
  await app.unchanged(async () => {
    (await bot(app)).expect({ code: 0, stdout: "Nothing to update\n" });
  });
  assertEquals([await asked(app, "create"), await branches(app)], [undefined, before]);
});

Deno.test("examples/bot.ts pushes a branch with the moves, and keeps one pull request up to date", async () => {
  await using app = await forgedApp();
  const plugin = app.plugin("plug-a");
  await plugin.commit("first.txt", "1\n");
  await plugin.release({ name: "plug-a", version: "1.1.0" });
  const head = await app.git(".", "rev-parse", "HEAD");

  // The branch is pushed, and then the forge is away: the next run goes on from there.
  await Deno.writeTextFile(join(app.folder, "forge/away"), "");
  (await bot(app)).expect({ code: 1, stdout: "", stderr: /the forge is away\n/ });
  const pushed = await branches(app);
  assertStringIncludes(pushed, BRANCH);
  assertEquals(await app.git(".", "symbolic-ref", "--short", "HEAD"), "main\n");
  assertEquals(await app.git(".", "status", "--porcelain"), "");
  await Deno.remove(join(app.folder, "forge/away"));
  (await bot(app)).expect({ code: 0, stdout: "https://example.com/app/pull/7\n" });
  assertEquals(
    (await asked(app, "create"))?.replaceAll(app.folder, "[DIR]"),
    `pr
create
--head
hsm-update
--title
Update plug-a
--body
**plug-a** [v1.0.0 → v1.1.0](file://[DIR]/remotes/plug-a/compare/v1.0.0...v1.1.0)
- Change pyproject.toml
- Change first.txt
`,
  );
  // Nothing is pushed that is there, and so nothing is built or reviewed anew.
  assertEquals(await branches(app), pushed);
  assertEquals(
    await app.git(".", "diff", "--name-only", "HEAD", "hsm-update"),
    "hsm.yaml\npyproject.toml\nuv.lock\n",
  );
  assertEquals(await app.git(".", "rev-parse", "HEAD"), head);

  await app.plugin("plug-b").release({ name: "plug-b", version: "1.1.0" });
  (await bot(app)).expect({ code: 0 });
  const edit = await asked(app, "edit");
  assertMatch(edit ?? "", /^pr\nedit\n7\n--title\nUpdate plug-a, plug-b\n--body\n/);
  assertEquals(await asked(app, "create"), undefined);
  assertEquals((await branches(app)).split("\n").length, pushed.split("\n").length);
  assertEquals(await branches(app) === pushed, false);

  // Once it is merged there is nothing to do.
  await app.git(".", "merge", "-q", "hsm-update");
  (await bot(app)).expect({ code: 0, stdout: "Nothing to update\n" });
  assertEquals([await asked(app, "create"), await asked(app, "edit")], [undefined, undefined]);
});

Deno.test("examples/bot.ts opens nothing for a move that does not fit, and says why", async () => {
  await using app = await forgedApp();
  const before = await branches(app);
  await app.plugin("plug-a").release({
    name: "plug-a",
    version: "2.0.0",
    dependencies: ["plug-b>=2"],
  });
  const why = "plug-a** stays where it is: Cannot sync the app: 1 problem\n" +
    "error: plug-a 2.0.0 needs plug-b>=2, plug-b is 1.0.0";
  await app.unchanged(async () => {
    const run = await bot(app);
    run.expect({ code: 0 });
    assertStringIncludes(run.stdout, `Nothing to update\n**${why}`);
  });
  assertEquals([await asked(app, "create"), await branches(app)], [undefined, before]);

  // Beside one that does, the pull request names it.
  await app.plugin("plug-b").release({ name: "plug-b", version: "1.1.0" });
  (await bot(app)).expect({ code: 0 });
  const create = await asked(app, "create") ?? "";
  assertStringIncludes(create, "\n--title\nUpdate plug-b\n");
  assertStringIncludes(create, "**plug-b** [v1.0.0 → v1.1.0]");
  assertStringIncludes(create, why.replace("plug-b is 1.0.0", ""));
});
