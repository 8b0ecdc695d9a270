import { assertEquals, assertInstanceOf } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { HsmError } from "../../../lib/errors.ts";
import { interruptedBy, trapSignals } from "../../../lib/process/signals.ts";

const WINDOWS = Deno.build.os === "windows";
const MODULE = new URL("../../../lib/process/signals.ts", import.meta.url);

/** A process that traps signals, says what happens, and ends 300 ms after the first with its status. */
const SCRIPT = `
  const { trapSignals } = await import(${JSON.stringify(MODULE.href)});
  using trap = trapSignals({
    onFirst: (name) => console.log("first", name),
    onRepeat: (name) => console.log("repeat", name),
  });
  trap.signal.addEventListener("abort", () => {
    setTimeout(() => Deno.exit(trap.signal.reason.exitStatus), 300);
  });
  console.log("ready");
  await new Promise((resolve) => setTimeout(resolve, 20_000));
`;

async function send(...signals: Deno.Signal[]): Promise<{ code: number; output: string }> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-lock", "--allow-all", "-"],
    cwd: fromFileUrl(new URL("../../../", import.meta.url)),
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(SCRIPT));
  await writer.close();
  let output = "";
  let sent = false;
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    output += text;
    if (sent || !output.includes("ready")) continue;
    sent = true;
    for (const signal of signals) {
      child.kill(signal);
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
  }
  return { code: (await child.status).code, output };
}

for (
  const [signal, code] of [
    ...[["SIGHUP", 129] as const, ["SIGINT", 130] as const],
    ...[["SIGQUIT", 131] as const, ["SIGTERM", 143] as const],
  ]
) {
  Deno.test({
    name: `trapSignals() turns ${signal} into an orderly end with ${code}`,
    ignore: WINDOWS,
    fn: async () => assertEquals(await send(signal), { code, output: `ready\nfirst ${signal}\n` }),
  });
}

Deno.test({
  name: "trapSignals() is not disturbed by more signals, and tells of them once",
  ignore: WINDOWS,
  fn: async () => {
    assertEquals(await send("SIGINT", "SIGINT", "SIGTERM", "SIGINT"), {
      code: 130,
      output: "ready\nfirst SIGINT\nrepeat SIGINT\n",
    });
  },
});

Deno.test("trapSignals() gives its handlers back", () => {
  {
    using trap = trapSignals();
    assertEquals(trap.signal.aborted, false);
  }
  const error = interruptedBy("SIGHUP");
  assertInstanceOf(error, HsmError);
  assertEquals([error.code, error.exitStatus], ["interrupted", 129]);
});
