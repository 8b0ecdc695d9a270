/**
 * `deno task demo`: the main job, for real, in a temporary folder.
 *
 * @module
 */

import { join } from "@std/path";
import { chooseColor, createStyle } from "../lib/text/style.ts";
import { testApp } from "../tests/harness/app.ts";

const style = createStyle(
  chooseColor({ terminal: Deno.stdout.isTerminal(), env: Deno.env.toObject() }),
);
await using app = await testApp({
  plugins: ["plug-a", { name: "plug-b", dependencies: ["plug-a>=1.0"] }],
});
say("Two plugin repositories and an app, each in a git repository of its own. The app's hsm.yaml:");
show((await app.read("hsm.yaml")).replaceAll(app.folder, "…"));

say("Production: every package from its tag, nothing cloned.");
await hsm("sync");
await python("import plug_a; print(plug_a.VALUE, plug_a.__file__)");

say("Development: plug-a as an editable checkout; an edit is seen at once.");
await hsm("dev", "plug-a", "--yes");
await app.write("packages/plug-a/src/plug_a/__init__.py", 'VALUE = "1.0.0, edited"\n');
await python("import plug_a; print(plug_a.VALUE, plug_a.__file__)");

say("A release that cannot be built: uv fails, and every file is as it was.");
const plugin = app.plugin("plug-b");
await plugin.release({
  name: "plug-b",
  version: "2.0.0",
  pyproject: "[tool.uv.build-backend]\nmodule-name = 'lost'\n",
});
const manifest = (await app.read("hsm.yaml")).replace("plug-b: v1.0.0", "plug-b: v2.0.0");
await Deno.writeTextFile(join(app.root, "hsm.yaml"), manifest);
const before = await app.texts();
await hsm("sync");
const same = JSON.stringify(before) === JSON.stringify(await app.texts());
say(same ? "pyproject.toml and uv.lock are byte for byte what they were." : "Something is wrong!");
if (!same) Deno.exitCode = 1;

/** Runs hsm and shows what matters of what it prints. */
async function hsm(...args: string[]): Promise<void> {
  console.log(`${style.dim("$")} ${style.bold(`hsm ${args.join(" ")}`)}`);
  const { stdout, stderr } = await app.hsm(...args);
  // How uv fetches and builds is not the point here.
  const noise =
    /^(?:Using CPython|Creating virtual|Prepared|Uninstalled|Resolved| +(?:Updat|Buil)\w+ | +cause: (?:Git op|failed to fetch into|process)| +---)/;
  const lines = `${stderr}${stdout}`.split("\n").filter((line) => line && !noise.test(line));
  show(lines.join("\n").replaceAll("[DIR]", "…").replace(/@[0-9a-f]{40}/g, ""));
}

/** Runs Python in the app's environment. */
async function python(code: string): Promise<void> {
  console.log(`${style.dim("$")} ${style.bold(`uv run python -c "${code}"`)}`);
  show((await app.python(code)).replaceAll(app.root, "…/app"));
}

function show(text: string): void {
  console.log(text.trimEnd().replace(/^/gm, "  "));
}

function say(text: string): void {
  console.log(style.green(text));
}
