import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { hsmCommand, testApp } from "../harness/app.ts";
import { start } from "../harness/program.ts";
import { scriptCommand } from "../harness/tool.ts";

Deno.test("tools/smoke.ts takes a hsm through the main job, fails where it fails, and leaves nothing", async () => {
  await using app = await testApp();
  const env = { ...app.env, TMPDIR: app.root };
  const left = async () => (await app.list(".")).filter((it) => it.startsWith("hsm-smoke-"));
  const smoke = (...command: readonly string[]) =>
    start([...scriptCommand("tools/smoke.ts"), ...command], { cwd: app.root, env }).ended;

  const works = (await smoke(...hsmCommand())).expect({ code: 0 });
  assertMatch(works.stdout, new RegExp(` works on ${Deno.build.target}\n$`));
  assertEquals(await left(), []);

  // It does nothing, and says that all is well.
  const idle = join(app.folder, "idle");
  await Deno.writeTextFile(idle, "#!/bin/sh\n", { mode: 0o755 });
  (await smoke(idle)).expect({ code: 1, stderr: /error: .*uv run --no-sync python/ });
  (await smoke("false")).expect({
    code: 1,
    stderr: /error: .*false -C .* --version exited with code 1/,
  });
  assertEquals(await left(), []);
});
