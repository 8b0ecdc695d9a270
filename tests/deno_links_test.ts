import { assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import deno from "../deno.json" with { type: "json" };
import { testApp } from "./harness/app.ts";
import { start } from "./harness/program.ts";
import { readBlocks } from "./harness/steps.ts";

const PROJECT = fromFileUrl(new URL("..", import.meta.url));
const SCRIPT = `import { sync } from "@hsm/hsm";
import { add } from "@hsm/hsm/tasks/add";
console.log(typeof sync, typeof add);
`;

/** A page's deno.json for a project that HSM is linked into, with another path of the copy of HSM. */
async function settings(page: string, path: string): Promise<string> {
  const text = await Deno.readTextFile(join(PROJECT, page));
  const blocks = readBlocks(text).map((it) => it.lines.join("\n"));
  const found = blocks.find((it) => it.includes('"links"'));
  const [, json] = /^(\{$[^]*?^\})/m.exec(found ?? "") ?? [];
  return JSON.stringify({ ...JSON.parse(json!), links: [path] });
}

Deno.test("the deno.json of documents links a copy of HSM of whatever version", async () => {
  await using app = await testApp({ files: { "project/script.ts": SCRIPT } });
  await Deno.mkdir(join(app.root, "hsm"));
  for await (const { name } of Deno.readDir(PROJECT)) {
    if (name === "deno.json") continue;
    await Deno.symlink(join(PROJECT, name), join(app.root, "hsm", name));
  }
  for (const version of ["0.2.0-rc.1", "17.0.0"]) {
    await app.write("hsm/deno.json", JSON.stringify({ ...deno, version }));
    for (const page of ["README.md", "docs/scripting.md", "docs/reference/scripting.md"]) {
      await app.write("project/deno.json", await settings(page, "../hsm"));
      const argv = [Deno.execPath(), "run", "--quiet", "--cached-only", "--no-lock", "script.ts"];
      const cwd = join(app.root, "project");
      const run = await start([...argv, "--no-prompt"], { cwd, env: app.env }).ended;
      assertEquals(`${page} ${run.expect({ code: 0 }).stdout}`, `${page} function function\n`);
    }
  }
});
