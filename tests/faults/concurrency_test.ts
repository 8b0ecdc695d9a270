/**
 * Several processes at one root: the lock, dead holders, and programs that outlive their starter.
 *
 * @module
 */

import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { copy } from "@std/fs";
import { fromFileUrl } from "@std/path";
import { HsmError } from "../../lib/errors.ts";
import { isAlive } from "../../lib/platform/process.ts";
import { HERE } from "../../lib/platform/system.ts";
import { acquireLock } from "../../lib/transaction/lock.ts";
import { recover } from "../../lib/transaction/recover.ts";
import { Transaction } from "../../lib/transaction/transaction.ts";
import { testFolder } from "../lib/transaction/folder.ts";

const WORKER = fromFileUrl(new URL("./worker.ts", import.meta.url));
const LINUX = Deno.build.os === "linux";

function spawn(...args: readonly string[]): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-A", WORKER, ...args],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
    env: { NO_COLOR: "1" },
  }).spawn();
}

/** A process that has done what it says, and waits to be killed. */
async function spawnUntil(text: string, ...args: readonly string[]): Promise<Deno.ChildProcess> {
  const child = spawn(...args);
  const reader = child.stdout.getReader();
  let output = "";
  while (!output.includes(text)) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`the process ended: ${output}`);
    output += new TextDecoder().decode(value);
  }
  await reader.cancel();
  return child;
}

async function kill(child: Deno.ChildProcess): Promise<void> {
  child.kill("SIGKILL");
  await child.status;
}

Deno.test("8 processes at once all come to their turn, one after the other", async () => {
  using folder = testFolder({ "pyproject.toml": "0" });
  const children = Array.from({ length: 8 }, () => spawn("count", folder.root));
  const outputs = await Promise.all(children.map((child) => child.output()));
  assertEquals(outputs.map(({ code }) => code), Array(8).fill(0));
  assertEquals(folder.read("pyproject.toml"), "8");
});

Deno.test("a process that holds the lock is named to others; its death lets the lock go", async () => {
  using folder = testFolder({ "pyproject.toml": "old" });
  const holder = await spawnUntil("locked", "hold", folder.root);
  const lock = (): Promise<AsyncDisposable> => acquireLock(folder.root, { command: "hsm check" });
  const error = await assertRejects(lock, HsmError);
  assertEquals(error.code, "workspace-locked");
  assertStringIncludes(error.message, `\`hsm hold\` (process ${holder.pid}) runs since 2`);
  await kill(holder);
  await new Promise((resolve) => setTimeout(resolve, 100));
  await (await lock())[Symbol.asyncDispose]();
});

Deno.test({
  name: "recover() ends the program that a killed command left running, then rolls back",
  ignore: !LINUX,
  fn: async () => {
    // A package manager may be called several times for one step.
    for (const noted of ["noted", "second", "unnoted"]) {
      using folder = testFolder({ "uv.lock": "old" });
      const command = await spawnUntil("running", "orphan", folder.root, noted);
      await kill(command);
      const waited: string[] = [];
      const { restored } = await recover(folder.root, {
        files: ["pyproject.toml", "uv.lock"],
        patience: [100, 2000, 2000],
        onWait: ({ program }) => void waited.push(program),
      });
      assertEquals(waited, ["sleep"], noted);
      assertEquals(restored, ["uv.lock"]);
      // It would have written late.
      await new Promise((resolve) => setTimeout(resolve, 300));
      assertEquals(folder.read("uv.lock"), "old");
    }
  },
});

Deno.test({
  name: "recover() waits for a script that the killed command was just starting",
  ignore: !LINUX,
  fn: async () => {
    const files = ["pyproject.toml", "uv.lock"];
    for (
      const [how, becomes] of [["unnoted", false], ["noted", false], ["unnoted", true], [
        "noted",
        true,
      ]] as const
    ) {
      using folder = testFolder({ "uv.lock": "old", "uv": "" });
      Deno.copyFileSync("/bin/sleep", folder.at("uv"));
      const what = becomes ? "shim" : "script";
      await kill(await spawnUntil("running", what, folder.root, how));
      // The next hsm needs time to start, too.
      await new Promise((resolve) => setTimeout(resolve, 100));
      const waited: string[] = [];
      const { recovered } = await recover(folder.root, {
        files,
        patience: [1500, 2000, 2000],
        onWait: ({ program }) => void waited.push(program),
      });
      assertEquals([how, becomes, recovered, waited], [how, becomes, true, ["uv"]]);
      await new Promise((resolve) => setTimeout(resolve, 600));
      assertEquals(folder.read("uv.lock"), "old", `${how} ${what}`);
    }
  },
});

Deno.test({
  name: "recover() ends a program that is a script, as Poetry is, by whichever interpreter it runs",
  ignore: !LINUX,
  fn: async () => {
    const late = "sleep 1.5; echo late > uv.lock";
    const scripts = { "a script": late, "a shim": "sleep 0.1; exec bash bin/poetry" };
    for (const [what, text] of Object.entries(scripts)) {
      for (const how of ["unnoted", "noted"]) {
        using folder = testFolder({
          "pyproject.toml": "old",
          "uv.lock": "old",
          "poetry": `#!/bin/sh\n${text}\n`,
        });
        Deno.mkdirSync(folder.at("bin"));
        folder.write("bin/poetry", `${late}\n`);
        Deno.chmodSync(folder.at("poetry"), 0o755);
        await kill(await spawnUntil("running", "poetry", folder.root, how));
        await new Promise((resolve) => setTimeout(resolve, 300));
        const waited: string[] = [];
        await recover(folder.root, {
          files: ["pyproject.toml", "uv.lock"],
          patience: [200, 2000, 2000],
          onWait: ({ program }) => void waited.push(program),
        });
        await new Promise((resolve) => setTimeout(resolve, 1_500));
        assertEquals([folder.read("uv.lock"), waited], ["old", ["poetry"]], `${what}, ${how}`);
      }
    }
  },
});

Deno.test({
  name: "recover() gives a program time where it cannot be told whether it still runs",
  ignore: !LINUX,
  fn: async () => {
    // As newer Deno has it for all but --allow-all; with --allow-run alone a noted process can still be asked for.
    const cases = [["unnoted", "--allow-run"], ["noted", "--allow-run=git,uv"]] as const;
    for (const [how, mayRun] of cases) {
      using folder = testFolder({ "uv.lock": "old" });
      await kill(await spawnUntil("running", "script", folder.root, how));
      const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: [
          ...["run", "-q", "--no-prompt", "--allow-read", "--deny-read=/proc", "--allow-write"],
          ...["--allow-env", mayRun, WORKER, "recover", folder.root],
        ],
        env: { NO_COLOR: "1" },
      }).output();
      const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
      assertEquals(said, "waiting for uv, process unknown\nrestored uv.lock\n", how);
      await new Promise((resolve) => setTimeout(resolve, 600));
      assertEquals(folder.read("uv.lock"), "old", how);
    }
  },
});

/** A root whose command was killed while a program ran that has this number. */
async function crashWhileRunning(
  root: string,
  started: { readonly pid: number; readonly executable: string | null; readonly at?: string },
): Promise<void> {
  await kill(await spawnUntil("written", "crash", root));
  const starting = { event: "starting", files: ["uv.lock"], program: "uv", starter: Deno.pid };
  const lines = [starting, { event: "started", ...started }].map((it) => JSON.stringify(it));
  Deno.writeTextFileSync(`${root}/.hsm/journal/open/log`, `\n${lines.join("\n")}`, {
    append: true,
  });
}

Deno.test({
  name: "recover() leaves a stranger alone that has the number of a program by now, on any system",
  ignore: !LINUX,
  fn: async () => {
    const files = ["pyproject.toml", "uv.lock"];
    const executable = Deno.realPathSync("/bin/sleep");
    const windows = (argv: readonly string[]) =>
      Promise.resolve(
        argv[0] === "tasklist" ? `"x.exe","${argv[2]?.slice(7)}","Console"\r\n` : now,
      );
    const now = new Date().toISOString();
    // Whatever the machine, ps and cat are those of macOS and Linux.
    const platforms = [
      { platform: HERE, executable },
      { platform: HERE, executable: null },
      { platform: { ...HERE, system: "darwin" }, executable: null },
      { platform: { system: "windows", ask: windows }, executable: null },
    ] as const;
    for (const { platform, executable } of platforms) {
      using folder = testFolder({ "pyproject.toml": "old" });
      const child = new Deno.Command("/bin/sleep", { args: ["30"] }).spawn();
      const at = new Date(Date.now() - 60_000).toISOString();
      await crashWhileRunning(folder.root, { pid: child.pid, executable, at });
      const waited: string[] = [];
      const { restored } = await recover(folder.root, {
        files,
        platform,
        patience: [100, 100, 100],
        onWait: ({ program }) => void waited.push(program),
      });
      assertEquals([restored, waited], [["pyproject.toml"], []], platform.system);
      assertEquals(await isAlive(child.pid), true, platform.system);
      child.kill("SIGKILL");
      await child.status;
    }
  },
});

Deno.test({
  name: "recover() ends the program where there is no /proc, unless older notes do not tell it",
  ignore: !LINUX,
  fn: async () => {
    const files = ["pyproject.toml", "uv.lock"];
    const platform = { ...HERE, system: "darwin" } as const;
    using folder = testFolder({ "pyproject.toml": "old" });
    await using stack = new AsyncDisposableStack();
    const child = new Deno.Command("/bin/sleep", { args: ["30"] }).spawn();
    stack.defer(async () => void await child.status);
    const note = { pid: child.pid, executable: null };
    // As HSM 0.1.0 noted it.
    await crashWhileRunning(folder.root, note);
    const options = { files, platform, patience: [100, 100, 100] } as const;
    const error = await assertRejects(() => recover(folder.root, options), HsmError);
    assertEquals([error.code, error.exitStatus], ["program-running", 3]);
    assertEquals(
      error.message,
      `Cannot recover: uv (process ${child.pid}), started by a command that crashed, still runs`,
    );
    assertStringIncludes(error.hint ?? "", "which this system does not tell");
    assertEquals(folder.read("pyproject.toml"), "new");

    const started = { event: "started", ...note, at: new Date().toISOString() };
    const log = folder.read(".hsm/journal/open/log")?.replace(/\{"event":"started".*/, "");
    folder.write(".hsm/journal/open/log", `${log}${JSON.stringify(started)}`);
    const { restored } = await recover(folder.root, { ...options, patience: [100, 2000, 2000] });
    assertEquals(restored, ["pyproject.toml"]);
    assertEquals((await child.status).signal, "SIGTERM");
  },
});

Deno.test("recover() sets a journal aside that is damaged or copied, and refuses one that names other files", async () => {
  const crash = async (root: string): Promise<void> => {
    const command = await spawnUntil("written", "crash", root);
    await kill(command);
  };
  const files = ["pyproject.toml", "uv.lock"];
  using folder = testFolder({ "pyproject.toml": "old" });
  await crash(folder.root);
  const record = folder.read(".hsm/journal/open/record.json") ?? "";
  for (const other of [".git/hooks/pre-commit", "../other.toml", ".hsm/lock", "/etc/other"]) {
    const named = record.replaceAll('"pyproject.toml"', JSON.stringify(other));
    folder.write(".hsm/journal/open/record.json", named);
    const foreign = await assertRejects(() => recover(folder.root, { files }), HsmError);
    assertEquals(foreign.exitStatus, 3);
    assertStringIncludes(foreign.message, `it names ${other}`);
  }
  folder.write(".hsm/journal/open/record.json", record);

  using twin = testFolder({ "pyproject.toml": "theirs" });
  await copy(folder.at(".hsm"), twin.at(".hsm"));
  Deno.mkdirSync(twin.at(".hsm/journal/foreign-1"));
  const copied = await recover(twin.root, { files });
  assertEquals([copied.recovered, copied.restored], [false, []]);
  assertStringIncludes(copied.refused?.reason ?? "", "it did not come about here");
  assertEquals(copied.refused?.aside, twin.at(".hsm/journal/foreign-2"));
  assertEquals(twin.read("pyproject.toml"), "theirs");
  assertEquals(twin.read(".hsm/journal/foreign-2/0-pyproject.toml"), "old");
  await (await Transaction.begin({ root: twin.root, files, command: "hsm sync" })).commit();

  folder.write(".hsm/journal/open/record.json", record.slice(0, 100));
  const { refused } = await recover(folder.root, { files });
  assertEquals(refused?.reason, "it is damaged");
  assertEquals(folder.read("pyproject.toml"), "new");
  // Another layout is HSM's own, and not to be passed over.
  Deno.renameSync(refused?.aside ?? "", folder.at(".hsm/journal/open"));
  folder.write(".hsm/journal/open/record.json", record.replace('"version": 2', '"version": 3'));
  const other = await assertRejects(() => recover(folder.root, { files }), HsmError);
  assertEquals(other.exitStatus, 3);
  assertStringIncludes(other.message, "it was written by a newer hsm (format 3)");
  folder.write(".hsm/journal/open/record.json", record);
  const result = await recover(folder.root, { files });
  assertEquals([result.recovered, result.restored, result.command], [
    true,
    ["pyproject.toml"],
    "hsm crash",
  ]);
  assertEquals(folder.read("pyproject.toml"), "old");
  const next = await Transaction.begin({ root: folder.root, files, command: "hsm sync" });
  await next.commit();
});

Deno.test("recover() leaves what somebody wrote after the crash", async () => {
  const files = ["pyproject.toml", "uv.lock"];
  using folder = testFolder({ "pyproject.toml": "old" });
  await kill(await spawnUntil("written", "crash", folder.root));
  folder.write("pyproject.toml", "edited after the crash");
  const error = await assertRejects(() => recover(folder.root, { files }), HsmError);
  assertEquals(error.exitStatus, 3);
  assertEquals(folder.read("pyproject.toml"), "edited after the crash");
  assertEquals(folder.read("pyproject.toml.hsm-original"), "old");
  assertEquals((await recover(folder.root, { files })).recovered, false);
});
