import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { hsmCommand, type TestApp, testApp } from "../harness/app.ts";
import { waitForFile } from "../harness/fake_uv.ts";
import { assertNoProcesses } from "../harness/processes.ts";
import { start } from "../harness/program.ts";

/** An app with three plugins in dev mode and one in prod mode. */
async function devApp(): Promise<TestApp> {
  const app = await testApp({
    plugins: ["plug-a", "plug-b", "plug-c", "in-prod"],
    files: { "hsm.local.yaml": "mode: dev\npackages:\n  in-prod: { mode: prod }\n" },
  });
  (await app.hsm("clone", "--yes")).expect({ code: 0 });
  return app;
}

Deno.test("hsm exec runs a command in every dev checkout, and shows each one's output on its own", async () => {
  await using app = await devApp();
  const script = 'pwd; echo "$HSM_PACKAGE in $HSM_ROOT"; printf end';

  await app.untouched(async () => {
    const run = await app.hsm("exec", "--", "sh", "-c", script);
    run.expect({ code: 0, stderr: "Done in 3 checkouts\n" });
    for (const name of ["plug-a", "plug-b", "plug-c"]) {
      assertStringIncludes(
        run.stdout,
        `== ${name}\n[DIR]/app/packages/${name}\n${name} in [DIR]/app\nend\n`,
      );
    }
    assertEquals(run.stdout.split("\n").length, 3 * 4 + 1);
    (await app.hsm("exec", "plug-b", "-q", "--", "echo", "a  b", "$HOME;", "*")).expect({
      code: 0,
      stdout: "a  b $HOME; *\n",
      stderr: "",
    });
  });
  assertEquals((await app.hsm("exec", "plug-a", "plug-b", "--json", "--", "echo", "x")).json(), {
    runs: ["plug-a", "plug-b"].map((name) => ({
      package: name,
      packages: [name],
      path: `packages/${name}`,
      code: 0,
      stdout: "x\n",
      stderr: "",
    })),
  });
});

Deno.test("hsm exec --prefix shows lines as they come, each behind its package's name", async () => {
  await using app = await devApp();

  const run = await app.hsm("exec", "--prefix", "--", "sh", "-c", "echo one; printf two");

  run.expect({ code: 0, stderr: "Done in 3 checkouts\n" });
  assertEquals(run.stdout.trimEnd().split("\n").toSorted(), [
    "plug-a | one",
    "plug-a | two",
    "plug-b | one",
    "plug-b | two",
    "plug-c | one",
    "plug-c | two",
  ]);
});

Deno.test("hsm exec runs everywhere, and exits 1 if the command failed anywhere", async () => {
  await using app = await devApp();
  const script = '[ "$HSM_PACKAGE" != plug-b ] || { echo broken >&2; exit 3; }';

  (await app.hsm("exec", "--", "sh", "-c", script)).expect({
    code: 1,
    stdout: "== plug-b: exit status 3\nbroken\n",
    stderr: `error: Cannot run \`sh -c ${script}\` everywhere: it failed in 1 of 3 checkouts
  cause: plug-b: it exited with code 3
`,
  });
  const json = (await app.hsm("exec", "--json", "--", "sh", "-c", script)).expect({ code: 1 })
    .json();
  assertEquals((json["runs"] as { code: number }[]).map((it) => it.code), [0, 3, 0]);
  const error = json["error"] as Record<string, unknown>;
  assertEquals([error["code"], error["details"]], ["command-failed", { packages: ["plug-b"] }]);
  (await app.hsm("exec", "--mode", "all", "--", "sh", "-c", "kill -9 $$")).expect({
    code: 1,
    stdout: /^== plug-a: exit status 137$/m,
  });
});

Deno.test("hsm exec chooses by --dirty and --mode", async () => {
  await using app = await devApp();
  await app.write("packages/plug-b/new.txt", "");
  const names = async (...args: string[]) => {
    const run = await app.hsm("exec", ...args, "--json", "--", "true");
    return (run.json()["runs"] as { package: string }[]).map((it) => it.package);
  };

  assertEquals(await names("--dirty"), ["plug-b"]);
  assertEquals(await names("--dirty", "plug-a"), []);
  assertEquals(await names("--mode", "all"), ["plug-a", "plug-b", "plug-c"]);
  assertEquals(await names("--mode", "prod"), []);
  // What a package in prod mode still has lying there.
  await app.git(".", "clone", "-q", app.plugin("in-prod").url, "packages/in-prod");
  assertEquals(await names("--mode", "prod"), ["in-prod"]);
  (await app.hsm("exec", "--dirty", "plug-a", "--", "true")).expect({
    code: 0,
    stdout: "",
    stderr: "No checkout has changes\n",
  });
});

Deno.test("hsm exec -v names program and folder, and asks git nothing unless it has to", async () => {
  await using app = await devApp();
  const lines = async (...args: string[]) => {
    const { stderr } = (await app.hsm("exec", "-v", ...args)).expect({ code: 0, stdout: "" });
    return stderr.replaceAll(/\(\d+ ms\)/g, "(TIME)").trimEnd().split("\n").toSorted();
  };

  assertEquals(await lines("--", "true"), [
    ...["plug-a", "plug-b", "plug-c"].map((it) => `$ true  # in packages/${it} (TIME)`),
    "Done in 3 checkouts",
  ]);
  assertEquals(await lines("plug-a", "--", "true"), ["$ true  # in packages/plug-a (TIME)"]);
  const asked = await lines("--dirty", "--", "true");
  assertEquals(asked.map((it) => it.replace(/ --no-optional-locks .*(?=  #)/, " …")), [
    ...["plug-a", "plug-b", "plug-c"].map((it) => `$ git …  # in packages/${it} (TIME)`),
    "No checkout has changes",
  ]);
});

Deno.test("hsm exec leaves git without colours where the user's own color.ui says so", async () => {
  await using app = await devApp();
  for (const name of ["plug-a", "plug-b", "plug-c"]) {
    await app.write(`packages/${name}/pyproject.toml`, "# nothing\n");
  }
  await app.git("packages/plug-a", "config", "color.ui", "never");
  await app.git("packages/plug-b", "config", "color.ui", "false");
  const command = ["exec", "--color", "always", "--", "git", "diff", "--stat"];
  const { stdout } = await app.hsmWith({ NO_COLOR: "" }, ...command);
  const colorful = stdout.split("== ").filter((it) => it.includes("\x1b[32m+"));
  assertEquals(colorful.map((it) => it.slice(0, 6)), ["plug-c"], stdout);
});

Deno.test("hsm exec waits in several checkouts for no editor that nobody sees", async () => {
  await using app = await devApp();
  const commit = ["exec", "plug-a", "plug-b", "--", "git", "commit", "-q", "--allow-empty"];
  const editor = "f() { sleep 60; }; f";

  const refused = (await app.hsmWith({ EDITOR: editor, VISUAL: editor }, ...commit)).expect({
    code: 1,
  });
  assertEquals(
    refused.stdout.match(/^an editor needs a terminal: name one package, or /gm)?.length,
    2,
  );
  (await app.hsmWith({ GIT_EDITOR: "echo said >" }, ...commit)).expect({ code: 0, stdout: "" });
  assertEquals(await app.git("packages/plug-b", "log", "-1", "--format=%s"), "said\n");
});

Deno.test("hsm exec refuses wrong uses before anything is run", async () => {
  await using app = await devApp();
  const cases: [string[], RegExp][] = [
    [
      ["exec"],
      /^error: Cannot run hsm exec: there is no command behind `--`\nhint: run `hsm exec -- /,
    ],
    [["exec", "plug-a", "--"], /^error: Cannot run hsm exec: there is no command behind `--`\n/],
    [["exec", "plug-x", "--", "true"], /^error: Cannot find `plug-x` in hsm\.yaml\n/],
    [
      ["exec", "in-prod", "--", "true"],
      /^error: Cannot run a command in in-prod: in prod mode there is no checkout\nhint: run `hsm dev in-prod`\n$/,
    ],
    [["exec", "--mode", "x", "--", "true"], /must be one of dev, prod, all\n/],
    [
      ["exec", "--", "no-such-program"],
      /^error: Cannot run no-such-program: there is no such program\nhint: install it, or put its folder on PATH; looked for in \S*\/bin\S*\n$/,
    ],
    [
      ["exec", "plug-a", "--", "cd", "src"],
      /^error: Cannot run cd: there is no such program\nhint: no shell reads the command: [^\n]* `sh -c 'cd …'`\n$/,
    ],
  ];
  for (const [args, stderr] of cases) {
    (await app.hsm(...args)).expect({ code: 2, stdout: "", stderr });
  }
  await Deno.remove(join(app.root, "packages/plug-b"), { recursive: true });
  (await app.hsm("exec", "--", "touch", "ran")).expect({
    code: 2,
    stdout: "",
    stderr: `error: Cannot run a command in plug-b: packages/plug-b is missing
hint: run \`hsm clone plug-b\`
`,
  });
  assertEquals(await app.exists("packages/plug-a/ran"), false);
});

Deno.test("hsm exec runs a program of the checkout's own, and misses it where it is not", async () => {
  await using app = await devApp();
  const tool = "packages/plug-b/tool.sh";
  await app.write(tool, "#!/bin/sh\necho mine\n");
  await Deno.chmod(join(app.root, tool), 0o755);

  const run = await app.hsm("exec", "plug-a", "plug-b", "--", "./tool.sh");

  run.expect({ code: 1, stderr: /^ {2}cause: plug-a: it exited with code 127$/m });
  assertMatch(run.stdout, /^== plug-b\nmine\n/m);
  assertMatch(
    run.stdout,
    /^== plug-a: exit status 127\nCannot run \.\/tool\.sh: there is no such/m,
  );
});

for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
  Deno.test(`hsm exec ends the commands before it ends on ${signal}`, async () => {
    await using app = await devApp();
    const script = `trap 'echo > ended; kill $!; exit 0' INT TERM; sleep 60 & echo > started; wait`;
    const running = app.start("exec", "plug-a", "plug-b", "--", "sh", "-c", script);
    const file = (name: string, what: string) => join(app.root, `packages/${name}/${what}`);
    await waitForFile(file("plug-a", "started"));
    await waitForFile(file("plug-b", "started"));

    running.kill(signal);

    (await running.ended).expect({
      code,
      stdout: "",
      stderr: `error: Cannot go on: interrupted by ${signal}\n`,
    });
    assertEquals(await app.exists("packages/plug-a/ended"), true);
    assertEquals(await app.exists("packages/plug-b/ended"), true);
  });
}

Deno.test("hsm exec in one checkout hands its pipes to the command, and exits as it does", async () => {
  await using app = await devApp();
  const run = (line: string) => {
    const words = [...hsmCommand(), "exec", "plug-a"].map((word) => `'${word}'`).join(" ");
    return start(["sh", "-c", line.replaceAll("hsm exec", words)], {
      cwd: app.root,
      env: app.env,
    }).ended;
  };

  (await run("echo x | hsm exec -- cat")).expect({ code: 0, stdout: "x\n", stderr: "" });
  // What it prints comes as it is, each on its own stream.
  (await run(`hsm exec -- sh -c 'printf "\\033[31m\\007"; echo bad >&2; exit 3'`)).expect({
    code: 3,
    stdout: "\x1b[31m\x07",
    stderr: "bad\n",
  });
  (await run("hsm exec -- sh -c 'kill -9 $$'")).expect({ code: 137, stdout: "", stderr: "" });
  // Who is to tell of it as lines or as JSON collects it, as in several checkouts.
  (await run("echo x | hsm exec --prefix -- cat")).expect({
    code: 0,
    stdout: "",
    stderr: "Done in 1 checkout\n",
  });
  const json = (await run("echo x | hsm exec --json -- sh -c 'cat; echo y; exit 3'")).expect({
    code: 3,
  }).json();
  assertEquals((json["runs"] as { stdout: string }[])[0]?.stdout, "y\n");
  (await run("echo x | hsm exec plug-b -- cat")).expect({
    code: 0,
    stdout: "",
    stderr: "Done in 2 checkouts\n",
  });
});

Deno.test("a signal reaches all that hsm exec has started, which may take its time", async () => {
  await using app = await devApp();
  for (const packages of [["plug-a"], ["plug-a", "plug-b"]]) {
    // What it starts is in nobody's reach but that of its group.
    const slow =
      "trap 'sleep 0.5; : > ended; exit 0' INT; : > started; while :; do sleep 0.02; done";
    const running = app.start("exec", ...packages, "--", "sh", "-c", `sh -c "${slow}"; :`);
    const files = (what: string) => packages.map((it) => `packages/${it}/${what}`);
    for (const file of files("started")) await waitForFile(join(app.root, file));

    running.kill("SIGINT");

    const { code, stderr } = await running.ended;
    assertEquals([code, stderr], [130, "error: Cannot go on: interrupted by SIGINT\n"]);
    for (const file of files("ended")) assertEquals(await app.exists(file), true, file);
    for (const file of files("*")) {
      for (const what of ["started", "ended"]) {
        await Deno.remove(join(app.root, file.replace("*", what)));
      }
    }
    await assertNoProcesses(app.folder);
  }
});
