/**
 * A `.hsm/` that did not come about here: committed to a repository, or copied.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { ensureDir } from "@std/fs";
import { join } from "@std/path";
import { settleAll } from "../../lib/process/pool.ts";
import { fakeUv } from "../harness/fake_uv.ts";
import { type TestApp, testApp } from "../harness/app.ts";
import { hsmWithin } from "../harness/limited.ts";
import { must } from "../harness/program.ts";
import { treeOf } from "./tree.ts";

const POSIX = Deno.build.os !== "windows";
const LIMIT = 20_000;
const LOOKING = [["status"], ["doctor"], ["diff"], ["list"], ["check"]];

/** An app in sync, with a history and a note. */
async function syncedApp(): Promise<TestApp> {
  const app = await testApp({ plugins: ["plug-a"] });
  (await app.hsm("sync")).expect({ code: 0 });
  await app.write(".gitignore", "/.venv\n/packages\n");
  await app.git(".", "init", "-q", "-b", "main");
  return app;
}

/** Commits the app with its `.hsm/`, and goes on in a clone of it, in the same place. */
async function cloneWithState(app: TestApp): Promise<void> {
  await app.git(".", "add", "-A");
  await app.git(".", "add", "-f", ".hsm");
  await app.git(".", "commit", "-q", "-m", "All of it");
  const origin = join(app.folder, "origin");
  await Deno.rename(app.root, origin);
  await must(["git", "clone", "-q", `file://${origin}`, app.root], { cwd: ".", env: app.env });
}

/** What a stranger may commit, and what is warned of. */
const FORMS: Readonly<Record<string, readonly [(app: TestApp) => unknown, RegExp | undefined]>> = {
  "as it was": [() => {}, undefined],
  "with the journal of a killed command": [
    crash,
    /\.hsm\/journal\/open is not used: it did not come about here/,
  ],
  "with a damaged journal": [
    (app) => app.write(".hsm/journal/open/record.json", "{"),
    /\.hsm\/journal\/open is not used: it is damaged/,
  ],
  "with a journal of great length": [
    (app) => app.write(".hsm/journal/open/record.json", `"${"x".repeat(2 ** 21)}"`),
    /\.hsm\/journal\/open is not used: it is damaged/,
  ],
  "with a link for a journal": [
    (app) => link(app, "../../../outside", ".hsm/journal/open"),
    /\.hsm\/journal\/open is not used: it is a link/,
  ],
  "with a link for its journals": [
    (app) => link(app, "../../outside", ".hsm/journal"),
    /\.hsm\/journal is not used: it is a link/,
  ],
  "with a file for its journals": [
    async (app) => {
      await Deno.remove(join(app.root, ".hsm/journal"), { recursive: true });
      await app.write(".hsm/journal", "x");
    },
    /\.hsm\/journal is not used: it is no folder/,
  ],
  "with links for its files": [
    async (app) => {
      await app.write("hsm.yaml", `# $schema=.hsm/schema.json\n${await app.read("hsm.yaml")}`);
      for (const name of ["lock", "synced.json", "schema.json"]) {
        await link(app, `../../outside/${name}`, `.hsm/${name}`);
      }
    },
    undefined,
  ],
  "with a note that names devices": [
    async (app) => {
      const note = JSON.parse(await app.read(".hsm/synced.json"));
      await app.write(
        ".hsm/synced.json",
        JSON.stringify({ ...note, files: ["/dev/zero", "../../../../../../../../dev/zero"] }),
      );
    },
    undefined,
  ],
  "with a history of its own": [
    async (app) => {
      for (let id = 100; id < 120; id++) await app.write(`.hsm/journal/${id}/record.json`, "{}");
      await app.write(".hsm/journal/999999999999/record.json", "{}");
      await app.write(".hsm/journal/1/record.json", "{}");
      await app.write(".hsm-2-pyproject.toml/x", "in the way\n");
    },
    undefined,
  ],
};

/** A journal is open, and the files are as they were. */
async function crash(app: TestApp): Promise<void> {
  const texts = Object.entries(await app.texts());
  const env = await fakeUv(app, "kill -9 $PPID; sleep 0.2");
  const run = await app.hsmWith(env, "dev", "plug-a", "--yes");
  assertEquals(run.code, 137, run.stderr);
  assert(await app.exists(".hsm/journal/open"));
  for (const [file, text] of texts) {
    if (text !== null) await app.write(file, text);
    else await Deno.remove(join(app.root, file)).catch(() => {});
  }
}

async function link(app: TestApp, to: string, from: string): Promise<void> {
  const path = join(app.root, from);
  await Deno.remove(path, { recursive: true }).catch(() => {});
  await Deno.symlink(to, path);
}

for (const [what, [change, warning]] of Object.entries(FORMS)) {
  Deno.test({
    name: `a committed .hsm/ ${what} costs a message at most, and is not obeyed`,
    ignore: !POSIX,
    fn: async () => {
      await using app = await syncedApp();
      const outside = join(app.folder, "outside");
      await Deno.mkdir(outside);
      for (const name of ["lock", "synced.json", "schema.json", "record.json"]) {
        await Deno.writeTextFile(join(outside, name), "precious\n");
      }
      const before = treeOf(outside);
      await change(app);
      await cloneWithState(app);

      const root = treeOf(app.root, /^\.git$/);
      const runs = await settleAll(LOOKING, 3, (it) => hsmWithin(app, LIMIT, ...it));
      for (const it of runs) {
        assert(it.status === "fulfilled");
        const { value: run } = it;
        if (run.command === "hsm doctor") {
          run.expect({
            code: 0,
            stderr: "",
            ...(warning === undefined ? {} : { stdout: warning }),
          });
        } else {
          run.expect({ code: 0 });
          assertEquals(warnings(run.stderr).length, warning === undefined ? 0 : 1, run.stderr);
          assertMatch(run.stderr, warning ?? /^/);
        }
      }
      assertEquals(treeOf(app.root, /^\.git$/), root);

      // Nobody's note says that there is nothing to do.
      const changed = (await app.read("hsm.yaml")).replace("v1.0.0", "v1.1.0");
      await app.plugin("plug-a").release({ name: "plug-a", version: "1.1.0" });
      await app.write("hsm.yaml", changed);
      const synced = await hsmWithin(app, LIMIT, "sync", "--yes");
      synced.expect({ code: 0, stdout: /v1\.1\.0/, stderr: warning ?? /^/ });
      assertEquals(warnings(synced.stderr).length, warning === undefined ? 0 : 1, synced.stderr);
      (await hsmWithin(app, LIMIT, "sync")).expect({ code: 0, stderr: /^(?!.*warning)/s });
      assertEquals(treeOf(outside), before);

      // What HSM keeps here is its own alone.
      const { history } = (await app.hsm("undo", "--list", "--json")).json() as {
        history: { command: string }[];
      };
      assertEquals(history.map((it) => it.command), ["hsm sync --yes"]);
      (await hsmWithin(app, LIMIT, "undo")).expect({ code: 0 });
      assertEquals(await app.read("hsm.yaml"), changed);
      assertMatch(await app.read("pyproject.toml"), /v1\.0\.0/);
    },
  });
}

function warnings(stderr: string): readonly string[] {
  return stderr.split("\n").filter((line) => line.startsWith("warning: "));
}

Deno.test({
  name: "a note that says of itself that there is nothing to do is not believed",
  ignore: !POSIX,
  fn: async () => {
    await using app = await syncedApp();
    (await app.hsm("sync")).expect({ code: 0 });
    const note = join(app.root, ".hsm/synced.json");
    const text = await Deno.readTextFile(note);
    // Copied byte for byte, it is another file.
    await Deno.copyFile(note, `${note}.copy`);
    await Deno.rename(`${note}.copy`, note);
    const uv = await fakeUv(app, 'echo "$@" >> ../calls; exit 0');
    (await app.hsmWith(uv, "sync")).expect({ code: 0 });
    assertMatch(await app.read("../calls"), /^sync --locked\n$/);
    // It was told anew, and is HSM's own.
    assert(text !== await Deno.readTextFile(note));
  },
});

Deno.test({
  name: "hsm names a .hsm that it cannot use, and who only looks goes on",
  ignore: !POSIX,
  fn: async () => {
    await using app = await testApp({ plugins: ["plug-a"] });
    (await app.hsm("sync")).expect({ code: 0 });
    const outside = join(app.folder, "outside");
    await Deno.rename(join(app.root, ".hsm"), outside);
    const before = treeOf(outside);
    const forms: Readonly<Record<string, () => void>> = {
      "a link": () => Deno.symlinkSync(outside, join(app.root, ".hsm")),
      "no folder": () => Deno.writeTextFileSync(join(app.root, ".hsm"), "x"),
    };
    for (const [state, make] of Object.entries(forms)) {
      make();
      for (const args of [["status"], ["diff"], ["list"], ["check"]]) {
        (await app.hsm(...args)).expect({ code: 0, stderr: /^warning: \.hsm is not used: .*\n/ });
      }
      (await app.hsm("sync")).expect({
        code: 1,
        stdout: "",
        stderr: `error: Cannot use [DIR]/app/.hsm: it is ${state}
hint: remove it; HSM makes the folder itself
`,
      });
      (await app.hsm("doctor")).expect({ code: 1, stdout: /remove \.hsm; hsm makes it/ });
      await Deno.remove(join(app.root, ".hsm"));
    }
    assertEquals(treeOf(outside), before);

    await ensureDir(join(app.root, ".hsm/lock"));
    (await app.hsm("status")).expect({ code: 0 });
    (await app.hsm("sync")).expect({
      code: 1,
      stdout: "",
      stderr: `error: Cannot lock the workspace: [DIR]/app/.hsm/lock is a folder
hint: remove it; HSM makes a file there
`,
    });
  },
});

Deno.test("git ignores the folder of HSM's own through a file in it, whatever the app's .gitignore says", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  await app.git(".", "init", "-q");
  const ours = async () => {
    await Deno.remove(join(app.root, ".gitignore")).catch(() => {});
    const status = await app.git(".", "status", "--porcelain", "--untracked-files=all");
    return status.split("\n").filter((line) => line.includes(".hsm/"));
  };
  (await app.hsm("status")).expect({ code: 0 });
  assertEquals(await app.exists(".hsm"), false);
  await app.write("hsm.yaml", `${await app.read("hsm.yaml")}verify: ['false']\n`);
  (await app.hsm("sync")).expect({ code: 1 });
  assert(await app.exists(".hsm/lock"));
  assertEquals(await ours(), []);
  assertEquals(await app.read(".hsm/.gitignore"), "*\n");
  // An HSM from before made the folder without it; a link there is nobody's to write through.
  await Deno.remove(join(app.root, ".hsm/.gitignore"));
  (await app.hsm("sync")).expect({ code: 1 });
  assertEquals(await ours(), []);
  await link(app, "../../outside", ".hsm/.gitignore");
  (await app.hsm("sync")).expect({ code: 1 });
  assertEquals(await app.exists("../outside"), false);
});

Deno.test({
  name: "HSM's cache writes through no link but its user's own, and replaces what is no file",
  ignore: !POSIX,
  fn: async () => {
    await using app = await testApp({ plugins: ["plug-a"] });
    const [cache, elsewhere, outside] = ["home/.cache/hsm", "elsewhere", "outside"].map((it) =>
      join(app.folder, it)
    ) as [string, string, string];
    for (const folder of [elsewhere, outside, join(app.folder, "home/.cache")]) {
      await Deno.mkdir(folder);
    }
    await Deno.symlink(elsewhere, cache);
    (await app.hsm("check")).expect({ code: 0 });
    const kept = Object.keys(treeOf(elsewhere)).filter((it) => it.endsWith(".json"));
    assert(kept.length >= 3, kept.join("\n"));

    await Deno.remove(join(elsewhere, "metadata"), { recursive: true });
    await Deno.symlink(outside, join(elsewhere, "metadata"));
    (await app.hsm("check")).expect({ code: 0 });
    assertEquals(Object.keys(treeOf(outside)), ["."]);

    await Deno.remove(join(elsewhere, "metadata"));
    (await app.hsm("check")).expect({ code: 0 });
    for (const file of kept.filter((it) => it.startsWith("metadata"))) {
      await Deno.remove(join(elsewhere, file));
      await Deno.symlink(join(outside, "entry.json"), join(elsewhere, file));
    }
    (await app.hsm("check")).expect({ code: 0 });
    assertEquals(Object.keys(treeOf(outside)), ["."]);
    assert(Object.entries(treeOf(elsewhere)).every(([, it]) => !it.startsWith("link")));
  },
});
