import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { HsmError } from "../../../lib/errors.ts";
import { acquireLock, type LockHolder, readLockHolder } from "../../../lib/transaction/lock.ts";
import { HERE, type Platform } from "../../../lib/platform/system.ts";
import { testFolder } from "./folder.ts";

/** Lets a lock that was given up come and go: two waiters may come in any order. */
async function settle(root: string): Promise<void> {
  const lock = await acquireLock(root, { command: "test", wait: true });
  await lock[Symbol.asyncDispose]();
  await new Promise((resolve) => setTimeout(resolve, 100));
}

Deno.test("acquireLock() says who holds the lock while it is held", async () => {
  using folder = testFolder();
  const now = (): Date => new Date("2026-01-02T03:04:05Z");
  {
    await using lock = await acquireLock(folder.root, { command: "hsm sync", now });
    assertEquals(lock.holder, {
      pid: Deno.pid,
      command: "hsm sync",
      since: "2026-01-02T03:04:05.000Z",
    });
    assertEquals(readLockHolder(folder.root), lock.holder);
  }
  assertEquals(readLockHolder(folder.root), null);
  assert(Deno.statSync(folder.at(".hsm/lock")).isFile);
});

Deno.test("acquireLock() fails when the lock is held, and lets go of it when it comes late", async () => {
  using folder = testFolder();
  const first = await acquireLock(folder.root, { command: "hsm dev plug-a" });
  const error = await assertRejects(
    () => acquireLock(folder.root, { command: "hsm sync" }),
    HsmError,
  );
  assertEquals([error.code, error.exitStatus], ["workspace-locked", 1]);
  assertMatch(
    error.message,
    /^Cannot lock the workspace: `hsm dev plug-a` \(process \d+\) runs since 2/,
  );
  assertStringIncludes(error.hint ?? "", "--wait");
  await first[Symbol.asyncDispose]();
  // The lock that was given up comes now, and must not stay.
  const second = await acquireLock(folder.root, { command: "hsm sync", wait: true });
  assertEquals(readLockHolder(folder.root), second.holder);
  await second[Symbol.asyncDispose]();
  await settle(folder.root);
});

Deno.test("acquireLock() waits with `wait`, tells for whom, once, and stops on a signal", async () => {
  using folder = testFolder();
  const first = await acquireLock(folder.root, { command: "hsm sync" });
  const told: (LockHolder | null)[] = [];
  const onWait = (holder: LockHolder | null): void => void told.push(holder);
  const abort = new AbortController();
  const { signal } = abort;
  const stopped = acquireLock(folder.root, { command: "hsm map", wait: true, signal });
  const waiting = acquireLock(folder.root, { command: "hsm inject", wait: true, onWait });
  await new Promise((resolve) => setTimeout(resolve, 350));
  assertEquals(told, [first.holder]);
  abort.abort(new Error("Ctrl-C"));
  await assertRejects(() => stopped, Error, "Ctrl-C");
  await first[Symbol.asyncDispose]();
  await using second = await waiting;
  assertEquals(second.holder.command, "hsm inject");
  assertEquals(told.length, 1);
});

Deno.test("acquireLock() is not kept out by the name of a holder who is gone", async () => {
  using folder = testFolder();
  Deno.mkdirSync(folder.at(".hsm"));
  folder.write(
    ".hsm/lock",
    JSON.stringify({ pid: Deno.pid, command: "hsm sync", since: "2026-01-02T03:04:05.000Z" }),
  );
  await using lock = await acquireLock(folder.root, { command: "hsm check" });
  assertEquals(readLockHolder(folder.root), lock.holder);
});

Deno.test("acquireLock() gives up on a lock whose holder is not to be made out", async () => {
  using folder = testFolder();
  const first = await acquireLock(folder.root, { command: "hsm sync" });
  folder.write(".hsm/lock", "");
  const begun = performance.now();
  const error = await assertRejects(
    () => acquireLock(folder.root, { command: "hsm map", patience: 300 }),
    HsmError,
  );
  assert(performance.now() - begun >= 300);
  assertEquals(error.message, "Cannot lock the workspace: another process holds the lock");
  await first[Symbol.asyncDispose]();
  await settle(folder.root);
});

Deno.test("acquireLock() takes the lock anew when the file was removed while it waited", async () => {
  using folder = testFolder();
  const first = await acquireLock(folder.root, { command: "hsm sync" });
  const waiting = acquireLock(folder.root, { command: "hsm map", wait: true });
  await new Promise((resolve) => setTimeout(resolve, 50));
  Deno.removeSync(folder.at(".hsm"), { recursive: true });
  await first[Symbol.asyncDispose]();
  const second = await waiting;
  assertEquals(readLockHolder(folder.root), second.holder);
  const error = await assertRejects(
    () => acquireLock(folder.root, { command: "hsm check" }),
    HsmError,
  );
  assertEquals(error.code, "workspace-locked");
  await second[Symbol.asyncDispose]();
  await settle(folder.root);
});

Deno.test({
  name: "acquireLock() does not write through a link",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    using folder = testFolder({ "precious": "text" });
    Deno.mkdirSync(folder.at(".hsm"));
    Deno.symlinkSync("../precious", folder.at(".hsm/lock"));
    {
      await using lock = await acquireLock(folder.root, { command: "hsm sync" });
      assertEquals(readLockHolder(folder.root), lock.holder);
    }
    assertEquals(folder.read("precious"), "text");
    assert(Deno.lstatSync(folder.at(".hsm/lock")).isFile);
    Deno.removeSync(folder.at(".hsm/lock"));
    Deno.mkdirSync(folder.at(".hsm/lock"));
    const error = await assertRejects(
      () => acquireLock(folder.root, { command: "hsm sync" }),
      HsmError,
    );
    assertStringIncludes(error.message, "lock is a folder");
  },
});

Deno.test("acquireLock() says on Windows who holds the lock, which nobody can read there", async () => {
  using folder = testFolder();
  const platform: Platform = { system: "windows", ask: () => Promise.resolve(null) };
  const first = await acquireLock(folder.root, { command: "hsm dev plug-a", platform });
  assertEquals(folder.read(".hsm/lock"), "");
  assertEquals(readLockHolder(folder.root, "windows"), first.holder);
  const again = (): Promise<AsyncDisposable> =>
    acquireLock(folder.root, { command: "hsm sync", platform });
  assertStringIncludes((await assertRejects(again, HsmError)).message, "`hsm dev plug-a` (process");
  await first[Symbol.asyncDispose]();
  assertEquals(readLockHolder(folder.root, "windows"), null);
  await settle(folder.root);
});

Deno.test("acquireLock() does not take a stranger for the holder that has its number by now", async () => {
  using folder = testFolder();
  const first = await acquireLock(folder.root, { command: "hsm sync" });
  const child = new Deno.Command("sleep", { args: ["60"] }).spawn();
  const name = (since: number): void => {
    const holder = { pid: child.pid, command: "hsm dev", since: new Date(since).toISOString() };
    Deno.writeTextFileSync(first.path, JSON.stringify(holder));
  };
  const message = async (platform: Platform): Promise<string> => {
    const options = { command: "hsm sync", patience: 300, platform };
    return (await assertRejects(() => acquireLock(folder.root, options), HsmError)).message;
  };
  try {
    for (const system of ["linux", "darwin"] as const) {
      name(Date.now());
      assertStringIncludes(await message({ ...HERE, system }), "`hsm dev`");
      name(Date.now() - 60_000);
      assertStringIncludes(await message({ ...HERE, system }), "another process holds the lock");
    }
  } finally {
    child.kill("SIGKILL");
    await child.status;
    await first[Symbol.asyncDispose]();
  }
  await settle(folder.root);
});
