import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { hsmCommand, testApp } from "./harness/app.ts";
import { waitForFile } from "./harness/fake_uv.ts";
import { start } from "./harness/program.ts";
import { misfits } from "./harness/shape.ts";
import { wrapGit } from "./harness/wrap_git.ts";

Deno.test("hsm --json prints one document for whatever else is on the command line", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  const version = (await app.hsm("--version", "--json")).expect({ code: 0, stderr: "" }).json();
  assertEquals((await app.hsm("--json", "-V")).json(), version);

  const help = (await app.hsm("--help", "--json")).expect({ code: 0, stderr: "" }).json();
  const commands = help["commands"] as { name: string; group: string; summary: string }[];
  assertEquals(commands[0], {
    name: "sync",
    group: "Every day",
    summary: "Clone, map, inject and install: everything as the manifest says",
  });
  const names = (options: unknown) => (options as { name: string }[]).map((it) => it.name);
  assertEquals(names(help["options"]).slice(0, 2), ["directory", "json"]);

  const sync = (await app.hsm("sync", "--help", "--json")).expect({ code: 0 }).json();
  assertEquals((await app.hsm("--json", "help", "sync")).json(), sync);
  assertEquals((await app.hsm("help", "--json", "sync")).json(), sync);
  assertEquals((await app.hsm("help", "--json")).json(), help);
  const { usage, argument, options, globals } = sync;
  assertEquals(usage, "hsm sync [NAME…] [OPTIONS] [-- ARGS…]");
  assertEquals(argument, {
    name: "NAME",
    description: "Only these; the others stay as they are",
    required: false,
  });
  assertEquals(names(options).slice(0, 3), ["all", "locked", "dry-run"]);
  assertEquals(globals, help["options"]);

  const script = (await app.hsm("completions", "bash")).stdout;
  assertEquals((await app.hsm("completions", "bash", "--json")).json(), { shell: "bash", script });
  assertEquals(
    (await app.hsm("completions", "--complete", "--json", "--", "--json", "dev", "plug")).json(),
    { kind: "package", candidates: [{ value: "plug-a", description: "v1.0.0" }] },
  );
  assertEquals((await app.hsm("completions", "--complete", "--json", "--", "-C", "")).json(), {
    kind: "directories",
    prefix: "",
  });

  const wrong = [
    ["--json", "--bogus"],
    ["snyc", "--json"],
    ["--json", "sync", "--lokced"],
    ["dev", "--json"],
    ["map", "--json=yes"],
  ];
  for (const words of wrong) {
    const { error } = (await app.hsm(...words)).expect({ code: 2, stderr: "" }).json();
    assertEquals((error as { code: string }).code, "usage", words.join(" "));
  }
  // What stands behind `--` is another program's.
  (await app.hsm("map", "--", "ls", "--json")).expect({
    code: 2,
    stdout: "",
    stderr: /^error: Cannot run hsm map: it takes nothing behind `--`\n/,
  });
});

Deno.test("hsm --json has an error wherever the exit status says that something failed", async () => {
  await using app = await testApp({
    plugins: ["plug-a"],
    files: { "hsm.local.yaml": "packages: { plug-a: { mode: dev } }\n" },
  });
  const check = (await app.hsm("check", "--prod", "--json")).expect({ code: 2, stderr: "" }).json();
  const problems = check["problems"] as { message: string; fix: string; severity: string }[];
  const errors = problems.filter((it) => it.severity === "error");
  assertEquals(check["error"], {
    code: "check-failed",
    message: `Cannot vouch for the app: ${errors.length} problems`,
    causes: errors.map((it) => it.message),
    hint: "each of `problems` says what to do about it",
    restored: [],
  });

  const doctor = await app.hsmWith({ PATH: "/nowhere" }, "doctor", "--json");
  const { error, findings } = doctor.expect({ code: 1, stderr: "" }).json();
  const failed = (findings as { state: string; check: string; message: string }[])
    .filter((it) => it.state === "error");
  assertEquals(
    (error as { causes: string[] }).causes,
    failed.map((it) => `${it.check}: ${it.message}`),
  );

  // What was asked for with --exit-code is an answer.
  for (const command of ["status", "diff"]) {
    const run = (await app.hsm(command, "--exit-code", "--json")).expect({ code: 1, stderr: "" });
    assertEquals("error" in run.json(), false, command);
  }
});

Deno.test("hsm --json tells of what a command did, and of the sync after it, as documented", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  const cases: [string[], string[]][] = [
    [["dev", "plug-a", "--yes"], ["switched", "checkouts", "sources", "injected", "synced"]],
    [["sync"], ["checkouts", "sources", "injected", "synced"]],
    [["prod", "plug-a", "--no-sync"], ["switched"]],
    [["inject"], ["checkouts", "sources", "injected"]],
    [["undo"], ["undone", "files", "synced"]],
    [["update", "plug-a"], ["moved", "left"]],
  ];
  for (const [words, fields] of cases) {
    const run = (await app.hsm(...words, "--json")).expect({ code: 0 });
    assertEquals(Object.keys(run.json()), fields, words.join(" "));
  }
});

Deno.test("hsm --json prints one document on a signal, whatever is interrupted", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  const begun = join(app.folder, "begun");
  // The last thing that each of them asks git.
  const wait = `: > ${begun}; exec sleep 30`;
  const scripts = { "check-ignore": wait, "rev-parse": wait, "ls-remote": wait };
  const git = await wrapGit(app, scripts);
  for (const words of [["doctor"], ["check", "--prod", "--staged"], ["outdated"]]) {
    for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
      await Deno.remove(begun).catch(() => {});
      const running = app.startWith(git, ...words, "--json");
      await waitForFile(begun);
      running.kill(signal);
      assertEquals((await running.ended).expect({ code }).json(), {
        error: {
          code: "interrupted",
          message: `Cannot go on: interrupted by ${signal}`,
          details: { signal },
          restored: [],
        },
      }, words.join(" "));
    }
  }
});

Deno.test({
  name: "hsm says on standard error that it cannot write the document, and begins no second one",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await using app = await testApp({ plugins: ["plug-a"] });
    const full = (...words: string[]) => {
      const argv = ["sh", "-c", 'exec "$@" > /dev/full', "sh", ...hsmCommand(), ...words];
      return start(argv, { cwd: app.root, env: app.env }).ended;
    };
    for (const more of [[], ["--json"]]) {
      (await full("list", ...more)).expect({
        code: 1,
        stderr: "error: Cannot write to standard output: No space left on device (ENOSPC)\n" +
          "hint: make room on its disk, then run the command again\n",
      });
      (await full("map", "plug-x", ...more)).expect({
        code: 2,
        stderr: "error: Cannot find `plug-x` in hsm.yaml\nhint: did you mean `plug-a`?\n",
      });
    }
  },
});

Deno.test("a document that is not as documented is found out", () => {
  const listed = { package: "plug-a", mode: "prod", pin: { tag: "v1" }, path: "packages/plug-a" };
  const list = (it: object) => ({ version: 1, packages: [it] });
  const { mode: _, ...without } = listed;
  const cases: [object, string[]][] = [
    [list(listed), []],
    [list(without), ["$.packages[0].mode is missing"]],
    [list({ ...listed, git: 1 }), ["$.packages[0].git is number, not string"]],
    [list({ ...listed, more: 1 }), ["$.packages[0].more is not documented"]],
    [list({ ...listed, mode: "both" }), ['$.packages[0].mode is "both", not one of prod, dev']],
    [list({ ...listed, pin: { tag: "v1", rev: "1" } }), [
      "$.packages[0].pin.rev is not documented",
    ]],
    [{ version: 1, packages: {} }, ["$.packages is object, not array"]],
    [{ packages: [] }, ["$.version is missing"]],
  ];
  for (const [document, expected] of cases) {
    assertEquals(misfits("hsm list", document), expected);
  }
  assertEquals(misfits("hsm lists", list(listed)), ["no shape is called hsm lists"]);
});
