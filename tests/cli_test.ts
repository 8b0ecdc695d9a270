import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import deno from "../deno.json" with { type: "json" };
import { hsmCommand, testApp } from "./harness/app.ts";
import { sourceCommit } from "../lib/git/source_commit.ts";
import { hsmCommands } from "../tasks/mod.ts";
import { fakeUv, waitForFile } from "./harness/fake_uv.ts";
import { GLOBAL_OPTIONS } from "../lib/command/globals.ts";

Deno.test("hsm says in one line what is wrong with a command line", async () => {
  await using app = await testApp();
  const cases: [string[], string, string][] = [
    [["snyc"], "Cannot run hsm snyc: there is no such command", "did you mean `hsm sync`?"],
    [["ls"], "Cannot run hsm ls: there is no such command", "did you mean `hsm list`?"],
    [
      ["constructor"],
      "Cannot run hsm constructor: there is no such command",
      "run `hsm --help` for the commands",
    ],
    [
      ["version"],
      "Cannot run hsm version: there is no such command",
      "did you mean `hsm --version`?",
    ],
    [
      ["frobnicate"],
      "Cannot run hsm frobnicate: there is no such command",
      "run `hsm --help` for the commands",
    ],
    [
      ["--bogus"],
      "Cannot run hsm --bogus: it needs a command",
      "run `hsm --help` for the commands",
    ],
    [
      ["sync", "--lokced"],
      "Cannot run hsm sync: there is no option --lokced",
      "did you mean `--locked`?",
    ],
    [
      ["sync", "-x"],
      "Cannot run hsm sync: there is no option -x",
      "run `hsm sync --help` for its options",
    ],
    [
      ["sync", "--yes=no"],
      "Cannot run hsm sync: --yes takes no value",
      "run `hsm sync --help` for its options",
    ],
    [
      ["sync", "-y=no"],
      "Cannot run hsm sync: --yes takes no value",
      "run `hsm sync --help` for its options",
    ],
    [
      ["remove"],
      "Cannot run hsm remove: it needs a NAME",
      "run `hsm remove --help` for its options",
    ],
    [
      ["map", "--", "x"],
      "Cannot run hsm map: it takes nothing behind `--`",
      "run `hsm map --help` for its options",
    ],
    [
      ["sync", "-j0"],
      "Cannot run hsm sync: --jobs is `0`, and must be at least 1",
      "run `hsm sync --help` for its options",
    ],
    [
      ["sync", "-j", "many"],
      "Cannot run hsm sync: --jobs is `many`, and must be a whole number",
      "run `hsm sync --help` for its options",
    ],
    [
      ["sync", "--color", "pink"],
      "Cannot run hsm sync: --color is `pink`, and must be one of auto, always, never",
      "run `hsm sync --help` for its options",
    ],
    [
      ["sync", "-C"],
      "Cannot run hsm sync: --directory needs a value: DIR",
      "run `hsm sync --help` for its options",
    ],
    [
      ["add", "a", "--tag", "--pre"],
      "Cannot run hsm add: --tag needs a value: TAG",
      "run `hsm add --help` for its options",
    ],
    [
      ["add", "a", "--extra="],
      "Cannot run hsm add: --extra needs a value: EXTRA",
      "run `hsm add --help` for its options",
    ],
    [
      ["sync", "-qxy"],
      "Cannot run hsm sync: there is no option -x",
      "run `hsm sync --help` for its options",
    ],
    [
      ["add", "a", "--tag=v1", "--tag", "v2"],
      "Cannot run hsm add: --tag can stand but once",
      "run `hsm add --help` for its options",
    ],
    [["--", "sync"], "Cannot run hsm --: it needs a command", "run `hsm --help` for the commands"],
  ];
  for (const [args, message, hint] of cases) {
    const stderr = `error: ${message}\nhint: ${hint}\n`;
    (await app.hsm(...args)).expect({ code: 2, stdout: "", stderr });
  }
});

Deno.test("hsm refuses options that contradict each other, and says why", async () => {
  await using app = await testApp();
  const cases: readonly (readonly [string, string, string])[] = [
    [
      "sync -qv",
      "Cannot run hsm sync: --quiet and --verbose exclude each other",
      "one says less than usual, the other more",
    ],
    [
      "--verbose -q",
      "Cannot run hsm: --quiet and --verbose exclude each other",
      "one says less than usual, the other more",
    ],
    [
      "sync --locked --dry-run",
      "Cannot run hsm sync: --locked and --dry-run exclude each other",
      "with --locked no file is to change; `hsm diff --exit-code` only looks",
    ],
    [
      "graph --json -f svg",
      "Cannot run hsm graph: --format and --json exclude each other",
      "`--json` is the graph as JSON, whatever the format",
    ],
    [
      "undo --list 3",
      "Cannot run hsm undo: --list and NUMBER exclude each other",
      "a list undoes nothing",
    ],
    [
      "prod --all plug-a",
      "Cannot run hsm prod: --all and NAME exclude each other",
      "leave one of them out",
    ],
    [
      "dev plug-a --no-sync -- --extra x",
      "Cannot run hsm dev: --no-sync and what stands behind `--` exclude each other",
      "without a sync nothing is passed on",
    ],
    [
      "check --staged",
      "Cannot run hsm check: --staged goes with --prod only",
      "run `hsm check --prod --staged`",
    ],
  ];
  for (const [line, message, hint] of cases) {
    const run = await app.hsm(...line.split(" "));
    if (line.includes("--json")) {
      run.expect({ code: 2, stderr: "" });
      assertEquals(run.json(), { error: { code: "usage", message, hint, restored: [] } });
    } else run.expect({ code: 2, stdout: "", stderr: `error: ${message}\nhint: ${hint}\n` });
  }
});

Deno.test("hsm takes short options in one word, wherever they stand", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  const help = (await app.hsm("--help")).stdout;
  (await app.hsm("-hq")).expect({ code: 0, stdout: help, stderr: "" });
  (await app.hsm("-qyj4", "map", "-qC.", "--all")).expect({
    code: 0,
    stdout: "plug-a  prod  file://[DIR]/remotes/plug-a @ v1.0.0\n",
    stderr: "",
  });
  const own = (await app.hsm("map", "--help")).stdout;
  (await app.hsm("map", "-qh", "--bogus")).expect({ code: 0, stdout: own, stderr: "" });
});

Deno.test("each command's contradictions are of options that it has", async () => {
  for (const command of await hsmCommands().all()) {
    const { name, options, positionals, excludes = [], needs = [] } = command;
    const keys = ["--", ...Object.keys({ ...options, ...GLOBAL_OPTIONS })];
    for (const [one, other] of [...excludes, ...needs]) {
      assertEquals([one, other].filter((it) => !keys.includes(it)), [], `hsm ${name}`);
    }
    const standIns = Object.values(options).filter((it) => it.standsFor !== undefined);
    assertEquals(standIns.length === 0 || positionals[0] === "packages", true, `hsm ${name}`);
  }
});

Deno.test("hsm colours what --color asks for, a command line that it cannot understand included", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  const colored = (text: string) => `\x1b[31m\x1b[1merror:\x1b[22m\x1b[39m ${text}`;
  const hint = (text: string) => `\x1b[36m\x1b[1mhint:\x1b[22m\x1b[39m ${text}`;
  const always = ["--color=always", "--color always", "--color never --color always"];
  for (const color of always.map((it) => it.split(" "))) {
    (await app.hsm("map", "plug-x", ...color)).expect({
      code: 2,
      stderr: colored("Cannot find `plug-x` in hsm.yaml\n") + hint("did you mean `plug-a`?\n"),
    });
    (await app.hsm(...color, "map", "--x\x1b[31m")).expect({
      code: 2,
      stderr: colored("Cannot run hsm map: there is no option --x\\u{1b}[31m\n") +
        hint("run `hsm map --help` for its options\n"),
    });
    (await app.hsm(...color, "--help")).expect({
      code: 0,
      // deno-lint-ignore no-control-regex
      stdout: /^\x1b\[1mStart here:\x1b\[22m$/m,
    });
  }
  for (const words of [["--color=never"], ["--", "--color=always"], []]) {
    const { stderr } = await app.hsm("map", "plug-x", ...words);
    assertEquals(stderr.includes("\x1b"), false, stderr);
  }
});

Deno.test("hsm finds the root upward, by -C, and says how to begin where there is none", async () => {
  await using app = await testApp({ plugins: ["plug-a"], files: { "src/deep/x.txt": "" } });
  const expected = { code: 0, stdout: "plug-a  prod  file://[DIR]/remotes/plug-a @ v1.0.0\n" };

  (await app.hsm("-C", "src/deep", "map")).expect(expected);
  (await app.hsm("map", `--directory=${join(app.root, "src")}`)).expect(expected);

  for (const command of [["map"], ["schema"], ["doctor"], []]) {
    (await app.hsm("-C", "src/deep/x.txt", ...command)).expect({
      code: 2,
      stdout: "",
      stderr: `error: Cannot work in [DIR]/app/src/deep/x.txt: it is no folder
hint: name the app's folder, or one in it
`,
    });
    (await app.hsm(...command, "-Csrc/no")).expect({
      code: 2,
      stdout: "",
      stderr: /^error: Cannot work in \[DIR\]\/app\/src\/no: there is no such folder\n/,
    });
  }

  const run = await app.hsm("-C", "..", "map");
  run.expect({
    code: 2,
    stdout: "",
    stderr: /^error: Cannot find hsm\.yaml in \[DIR\] or any folder above it\nhint: run `hsm init`/,
  });
  assertStringIncludes(run.stderr, "org/my-plugin.git, tag: v1.2.0 } }`\n");
});

Deno.test("hsm --json prints exactly one document, also on failure", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });

  const failed = await app.hsm("map", "plug-x", "--json");
  failed.expect({ code: 2, stderr: "" });
  assertEquals(failed.json(), {
    error: {
      code: "package-unknown",
      message: "Cannot find `plug-x` in hsm.yaml",
      hint: "did you mean `plug-a`?",
      details: { packages: ["plug-x"] },
      restored: [],
    },
  });
  (await app.hsm("nonsense", "--", "--json")).expect({ code: 2, stdout: "" });
  assertEquals((await app.hsm("--json", "nonsense")).json(), {
    error: {
      code: "usage",
      message: "Cannot run hsm nonsense: there is no such command",
      hint: "run `hsm --help` for the commands",
      restored: [],
    },
  });
});

Deno.test("hsm shows where hsm.yaml and pyproject.toml are wrong, and touches nothing", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  await app.write("hsm.yaml", "git: {remotes}/{name}\npackages:\n  plug-a:\n    tagg: v1.0.0\n");

  await app.untouched(async () => {
    const run = await app.hsm("sync");
    run.expect({
      code: 2,
      stdout: "",
      stderr:
        /^error: Cannot read hsm\.yaml: 1 problem\n  hsm\.yaml:4:5: unknown key `tagg`, did you mean `tag`\?\n/,
    });
  });

  await app.write("hsm.yaml", "git: {remotes}/{name}\npackages:\n  plug-a: v1.0.0\n");
  await app.write("pyproject.toml", '[project]\nname = "app"\ndependencies = [1, 2\n');
  await app.untouched(async () => {
    const run = await app.hsm("sync");
    run.expect({ code: 2, stdout: "" });
    assertMatch(run.stderr, /pyproject\.toml:\d+:\d+/);
  });
  assertEquals(await app.exists("uv.lock"), false);
});

Deno.test("hsm --help begins with three commands to copy, and every command has help", async () => {
  await using app = await testApp();
  const help = await app.hsm("--help");
  help.expect({ code: 0, stderr: "" });
  assertMatch(
    help.stdout,
    /^.*\n\nStart here:\n  hsm sync .*\n  hsm dev NAME .*\n  hsm prod NAME .*\n/,
  );

  const listed = /\n\nEvery day:\n([^]*?)\n\nOptions of every/.exec(help.stdout)?.[1] ?? "";
  assertEquals(listed.includes("Commands:"), false, "every command of hsm's has a group");
  const names = [...listed.matchAll(/^  (\S+) /gm)].map((line) => line[1] ?? "");
  assertEquals(names.includes("sync"), true);
  for (const name of names) {
    const own = await app.hsm(name, "--help");
    own.expect({ code: 0, stderr: "", stdout: new RegExp(`Usage: hsm ${name} `) });
    assertEquals((await app.hsm("help", name)).stdout, own.stdout);
  }
});

Deno.test("hsm says who holds the workspace", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  const begun = join(app.folder, "begun");
  const uv = await fakeUv(app, `: > ${begun}; while [ -e ${begun} ]; do sleep 0.05; done`);
  const first = app.startWith(uv, "sync");
  await waitForFile(begun);

  (await app.hsm("sync")).expect({
    code: 1,
    stdout: "",
    stderr: new RegExp(`\`?hsm sync\`?.*process ${first.pid}|process ${first.pid}.*hsm sync`),
  });
  // Who only looks is not kept out, and does not take the run for a crash.
  (await app.hsm("map")).expect({
    code: 0,
    stdout: "plug-a  prod  file://[DIR]/remotes/plug-a @ v1.0.0\n",
    stderr: "",
  });
  const waiting = app.start("sync", "--wait");
  // Long enough to find the lock taken, on any machine.
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  await Deno.remove(begun);

  (await first.ended).expect({ code: 0 });
  (await waiting.ended).expect({
    code: 0,
    stderr: /^Waiting for `hsm sync` \(process \d+, since .*\)\n/,
  });
});

Deno.test("hsm tells its version and what it was made from, by either name", async () => {
  await using app = await testApp();
  const { stdout } = (await app.hsm("--version")).expect({ code: 0, stderr: "" });
  (await app.hsm("-V")).expect({ code: 0, stdout, stderr: "" });
  const json = (await app.hsm("--version", "--json")).expect({ code: 0, stderr: "" }).json();
  const [executable] = hsmCommand();
  const isSource = executable === Deno.execPath();
  assertEquals(json, {
    hsm: deno.version,
    // Of an executable that was made some time ago only they are known to be there.
    commit: isSource
      ? await sourceCommit(fromFileUrl(new URL("..", import.meta.url)))
      : json["commit"],
    target: Deno.build.target,
    deno: isSource ? Deno.version.deno : json["deno"],
  });
  assertMatch(`${json["commit"]} ${json["deno"]}`, /^[0-9a-f]{40}(-dirty)? \d+\.\d+\.\d+$/);
  const commit = String(json["commit"]).replace(/^(.{9})[0-9a-f]+/, "$1");
  assertEquals(
    stdout,
    `hsm ${deno.version} (${commit}, ${Deno.build.target})\ndeno ${json["deno"]}\n`,
  );
});

Deno.test("hsm says how hsm.yaml is to be called", async () => {
  await using app = await testApp();
  await Deno.rename(join(app.root, "hsm.yaml"), join(app.root, "hsm.yml"));
  (await app.hsm("status")).expect({
    code: 2,
    stdout: "",
    stderr: "error: Cannot find hsm.yaml in [DIR]/app or any folder above it\n" +
      "hint: rename hsm.yml to hsm.yaml\n",
  });
});
