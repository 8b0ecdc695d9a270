/**
 * The `hsm` executable: the only place that reads the command line, writes to the console and exits.
 *
 * @module
 */

import deno from "./deno.json" with { type: "json" };
import { syncNothing } from "./lib/cli/nothing_to_do.ts";
import { printer, writeAll } from "./lib/console/printer.ts";
import { chooseColor } from "./lib/text/style.ts";
import { isAscii, toAscii } from "./lib/text/ascii.ts";
import type { CommandSet, Program } from "./lib/command/command.ts";
import type { System } from "./lib/cli/system.ts";

if (import.meta.main) {
  const args = Deno.args;
  const env = Deno.env.toObject();
  const [terminal, stdoutTerminal] = [Deno.stderr.isTerminal(), Deno.stdout.isTerminal()];
  const color = {
    stdout: chooseColor({ terminal: stdoutTerminal, env, args }),
    stderr: chooseColor({ terminal, env, args }),
  };
  const ascii = isAscii(env);
  Deno.exit(
    await run({
      args,
      cwd: Deno.cwd(),
      env,
      interactive: Deno.stdin.isTerminal() && terminal,
      terminal,
      stdoutTerminal,
      color,
      size: windowSize,
      stdout: printer(Deno.stdout, color.stdout, stdoutTerminal && ascii),
      stderr: printer(Deno.stderr, color.stderr, terminal && ascii),
      // What is drawn has its width already.
      draw: (text) => writeAll(Deno.stderr, ascii ? toAscii(text, "~") : text),
      readLine,
    }),
  );
}

/** The most frequent run of all, a sync with nothing to do, does without loading everything else. */
async function run(system: System): Promise<number> {
  const status = await syncNothing("hsm", system);
  if (status !== undefined) return status;
  const [{ main }, { commands }] = await Promise.all([
    import("./lib/cli/main.ts"),
    import("./tasks/mod.ts"),
  ]);
  return await main(hsm(commands()), system);
}

/** hsm, which is a program like those that a team can make. */
function hsm(commands: CommandSet): Program {
  return {
    name: "hsm",
    version: deno.version,
    summary: "Many Python repositories, worked on as though they were one.",
    start: [
      ["hsm sync", "install what hsm.yaml says"],
      ["hsm dev NAME", "work on a package: clone it, and use the checkout"],
      ["hsm prod NAME", "use its pinned version again"],
    ],
    commands,
  };
}

/** Some consoles do not tell their size. */
function windowSize(): { columns: number; rows: number } {
  try {
    return Deno.consoleSize();
  } catch {
    return { columns: 80, rows: 24 };
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
