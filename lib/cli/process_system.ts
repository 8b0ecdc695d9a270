/**
 * The process as a {@linkcode System}: what reads its command line, writes to its streams and asks at its terminal.
 *
 * @module
 */

import { GLOBAL_OPTIONS } from "../command/globals.ts";
import { named } from "../command/option.ts";
import { takeApart } from "../command/words.ts";
import { printer, writeAll } from "../console/printer.ts";
import type { WindowSize } from "../console/frame.ts";
import { isAscii, toAscii } from "../text/ascii.ts";
import { chooseColor } from "../text/style.ts";
import type { System } from "./system.ts";

/** This process, with the words of its command line. */
export function processSystem(args: readonly string[]): System {
  const env = Deno.env.toObject();
  const [terminal, stdoutTerminal] = [Deno.stderr.isTerminal(), Deno.stdout.isTerminal()];
  const asked = colorOption(args);
  const color = {
    stdout: chooseColor({ terminal: stdoutTerminal, env, asked }),
    stderr: chooseColor({ terminal, env, asked }),
  };
  const ascii = isAscii(env);
  return {
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
  };
}

/** What `--color` says; it is heeded also where the rest of the command line cannot be understood. */
function colorOption(args: readonly string[]): string | undefined {
  const { parts } = takeApart(args, named(GLOBAL_OPTIONS));
  const last = parts.findLast((it) => it.kind === "option" && it.option.key === "color");
  return last?.kind === "option" ? last.value : undefined;
}

/** Some consoles do not tell their size. */
function windowSize(): WindowSize {
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
