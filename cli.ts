/**
 * The `hsm` executable: the only place that reads the command line, writes to the console and exits.
 *
 * @module
 */

import deno from "./deno.json" with { type: "json" };
import { commands, main } from "./mod.ts";

if (import.meta.main) {
  const encoder = new TextEncoder();
  const status = await main(commands(), {
    args: Deno.args,
    cwd: Deno.cwd(),
    env: Deno.env.toObject(),
    interactive: Deno.stdin.isTerminal() && Deno.stderr.isTerminal(),
    terminal: Deno.stderr.isTerminal(),
    stdoutTerminal: Deno.stdout.isTerminal(),
    size: () => Deno.consoleSize(),
    version: deno.version,
    stdout: (text) => writeAll(Deno.stdout, encoder.encode(text)),
    stderr: (text) => writeAll(Deno.stderr, encoder.encode(text)),
    readLine,
  });
  Deno.exit(status);
}

/** A reader that went away, such as `head`, is no reason to stop halfway. */
function writeAll(stream: { writeSync(bytes: Uint8Array): number }, bytes: Uint8Array): void {
  try {
    for (let rest = bytes; rest.length > 0;) rest = rest.subarray(stream.writeSync(rest));
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}

async function readLine(signal: AbortSignal): Promise<string | undefined> {
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(1024);
  let text = "";
  while (!text.includes("\n")) {
    const read = await Promise.race([Deno.stdin.read(buffer), aborted]);
    if (read === null) return text === "" ? undefined : text;
    text += decoder.decode(buffer.subarray(0, read), { stream: true });
  }
  return text.slice(0, text.indexOf("\n"));
}
