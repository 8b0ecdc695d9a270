import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { hsmCommand, type TestApp, testApp } from "../harness/app.ts";
import { start } from "../harness/program.ts";

/** The app of these tests, with an `hsm` on PATH. */
async function appWithHsm(): Promise<TestApp> {
  const app = await testApp({ plugins: ["plug-a", "plug-b"] });
  const command = hsmCommand().map((word) => `'${word}'`).join(" ");
  await Deno.mkdir(join(app.folder, "bin"));
  await Deno.writeTextFile(join(app.folder, "bin/hsm"), `#!/bin/sh\nexec ${command} "$@"\n`, {
    mode: 0o755,
  });
  return app;
}

/** Runs a shell's own program text with `hsm` on PATH. */
async function shell(app: TestApp, argv: readonly string[]): Promise<string> {
  const path = `${join(app.folder, "bin")}:${Deno.env.get("PATH")}`;
  const run = await start(argv, { cwd: app.root, env: { ...app.env, PATH: path } }).ended;
  return run.expect({ code: 0, stderr: "" }).stdout;
}

function has(program: string, test: string): { ignore: boolean; name: string } {
  try {
    new Deno.Command(program, { args: ["--version"], stdout: "null", stderr: "null" }).outputSync();
    return { name: test, ignore: false };
  } catch {
    console.warn(`There is no ${program} here: its completion is not tried`);
    return { name: test, ignore: true };
  }
}

Deno.test(has("bash", "hsm completions bash completes in bash"), async () => {
  await using app = await appWithHsm();
  const script = `eval "$(hsm completions bash)"
complete -p hsm
tab() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _hsm; echo "\${COMPREPLY[*]}"; }
compopt() { echo "compopt $*"; }
tab hsm sy
tab hsm dev plug-
tab hsm dev plug-a ''
tab hsm graph --format = m
tab hsm graph --for
tab hsm new ''
tab hsm -C ''
tab hsm sync -- ''
tab hsm dev '$(touch evil)' '\`touch evil\`'
`;
  assertEquals(
    await shell(app, ["bash", "--norc", "-c", script]),
    `complete -F _hsm hsm
sync
plug-a plug-b
plug-b
mermaid
--format

compopt -o dirnames

compopt -o default


`,
  );
  assertEquals(await app.exists("evil"), false);
});

Deno.test(has("zsh", "hsm completions zsh completes in zsh"), async () => {
  await using app = await appWithHsm();
  // The function itself, with what zsh would call it with.
  const script = `compdef() { print -r -- "compdef $*"; }
eval "$(hsm completions zsh)"
_describe() { print -rl -- "\${found[@]}"; }
_files() { print -r -- "files $*"; }
tab() { words=("$@"); CURRENT=$#; _hsm; }
tab hsm sy
tab hsm dev plug-a ''
tab hsm graph --format=m
tab hsm -C ''
`;
  assertEquals(
    await shell(app, ["zsh", "-f", "-c", script]),
    `compdef _hsm hsm
sync:Clone, map, inject and install: everything as the manifest says
plug-b:package
--format=mermaid:
files -/
`,
  );
});

Deno.test(has("fish", "hsm completions fish completes in fish"), async () => {
  await using app = await appWithHsm();
  const script = `hsm completions fish | source
complete -C 'hsm sy'
complete -C 'hsm dev plug-'
complete -C 'hsm dev plug-a '
complete -C 'hsm graph --format m'
complete -C 'hsm graph --format=m'
complete -C 'hsm new '
`;
  assertEquals(
    await shell(app, ["fish", "--no-config", "-c", script]),
    `sync\tClone, map, inject and install: everything as the manifest says
plug-a\tpackage
plug-b\tpackage
plug-b\tpackage
mermaid
--format=mermaid
`,
  );
});

Deno.test("hsm completions prints a script for PowerShell", async () => {
  await using app = await testApp();
  (await app.hsm("completions", "powershell")).expect({
    code: 0,
    stdout: /\nRegister-ArgumentCompleter -Native -CommandName hsm -ScriptBlock \{\n/,
    stderr: "",
  });
});

Deno.test("hsm completions --complete is silent where names cannot be read", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  const complete = (...words: string[]) => app.hsm("completions", "--complete", "--", ...words);

  (await complete("dev", "pl")).expect({ code: 0, stdout: "plug-a\tpackage\n", stderr: "" });
  (await complete("-C", app.root, "dev", "")).expect({ code: 0, stdout: "plug-a\tpackage\n" });
  (await complete("-C", "..", "dev", "")).expect({ code: 0, stdout: "", stderr: "" });
  (await complete()).expect({ code: 0, stdout: /^sync\t/m, stderr: "" });
  assertMatch((await complete("--json", "")).stdout, /^sync\t/m);
  await app.write("hsm.yaml", "packages: [\n");
  await app.untouched(async () => {
    (await complete("dev", "")).expect({ code: 0, stdout: "", stderr: "" });
  });
});

Deno.test("hsm completions says which shells there are", async () => {
  await using app = await testApp();
  (await app.hsm("completions")).expect({
    code: 2,
    stdout: "",
    stderr: "error: Cannot run hsm completions: it needs a SHELL\n" +
      "hint: name one of bash, zsh, fish, powershell\n",
  });
  (await app.hsm("completions", "tcsh")).expect({
    code: 2,
    stdout: "",
    stderr: "error: Cannot run hsm completions: `tcsh` is no SHELL, " +
      "which is one of bash, zsh, fish, powershell\n" +
      "hint: run `hsm completions --help` for its options\n",
  });
  (await app.hsm("completions", "bash", "zsh")).expect({
    code: 2,
    stdout: "",
    stderr: /`zsh` is one word too many/,
  });
});
