/**
 * The reporter of the executable: messages on standard error.
 *
 * @module
 */

import { FEW } from "../text/sum_up.ts";
import { oneLine, printable } from "../text/printable.ts";
import { shortPath } from "../platform/paths.ts";
import type { ProgramOptions, ProgramReport, Progress, Reporter } from "../report.ts";
import type { Region } from "./region.ts";
import type { Style } from "../text/style.ts";

/** Where the reporter of the executable writes. */
export interface ReporterOptions {
  /** What it leaves out, and what it adds. */
  readonly globals: {
    readonly quiet?: boolean | undefined;
    readonly verbose?: boolean | undefined;
  };
  /** Colours. */
  readonly style: Style;
  /** Writes to standard error. */
  readonly write: (text: string) => void;
  /** Where running work is shown; undefined where nothing may move: then there are lines only. */
  readonly region: Region | undefined;
  /** The folder that folders are told relative to. */
  readonly cwd?: string;
}

/** Makes the reporter of the executable. */
export function lineReporter({ globals, style, write, region, cwd }: ReporterOptions): Reporter {
  // While a question or another program has the terminal, what others do is told after it.
  let suspended = 0;
  const held: string[] = [];
  const warned = new Set<string>();
  const print = (text: string): void => {
    if (suspended > 0) held.push(text);
    else if (region) region.print(text);
    else write(text);
  };
  const line = (text: string) => print(`${text}\n`);
  const talk = (text: string) => void (globals.quiet || line(text));
  const output = (text: string) => void (globals.quiet || print(text));
  const shown = (folder: string) => cwd === undefined ? folder : shortPath(cwd, folder) || ".";
  const progress = (label: string): Progress => region?.add(label) ?? still;
  return {
    info: (message) => talk(oneLine(message)),
    detail: (message) => void (globals.verbose && talk(oneLine(message))),
    warn(message) {
      // Of what concerns several steps of a run each may tell.
      if (warned.has(message)) return;
      warned.add(message);
      talk(`${style.yellow(style.bold("warning:"))} ${oneLine(message)}`);
    },
    command(argv, milliseconds, folder) {
      if (!globals.verbose) return;
      const where = folder === undefined ? "" : `  # in ${shown(folder)}`;
      const time = `${Math.round(milliseconds)} ms`;
      line(style.dim(`$ ${oneLine(`${argv.join(" ")}${where}`)} (${time})`));
    },
    output,
    progress,
    program(label, options = {}) {
      const work = progress(label);
      // Where nothing moves, and with --verbose, a program's lines are shown as they come.
      const live = options.quiet === undefined &&
        (region === undefined || globals.verbose === true);
      return live ? shownAtOnce(work, output) : shownAtEnd(work, output, {
        ...options,
        ...(globals.verbose ? { noise: NOTHING, many: NONE } : {}),
      });
    },
    suspend() {
      suspended++;
      const still = region?.suspend();
      return {
        [Symbol.dispose]() {
          still?.[Symbol.dispose]();
          if (--suspended === 0) held.splice(0).forEach(print);
        },
      };
    },
  };
}

/** Progress where nothing moves. */
const still: Progress = { isShown: false, update() {}, [Symbol.dispose]() {} };

const NOTHING = /$^/;
const NONE = { lines: NOTHING, sum: NOTHING };

function shownAtOnce(work: Progress, output: (text: string) => void): ProgramReport {
  return { output, ended() {}, [Symbol.dispose]: () => work[Symbol.dispose]() };
}

/** The last line beside the spinner; at the end what matters, after a failure everything. */
function shownAtEnd(
  work: Progress,
  output: (text: string) => void,
  { quiet, noise = NOTHING, many = NONE }: ProgramOptions,
): ProgramReport {
  let text = "";
  return {
    output(piece) {
      text += piece;
      // The end is enough, however much there is.
      work.update(printable(text.slice(-4096)).trimEnd().split("\n").at(-1) ?? "");
    },
    ended(success) {
      if (quiet === "always" || (quiet === "unless-done" && !success)) return;
      if (!success) return output(text);
      const lines = text.split(/(?<=\n)/);
      const isLong = lines.filter((it) => many.lines.test(it)).length > FEW;
      const matters = (line: string) =>
        isLong && many.sum.test(line) || !(isLong && many.lines.test(line)) && !noise.test(line);
      output(lines.filter((it) => matters(it.trimEnd())).join(""));
    },
    [Symbol.dispose]: () => work[Symbol.dispose](),
  };
}
