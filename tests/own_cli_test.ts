import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { type TestApp, testApp } from "./harness/app.ts";
import { eventsOf } from "./harness/events.ts";
import { waitForFile } from "./harness/fake_uv.ts";
import { must, type Run } from "./harness/program.ts";
import { runShell, shellTest } from "./harness/shells.ts";
import { OWN_TOOL, startTool } from "./harness/tool.ts";

function mytool(app: TestApp, ...args: string[]): Promise<Run> {
  return startTool(app, OWN_TOOL, args).ended;
}

Deno.test("a tool of one's own takes words, values and switches, and needs no workspace", async () => {
  await using app = await testApp();
  const run = (...args: string[]) => startTool(app, OWN_TOOL, args, app.folder).ended;
  (await run("greet", "world")).expect({ code: 0, stdout: "Hello world, warm\n", stderr: "" });
  (await run("-q", "greet", "world", "2", "-mcool", "--loudly")).expect({
    code: 0,
    stdout: "Hello world, cool! Hello world, cool!\n",
    stderr: "",
  });
  (await run("greet", "world", "--json")).expect({
    code: 0,
    stdout: '{\n  "version": 1,\n  "text": "Hello world, warm"\n}\n',
    stderr: "",
  });
  (await run("facts")).expect({ code: 0, stdout: '{\n  "answer": 42\n}\n', stderr: "" });
  assertEquals((await run("facts", "--json")).json(), { answer: 42 });
  (await run("both")).expect({ code: 0, stdout: "42\n", stderr: "" });
  (await run("nothing")).expect({ code: 0, stdout: "", stderr: "" });
  assertEquals((await run("nothing", "--json")).json(), {});
  (await run("ship", "plug-a", "--by", "sea", "-y", "--", "-x", "--json")).expect({
    code: 0,
    stdout: "plug-a  -  sea\n           -x\n           --json\n",
    stderr: "Shipped\n",
  });
  (await run("forget")).expect({
    code: 2,
    stdout: "",
    stderr: /^error: Cannot find hsm\.yaml in \[DIR\] or any folder above it\nhint: run `hsm init`/,
  });
});

Deno.test("a tool of one's own tells of programs outside of a workspace, in words and as events", async () => {
  await using app = await testApp();
  const run = (...args: string[]) => startTool(app, OWN_TOOL, args, app.folder).ended;
  (await run("say")).expect({ code: 0, stdout: "", stderr: "said\n" });
  const told = await run("say", "--events");
  told.expect({ code: 0, stdout: "" });
  const programs = eventsOf(told).flatMap((it) => it.kind === "ran" ? [it.argv] : []);
  assertEquals(programs, [["sh", "-c", "echo said"]]);
});

Deno.test("a tool of one's own says by its own name what is wrong with a command line", async () => {
  await using app = await testApp();
  const options = (command: string) => `run \`mytool ${command} --help\` for its options`;
  const cases: readonly (readonly [line: string, message: string, hint: string])[] = [
    ["gret", "mytool gret: there is no such command", "did you mean `mytool greet`?"],
    ["ls", "mytool ls: there is no such command", "did you mean `mytool list`?"],
    ["st", "mytool st: there is no such command", "run `mytool --help` for the commands"],
    ["status", "mytool status: there is no such command", "run `mytool --help` for the commands"],
    // It has said none.
    ["--version", "mytool --version: it needs a command", "run `mytool --help` for the commands"],
    ["version", "mytool version: there is no such command", "run `mytool --help` for the commands"],
    ["-- greet", "mytool --: it needs a command", "run `mytool --help` for the commands"],
    ["greet", "mytool greet: it needs a NAME", options("greet")],
    ["greet a 2 c", "mytool greet: `c` is one word too many", options("greet")],
    ["greet a b", "mytool greet: `b` is no TIMES, which is a whole number", options("greet")],
    ["greet a --loud", "mytool greet: there is no option --loud", "did you mean `--loudly`?"],
    [
      "greet a --mood hot",
      "mytool greet: --mood is `hot`, and must be one of warm, cool",
      options("greet"),
    ],
    ["greet a -- b", "mytool greet: it takes nothing behind `--`", options("greet")],
    ["ship plug-a", "mytool ship: it needs --by", options("ship")],
    [
      "ship plug-a --by sea",
      "", // asked of nobody
      "nobody can be asked here; pass `--yes`",
    ],
    [
      "exec",
      "mytool exec: there is no command behind `--`",
      "run `mytool exec -- git log -1`, for example",
    ],
    [
      "sync --locked --dry-run",
      "mytool sync: --locked and --dry-run exclude each other",
      "with --locked no file is to change; `hsm diff --exit-code` only looks",
    ],
  ];
  for (const [line, message, hint] of cases) {
    const said = message === ""
      ? "Cannot go on without an answer: Ship plug-a?"
      : `Cannot run ${message}`;
    const run = await mytool(app, ...line.split(" "));
    run.expect({ code: 2, stdout: "", stderr: `error: ${said}\nhint: ${hint}\n` });
  }
  const failed = await mytool(app, "gret", "--json");
  failed.expect({ code: 2, stderr: "" });
  assertEquals(failed.json(), {
    error: {
      code: "usage",
      message: "Cannot run mytool gret: there is no such command",
      hint: "did you mean `mytool greet`?",
      restored: [],
    },
  });
});

Deno.test("a tool of one's own has help of its own and hsm's commands, each by its name", async () => {
  await using app = await testApp();
  const help = await mytool(app, "--help");
  help.expect({
    code: 0,
    stderr: "",
    stdout:
      /^Ours\.\n\nStart here:\n  mytool greet NAME  begin\n\nUsage: mytool COMMAND \[OPTIONS\]\n\nCommands:\n  greet        Greet somebody\n/,
  });
  // Its own way of a command counts, and those of a title stand together.
  assertMatch(help.stdout, /^  list         List ours$/m);
  assertMatch(help.stdout, /\n\nEvery day:\n  ship\n  sync +Clone, .*\n  undo .*\n\n/);
  assertMatch(help.stdout, /\n\nAround mytool:\n  completions .* complete mytool\n/);
  assertMatch(help.stdout, /\nRun `mytool help COMMAND` for a command's own options\.\n$/);
  for (const words of [[], ["help"], ["-h"], ["-qh"]]) {
    assertEquals((await mytool(app, ...words)).expect({ code: 0 }).stdout, help.stdout);
  }
  (await mytool(app, "greet", "-h")).expect({
    code: 0,
    stdout:
      /^Greet somebody\.\n\nUsage: mytool greet NAME \[TIMES\] \[OPTIONS\]\n\nArguments:\n  NAME   Whom to greet\n  TIMES  How often\n\nOptions:\n  -m, --mood warm\|cool  How\n/,
  });
  assertEquals((await mytool(app, "greet", "-h")).stdout.includes("Examples"), false);
  (await mytool(app, "facts", "-h")).expect({
    code: 0,
    stdout: /^Usage: mytool facts \[OPTIONS\]\n\n/,
  });
  const undo = (await mytool(app, "undo", "--help")).stdout;
  assertMatch(undo, /With a NUMBER of `mytool undo --list`:/);
  assertMatch(undo, /^  mytool undo --dry-run 12$/m);
  assertMatch((await mytool(app, "exec", "--help")).stdout, /and mytool exits as it does\./);
  (await mytool(app, "list")).expect({ code: 0, stdout: "ours\n", stderr: "" });
  const { commands } = (await mytool(app, "--help", "--json")).json() as {
    readonly commands: readonly { readonly name: string; readonly group: string }[];
  };
  assertEquals(commands.find((it) => it.name === "ship")?.group, "Every day");
});

Deno.test("what a command of one's own leaves goes back, and hints name commands that there are", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  await app.unchanged(async () => {
    (await mytool(app, "forget")).expect({
      code: 0,
      stdout: "",
      stderr: "warning: left without `commit()`: as before is hsm.yaml\n",
    });
    (await mytool(app, "fail")).expect({
      code: 1,
      stdout: "",
      stderr: `error: Cannot fail: it does
  restored: hsm.yaml
hint: run \`mytool sync\`, \`hsm remove plug-a\` or \`mytool --help\`
`,
    });
    const failed = await mytool(app, "fail", "--json");
    failed.expect({ code: 1, stderr: "" });
    assertEquals(failed.json(), {
      error: {
        code: "checkout-dirty",
        message: "Cannot fail: it does",
        hint: "run `mytool sync`, `hsm remove plug-a` or `mytool --help`",
        restored: ["hsm.yaml"],
      },
    });
    (await mytool(app, "fail", "--how=bug")).expect({
      code: 1,
      stdout: "",
      stderr: `error: Cannot go on: TypeError: nothing of that
  restored: hsm.yaml
hint: this is a bug in mytool; with --verbose it shows where
`,
    });
    (await mytool(app, "fail", "--how=program")).expect({
      code: 1,
      stdout: "",
      stderr:
        /\nerror: Cannot run `git no-such-command` in \[DIR\]\/app: [^]*\n  restored: hsm\.yaml\n/,
    });
  });
});

Deno.test("Ctrl-C ends a command of one's own that knows nothing of it, after the rollback", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  const begun = join(app.folder, "begun");
  const ended = { code: 130, stdout: "" };
  const interrupted = "error: Cannot go on: interrupted by SIGINT\n";
  const interrupt = async (...args: string[]) => {
    const running = startTool(app, OWN_TOOL, [...args, begun]);
    await waitForFile(begun);
    const since = performance.now();
    running.kill("SIGINT");
    const run = await running.ended;
    assertEquals(performance.now() - since < 20_000, true);
    await Deno.remove(begun);
    return run;
  };
  (await interrupt("wait")).expect({ ...ended, stderr: `Waiting\n${interrupted}` });
  await app.unchanged(async () => {
    (await interrupt("wait", "--open")).expect({
      ...ended,
      stderr: `Waiting\n${interrupted}  restored: hsm.yaml\n`,
    });
  });
  // The lock is free again, and nothing is left to repair.
  (await app.hsm("list")).expect({ code: 0, stderr: "" });
});

Deno.test("what a command of one's own has started ends before it", async () => {
  await using app = await testApp();
  const file = join(app.folder, "pid");
  const running = startTool(app, OWN_TOOL, ["sleep", file]);
  await waitForFile(file);
  running.kill("SIGTERM");
  (await running.ended).expect({
    code: 143,
    stdout: "",
    stderr: "error: Cannot go on: interrupted by SIGTERM\n",
  });
  const pid = (await Deno.readTextFile(file)).trim();
  await must(["sh", "-c", `! kill -0 ${pid} 2>/dev/null`], { cwd: app.folder });
});

Deno.test("the history notes a command of one's own by its own command line", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  (await mytool(app, "sync")).expect({ code: 0 });
  (await mytool(app, "undo", "--list")).expect({ code: 0, stdout: /  mytool sync  /, stderr: "" });
});

shellTest("bash", "a tool of one's own completes in bash", async () => {
  await using app = await testApp({ plugins: ["plug-a", "plug-b"] });
  const script = `eval "$(mytool completions bash)"
complete -p mytool
compopt() { :; }
tab() {
  COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=\${#COMP_LINE}; COMPREPLY=()
  _mytool mytool "\${COMP_WORDS[COMP_CWORD]}"
  printf '%s ' "\${COMPREPLY[@]-}"; echo
}
tab mytool gr
tab mytool greet ''
tab mytool greet --mood ''
tab mytool greet --m
tab mytool ship plug
tab mytool ship plug-a v
tab mytool sync plug-
tab mytool --vers
tab mytool undo ''
`;
  assertEquals(
    await runShell(app, ["bash", "--norc", "-c", script], { mytool: OWN_TOOL }),
    `complete -F _mytool mytool
greet 
 
warm cool 
--mood 
plug-a plug-b 
v1.0.0 
plug-a plug-b 
 
 
`,
  );
});

shellTest("fish", "a tool of one's own completes in fish", async () => {
  await using app = await testApp({ plugins: ["plug-a", "plug-b"] });
  const script = `mytool completions fish | source
for line in 'gr' 'greet ' 'greet --mood ' 'greet --mood=w' 'ship plug' 'sync plug-b plug-'
    echo "> $line"
    complete -C "mytool $line"
end
`;
  assertEquals(
    await runShell(app, ["fish", "--no-config", "-c", script], { mytool: OWN_TOOL }),
    `> gr
greet\tGreet somebody
> greet 
> greet --mood 
warm
cool
> greet --mood=w
--mood=warm
> ship plug
plug-a\tv1.0.0
plug-b\tv1.0.0
> sync plug-b plug-
plug-a\tv1.0.0
`,
  );
});

shellTest("pwsh", "a tool of one's own completes in PowerShell", async () => {
  await using app = await testApp({ plugins: ["plug-a", "plug-b"] });
  const script = `mytool completions powershell | Out-String | Invoke-Expression
foreach ($line in 'gr', 'greet --mood ', 'ship plug') {
  "> $line"
  (TabExpansion2 "mytool $line" ("mytool $line".Length)).CompletionMatches | ForEach-Object { $_.CompletionText }
}
`;
  assertEquals(
    await runShell(app, ["pwsh", "-NoProfile", "-Command", script], { mytool: OWN_TOOL }),
    "> gr\ngreet\n> greet --mood \nwarm\ncool\n> ship plug\nplug-a\nplug-b\n",
  );
});
