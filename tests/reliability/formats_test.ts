/**
 * The files of another HSM: those of 0.1.0 are understood or set aside with a word, and those of a newer one are told as
 * such and left alone.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { hashOf } from "../../lib/transaction/content.ts";
import { realFiles } from "../../lib/files/layer.ts";
import { HISTORY_LENGTH, listHistory, pruneHistory } from "../../lib/transaction/history.ts";
import { Journals } from "../../lib/transaction/journal.ts";
import { acquireLock } from "../../lib/transaction/lock.ts";
import { readSynced } from "../../lib/workspace/synced.ts";
import { type TestApp, testApp } from "../harness/app.ts";
import { treeOf } from "./tree.ts";

/** How the files at stake were, and how a command left them: `null` is no file. */
type Texts = Readonly<Record<string, string | null>>;

/**
 * Writes a journal as 0.1.0 did, to the byte but for its folder, times and hashes.
 *
 * @param name `open`, or the number of a command that has ended.
 * @param left What the command left behind; of one that has ended it stands in `after.json`.
 */
async function writeJournal(
  app: TestApp,
  name: string,
  { before, left, version = 1 }: {
    readonly before: Texts;
    readonly left: Texts;
    readonly version?: number;
  },
): Promise<void> {
  const hash = (text: string | null) =>
    text === null ? "absent" : hashOf(new TextEncoder().encode(text));
  const folder = `.hsm/journal/${name}`;
  await app.write(`${folder}/log`, "");
  const files: unknown[] = [];
  const events: unknown[] = [];
  const after: Record<string, string> = {};
  for (const [index, [file, text]] of Object.entries(before).entries()) {
    const image = `${index}-${file}`;
    if (text !== null) await app.write(`${folder}/${image}`, text);
    files.push({
      file,
      target: file,
      before: text === null
        ? null
        : { image, hash: await hash(text), mode: 0o644, uid: Deno.uid(), gid: Deno.gid() },
    });
    after[file] = await hash(left[file] ?? null);
    if (file !== "uv.lock") events.push({ event: "write", file, hash: after[file] });
  }
  events.push({ event: "starting", files: ["uv.lock"], program: "uv" });
  events.push({ event: "started", pid: 2 ** 22 + 1, executable: "/usr/bin/uv" });
  if (name !== "open") {
    events.push({ event: "ended", hashes: { "uv.lock": after["uv.lock"] } });
    await app.write(`${folder}/after.json`, JSON.stringify(after));
  }
  await app.write(`${folder}/log`, events.map((it) => `\n${JSON.stringify(it)}`).join(""));
  const record = {
    version,
    id: name === "open" ? "7" : name,
    command: "hsm dev plug-a --yes",
    since: "2026-11-23T01:12:00.000Z",
    folder: realFiles().facts(join(app.root, folder))?.identity,
    files,
  };
  await app.write(`${folder}/record.json`, `${JSON.stringify(record, null, 2)}\n`);
}

/** pyproject.toml as 0.1.0 left it in prod mode. */
function injected(app: TestApp): string {
  return `[project]
name = "app"
version = "0.1.0"
requires-python = ">=3.9"
dependencies = ["plug-a"]

[tool.uv.sources]
plug-a = { git = "file://${app.folder}/remotes/plug-a", tag = "v1.0.0" }

[tool.hsm]
# What hsm added to this file, so that it can take it out again
created = ["tool.uv.sources"]
packages.plug-a = { requirement = "plug-a" }
`;
}

async function textsOf(app: TestApp): Promise<Texts> {
  const { "pyproject.toml": project, "uv.lock": lock, "hsm.yaml": manifest } = await app.texts();
  return {
    "pyproject.toml": project ?? null,
    "hsm.yaml": manifest ?? null,
    "hsm.local.yaml": null,
    "uv.lock": lock ?? null,
  };
}

Deno.test("a command of 0.1.0 that was killed is undone", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  const before = await textsOf(app);
  const left = { ...before, "pyproject.toml": injected(app), "hsm.local.yaml": "mode: dev\n" };
  await writeJournal(app, "open", { before, left });
  await app.write("pyproject.toml", left["pyproject.toml"]);
  await app.write("hsm.local.yaml", left["hsm.local.yaml"]);

  (await app.hsm("list")).expect({
    code: 0,
    stderr: "warning: `hsm dev plug-a --yes` of 2026-11-23T01:12:00.000Z did not end well; " +
      "restored pyproject.toml, hsm.local.yaml\n",
  });

  assertEquals(await textsOf(app), before);
  assertEquals(await app.exists("hsm.local.yaml"), false);
  assertEquals(await app.list(".hsm/journal"), []);
});

Deno.test("what commands of 0.1.0 did is listed and undone", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  const before = await textsOf(app);
  const middle = { ...before, "pyproject.toml": `${before["pyproject.toml"]}\n# a comment\n` };
  const left = { ...before, "pyproject.toml": injected(app) };
  await writeJournal(app, "1", { before, left: middle });
  await writeJournal(app, "2", { before: middle, left });
  await app.write("pyproject.toml", left["pyproject.toml"]);

  const list = await app.hsm("undo", "--list");
  list.expect({ code: 0, stderr: "" });
  assertEquals(list.stdout.split("\n").map((it) => it.replace(/ .*  /, " ")), [
    "2 pyproject.toml",
    "1 pyproject.toml",
    "",
  ]);
  (await app.hsm("undo", "--no-sync")).expect({ code: 0 });
  assertEquals(await app.read("pyproject.toml"), middle["pyproject.toml"]);
  (await app.hsm("undo", "1", "--no-sync")).expect({ code: 0 });
  assertEquals(await app.read("pyproject.toml"), before["pyproject.toml"]);
});

Deno.test("what 0.1.0 wrote to pyproject.toml is kept, changed and taken out again to the byte", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  const before = await app.read("pyproject.toml");
  await app.write("pyproject.toml", injected(app));

  (await app.hsm("inject")).expect({ code: 0 });
  assertEquals(await app.read("pyproject.toml"), injected(app));
  (await app.hsm("remove", "plug-a", "--no-sync")).expect({ code: 0 });
  (await app.hsm("inject")).expect({ code: 0 });
  assertEquals(await app.read("pyproject.toml"), before);
});

Deno.test("a note of 0.1.0 is not believed, and replaced by the next sync", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  (await app.hsm("sync")).expect({ code: 0 });
  assertEquals(readSynced(app.root, app.env)?.packages, 1);
  const path = join(app.root, ".hsm/synced.json");
  const note = await app.read(".hsm/synced.json");
  const { version: _, ...old } = JSON.parse(note);
  await Deno.writeTextFile(path, JSON.stringify(old));

  assertEquals(readSynced(app.root, app.env)?.packages, undefined);
  (await app.hsm("sync")).expect({ code: 0, stderr: /1 package is in line\n$/ });
  assertEquals(readSynced(app.root, app.env)?.packages, 1);
  assertEquals(JSON.parse(await app.read(".hsm/synced.json")).version, JSON.parse(note).version);
});

Deno.test("nothing is taken from the places of 0.1.0 in HSM's cache, and nothing there is touched", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  const cache = join(app.folder, "home/.cache/hsm");
  (await app.hsm("check")).expect({ code: 0 });

  const formats = Array.fromAsync(Deno.readDir(join(cache, "manifests")), (it) => it.name);
  assertEquals(await formats, ["v2"]);
  const kinds = Array.fromAsync(Deno.readDir(join(cache, "metadata")), (it) => it.name);
  assertEquals(await kinds, ["v2"]);
});

const TOLD = /was written by a newer hsm \(format 99\)/;

Deno.test("an open journal of a newer hsm is told as such by every command, and left as it is", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  const before = await textsOf(app);
  await writeJournal(app, "open", { before, left: before, version: 99 });
  // Only these two are known of a newer one.
  const { version, folder } = JSON.parse(await app.read(".hsm/journal/open/record.json"));
  await app.write(".hsm/journal/open/record.json", JSON.stringify({ version, folder, all: "new" }));
  for (const stray of ["new", "old"]) await app.write(`.hsm/journal/${stray}/image`, "newer's");
  const state = treeOf(app.root, /^\.hsm\/(?:lock|\.gitignore)?$|^\.hsm$|^\.$/);
  const error = "error: Cannot recover from [DIR]/app/.hsm/journal/open: " +
    "it was written by a newer hsm (format 99)\n" +
    "hint: update hsm, or compare your files with the originals in [DIR]/app/.hsm/journal/open, " +
    "then remove that folder\n";

  for (const command of ["sync", "dev plug-a -y", "undo", "status", "list", "diff", "check", ""]) {
    const run = await app.hsm(...command.split(" ").filter((it) => it !== ""));
    run.expect({ code: 3, stdout: "", stderr: error });
  }
  const doctor = await app.hsm("doctor");
  assertEquals(doctor.code, 1);
  assertMatch(doctor.stdout, TOLD);
  assertMatch(doctor.stdout, /update hsm/);

  assertEquals(treeOf(app.root, /^\.hsm\/(?:lock|\.gitignore)?$|^\.hsm$|^\.$/), state);
});

Deno.test("what a newer hsm did is not undone, not passed over, and not forgotten", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  (await app.hsm("sync")).expect({ code: 0 });
  const texts = await textsOf(app);
  await writeJournal(app, "50", { before: texts, left: texts, version: 99 });
  const newer = treeOf(join(app.root, ".hsm/journal/50"));

  const undo = await app.hsm("undo");
  undo.expect({
    code: 2,
    stdout: "",
    stderr: "error: Cannot undo: command 50 was written by a newer hsm (format 99)\n" +
      "hint: update hsm\n",
  });
  const list = await app.hsm("undo", "--list");
  list.expect({ code: 0, stdout: /^1 .* hsm sync/, stderr: TOLD });
  for (let id = 51; id < 53 + HISTORY_LENGTH; id++) {
    await writeJournal(app, `${id}`, { before: texts, left: texts });
  }
  pruneHistory(new Journals(app.root, realFiles()));
  assertEquals(listHistory(app.root).length, HISTORY_LENGTH);
  assertEquals(treeOf(join(app.root, ".hsm/journal/50")), newer);
});

Deno.test("a [tool.hsm] of a newer hsm is told as such, and pyproject.toml stays as it is", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  await app.write("pyproject.toml", `${injected(app)}version = 99\npolicy = "new"\n`);
  await app.git(".", "init", "--quiet");
  await app.git(".", "add", "--all");

  const error = "error: Cannot read pyproject.toml: [tool.hsm] was written by a newer hsm " +
    "(format 99)\nhint: update hsm\n";
  for (
    const command of [
      ...["sync", "sync --locked", "inject", "remove plug-a", "dev plug-a -y", "pin plug-a v1.0.0"],
      ...["status", "diff", "check", "check --prod", "check --prod --staged", "graph", "map"],
    ]
  ) {
    await app.unchanged(async () => {
      const run = await app.hsm(...command.split(" "));
      assertEquals([command, run.code, run.stdout, run.stderr], [command, 2, "", error]);
    });
  }
  assertEquals(await app.exists("packages/plug-a"), false);
  const doctor = await app.hsm("doctor");
  assertEquals(doctor.code, 1);
  assertMatch(doctor.stdout, TOLD);
  assertMatch((await app.hsm()).stdout, TOLD);
  // It shows what hsm.yaml says, and reads nothing else.
  (await app.hsm("list")).expect({ code: 0, stdout: /^plug-a/, stderr: "" });
});

Deno.test("a lock that a newer hsm has left is told as such, and stays as it is", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  (await app.hsm("sync")).expect({ code: 0 });
  const newer = JSON.stringify({ version: 99, holder: { host: "elsewhere" } });
  await app.write(".hsm/lock", newer);

  for (const command of ["sync", "dev plug-a -y", "undo"]) {
    await app.unchanged(async () => {
      (await app.hsm(...command.split(" "))).expect({
        code: 2,
        stdout: "",
        stderr:
          "error: Cannot lock the workspace: .hsm/lock was written by a newer hsm (format 99)\n" +
          "hint: update hsm, or delete [DIR]/app/.hsm/lock once no hsm runs there\n",
      });
    });
  }
  const doctor = await app.hsm("doctor");
  assertEquals(doctor.code, 1);
  assertMatch(doctor.stdout, TOLD);
  assertEquals(await app.read(".hsm/lock"), newer);
  // Who only looks takes no lock.
  (await app.hsm("status")).expect({ code: 0 });
  await Deno.remove(join(app.root, ".hsm/lock"));
  (await app.hsm("sync")).expect({ code: 0 });
});

Deno.test("a note of a newer hsm is not believed, and stays", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  (await app.hsm("sync")).expect({ code: 0 });
  const path = join(app.root, ".hsm/synced.json");
  const newer = JSON.stringify({ ...JSON.parse(await app.read(".hsm/synced.json")), version: 99 });
  await Deno.writeTextFile(path, newer);

  assertEquals(readSynced(app.root, app.env)?.packages, undefined);
  (await app.hsm("sync")).expect({ code: 0 });
  (await app.hsm("dev", "plug-a", "-y")).expect({ code: 0 });
  assertEquals(await app.read(".hsm/synced.json"), newer);
});

Deno.test("each of HSM's own files says its format", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  (await app.hsm("sync")).expect({ code: 0 });

  await using _ = await acquireLock(app.root, { command: "a test" });
  for (const file of [".hsm/synced.json", ".hsm/journal/1/record.json", ".hsm/lock"]) {
    const { version } = JSON.parse(await app.read(file));
    assert(Number.isInteger(version), file);
  }
});

Deno.test("the mark of a checkout that a newer hsm has let stand in is replaced, and goes with it", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  (await app.hsm("sync")).expect({ code: 0 });
  const dev = ["dev", "my-plugin", "--inject", "environment", "--yes"];
  (await app.hsm(...dev)).expect({ code: 0 });
  await app.write("packages/my-plugin/src/my_plugin/__init__.py", 'VALUE = "edited"\n');
  const site = await app.python("import sysconfig; print(sysconfig.get_path('purelib'))");
  const mark = `${site}/my_plugin-1.0.0.dist-info/hsm.json`;
  const written = await Deno.readTextFile(mark);
  const { version, ...data } = JSON.parse(written);
  const newer = () => Deno.writeTextFile(mark, JSON.stringify({ version: version + 1, ...data }));
  const value = () => app.python("import my_plugin; print(my_plugin.VALUE)");

  await newer();
  (await app.hsm("status", "--exit-code")).expect({ code: 1 });
  (await app.hsm("sync")).expect({ code: 0 });
  assertEquals(await Deno.readTextFile(mark), written);
  assertEquals(await value(), "edited");

  await newer();
  (await app.hsm("prod", "my-plugin")).expect({ code: 0 });
  assertEquals(await value(), "1.0.0");
});
