import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { HsmError } from "../../../lib/errors.ts";
import { listHistory, readHistory } from "../../../lib/transaction/history.ts";
import { hasJournal } from "../../../lib/transaction/journal.ts";
import type { RepositoryState } from "../../../lib/git/repository_state.ts";
import { recover } from "../../../lib/transaction/recover.ts";
import { Transaction } from "../../../lib/transaction/transaction.ts";
import { type TestFolder, testFolder } from "./folder.ts";

const FILES = ["pyproject.toml", "uv.lock", "hsm.yaml", "hsm.local.yaml"];
const POSIX = Deno.build.os !== "windows";

function begin(folder: TestFolder, command = "hsm sync"): Promise<Transaction> {
  return Transaction.begin({ root: folder.root, files: FILES, command });
}

function modeOf(path: string): number {
  return (Deno.lstatSync(path).mode ?? 0) & 0o7777;
}

Deno.test("commit() keeps what was written, created and deleted", async () => {
  using folder = testFolder({ "pyproject.toml": "old", "hsm.yaml": "gone" });
  const transaction = await begin(folder);
  assert(hasJournal(folder.root));
  await transaction.write("pyproject.toml", "new");
  await transaction.write("hsm.yaml", null);
  await transaction.write("hsm.local.yaml", "fresh");
  await transaction.commit();
  assert(!hasJournal(folder.root));
  assertEquals(folder.names(), ["hsm.local.yaml", "pyproject.toml"]);
  assertEquals(folder.read("pyproject.toml"), "new");
  assertEquals(folder.read("hsm.local.yaml"), "fresh");
});

Deno.test("write() gives a new file the mode that the umask gives", async () => {
  if (!POSIX) return;
  using folder = testFolder({});
  const transaction = await begin(folder);
  await transaction.write("hsm.local.yaml", "fresh");
  await transaction.commit();
  assertEquals(modeOf(folder.at("hsm.local.yaml")), 0o666 & ~Deno.umask());
});

Deno.test("rollback() brings back bytes, mode and absence", async () => {
  using folder = testFolder({ "pyproject.toml": "\ufeffold\r\n", "uv.lock": "lock" });
  if (POSIX) Deno.chmodSync(folder.at("pyproject.toml"), 0o640);
  const transaction = await begin(folder);
  await transaction.write("pyproject.toml", "new");
  await transaction.write("pyproject.toml", "newer");
  await transaction.write("uv.lock", null);
  await transaction.write("hsm.yaml", "created");
  assertEquals(await transaction.rollback(), {
    restored: ["pyproject.toml", "uv.lock", "hsm.yaml"],
  });
  assertEquals(folder.names(), ["pyproject.toml", "uv.lock"]);
  assertEquals(
    Deno.readFileSync(folder.at("pyproject.toml")),
    new TextEncoder().encode("\ufeffold\r\n"),
  );
  assertEquals(folder.read("uv.lock"), "lock");
  if (POSIX) assertEquals(modeOf(folder.at("pyproject.toml")), 0o640);
  assert(!hasJournal(folder.root));
  assertEquals([...Deno.readDirSync(folder.at(".hsm/journal"))], []);
});

Deno.test("rollback() passes over what the log has that is no event", async () => {
  using folder = testFolder({ "uv.lock": "old" });
  const transaction = await begin(folder);
  await transaction.write("uv.lock", "new");
  const log = ".hsm/journal/open/log";
  folder.write(log, `${folder.read(log)}\nnull\n5\n"x"\n[null]\n{"event":"wri`);
  assertEquals(await transaction.rollback(), { restored: ["uv.lock"] });
  assertEquals(folder.read("uv.lock"), "old");
});

Deno.test("a transaction rolls back when its block is left without commit()", async () => {
  using folder = testFolder({ "pyproject.toml": "old" });
  await assertRejects(async () => {
    await using transaction = await begin(folder);
    await transaction.write("pyproject.toml", "new");
    throw new Error("a later step failed");
  });
  assertEquals(folder.read("pyproject.toml"), "old");
});

Deno.test("a file at stake above the root goes by its relative or absolute path", async () => {
  using folder = testFolder({ "uv.lock": "old" });
  const root = folder.at("app");
  Deno.mkdirSync(root);
  const lock = folder.at("uv.lock");
  const files = ["../uv.lock"];
  const begin = () => Transaction.begin({ root, files, command: "hsm sync" });

  const first = await begin();
  await first.write("../uv.lock", "new");
  await first.write(lock, "newer");
  assertEquals(await first.rollback(), { restored: [lock] });
  assertEquals(folder.read("uv.lock"), "old");

  // A crash: nobody rolls back.
  await (await begin()).write("../uv.lock", "new");
  await assertRejects(() => recover(root, { files: ["uv.lock"] }), HsmError, "HSM does not write");
  assertEquals((await recover(root, { files })).restored, [lock]);
  assertEquals(folder.read("uv.lock"), "old");
  await (await begin()).write(lock, "new");
  assertEquals((await recover(root, { files: [lock] })).restored, [lock]);
  assertEquals(folder.read("uv.lock"), "old");
});

Deno.test("add() puts more files at stake: they go back, come back after a crash, and are in the history", async () => {
  for (const end of ["rollback", "crash", "commit"] as const) {
    using folder = testFolder({ "uv.lock": "lock", "a.txt": "a", "b.txt": "b" });
    const transaction = await begin(folder);
    await transaction.write("uv.lock", "new lock");
    await assertRejects(() => transaction.write("a.txt", "x"), HsmError, "not at stake");
    await transaction.add(["a.txt", "new.txt"]);
    await transaction.write("a.txt", "A");
    await transaction.write("new.txt", "N");
    // What is there of one that was added before stays what it was.
    await transaction.add(["uv.lock", "a.txt", "b.txt"]);
    await transaction.write("b.txt", null);
    const all = ["uv.lock", "a.txt", "new.txt", "b.txt"];
    if (end === "commit") {
      await transaction.commit();
      const { files } = await readHistory(folder.root, transaction.id);
      assertEquals(files.map((it) => it.file), all);
      const before = files.map((it) => it.before && new TextDecoder().decode(it.before));
      assertEquals(before, ["lock", "a", null, "b"]);
      continue;
    }
    const { restored } = end === "crash"
      ? await recover(folder.root, { files: FILES })
      : await transaction.rollback();
    assertEquals(restored, all);
    assertEquals(folder.names(), ["a.txt", "b.txt", "uv.lock"]);
    assertEquals(["uv.lock", "a.txt", "b.txt"].map((it) => folder.read(it)), [
      "lock",
      "a",
      "b",
    ]);
  }
});

Deno.test("add() puts files at stake that belong to where the repository has been moved", async () => {
  const states = ["1", "2"].map((commit) => ({ branch: "refs/heads/main", commit, index: commit }));
  const [before, after] = states as [RepositoryState, RepositoryState];
  for (const state of states) {
    using folder = testFolder({ "uv.lock": "lock" });
    const transaction = await begin(folder);
    const read = () => Promise.resolve(state as RepositoryState);
    await transaction.noteRepository(before, { read, first: true });
    // What git brings.
    Deno.writeTextFileSync(folder.at("come.txt"), "come");
    await transaction.noteRepository(after, { read, first: false });
    await transaction.add(["come.txt"]);
    await transaction.write("uv.lock", "new");
    await transaction.write("come.txt", "changed");
    // On its way back git takes it away again.
    if (state === before) {
      Deno.removeSync(folder.at("come.txt"));
      await transaction.noteRepository(before, { read, first: true });
    }
    const { restored } = await recover(folder.root, { files: FILES, repository: read });
    assertEquals(restored, state === before ? ["uv.lock"] : ["uv.lock", "come.txt"]);
    assertEquals(folder.names(), state === before ? ["uv.lock"] : ["come.txt", "uv.lock"]);
    if (state === after) assertEquals(folder.read("come.txt"), "come");
  }
});

Deno.test("write() does not touch a file that would not change", async () => {
  using folder = testFolder({ "pyproject.toml": "same" });
  const past = new Date(1_000_000_000_000);
  Deno.utimeSync(folder.at("pyproject.toml"), past, past);
  const transaction = await begin(folder);
  await transaction.write("pyproject.toml", "same");
  await transaction.commit();
  assertEquals(Deno.statSync(folder.at("pyproject.toml")).mtime, past);
  assertEquals(listHistory(folder.root), []);
});

Deno.test({
  name: "write() keeps mode, owner and links",
  ignore: !POSIX,
  fn: async () => {
    using folder = testFolder({ "real.toml": "old" });
    Deno.mkdirSync(folder.at("deep"));
    Deno.symlinkSync("../real.toml", folder.at("deep/link.toml"));
    Deno.symlinkSync("deep/link.toml", folder.at("pyproject.toml"));
    Deno.symlinkSync("later.lock", folder.at("uv.lock"));
    Deno.chmodSync(folder.at("real.toml"), 0o604);
    if (Deno.uid() === 0) Deno.chownSync(folder.at("real.toml"), 12345, 54321);
    const before = Deno.statSync(folder.at("real.toml"));
    const check = (text: string): void => {
      const after = Deno.statSync(folder.at("real.toml"));
      assertEquals(
        [after.mode, after.uid, after.gid, folder.read("real.toml")],
        [before.mode, before.uid, before.gid, text],
      );
      assert(Deno.lstatSync(folder.at("pyproject.toml")).isSymlink);
      assert(Deno.lstatSync(folder.at("uv.lock")).isSymlink);
    };
    const first = await begin(folder);
    await first.write("pyproject.toml", "new");
    await first.write("uv.lock", "created behind a link");
    check("new");
    assertEquals(folder.read("later.lock"), "created behind a link");
    await first.rollback();
    check("old");
    assertEquals(folder.names(), ["deep", "pyproject.toml", "real.toml", "uv.lock"]);
    const second = await begin(folder);
    await second.write("pyproject.toml", "new");
    await second.commit();
    check("new");
  },
});

Deno.test({
  name: "begin() keeps the originals as private as they were",
  ignore: !POSIX,
  fn: async () => {
    using folder = testFolder({ "hsm.local.yaml": "secret" });
    Deno.chmodSync(folder.at("hsm.local.yaml"), 0o600);
    await using _transaction = await begin(folder);
    assertEquals(modeOf(folder.at(".hsm/journal")), 0o700);
    assertEquals(modeOf(folder.at(".hsm/journal/open/3-hsm.local.yaml")), 0o600);
  },
});

Deno.test("write() refuses when somebody else changed the file since it was read", async () => {
  using folder = testFolder({ "pyproject.toml": "old" });
  const transaction = await begin(folder);
  folder.write("pyproject.toml", "theirs");
  const error = await assertRejects(() => transaction.write("pyproject.toml", "new"), HsmError);
  assertEquals(error.code, "file-changed");
  assertEquals(error.message, "Cannot write pyproject.toml: it was changed meanwhile");
  await transaction.rollback();
  assertEquals(folder.read("pyproject.toml"), "theirs");
  assertEquals(folder.names(), ["pyproject.toml"]);
});

Deno.test("write() compares with what its caller read", async () => {
  using folder = testFolder({ "hsm.yaml": "new", "uv.lock": "" });
  await using transaction = await begin(folder);
  const error = await assertRejects(
    () => transaction.write("hsm.yaml", "edited", { expected: "read before the lock" }),
    HsmError,
  );
  assertEquals(error.code, "file-changed");
  await assertRejects(
    () => transaction.write("hsm.yaml", "edited", { expected: null }),
    HsmError,
    "it was changed meanwhile",
  );
  await transaction.write("hsm.yaml", "edited", { expected: "new" });
  assertEquals(folder.read("hsm.yaml"), "edited");
});

Deno.test("rollback() leaves somebody else's change and puts the original beside it", async () => {
  using folder = testFolder({ "pyproject.toml": "old", "uv.lock": "lock" });
  const transaction = await begin(folder);
  await transaction.write("pyproject.toml", "new");
  await transaction.write("uv.lock", "new lock");
  await transaction.write("hsm.yaml", "created");
  folder.write("pyproject.toml", "theirs");
  folder.write("hsm.yaml", "theirs too");
  folder.write("pyproject.toml.hsm-original", "from an earlier time");
  const error = await assertRejects(() => transaction.rollback(), HsmError);
  assertEquals([error.code, error.exitStatus], ["rollback-failed", 3]);
  assertEquals(
    error.message,
    "Cannot roll back pyproject.toml, hsm.yaml: somebody else changed it while hsm ran",
  );
  assertStringIncludes(error.hint ?? "", "pyproject.toml.hsm-original-2");
  assertStringIncludes(error.hint ?? "", "hsm.yaml did not exist before");
  assertEquals(error.restored, ["uv.lock"]);
  assertEquals(folder.read("pyproject.toml"), "theirs");
  assertEquals(folder.read("hsm.yaml"), "theirs too");
  assertEquals(folder.read("pyproject.toml.hsm-original"), "from an earlier time");
  assertEquals(folder.read("pyproject.toml.hsm-original-2"), "old");
  assertEquals(folder.read("uv.lock"), "lock");
  // It was said once; the next command is free to run.
  assert(!hasJournal(folder.root));
});

Deno.test("rollback() leaves files alone that the transaction never touched", async () => {
  using folder = testFolder({ "pyproject.toml": "old", "hsm.yaml": "old" });
  const transaction = await begin(folder);
  await transaction.write("pyproject.toml", "new");
  folder.write("hsm.yaml", "edited meanwhile");
  assertEquals((await transaction.rollback()).restored, ["pyproject.toml"]);
  assertEquals(folder.read("hsm.yaml"), "edited meanwhile");
});

Deno.test("runProgram() counts what the program leaves as the transaction's own", async () => {
  using folder = testFolder({ "pyproject.toml": "old" });
  const transaction = await begin(folder);
  const code = await transaction.runProgram({ program: "uv", files: ["uv.lock"] }, (started) => {
    started(Deno.pid);
    folder.write("uv.lock", "by uv");
    return Promise.resolve(1);
  });
  assertEquals(code, 1);
  assertEquals((await transaction.rollback()).restored, ["uv.lock"]);
  assertEquals(folder.names(), ["pyproject.toml"]);
});

Deno.test("rollback() tells the program's change from a later one by somebody else", async () => {
  using folder = testFolder({ "uv.lock": "old" });
  const transaction = await begin(folder);
  await transaction.runProgram({ program: "uv", files: ["uv.lock"] }, () => {
    folder.write("uv.lock", "by uv");
    return Promise.resolve();
  });
  folder.write("uv.lock", "theirs");
  await assertRejects(() => transaction.rollback(), HsmError, "somebody else");
  assertEquals(folder.read("uv.lock"), "theirs");
  assertEquals(folder.read("uv.lock.hsm-original"), "old");
});

Deno.test("runProgram() passes on the program's failure", async () => {
  using folder = testFolder({ "uv.lock": "old" });
  const transaction = await begin(folder);
  await assertRejects(
    () =>
      transaction.runProgram({ program: "uv", files: ["uv.lock"] }, () => {
        folder.write("uv.lock", "half");
        return Promise.reject(new Error("uv was interrupted"));
      }),
    Error,
    "uv was interrupted",
  );
  await transaction.rollback();
  assertEquals(folder.read("uv.lock"), "old");
});

Deno.test("what a killed program has begun beside its file goes, by a rollback and by a recovery", async () => {
  for (const isCrash of [false, true]) {
    using folder = testFolder({ "uv.lock": "old", ".tmp1": "theirs", ".tmp2": "theirs" });
    const transaction = await begin(folder);
    const program = { program: "uv", files: ["uv.lock"], unfinished: /^\.tmp/ };
    const ended = transaction.runProgram(program, () => {
      folder.write(".tmp2", "theirs, and changed");
      folder.write(".tmp3", "half");
      Deno.mkdirSync(folder.at(".tmp4"));
      Deno.symlinkSync("uv.lock", folder.at(".tmp5"));
      folder.write("a.tmp6", "theirs");
      return isCrash ? new Promise<void>(() => {}) : Promise.resolve();
    });
    if (isCrash) await recover(folder.root, { files: [], patience: [0, 0, 0] });
    else await ended.then(() => transaction.rollback());
    const left = [".tmp1", ".tmp2", ".tmp4", ".tmp5", "a.tmp6", "uv.lock"];
    assertEquals(folder.names(), left);
    assertEquals(folder.read(".tmp2"), "theirs, and changed");
    assert(!hasJournal(folder.root));
  }
});

Deno.test("begin() refuses a second transaction, and what is no file", async () => {
  using folder = testFolder({ "pyproject.toml": "old" });
  const transaction = await begin(folder);
  const second = await assertRejects(() => begin(folder), HsmError);
  assertEquals(second.code, "internal");
  await transaction.commit();
  await assertRejects(() => transaction.write("pyproject.toml", "late"), HsmError, "it is closed");
  Deno.mkdirSync(folder.at("uv.lock"));
  await assertRejects(() => begin(folder), HsmError, "it is not a regular file");
  assert(!hasJournal(folder.root));
});

Deno.test({
  name: "begin() and recover() do not follow links out of the root",
  ignore: !POSIX,
  fn: async () => {
    using outside = testFolder({ "record.json": "precious", "other": "precious" });
    Deno.mkdirSync(outside.at("open"));
    {
      using folder = testFolder({ "pyproject.toml": "old" });
      Deno.symlinkSync(outside.root, folder.at(".hsm"));
      await assertRejects(() => begin(folder), HsmError, "it is a link");
      await assertRejects(() => recover(folder.root, { files: FILES }), HsmError, "it is a link");
    }
    for (const isRecovered of [false, true]) {
      using folder = testFolder({ "pyproject.toml": "old" });
      Deno.mkdirSync(folder.at(".hsm"));
      Deno.symlinkSync(outside.root, folder.at(".hsm/journal"));
      if (isRecovered) {
        const { refused } = await recover(folder.root, { files: FILES });
        assertEquals([refused?.reason, refused?.aside], ["it is a link", null]);
      }
      const transaction = await begin(folder);
      await transaction.write("pyproject.toml", "new");
      await transaction.commit();
      assert(Deno.lstatSync(folder.at(".hsm/journal")).isDirectory);
    }
    for (const name of ["new", "old"]) {
      using folder = testFolder({ "pyproject.toml": "old" });
      Deno.mkdirSync(folder.at(".hsm/journal"), { recursive: true });
      Deno.symlinkSync(outside.root, folder.at(`.hsm/journal/${name}`));
      await recover(folder.root, { files: FILES });
      const transaction = await begin(folder);
      await transaction.write("pyproject.toml", "new");
      await transaction.rollback();
    }
    assertEquals(outside.names(), ["open", "other", "record.json"]);
  },
});

Deno.test("the history keeps the last 20 transactions that changed something", async () => {
  using folder = testFolder({ "pyproject.toml": "0", "hsm.yaml": "x" });
  const now = (): Date => new Date("2026-01-02T03:04:05.678Z");
  for (let i = 1; i <= 23; i++) {
    const transaction = await Transaction.begin({
      root: folder.root,
      files: FILES,
      command: `hsm ${i}`,
      now,
    });
    await transaction.write("pyproject.toml", `${i}`);
    if (i === 23) await transaction.write("uv.lock", "created");
    await transaction.commit();
  }
  const history = listHistory(folder.root);
  assertEquals(history.length, 20);
  const [last] = history;
  assertEquals(last, {
    id: last?.id ?? "",
    command: "hsm 23",
    since: "2026-01-02T03:04:05.678Z",
    files: ["pyproject.toml", "uv.lock"],
  });
  assertEquals(history.at(-1)?.command, "hsm 4");
  const details = await readHistory(folder.root, last?.id ?? "");
  assertEquals(
    details.files.map(({ file, before }) => [file, before && new TextDecoder().decode(before)]),
    [["pyproject.toml", "22"], ["uv.lock", null]],
  );
  assertEquals(
    details.files[0]?.after,
    "535fa30d7e25dd8a49f1536779734ec8286108d115da5045d77f3b4185d8f790",
  );
  await assertRejects(() => readHistory(folder.root, "../.."), HsmError, "there is no transaction");
});

Deno.test("the history goes by its own entries, and never takes a name that is taken", async () => {
  using folder = testFolder({ "pyproject.toml": "0" });
  const foreign = [..."123456789"].map((it) => `10${it}`).concat("1", "3", "999999999999");
  for (const name of foreign) {
    Deno.mkdirSync(folder.at(`.hsm/journal/${name}`), { recursive: true });
    folder.write(`.hsm/journal/${name}/record.json`, '{ "version": 1, "files": [], "folder": "" }');
  }
  // It lies where transaction 5 would write to before it renames.
  Deno.mkdirSync(folder.at(".hsm-5-pyproject.toml"));
  folder.write(".hsm-5-pyproject.toml/x", "");
  const ids = [];
  for (let i = 1; i <= 22; i++) {
    const transaction = await Transaction.begin({
      root: folder.root,
      files: FILES,
      command: `${i}`,
    });
    ids.push(transaction.id);
    await transaction.write("pyproject.toml", `${i}`);
    await transaction.commit();
  }
  assertEquals(ids.slice(0, 4), ["2", "4", "6", "7"]);
  const history = listHistory(folder.root);
  assertEquals(history.map((it) => it.id), ids.slice(-20).reverse());
  const left = [...Deno.readDirSync(folder.at(".hsm/journal"))].map(({ name }) => name);
  assertEquals(left.sort(), [...foreign, ...ids.slice(-20)].sort());
});

Deno.test("begin() says what the system said when the disk refuses", async () => {
  using folder = testFolder({ "pyproject.toml": "old" });
  folder.write(".hsm", "a file in the way");
  const error = await assertRejects(() => begin(folder), HsmError);
  assertEquals(error.code, "io");
  assertStringIncludes(error.message, "it is no folder");
});
