/**
 * What the system refuses, and what is too deep, too large or of the wrong type, is an error with a path and a way out: it
 * is no bug in hsm.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { digest } from "../../lib/files/cache.ts";
import { APP_PYPROJECT, type TestApp, testApp } from "../harness/app.ts";
import { fakeUv } from "../harness/fake_uv.ts";
import { canDropPrivileges, close, hsmUnprivileged } from "../harness/limited.ts";
import { wrapGit } from "../harness/wrap_git.ts";
import { treeOf } from "./tree.ts";

/** An app in sync, with a checkout and a history. */
async function syncedApp(): Promise<TestApp> {
  const app = await testApp({
    plugins: ["plug-a", "plug-b"],
    manifest: "git: {remotes}/{name}\npackages:\n  plug-a: { tag: v1.0.0, mode: dev }\n" +
      "  plug-b: v1.0.0\n",
  });
  (await app.hsm("sync", "--yes")).expect({ code: 0 });
  return app;
}

/** What is closed, to which mode, the command, and the path that its error names. */
const CLOSED: readonly (readonly [string, number, readonly string[], string])[] = [
  [".", 0o555, ["prod", "plug-a"], "/app"],
  [".", 0o000, ["status"], "/app"],
  [".hsm", 0o000, ["sync"], "/app/.hsm"],
  [".hsm", 0o000, ["status"], "/app/.hsm"],
  [".hsm", 0o555, ["sync", "--json"], ""],
  [".hsm/journal", 0o000, ["sync"], "/app/.hsm/journal"],
  [".hsm/journal", 0o555, ["prod", "plug-a"], "/app/.hsm/journal"],
  [".hsm/lock", 0o400, ["sync"], "/app/.hsm/lock"],
  [".hsm/journal/1", 0o000, ["undo", "--list"], ""],
  ["packages", 0o555, ["dev", "plug-b", "--yes"], "/app/packages"],
  ["packages/plug-a", 0o000, ["pull"], "/app/packages/plug-a"],
  ["packages/plug-a/pyproject.toml", 0o000, ["sync"], "packages/plug-a/pyproject.toml"],
  ["uv.lock", 0o000, ["prod", "plug-a"], "/app/uv.lock"],
  ["pyproject.toml", 0o000, ["diff"], "/app/pyproject.toml"],
  ["../home/.cache", 0o000, ["check"], ""],
  [".venv/lib", 0o000, ["status"], "/app/.venv/lib"],
  // The last one, for it changes something.
  [".hsm/journal/1", 0o000, ["prod", "plug-a"], ""],
];

Deno.test({
  name: "what the system refuses is told with the path, whose it is, and a way out",
  ignore: !canDropPrivileges(),
  fn: async () => {
    await using app = await syncedApp();
    for (const [path, mode, args, named] of CLOSED) {
      const what = `${path} at ${mode.toString(8)}`;
      const full = join(app.root, path);
      const { mode: before, uid, gid } = await Deno.stat(full);
      close(full, mode);
      const run = await hsmUnprivileged(app, {}, ...args).finally(async () => {
        await Deno.chown(full, uid, gid);
        await Deno.chmod(full, before ?? 0o755);
      });
      const said = `${what}: ${run.command}: ${run.code} ${run.stdout}${run.stderr}`;
      assert(!said.includes("bug") && !said.includes("    at "), said);
      assertEquals(run.code === 0, named === "", said);
      if (named === "") continue;
      assert(run.stderr.includes(`${named}`) && /EACCES|cannot be read/.test(run.stderr), said);
    }
    const run = await closedLock(app);
    assertMatch(
      run.stderr,
      /^error: Cannot lock the workspace: Permission denied \(EACCES\): open '\[DIR\]\/app\/\.hsm\/lock'\nhint: \[DIR\]\/app\/\.hsm\/lock belongs to user \d+: make it yours with `chown`, or writable with `chmod u\+w`, then run the command again\n$/,
    );
  },
});

async function closedLock(app: TestApp) {
  close(join(app.root, ".hsm/lock"), 0o400);
  return await hsmUnprivileged(app, {}, "sync");
}

Deno.test({
  name: "a recovery that the system refuses names the path and the way out, and works after that",
  ignore: !canDropPrivileges(),
  fn: async () => {
    await using app = await syncedApp();
    const before = await app.texts();
    const env = await fakeUv(app, "kill -9 $PPID; sleep 0.2");
    assertEquals((await app.hsmWith(env, "prod", "plug-a")).code, 137);
    // As a run of another user's leaves it.
    const journal = join(app.root, ".hsm/journal");
    const { uid, gid } = await Deno.stat(journal);
    for (const [folder, mode] of [[journal, 0o700], [join(journal, "open"), 0o555]] as const) {
      close(folder, mode);
      for (const args of [["sync"], ["status"]]) {
        const run = await hsmUnprivileged(app, {}, ...args);
        assert(run.code === 1 || run.code === 3, run.stderr);
        assertMatch(run.stderr, /^error: Cannot .*EACCES.*\/\.hsm\/journal/m, run.stderr);
        assertMatch(run.stderr, /^hint: .*\/\.hsm\/journal\S* belongs to user \d+: make it yours/m);
      }
      await Deno.chown(folder, uid, gid);
      await Deno.chmod(folder, 0o700);
    }
    (await app.hsm("status")).expect({ code: 0, stderr: /did not end well; restored/ });
    assertEquals(await app.texts(), before);
  },
});

Deno.test({
  name: "changes that are half done where nothing may be written are told in the same words",
  ignore: !canDropPrivileges(),
  fn: async () => {
    await using app = await syncedApp();
    const before = await app.texts();
    const env = await fakeUv(app, "kill -9 $PPID; sleep 0.2");
    assertEquals((await app.hsmWith(env, "prod", "plug-a")).code, 137);
    const closed = [[".hsm/lock", 0o444], [".hsm", 0o555], [".", 0o555]] as const;
    for (const [path, mode] of closed) close(join(app.root, path), mode);

    const half = "a command was killed, and its changes are half done";
    for (
      const args of [["status"], ["diff"], ["check"], ["list"], ["sync", "--locked"], ["sync"]]
    ) {
      (await hsmUnprivileged(app, {}, ...args)).expect({
        code: 1,
        stdout: "",
        stderr: `error: Cannot open the workspace: ${half}
  cause: Cannot lock the workspace: Permission denied (EACCES): open '[DIR]/app/.hsm/lock'
hint: [DIR]/app/.hsm/lock belongs to user ${Deno.statSync(join(app.root, ".hsm/lock")).uid}: \
make it yours with \`chown\`, or writable with \`chmod u+w\`, then run the command again
`,
      });
    }
    assert((await hsmUnprivileged(app, {}, "doctor")).stdout.includes(half));
    assertMatch(
      (await hsmUnprivileged(app, {})).stdout,
      /^The last hsm here did not come to its end/,
    );

    for (const [path] of closed) {
      if (Deno.uid() === 0) await Deno.chown(join(app.root, path), 0, 0);
      await Deno.chmod(join(app.root, path), 0o755);
    }
    (await app.hsm("status")).expect({ code: 0, stderr: /did not end well; restored/ });
    assertEquals(await app.texts(), before);
  },
});

Deno.test("a missing folder for temporary files is named, with the variable that says so", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  const missing = { TMPDIR: join(app.folder, "missing") };
  for (const args of [["check"], ["sync"]]) {
    (await app.hsmWith(missing, ...args)).expect({
      code: 1,
      stdout: "",
      stderr:
        /^error: Cannot make a temporary folder in \[DIR\]\/missing: .*\(ENOENT\).*\nhint: set TMPDIR to a folder that is there and can be written to\n$/,
    });
  }
  (await app.hsm("check")).expect({ code: 0 });
  (await app.hsmWith(missing, "check", "--resolve")).expect({
    code: 1,
    stderr: /^error: Cannot make a temporary folder in \[DIR\]\/missing: /,
  });
});

const DEEP = `[${Array(30_000).fill("a").join(".")}]\nx = 1\n`;

Deno.test("a file that is nested without end is refused, wherever it comes from", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  const deep = /nested more than 500 levels deep/;
  await app.write("pyproject.toml", APP_PYPROJECT + DEEP);
  for (const args of [["sync"], ["status"], ["diff"], ["check"], ["dev", "plug-a"]]) {
    const run = await app.hsm(...args);
    assertMatch(run.stderr + run.stdout, deep, run.command);
    run.expect({ code: 2 });
  }
  await app.write("pyproject.toml", APP_PYPROJECT);
  await app.write("mx.ini", `[${Array(30_000).fill("a").join(".")}]\nurl = x\n`);
  const plugin = app.plugin("plug-a");
  const text = await Deno.readTextFile(join(plugin.path, "pyproject.toml"));
  await plugin.commit("pyproject.toml", text + DEEP, "v1.1.0");
  const brackets = `python_version > "3"`.padStart(30_000, "(").padEnd(60_000, ")");
  await plugin.commit(
    "pyproject.toml",
    text.replace("[]", JSON.stringify([`idna; ${brackets}`])),
    "v1.2.0",
  );
  for (const [tag, problem] of [["v1.1.0", deep], ["v1.2.0", /more than 1000 parts/]] as const) {
    await app.write("hsm.yaml", `git: {remotes}/{name}\npackages:\n  plug-a: ${tag}\n`);
    (await app.hsm("check")).expect({ code: 2, stdout: problem });
  }
  await Deno.remove(join(app.root, "hsm.yaml"));
  (await app.hsm("init", "--from", "mx.ini")).expect({
    code: 2,
    stderr: /^error: Cannot read mx\.ini: a section's name has more than 100 dots\n/,
  });
});

Deno.test("an entry of HSM's cache with values of other types is none", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  (await app.hsm("check")).expect({ code: 0 });
  const cache = join(app.folder, "home/.cache/hsm");
  const entries = Object.keys(treeOf(cache)).filter((it) => it.endsWith(".json"));
  assert(entries.length >= 3, entries.join("\n"));
  /** Each of them is wrong for every kind of entry, the last one in its values alone. */
  const others: readonly ((value: object) => unknown)[] = [
    () => null,
    () => [],
    () => ({ commit: 7, pyproject: 7, setupPy: "x" }),
    (value) => ({
      ...value,
      commit: "--upload-pack=x",
      pyproject: { a: 1 },
      file: { names: ["plug-a"], data: { packages: { "plug-a": { path: 7, mode: "x" } } } },
    }),
  ];
  for (const other of others) {
    for (const entry of entries) {
      const text = await Deno.readTextFile(join(cache, entry));
      const body = JSON.stringify(other(JSON.parse(text.slice(text.indexOf("\n") + 1))));
      await Deno.writeTextFile(join(cache, entry), `${digest(body)}\n${body}`);
    }
    (await app.hsm("check")).expect({ code: 0, stderr: "", stdout: /1 package fits/ });
  }
});

Deno.test("a pin's metadata that is too large is refused, and hardly read", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  const text = await Deno.readTextFile(join(app.plugin("plug-a").path, "pyproject.toml"));
  await app.plugin("plug-a").commit("pyproject.toml", text + "# x\n".repeat(2 ** 23), "v2.0.0");
  await app.write("hsm.yaml", "git: {remotes}/{name}\npackages:\n  plug-a: v2.0.0\n");
  const noted = join(app.folder, "noted");
  const git = await wrapGit(app, {
    "cat-file": `PATH="\${PATH#*:}" git "$@"; echo $? >> ${noted}; exit 0`,
  });
  (await app.hsmWith(git, "check")).expect({
    code: 2,
    stdout: /Cannot read plug-a@v2\.0\.0:pyproject\.toml: it has more than 1 MB/,
  });
  // git was ended, and has not said it all.
  assertEquals(/^0$/m.test(await Deno.readTextFile(noted).catch(() => "")), false);
  // What is small is read to its end.
  await app.write("hsm.yaml", "git: {remotes}/{name}\npackages:\n  plug-a: v1.0.0\n");
  (await app.hsmWith(git, "check")).expect({ code: 0 });
  assertMatch(await Deno.readTextFile(noted), /^0$/m);
});

Deno.test("an answer of git's that has no end is refused", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  const git = await wrapGit(app, { "ls-remote": "exec yes" });
  (await app.hsmWith(git, "outdated")).expect({
    code: 1,
    stderr: /its answer is longer than 64 MB/,
  });
});
