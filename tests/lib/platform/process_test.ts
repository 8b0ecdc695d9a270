import { assert, assertEquals } from "@std/assert";
import { isAlive, isNoted, isThereStill, startTime } from "../../../lib/platform/process.ts";
import { HERE, type System } from "../../../lib/platform/system.ts";

/** A system that answers what it is told to, and what it was asked. */
function answering(system: System, answer: string | null) {
  const asked: string[] = [];
  const ask = (argv: readonly string[]) => {
    asked.push(argv.join(" "));
    return Promise.resolve(answer);
  };
  return { system, asked, ask };
}

/** A process that is not HSM's own. */
function stranger(): { readonly pid: number } & AsyncDisposable {
  const child = new Deno.Command("sleep", { args: ["60"] }).spawn();
  return {
    pid: child.pid,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.status;
    },
  };
}

Deno.test("startTime() asks each system in its own way, and reads its answer", async () => {
  const stat = (name: string, ticks: number) =>
    `1 (${name}) S 1 1 1 0 -1 4194368 376 13287 0 13 0 0 5 9 20 0 1 0 ${ticks} 4726784 469\n`;
  const linux = answering("linux", stat("a) b (c", 3_578_935) + stat("cat", 3_579_035));
  const before = Date.now() - 1000;
  const time = await startTime(4711, linux) ?? 0;
  assert(time >= before && time <= Date.now() - 1000, `${time - before}`);
  assertEquals(linux.asked, ["cat /proc/4711/stat /proc/self/stat"]);

  const darwin = answering("darwin", "Thu Nov  6 15:11:30 2025    \n");
  assertEquals(await startTime(4711, darwin), Date.UTC(2025, 10, 6, 15, 11, 30));
  assertEquals(darwin.asked, ["ps -o lstart= -p 4711"]);

  const windows = answering("windows", "2025-11-06T15:11:30.1234567Z\r\n");
  assertEquals(await startTime(4711, windows), Date.UTC(2025, 10, 6, 15, 11, 30, 123));
  assertEquals(windows.asked, [
    "powershell -NoProfile -NonInteractive -Command " +
    "(Get-Process -Id 4711).StartTime.ToUniversalTime().ToString('o')",
  ]);

  for (const system of ["linux", "darwin", "windows"] as const) {
    for (const answer of [null, "", "\n", "of another kind\n"]) {
      assertEquals(await startTime(4711, answering(system, answer)), null, `${system} ${answer}`);
    }
  }
});

Deno.test({
  name: "startTime() is right about a real process, asked as on Linux and as on macOS",
  ignore: Deno.build.os === "windows" || await HERE.ask(["ps", "-p", `${Deno.pid}`]) === null,
  fn: async () => {
    const before = Date.now();
    await using process = stranger();
    const began = Date.now();
    await new Promise((resolve) => setTimeout(resolve, 1500));
    for (const system of Deno.build.os === "linux" ? ["linux", "darwin"] as const : ["darwin"]) {
      const platform = { ...HERE, system: system as System };
      const asked = Date.now();
      const time = await startTime(process.pid, platform) ?? 0;
      // Linux' ps counts whole seconds from a boot that it knows in whole seconds.
      const latest = began + (Date.now() - asked) + 20;
      assert(time >= before - 2_000 && time <= latest, `${system}: ${time - began} ms apart`);
      const noted = (milliseconds: number) =>
        isThereStill(
          { pid: process.pid, at: new Date(milliseconds).toISOString() },
          platform,
        );
      assertEquals(await noted(began), true);
      assertEquals(await noted(began + 60_000), true);
      assertEquals(await noted(began - 60_000), false);
    }
  },
});

Deno.test("isNoted() cannot tell where nothing was noted, or the system does not say", async () => {
  const at = "2025-11-06T15:11:31.900Z";
  const ask = (answer: string | null) => answering("darwin", answer);
  assertEquals(await isNoted({ pid: 4711, at }, ask("Thu Nov  6 15:11:33 2025\n")), true);
  assertEquals(await isNoted({ pid: 4711, at }, ask("Thu Nov  6 15:11:34 2025\n")), false);
  assertEquals(await isNoted({ pid: 4711, at }, ask(null)), null);
  for (const at of [undefined, "", "long ago"]) {
    const platform = ask("Thu Nov  6 15:11:30 2025\n");
    assertEquals(await isNoted({ pid: 4711, at }, platform), null);
    assertEquals(platform.asked, []);
  }
});

Deno.test("isAlive() asks Windows' tasklist, which says in any language that there is no such process", async () => {
  const uv = '"uv.exe","4711","Console","1","12.345 K"\r\n';
  const cases = [
    [uv, true],
    ['"a 4711.exe","47112","Console","1","4711 K"\r\n', false],
    ["INFO: No tasks are running which match the specified criteria.\r\n", false],
    ["INFORMATION: Es werden keine Aufgaben ausgeführt.\r\n", false],
    ["", false],
    [null, null],
  ] as const;
  for (const [answer, expected] of cases) {
    const platform = answering("windows", answer);
    assertEquals(await isAlive(4711, platform), expected, `${answer}`);
    assertEquals(platform.asked, ["tasklist /FI PID eq 4711 /FO CSV /NH"]);
  }
});

Deno.test({
  name: "isAlive() tells without /proc, as on macOS",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    const platform = answering("darwin", null);
    let pid: number;
    {
      await using process = stranger();
      pid = process.pid;
      assertEquals(await isAlive(pid, platform), true);
    }
    assertEquals(await isAlive(pid, platform), false);
    assertEquals(await isAlive(Deno.pid, platform), true);
    assertEquals(platform.asked, []);
  },
});
