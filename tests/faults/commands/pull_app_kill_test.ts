/**
 * Kills at the calls of the file layer while the app's own repository is pulled: where git has brought it decides what the
 * files are to be.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { must as run } from "../../harness/program.ts";
import { tally } from "../../harness/tally.ts";
import { faultyLayer, isChange } from "../layer.ts";
import { MEMORY, type SweepApp } from "./app.ts";
import { UV } from "./managers.ts";
import { must, prepared } from "./scenarios.ts";
import { restoreSnapshot, type Snapshot, takeSnapshot } from "./snapshot.ts";
import { FULL, Sweep } from "./sweep.ts";

const ARGS = ["pull", "--app"];
const FILES = [
  "pyproject.toml",
  "uv.lock",
  "hsm.yaml",
  "hsm.local.yaml",
  ".gitignore",
  "README.md",
];

/** An app with edits of its user's and packages in dev mode, whose remote has news. */
async function behindApp(): Promise<SweepApp> {
  const app = await prepared(UV, { args: ARGS }, MEMORY);
  const { env, folder, root } = app;
  const git = (...args: string[]) => run(["git", ...args], { cwd: folder, env });
  await must(app, ["prod", "plug-b", "plug-d"]);
  await app.write("README.md", "The app\n");
  await app.git(".", "add", ...FILES.filter((it) => it !== "hsm.local.yaml"));
  await app.git(".", "commit", "-q", "-m", "Synced");
  await git("clone", "-q", "--bare", root, "app.git");
  await git("clone", "-q", "app.git", "colleague");
  await app.git(".", "remote", "add", "origin", join(folder, "app.git"));
  await app.git(".", "fetch", "-q");
  await app.git(".", "branch", "-q", "-u", "origin/main");
  await must(app, ["dev", "plug-b", "plug-d", "--yes"]);
  for (const [file, more] of [["pyproject.toml", "# theirs\n"], ["README.md", "Theirs\n"]]) {
    const path = join(folder, "colleague", file!);
    await Deno.writeTextFile(path, await Deno.readTextFile(path) + more);
  }
  await git("-C", "colleague", "commit", "-q", "-am", "Theirs");
  await git("-C", "colleague", "push", "-q");
  const text = await app.read("pyproject.toml");
  await app.write("pyproject.toml", text.replace('name = "app"', 'name = "app" # mine'));
  // What a fetch brings is no matter of this.
  await app.git(".", "fetch", "-q");
  return app;
}

/** The texts of the files at stake, and where the repository is. */
async function stateOf(app: SweepApp): Promise<Record<string, string>> {
  const texts = await Promise.all(
    FILES.map(async (file) => [file, await app.read(file).catch(() => "")]),
  );
  return {
    ...Object.fromEntries(texts),
    index: await app.git(".", "ls-files", "--stage"),
    head: await headOf(app),
  };
}

function headOf(app: SweepApp): Promise<string> {
  return app.git(".", "rev-parse", "HEAD", "--symbolic-full-name", "HEAD");
}

Deno.test("hsm pull --app killed at any call: the files are those that belong where git is, or are left alone", async () => {
  await using app = await behindApp();
  const restore = (to: Snapshot) => restoreSnapshot(app.root, to);
  const start = takeSnapshot(app.root);
  const old = await stateOf(app);
  const { layer, trace } = faultyLayer({ at: Infinity, kind: "kill", extent: "from" });
  assertEquals((await app.hsm(ARGS, layer)).code, 0);
  const done = await stateOf(app);
  assert(done["head"] !== old["head"]);
  const kills = new Sweep();
  const ends = { old: 0, there: 0, alone: 0, new: 0 };
  const calls = [...trace.entries()].filter(([, call]) => isChange(call));
  for (const [nth, [index, call]] of calls.entries()) {
    if (!FULL && nth % 3 !== 0) continue;
    await kills.point(`killed at call ${index + 1}: ${call}`, async () => {
      restore(start);
      await app.hsm(ARGS, faultyLayer({ at: index + 1, kind: "kill", extent: "from" }).layer);
      const between = await stateOf(app);
      const { code, stderr } = await app.hsm(["status"]);
      const now = await stateOf(app);
      assertEquals([now["head"], now["index"]], [between["head"], between["index"]], stderr);
      if (now["head"] === old["head"]) {
        assertEquals(code, 0, stderr);
        ends.old++;
        return assertEquals(now, old, stderr);
      }
      if (code === 3) {
        ends.alone++;
        assertMatch(stderr, /Cannot take back `hsm pull --app`: its repository is on main/);
        assertEquals(now, between, stderr);
        assertEquals(await app.read("pyproject.toml.hsm-original"), old["pyproject.toml"]);
        return;
      }
      assertEquals(code, 0, stderr);
      if (now["pyproject.toml"] === done["pyproject.toml"]) ends.new++;
      else {
        ends.there++;
        assertMatch(stderr, /git had finished its part: the app is on main/);
        assertEquals(
          await app.git(".", "diff", "--shortstat"),
          " 1 file changed, 1 insertion(+), 1 deletion(-)\n",
        );
      }
      await must(app, ["sync", "--yes"]);
      assertEquals(await stateOf(app), done);
    });
  }
  tally({ kills: kills.tried });
  console.log(`pull of the app: ${kills.tried} kills, ${JSON.stringify(ends)}`);
  Sweep.end(kills);
  assert(ends.old > 0 && ends.there > 0 && ends.alone > 0, JSON.stringify(ends));
});
