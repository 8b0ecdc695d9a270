import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { hsmCommands } from "../../tasks/mod.ts";
import { type TestApp, testApp } from "../harness/app.ts";

/** What tells that somebody ran it. */
const canary = (app: TestApp) => join(app.folder, "canary");

/** A program that tells, and fails. */
async function tattler(app: TestApp): Promise<string> {
  const path = join(app.folder, "tattler");
  await Deno.writeTextFile(path, `#!/bin/sh\necho "$0 $*" >> ${canary(app)}\nexit 1\n`, {
    mode: 0o755,
  });
  return path;
}

async function told(app: TestApp): Promise<string> {
  return await Deno.readTextFile(canary(app)).catch(() => "");
}

/** The commands that change something, or run what they are told to; all others only look. */
const CHANGING = [
  ...["init", "new", "add", "remove", "sync", "dev", "prod", "pin", "update", "pull", "exec"],
  ...["undo", "clone", "inject", "eject"],
];

/** The commands that only look, and those that can be told to. */
async function lookingCommands(): Promise<readonly (readonly string[])[]> {
  const all = hsmCommands().names;
  const dry = (await hsmCommands().all()).filter((it) => "dryRun" in it.options)
    .map((it) => it.name);
  return [
    ...all.filter((it) => !CHANGING.includes(it)).map((name) => [name]),
    ...dry.map((name) => [name, "--dry-run"]),
    // The overview has no word of its own.
  ].map((words) => words.filter((it) => it !== ""));
}

Deno.test("check, map, status and every --dry-run run neither verify nor a build", async () => {
  await using app = await testApp({
    plugins: ["plug-a", "plug-b"],
    files: { "hsm.local.yaml": "packages:\n  plug-a: { mode: dev }\n" },
  });
  const program = await tattler(app);
  (await app.hsm("clone", "--yes")).expect({ code: 0 });
  // A build backend of its own, and metadata that only a build would tell.
  await app.write(
    "packages/plug-a/pyproject.toml",
    `[build-system]\nrequires = []\nbuild-backend = "evil"\nbackend-path = ["."]\n
[project]\nname = "plug-a"\ndynamic = ["version", "dependencies"]\n`,
  );
  await app.write(
    "packages/plug-a/evil.py",
    `open(${JSON.stringify(canary(app))}, "a").write("build\\n")\n`,
  );
  await app.write(
    "packages/plug-a/setup.py",
    `open(${JSON.stringify(canary(app))}, "a").write("setup\\n")\n`,
  );
  await app.write("hsm.yaml", `verify: ["${program}"]\n${await app.read("hsm.yaml")}`);

  for (const args of await lookingCommands()) {
    await app.untouched(async () => {
      const run = await app.hsm(...args);
      assert(!run.stderr.includes("this is a bug"), `hsm ${args.join(" ")}: ${run.stderr}`);
    });
    assertEquals(await told(app), "", `hsm ${args.join(" ")}`);
  }

  // They would have told.
  (await app.hsm("sync")).expect({ code: 1 });
  assert((await told(app)) !== "");
});

/** Settings of a repository with which git runs programs. */
const SETTINGS = (program: string) =>
  `[core]
	repositoryformatversion = 0
	fsmonitor = ${program}
	hooksPath = ${program}.d
	sshCommand = ${program}
	pager = ${program}
	editor = ${program}
	gitProxy = ${program}
	askPass = ${program}
[credential]
	helper = ${program}
[diff]
	external = ${program}
[uploadpack]
	packObjectsHook = ${program}
[include]
	path = ${program}.inc
`;

Deno.test("what a checkout's own configuration names is not run by commands that look", async () => {
  await using app = await testApp({
    plugins: ["plug-a"],
    files: { "hsm.local.yaml": "mode: dev\n" },
  });
  const program = await tattler(app);
  (await app.hsm("clone", "--yes")).expect({ code: 0 });
  const config = join(app.root, "packages/plug-a/.git/config");
  await Deno.writeTextFile(config, `${await Deno.readTextFile(config)}${SETTINGS(program)}`);
  await Deno.writeTextFile(`${program}.inc`, `[core]\n\tfsmonitor = ${program}\n`);
  await Deno.mkdir(`${program}.d`);
  for (
    const hook of [
      "post-index-change",
      "reference-transaction",
      "post-checkout",
      "fsmonitor-watchman",
    ]
  ) {
    await Deno.copyFile(program, `${program}.d/${hook}`);
    await Deno.copyFile(program, join(app.root, "packages/plug-a/.git/hooks", hook));
  }
  // The file is older than the index says: git looks at it again.
  await app.write("packages/plug-a/src/plug_a/__init__.py", 'VALUE = "edited"\n');
  await app.write("packages/plug-a/python/pyproject.toml", "[project]\n");

  for (const args of [...await lookingCommands(), ["clone"], ["prod", "plug-a", "--no-sync"]]) {
    await app.hsm(...args);
    assertEquals(await told(app), "", `hsm ${args.join(" ")}`);
  }

  // It would have told.
  await app.git("packages/plug-a", "status").catch(() => {});
  assert((await told(app)) !== "");
});

Deno.test("a repository that lies among the app's own files is not taken for a checkout", async () => {
  await using app = await testApp({ plugins: [] });
  const program = await tattler(app);
  // What a stranger's pull request can bring: the folder of a bare repository, as plain files.
  await app.git(".", "init", "-q", "--bare", "vendor/plug-a");
  await app.write(
    "vendor/plug-a/config",
    `${SETTINGS(program)}	bare = false\n[core]\n	worktree = ${app.root}/vendor/tree\n`,
  );
  await app.write("vendor/tree/sub/pyproject.toml", '[project]\nname = "plug-a"\n');
  await app.write(
    "hsm.yaml",
    "mode: dev\npackages:\n  plug-a: { tag: v1.0.0, path: vendor/plug-a }\n",
  );

  for (
    const args of [
      ...await lookingCommands(),
      ["sync", "--yes"],
      ["clone"],
      ["pull"],
      ["prod", "plug-a"],
      [],
    ]
  ) {
    await app.hsm(...args);
    assertEquals(await told(app), "", `hsm ${args.join(" ")}`);
  }

  await app.git("vendor/plug-a", "status").catch(() => {});
  assert((await told(app)) !== "");
});
