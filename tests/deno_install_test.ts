import { assert, assertEquals } from "@std/assert";
import { dirname, fromFileUrl, join } from "@std/path";
import deno from "../deno.json" with { type: "json" };
import { sourceCommit } from "../lib/git/source_commit.ts";
import { EXECUTABLE_PERMISSIONS } from "../tools/permissions.ts";
import { testApp } from "./harness/app.ts";
import { start } from "./harness/program.ts";
import { readBlocks } from "./harness/steps.ts";

const PROJECT = fromFileUrl(new URL("..", import.meta.url));

/** A graph of modules as Deno tells it. */
interface Graph {
  readonly modules: readonly {
    readonly error?: string;
    readonly dependencies?: readonly { readonly code?: { readonly error?: string } }[];
  }[];
}

/** The README's `deno install`. */
async function installCommand(): Promise<string> {
  const blocks = readBlocks(await Deno.readTextFile(join(PROJECT, "README.md")));
  const lines = blocks.flatMap((it) => it.lines).join("\n");
  return /^deno install (?:.*\\\n)*.*/m.exec(lines)?.[0] ?? "";
}

Deno.test("the README's deno install makes an hsm that works far from its sources", async () => {
  await using app = await testApp({
    plugins: ["plug-a"],
    // Neither are the settings of a project that it is called in.
    files: { "deno.json": `{ "imports": { "@std/path": "./none.ts" } }` },
  });
  const installed = join(app.folder, "installed");
  const env = {
    ...app.env,
    DENO_INSTALL_ROOT: installed,
    PATH: [join(installed, "bin"), dirname(Deno.execPath()), Deno.env.get("PATH")].join(":"),
  };
  const run = (command: string, cwd: string) => start(["sh", "-c", command], { cwd, env }).ended;

  const commit = (await sourceCommit(PROJECT))?.replace(/^(.{9})[0-9a-f]+/, "$1");
  // Again, as where the copy of HSM has moved.
  for (const _ of ["once", "again"]) {
    (await run(await installCommand(), PROJECT)).expect({ code: 0, stderr: "" });
  }

  (await run("command -v hsm && hsm --version", "/")).expect({
    code: 0,
    stdout: `${installed}/bin/hsm\nhsm ${deno.version} (${commit}, ${Deno.build.target})\n` +
      `deno ${Deno.version.deno}\n`,
    stderr: "",
  });
  (await run("hsm sync", app.root)).expect({
    code: 0,
    stdout: `+  plug-a  requirement  plug-a
+  plug-a  source       { git = "file://${app.folder}/remotes/plug-a", tag = "v1.0.0" }
`,
  });
  assertEquals(await app.python("import plug_a; print(plug_a.VALUE)"), "1.0.0");
  (await run("hsm sync", app.root)).expect({
    code: 0,
    stdout: "",
    stderr: "1 package is in line\n",
  });
});

Deno.test("the README's deno install permits what the executable may do, and nothing else", async () => {
  const words = (await installCommand()).split(/[\s\\]+/);
  const permissions = words.filter((it) => /^--(?:allow|deny|no-prompt)/.test(it));
  assertEquals(permissions.sort(), EXECUTABLE_PERMISSIONS.toSorted());
});

Deno.test("deno.json is an import map that names every module that the executable may load", async () => {
  const run = await start(
    [Deno.execPath(), "info", "--json", "--no-config", "--import-map=deno.json", "cli.ts"],
    { cwd: PROJECT },
  ).ended;
  const { modules } = JSON.parse(run.expect({ code: 0 }).stdout) as Graph;
  const errors = modules.flatMap(({ error, dependencies = [] }) => [
    error,
    ...dependencies.map((it) => it.code?.error),
  ]);
  assert(modules.length > 400, `${modules.length} modules`);
  assertEquals(errors.filter((it) => it !== undefined), []);
});
