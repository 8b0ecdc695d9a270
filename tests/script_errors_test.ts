import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { type TestApp, testApp } from "./harness/app.ts";
import { type Run, start } from "./harness/program.ts";

const PROJECT = fromFileUrl(new URL("..", import.meta.url));

/** Runs a script in the app's folder; it may do what docs/scripting.md says, unless told otherwise. */
async function runScript(app: TestApp, text: string, allow = ["--allow-all"]): Promise<Run> {
  await Deno.writeTextFile(`${app.folder}/script.ts`, text);
  return await start([
    Deno.execPath(),
    "run",
    "--quiet",
    "--no-prompt",
    "--cached-only",
    ...allow,
    `--config=${PROJECT}deno.json`,
    `${app.folder}/script.ts`,
  ], { cwd: app.root, env: app.env }).ended;
}

Deno.test("a hint names the option of the task, not one of a command line that nobody has typed", async () => {
  await using app = await testApp({
    plugins: ["plug-a"],
    files: { "hsm.local.yaml": "mode: dev\n" },
  });
  (await runScript(
    app,
    `import { clone, openWorkspace } from "@hsm/hsm";
    await using workspace = await openWorkspace();
    await clone(workspace);`,
  )).expect({ code: 2, stderr: /\nhint: pass `yes: true`\n$/ });
});

const INCOMPATIBLE = `git: {remotes}/{name}
packages:
  plug-a: v1.0.0
  plug-b: v9.9.9
  plug-c: v1.0.0
`;

Deno.test("an HsmError that nobody catches is what hsm itself prints, and so is the exit status", async () => {
  await using app = await testApp({ plugins: ["plug-a", "plug-b"], manifest: INCOMPATIBLE });
  const failing = (statement: string) => `
    import { check, HsmError, openWorkspace, sync } from "@hsm/hsm";
    await using workspace = await openWorkspace();
    ${statement}
  `;
  for (
    const statement of [
      // At the top, in a function that is waited for, in one that is not, and after a turn of the loop.
      "await sync(workspace);",
      "await (async () => { await sync(workspace); })();",
      "sync(workspace); await new Promise((resolve) => setTimeout(resolve, 20_000));",
    ]
  ) {
    const run = await runScript(app, failing(statement));
    const expected = await app.hsm("sync");
    run.expect({ code: expected.code, stdout: "" });
    assertEquals(
      run.stderr.replaceAll(app.folder, "[DIR]"),
      expected.stderr.replace("hsm sync --no-check", "noCheck: true"),
      statement,
    );
  }
});

Deno.test("an uncaught HsmError has causes and a hint, needs no permission, and hides secrets", async () => {
  await using app = await testApp();
  const error = `new HsmError("uv-failed", "Cannot sync", {
    causes: ["a needs b", "one\\n  two\\n"],
    hint: "ask https://me:s3cret@example.com",
    cause: new Error("never shown"),
  })`;
  const told = `error: Cannot sync
  cause: a needs b
  one
    two
hint: ask https://***@example.com
`;
  const script = (statement: string) => `import { HsmError } from "@hsm/hsm"; ${statement}`;
  const fail = (text: string) => runScript(app, script(text), []);
  (await fail(`throw ${error};`)).expect({ code: 1, stdout: "", stderr: told });
  (await fail(`setTimeout(() => { throw ${error}; });`)).expect({ code: 1, stderr: told });
  (await fail(`console.error(${error});`)).expect({ code: 0, stdout: "", stderr: told });
  (await fail(`console.log({ it: ${error} });`)).expect({ code: 0, stdout: /it: error: Cannot/ });
  (await fail(`
    await using _ = { [Symbol.asyncDispose]() {
      throw new HsmError("rollback-failed", "Cannot roll back");
    } };
    throw ${error};
  `)).expect({ code: 3, stderr: /^error: Cannot roll back\n {2}cause: Cannot sync\n/ });
  // The script's own errors are Deno's to show, and its own listeners come first.
  (await fail(`throw new TypeError("mine");`)).expect({ code: 1, stderr: /Uncaught.*mine/ });
  (await runScript(
    app,
    `addEventListener("unhandledrejection", (it) => it.preventDefault());
    const { HsmError } = await import("@hsm/hsm");
    Promise.reject(${error});`,
    [],
  )).expect({ code: 0, stdout: "", stderr: "" });
});
