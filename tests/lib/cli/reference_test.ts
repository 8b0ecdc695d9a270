import { fromFileUrl } from "@std/path";
import { start } from "../../harness/program.ts";

const PROJECT = fromFileUrl(new URL("../../..", import.meta.url));

Deno.test("docs/reference is current", async () => {
  const run = await start(
    [Deno.execPath(), "run", "--quiet", "--cached-only", "-A", "tools/reference.ts", "--check"],
    { cwd: PROJECT },
  ).ended;
  run.expect({ code: 0, stdout: "", stderr: "" });
});
