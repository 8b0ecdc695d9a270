/**
 * The part of the terminal in which running work is shown: below all that is printed, and gone afterwards.
 *
 * The libraries at hand count their lines, and leave some behind when the window becomes narrower (log-update), or
 * write past the messages of the run (dax).
 *
 * @module
 */

import type { Progress } from "../report.ts";
import { renderFrame, type WindowSize } from "./frame.ts";
import type { Style } from "../text/style.ts";

/** Work that ends sooner is not shown. */
const DELAY_MS = 500;
const FRAME_MS = 80;

/**
 * The cursor rests at the beginning of what is drawn: then clearing it takes no count of rows, which would be wrong
 * whenever the terminal has wrapped the lines anew for another width.
 */
// Clearing from the very corner of the window would make tmux keep what is cleared, above the window.
const CLEAR = "\r \x1b[J\r\x1b[K";
const NO_WRAP = "\x1b[?7l";
const WRAP = "\x1b[?7h";

/** What a {@linkcode Region} is drawn on. */
export interface RegionOptions {
  /** Prints a text on the terminal. */
  readonly write: (text: string) => void;
  /** Writes to the terminal as it is. */
  readonly draw: (text: string) => void;
  /** The window as it is now. */
  readonly size: () => WindowSize;
  /** Colours. */
  readonly style: Style;
}

interface Work {
  readonly label: string;
  readonly since: number;
  text: string;
  percent: number | undefined;
}

/** Running work on a terminal, one line each. */
export class Region implements Disposable {
  readonly #options: RegionOptions;
  readonly #work = new Set<Work>();
  #timer: ReturnType<typeof setInterval> | undefined;
  #drawn = false;
  #tick = 0;
  #suspended = 0;
  /** Nothing may be drawn behind a line that is not complete. */
  #atLineStart = true;

  /** Draws nothing yet. */
  constructor(options: RegionOptions) {
    this.#options = options;
  }

  /** Shows work, once it has run for a while, until it is disposed of. */
  add(label: string): Progress {
    const work: Work = { label, since: performance.now(), text: "", percent: undefined };
    this.#work.add(work);
    this.#timer ??= setInterval(() => this.#draw(), FRAME_MS);
    return {
      isShown: true,
      update(text, percent) {
        work.text = text;
        work.percent = percent;
      },
      [Symbol.dispose]: () => {
        this.#work.delete(work);
        if (this.#work.size === 0) this[Symbol.dispose]();
      },
    };
  }

  /** Prints above the work. */
  print(text: string): void {
    if (text === "") return;
    this.#clear();
    this.#options.write(text);
    this.#atLineStart = text.endsWith("\n");
    if (this.#timer !== undefined) this.#draw();
  }

  /** Draws nothing until the result is disposed of. */
  suspend(): Disposable {
    this.#clear();
    this.#suspended++;
    return { [Symbol.dispose]: () => void this.#suspended-- };
  }

  /** Clears what is drawn, and stops drawing. */
  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#work.clear();
    this.#clear();
  }

  #draw(): void {
    if (this.#suspended > 0 || !this.#atLineStart) return;
    const now = performance.now();
    const shown = [...this.#work].filter((it) => now - it.since >= DELAY_MS);
    if (shown.length === 0) return this.#clear();
    const { size, style, draw } = this.#options;
    const lines = renderFrame(shown, size(), this.#tick++, style);
    this.#drawn = lines.length > 0;
    const back = lines.length > 1 ? `\x1b[${lines.length - 1}A` : "";
    const text = lines.map((line) => `${line}\x1b[K`).join("\n");
    draw(`\r${NO_WRAP}${text}\x1b[J${WRAP}${back}\r`);
  }

  #clear(): void {
    if (this.#drawn) this.#options.draw(CLEAR);
    this.#drawn = false;
  }
}
