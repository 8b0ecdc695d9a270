import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { APP_PYPROJECT, type TestApp, testApp } from "../harness/app.ts";

const MARKS = ["<<<<<<< HEAD", "||||||| 1234567", "=======", ">>>>>>> branch"] as const;

/** A text in which git could not settle a line. */
function conflicting(ours: string, theirs: string): string {
  return `${MARKS[0]}\n${ours}\n${MARKS[1]}\n${MARKS[2]}\n${theirs}\n${MARKS[3]}\n`;
}

const MANIFEST = "git: {remotes}/{name}\npackages:\n";

/** Every command that reads a file says so, with its lines, and leaves all as it is. */
async function assertTold(
  app: TestApp,
  file: string,
  code: string,
  commands: readonly (readonly string[])[],
): Promise<void> {
  await app.untouched(async () => {
    for (const command of commands) {
      const run = await app.hsm(...command);
      run.expect({ code: 2, stdout: "" });
      assertStringIncludes(run.stderr, "unresolved merge conflict in lines ", `hsm ${command}`);
      assertStringIncludes(run.stderr, "<<<<<<< HEAD\n");
      assertStringIncludes(run.stderr, `${file}:`);
      assertStringIncludes(run.stderr, "\nhint: ");
      const { error } = (await app.hsm(...command, "--json")).json();
      assertEquals((error as { code: string }).code, code);
    }
  });
  const doctor = (await app.hsm("doctor")).expect({ code: 1 });
  assertStringIncludes(doctor.stdout, "unresolved merge conflict");
  assertStringIncludes(doctor.stdout, file);
}

const COMMANDS = [["sync"], ["status"], ["check", "--offline"], ["diff"]];

for (const end of ["\n", "\r\n"]) {
  const name = end === "\n" ? "LF" : "CRLF";

  Deno.test(`a merge conflict in hsm.yaml (${name}) is told as one, with its lines`, async () => {
    await using app = await testApp({ plugins: ["plug"] });
    const text = MANIFEST + conflicting("  plug: v1.0.0", "  plug: v2.0.0");
    await app.write("hsm.yaml", text.replaceAll("\n", end));

    (await app.hsm("sync")).expect({
      code: 2,
      stderr: `error: Cannot read hsm.yaml: 1 problem
  hsm.yaml:3:1: unresolved merge conflict in lines 3 to 8
    3 | <<<<<<< HEAD
      | ^^^^^^^^^^^^
hint: keep what is to be in hsm.yaml, take out the lines with the marks, then \`git add\` it
`,
    });
    await assertTold(app, "hsm.yaml", "manifest-invalid", COMMANDS);
  });

  Deno.test(`a merge conflict in pyproject.toml (${name}) is told as one, with its lines`, async () => {
    await using app = await testApp({ plugins: ["plug"] });
    const text = `${APP_PYPROJECT}\n[tool.a]\n${conflicting("b = 1", "b = 2")}[tool.c]\n${
      conflicting("d = 1", "d = 2")
    }`;
    await app.write("pyproject.toml", text.replaceAll("\n", end));

    (await app.hsm("sync")).expect({
      code: 2,
      stderr: `error: Cannot read pyproject.toml: unresolved merge conflict
  pyproject.toml:8:1: unresolved merge conflict in lines 8 to 13
    8 | <<<<<<< HEAD
      | ^
  pyproject.toml:15:1: unresolved merge conflict in lines 15 to 20
    15 | <<<<<<< HEAD
       | ^
hint: keep what is to be in pyproject.toml, take out the lines with the marks, then \`git add\` it
`,
    });
    await assertTold(app, "pyproject.toml", "pyproject-invalid", COMMANDS);
  });
}

Deno.test("a merge conflict in hsm.local.yaml is told as one", async () => {
  await using app = await testApp({ plugins: ["plug"] });
  await app.write("hsm.local.yaml", conflicting("mode: dev", "mode: prod"));
  await assertTold(app, "hsm.local.yaml", "manifest-invalid", COMMANDS);
});

Deno.test("a manifest that is nothing but a merge conflict is told as one", async () => {
  await using app = await testApp({ plugins: ["plug"] });
  await app.write("hsm.yaml", "<<<<<<< HEAD\n=======\n>>>>>>> branch\n");
  await assertTold(app, "hsm.yaml", "manifest-invalid", [["sync"], ["status"]]);
});

Deno.test("a merge conflict in uv.lock is told before uv looks at it", async () => {
  await using app = await testApp({ plugins: ["plug"] });
  (await app.hsm("sync")).expect({ code: 0 });
  const lock = await app.read("uv.lock");
  await app.write("uv.lock", lock + conflicting("# ours", "# theirs"));
  const first = lock.split("\n").length;

  (await app.hsm("sync")).expect({
    code: 2,
    stderr: `error: Cannot read uv.lock: unresolved merge conflict
  uv.lock:${first}:1: unresolved merge conflict in lines ${first} to ${first + 5}
    ${first} | <<<<<<< HEAD
    ${" ".repeat(`${first}`.length)} | ^
hint: settle pyproject.toml first; then take one side of the lock file whole, such as \`git checkout --ours -- uv.lock\`, and run \`hsm sync\`
`,
  });
  await assertTold(app, "uv.lock", "lock-invalid", [...COMMANDS, ["sync", "--locked"]]);
});

Deno.test("merge conflicts in several files are told together, whichever is read first", async () => {
  await using app = await testApp({ plugins: ["plug"] });
  (await app.hsm("sync")).expect({ code: 0 });
  const [lock, pyproject, manifest] = await Promise.all(
    ["uv.lock", "pyproject.toml", "hsm.yaml"].map((it) => app.read(it)),
  );
  await app.write("uv.lock", lock + conflicting("# ours", "# theirs"));
  await app.write("pyproject.toml", pyproject + conflicting("# ours", "# theirs"));
  const part = (file: string, text: string) => {
    const line = text.split("\n").length;
    return `  ${file}:${line}:1: unresolved merge conflict in lines ${line} to ${line + 5}
    ${line} | <<<<<<< HEAD
    ${" ".repeat(`${line}`.length)} | ^
`;
  };
  const whole = "take one side of the lock file whole, such as `git checkout --ours -- uv.lock`, " +
    "and run `hsm sync`";

  (await app.hsm("sync")).expect({
    code: 2,
    stderr: `error: Cannot read pyproject.toml, uv.lock: unresolved merge conflict
${part("pyproject.toml", pyproject!)}${part("uv.lock", lock!)}` +
      "hint: keep what is to be in pyproject.toml, take out the lines with the marks, then " +
      `\`git add\` it; then ${whole}\n`,
  });
  await assertTold(app, "pyproject.toml", "lock-invalid", [["sync"]]);

  await app.write("hsm.yaml", manifest + conflicting("# ours", "# theirs"));
  (await app.hsm("status")).expect({
    code: 2,
    stderr: `error: Cannot read hsm.yaml, pyproject.toml, uv.lock: unresolved merge conflict
${part("hsm.yaml", manifest!)}${part("pyproject.toml", pyproject!)}${part("uv.lock", lock!)}` +
      "hint: keep what is to be in hsm.yaml and pyproject.toml, take out the lines with the marks, " +
      `then \`git add\` them; then ${whole}\n`,
  });
});

Deno.test("a merge conflict in a lock file outside of the app's folder is told, and not shown", async () => {
  await using app = await testApp({ plugins: ["plug"] });
  await Deno.writeTextFile(`${app.folder}/secret`, conflicting("token: one", "token: two"));
  await Deno.symlink(`${app.folder}/secret`, `${app.root}/uv.lock`);
  const run = (await app.hsm("sync")).expect({ code: 2 });
  assert(!run.stderr.includes("<<<<<<<"), run.stderr);
});

Deno.test("a merge conflict in a component's pyproject.toml is told as one", async () => {
  await using app = await testApp({ plugins: ["plug"] });
  (await app.hsm("sync")).expect({ code: 0 });
  (await app.hsm("dev", "plug", "--yes")).expect({ code: 0 });
  const text = await app.read("packages/plug/pyproject.toml");
  await app.write("packages/plug/pyproject.toml", text + conflicting("a = 1", "a = 2"));

  const line = text.split("\n").length;
  const run = (await app.hsm("check", "--offline")).expect({ code: 2 });
  assertStringIncludes(run.stdout, `unresolved merge conflict in lines ${line} to ${line + 5}`);
  assertStringIncludes(run.stdout, `packages/plug/pyproject.toml:${line}`);
  const synced = (await app.hsm("sync")).expect({ code: 2 });
  assertStringIncludes(synced.stderr, "unresolved merge conflict in lines ");
});

Deno.test("lines that only look like a merge conflict's are a text's own", async () => {
  const text = `${APP_PYPROJECT}\n[tool.a]\nb = """\n${conflicting("x", "y")}"""\n`;
  await using app = await testApp({ pyproject: text, manifest: "packages: {}\n" });
  (await app.hsm("check", "--offline")).expect({ code: 0 });
});
