import { assertEquals } from "@std/assert";
import { descendants, processTable } from "../../../lib/platform/process_table.ts";
import { ENDING_SIGNALS, stepsToEnd } from "../../../lib/platform/signals.ts";
import { endOnAbort } from "../../../lib/process/end.ts";
import { interruptedBy } from "../../../lib/process/signals.ts";

Deno.test("stepsToEnd() hands on what ended HSM, then insists, then kills", () => {
  const steps = (...signals: Deno.Signal[]) =>
    signals.map((signal, i) => ({ after: [0, 0.3, 1][i]!, signal }));
  for (const system of ["linux", "darwin"] as const) {
    assertEquals(stepsToEnd("SIGINT", system), steps("SIGINT", "SIGTERM", "SIGKILL"));
    assertEquals(stepsToEnd("SIGHUP", system), steps("SIGHUP", "SIGTERM", "SIGKILL"));
    for (const reason of ["SIGTERM", "SIGQUIT", undefined] as const) {
      assertEquals(stepsToEnd(reason, system), steps("SIGTERM", "SIGTERM", "SIGKILL"));
    }
  }
});

Deno.test("stepsToEnd() gives programs on Windows their time, which have Ctrl-C from the console", () => {
  for (const reason of ENDING_SIGNALS.windows) {
    assertEquals(stepsToEnd(reason, "windows"), [{ after: 1, signal: "SIGKILL" }]);
  }
  assertEquals(stepsToEnd(undefined, "windows"), [{ after: 0, signal: "SIGKILL" }]);
});

Deno.test("endOnAbort() ends a program on Windows with all that it has started, by force and in the end", async () => {
  for (const isThere of [true, false]) {
    const calls: string[] = [];
    const ask = (argv: readonly string[]) => {
      calls.push(argv.join(" "));
      return Promise.resolve(isThere ? "SUCCESS" : null);
    };
    const child = { pid: 4711, kill: (signal?: unknown) => void calls.push(`${signal}`) };
    const abort = new AbortController();
    const platform = { system: "windows", ask } as const;
    using ending = endOnAbort(child, { signal: abort.signal, group: false, grace: 200, platform });
    abort.abort(interruptedBy("SIGBREAK"));
    await new Promise((resolve) => setTimeout(resolve, 100));
    assertEquals(calls, []);
    await new Promise((resolve) => setTimeout(resolve, 300));
    assertEquals(calls, ["taskkill /PID 4711 /T /F", ...(isThere ? [] : ["SIGKILL"])]);
    await ending.others();
  }
});

Deno.test("processTable() reads ps of Linux and of macOS, and leaves out what has ended", async () => {
  const answer =
    "    1     0     1 Ss\n   12     1    12 S<s\n  340    12   340 R+\n  341   340   340 Z+\n99999 340 12 U\n";
  const ask = (argv: readonly string[]) =>
    Promise.resolve(argv.join(" ") === "ps -A -o pid=,ppid=,pgid=,stat=" ? answer : null);
  const table = await processTable({ system: "darwin", ask }) ?? [];
  assertEquals(table.map((it) => [it.pid, it.parent, it.group]), [
    [1, 0, 1],
    [12, 1, 12],
    [340, 12, 340],
    [99999, 340, 12],
  ]);
  assertEquals(descendants(12, table), [340, 99999]);
  assertEquals(descendants(99999, table), []);
  // What is its own parent is found once.
  assertEquals(descendants(5, [{ pid: 6, parent: 5, group: 5 }, { pid: 5, parent: 6, group: 5 }]), [
    6,
  ]);
  assertEquals(await processTable({ system: "windows", ask }), null);
});
