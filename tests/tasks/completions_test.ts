import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { type TestApp, testApp } from "../harness/app.ts";
import { runShell, shellTest } from "../harness/shells.ts";

/** Tags that a shell would do something with. */
const HOSTILE = ["x$(touch${IFS}evil)", "y`touch${IFS}evil`", "z';touch${IFS}evil;'"];

/** An app with a package in each mode, and with tags of all kinds. */
async function taggedApp(): Promise<TestApp> {
  const app = await testApp({
    plugins: ["plug-a", "plug-b"],
    manifest: `packages:
  plug-a: { git: "{remotes}/plug-a", tag: v1.0.0, mode: dev }
  plug-b: { git: "{remotes}/plug-b", tag: v1.0.0 }
`,
  });
  const tags = ["v1.2.0", "v1.10.0", "v1.0.0+cu12", ...HOSTILE];
  for (const tag of tags) await app.plugin("plug-b").git("tag", tag);
  // The remote is not waited for where the machine is slow.
  await app.git(".", "clone", "-q", app.plugin("plug-b").url, "packages/plug-b");
  return app;
}

/** What was printed, with the dates of tags replaced. */
function withoutDates(text: string): string {
  return text.replace(/\b20\d\d-\d\d-\d\d\b/g, "DATE");
}

/** Asserts that nothing of what a tag says was done. */
async function assertUnharmed(app: TestApp): Promise<void> {
  assertEquals(await app.exists("evil"), false);
}

shellTest("bash", "hsm completions bash completes in bash", async () => {
  await using app = await taggedApp();
  // What bash itself would set. Some versions make words of their own of = and : here, others do not.
  const script = `eval "$(hsm completions bash)"
complete -p hsm
tab() {
  COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_POINT=\${#COMP_LINE}; COMPREPLY=(stale)
  _hsm hsm "$replaced"
  printf '%s\\n' "\${COMPREPLY[@]-}" --
}
compopt() { echo "compopt $*"; }
COMP_LINE='hsm sy' replaced=sy; tab hsm sy
COMP_LINE='hsm pin pl' replaced=pl; tab hsm pin pl
COMP_TYPE=63; tab hsm pin pl; COMP_TYPE=9
COMP_LINE='hsm pin plug-b ' replaced=; tab hsm pin plug-b ''
COMP_LINE='hsm pin plug-b x\\$' replaced='x\\$'; tab hsm pin plug-b 'x\\$'
COMP_LINE="hsm pin plug-b 'x" replaced=x; tab hsm pin plug-b "'x"
COMP_LINE='hsm update plug-b --to=v1.1' replaced=v1.1; tab hsm update plug-b --to = v1.1
tab hsm update plug-b --to=v1.1
COMP_LINE='hsm sync --filter=blob:' replaced=; tab hsm sync --filter = blob :
COMP_LINE='hsm sync --filter=' replaced=; tab hsm sync --filter =
COMP_LINE='hsm pin plug-b v1.1 --no-sync' replaced=v1.1; COMP_WORDS=(hsm pin plug-b v1.1 --no-sync)
COMP_CWORD=3 COMP_POINT=19; _hsm hsm "$replaced"; echo "\${COMPREPLY[*]}"
COMP_LINE='hsm new ' replaced=; tab hsm new ''
COMP_LINE='hsm -C ' replaced=; tab hsm -C ''
COMP_LINE='hsm exec -- ls ' replaced=; tab hsm exec -- ls ''
COMP_LINE='hsm dev $(touch evil) \`touch evil\`' replaced='\`touch evil\`'
tab hsm dev '$(touch evil)' '\`touch evil\`'
`;
  const said = await runShell(app, ["bash", "--norc", "-c", script]);
  assertEquals(
    said.replaceAll("compopt -o nosort\n", ""),
    `complete -F _hsm hsm
sync
--
plug-a
plug-b
--
plug-a  (dev, packages/plug-a)
plug-b  (v1.0.0)
--
v1.10.0
v1.2.0
v1.0.0+cu12
v1.0.0
z\\'\\;touch\\$\\{IFS\\}evil\\;\\'
y\\\`touch\\$\\{IFS\\}evil\\\`
x\\$\\(touch\\$\\{IFS\\}evil\\)
--
x\\$\\(touch\\$\\{IFS\\}evil\\)
--
x$(touch\${IFS}evil)
--
v1.10.0
--
v1.10.0
--
none
limit=1m
--
blob:none
blob:limit=1m
tree:0
--
v1.10.0

--
compopt -o dirnames

--
compopt -o default

--

--
`,
  );
  await assertUnharmed(app);
});

shellTest("bash", "hsm completions bash completes without what bash 3.2 lacks", async () => {
  await using app = await taggedApp();
  const script = `enable -n compopt
eval "$(hsm completions bash)"
COMP_WORDS=(hsm -C my) COMP_CWORD=2 COMP_LINE='hsm -C my' COMP_POINT=9
mkdir 'my folder'
_hsm hsm my; printf '%s\\n' "\${COMPREPLY[@]}"
COMP_WORDS=(hsm init --from hsm.) COMP_CWORD=3 COMP_LINE='hsm init --from hsm.' COMP_POINT=20
_hsm hsm hsm.; printf '%s\\n' "\${COMPREPLY[@]}"
COMP_WORDS=(hsm prod '') COMP_CWORD=2 COMP_LINE='hsm prod ' COMP_POINT=9
_hsm hsm ''; printf '%s\\n' "\${COMPREPLY[@]}"
`;
  assertEquals(
    await runShell(app, ["bash", "--norc", "-c", script]),
    "my\\ folder\nhsm.yaml\nplug-a\n",
  );
});

shellTest("fish", "hsm completions fish completes in fish", async () => {
  await using app = await taggedApp();
  const script = `hsm completions fish | source
for line in 'sy' 'pin plug-' 'pin plug-b v1' 'pin plug-b x' 'pin plug-b \\'x' 'update plug-b --to=v1.1' \\
    'sync --filter blob:n' 'graph --format=m' 'new ' '--directory=min' 'exec -- cat hsm.'
    echo "> $line"
    complete -C "hsm $line"
end
`;
  await Deno.mkdir(join(app.root, "mine"));
  assertEquals(
    withoutDates(await runShell(app, ["fish", "--no-config", "-c", script])),
    `> sy
sync\tClone, map, inject and install: everything as the manifest says
> pin plug-
plug-a\tdev, packages/plug-a
plug-b\tv1.0.0
> pin plug-b v1
v1.10.0\tDATE
v1.2.0\tDATE
v1.0.0+cu12\tDATE
v1.0.0\tDATE, the pin now
> pin plug-b x
x$(touch\${IFS}evil)\tDATE
> pin plug-b 'x
x$(touch\${IFS}evil)\tDATE
> update plug-b --to=v1.1
--to=v1.10.0\tDATE
> sync --filter blob:n
blob:none\twithout the contents of files
> graph --format=m
--format=mermaid
> new 
> --directory=min
--directory=mine/
> exec -- cat hsm.
hsm.yaml
`,
  );
  await assertUnharmed(app);
});

shellTest("pwsh", "hsm completions powershell completes in PowerShell", async () => {
  await using app = await taggedApp();
  const script = `hsm completions powershell | Out-String | Invoke-Expression
foreach ($line in 'sy', 'pin plug-', 'pin plug-b v1', 'pin plug-b x', 'update plug-b --to=v1.1', 'new ') {
  "> $line"
  (TabExpansion2 "hsm $line" ("hsm $line".Length)).CompletionMatches | ForEach-Object { $_.CompletionText }
}
`;
  assertEquals(
    await runShell(app, ["pwsh", "-NoProfile", "-Command", script]),
    `> sy
sync
> pin plug-
plug-a
plug-b
> pin plug-b v1
v1.10.0
v1.2.0
v1.0.0+cu12
v1.0.0
> pin plug-b x
'x$(touch\${IFS}evil)'
> update plug-b --to=v1.1
--to=v1.10.0
> new 
`,
  );
  await assertUnharmed(app);
});

Deno.test("hsm completions powershell is answered what PowerShell can put on its command line", async () => {
  await using app = await taggedApp();
  (await app.hsm("completions", "powershell")).expect({
    code: 0,
    stdout: /\nRegister-ArgumentCompleter -Native -CommandName hsm -ScriptBlock \{\n/,
    stderr: "",
  });
  const complete = (...words: string[]) =>
    app.hsm("completions", "powershell", "--complete", "--", ...words);
  const { stdout } = (await complete("pin", "plug-b", " ")).expect({ code: 0, stderr: "" });
  assertEquals(
    withoutDates(stdout),
    `:tag\t
v1.10.0\tDATE
v1.2.0\tDATE
v1.0.0+cu12\tDATE
v1.0.0\tDATE, the pin now
'z'';touch\${IFS}evil;'''\tDATE
'y\`touch\${IFS}evil\`'\tDATE
'x$(touch\${IFS}evil)'\tDATE
`,
  );
});

Deno.test("hsm completions --complete is silent where nothing can be known, and writes nothing", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  const complete = (...words: string[]) => app.hsm("completions", "--complete", "--", ...words);
  const cached = () =>
    Array.fromAsync(Deno.readDir(app.env["XDG_CACHE_HOME"] ?? "")).catch(() => []);

  await app.untouched(async () => {
    (await complete("dev", "pl")).expect({
      code: 0,
      stdout: ":package\t\nplug-a\tv1.0.0\n",
      stderr: "",
    });
    (await complete("-C", app.root, "dev", "")).expect({ code: 0, stdout: /^plug-a\t/m });
    (await complete("-C", "..", "dev", "")).expect({ code: 0, stdout: ":package\t\n", stderr: "" });
    (await complete()).expect({ code: 0, stdout: /^sync\t/m, stderr: "" });
    assertMatch((await complete("--json", "")).stdout, /^sync\t/m);
    (await complete("undo", "")).expect({ code: 0, stdout: ":entry\t\n", stderr: "" });
  });
  assertEquals(await app.exists(".hsm"), false);
  assertEquals(await cached(), []);

  for (const where of [`-qC${app.root}`, `--directory=${app.root}`]) {
    const run = await app.hsm("-C..", "completions", "--complete", "--", where, "dev", "");
    run.expect({ code: 0, stdout: ":package\t\nplug-a\tv1.0.0\n", stderr: "" });
  }
  await app.write("hsm.yaml", "packages: [\n");
  await app.untouched(async () => {
    for (
      const words of [["dev", ""], ["pin", "plug-a", ""], ["update", "--to", ""], ["undo", ""]]
    ) {
      (await complete(...words)).expect({ code: 0, stdout: /^:\w+\t\n$/, stderr: "" });
    }
    (await complete("sy")).expect({ code: 0, stdout: /^sync\t/m, stderr: "" });
    (await complete("sync", "--lo")).expect({ code: 0, stdout: /^--locked\t/m, stderr: "" });
  });
});

Deno.test("hsm completions --complete offers the commands that can be undone", async () => {
  await using app = await testApp({ plugins: ["plug-a", "plug-b"] });
  await app.hsm("prod", "plug-a", "--no-sync");
  await app.hsm("dev", "plug-b", "--no-sync");
  const { stdout } = (await app.hsm("completions", "--complete", "--", "undo", "")).expect({
    code: 0,
  });
  assertMatch(stdout, /^:entry\t\n\d+\thsm dev plug-b --no-sync\n/);
});

Deno.test("hsm completions takes the shell of SHELL, and says which ones there are", async () => {
  await using app = await testApp();
  for (
    const [path, marker] of [
      ["/bin/bash", /complete -F _hsm hsm/],
      ["/usr/local/bin/zsh", /^#compdef hsm/],
      ["/usr/bin/fish", /complete -c hsm/],
      ["/opt/powershell/pwsh", /Register-ArgumentCompleter/],
    ] as const
  ) {
    (await app.hsmWith({ SHELL: path }, "completions")).expect({
      code: 0,
      stdout: marker,
      stderr: "",
    });
  }
  for (const SHELL of ["", "/bin/sh"]) {
    (await app.hsmWith({ SHELL }, "completions")).expect({
      code: 2,
      stdout: "",
      stderr: "error: Cannot run hsm completions: it needs a SHELL\n" +
        "hint: name one of bash, zsh, fish, powershell\n",
    });
  }
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
