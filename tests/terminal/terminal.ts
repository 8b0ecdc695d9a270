/**
 * A real terminal for tests: a window of tmux, which is typed into and read from.
 *
 * @module
 */

import { join } from "@std/path";
import type { TestApp } from "../harness/app.ts";
import { assertNoProcesses } from "../harness/processes.ts";
import { must } from "../harness/program.ts";
import { makeBin, type Programs } from "../harness/shells.ts";

/** How large a {@linkcode Terminal} is. */
export interface TerminalOptions {
  /** @default {80} */
  readonly columns?: number;
  /** @default {24} */
  readonly rows?: number;
  /** Variables beside those of the app. */
  readonly env?: Readonly<Record<string, string>>;
  /** Programs beside `hsm`. */
  readonly programs?: Programs;
}

/** Whether there is a tmux; without one it says which tests do not run. */
export function hasTmux(): boolean {
  try {
    if (new Deno.Command("tmux", { args: ["-V"], stdout: "null" }).outputSync().success) {
      return true;
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  console.warn("There is no tmux here: the tests of the terminal are skipped");
  return false;
}

/** A shell in a window of its own, at the root of an app. */
export class Terminal implements AsyncDisposable {
  readonly #app: TestApp;
  readonly #env: Readonly<Record<string, string>>;

  private constructor(app: TestApp, env: Readonly<Record<string, string>>) {
    this.#app = app;
    this.#env = env;
  }

  /** Opens a window with a shell that knows `hsm`. */
  static async open(app: TestApp, options: TerminalOptions = {}): Promise<Terminal> {
    const { columns = 80, rows = 24, env = {}, programs } = options;
    const bin = await makeBin(app, programs);
    await Deno.writeTextFile(join(bin, "profile"), "PS1='$ '\n");
    const terminal = new Terminal(app, {
      ...app.env,
      // tmux keeps its socket there, and shares nothing with other ones.
      TMUX_TMPDIR: app.folder,
      TMUX: "",
      PATH: `${bin}:${Deno.env.get("PATH") ?? ""}`,
      ENV: join(bin, "profile"),
      NO_COLOR: "",
      ...env,
    });
    const size = ["-x", String(columns), "-y", String(rows)];
    await terminal.#tmux("-f", "/dev/null", "new-session", "-d", ...size, "-c", app.root, "sh");
    try {
      await terminal.waitFor(/^\$ $/m);
    } catch (error) {
      await terminal[Symbol.asyncDispose]();
      throw error;
    }
    return terminal;
  }

  /** Types a line. */
  async run(line: string): Promise<void> {
    await this.type(line);
    await this.press("Enter");
  }

  /** Types text. */
  async type(text: string): Promise<void> {
    await this.#tmux("send-keys", "-l", "--", text);
  }

  /** Presses keys, by tmux's names. */
  async press(...keys: string[]): Promise<void> {
    await this.#tmux("send-keys", ...keys);
  }

  /** Makes the window another size. */
  async resize(columns: number, rows: number): Promise<void> {
    await this.#tmux("resize-window", "-x", String(columns), "-y", String(rows));
  }

  /** Writes all that the window is sent into a file, from now on; undefined ends it. */
  async record(file: string | undefined): Promise<void> {
    if (file === undefined) await this.#tmux("pipe-pane");
    else {
      await Deno.writeTextFile(file, "");
      await this.#tmux("pipe-pane", `cat > '${file}'`);
    }
  }

  /** What the window shows, with what has scrolled out of it; lines without trailing spaces, but for the last prompt. */
  async screen(): Promise<string> {
    const text = await this.#tmux("capture-pane", "-p", "-S", "-");
    const lines = text.trimEnd().split("\n").map((line) => line.trimEnd());
    return lines.join("\n").replaceAll(this.#app.folder, "[DIR]").replace(/\$$/, "$ ");
  }

  /** Waits until the window shows something; returns all that it shows then. */
  async waitFor(pattern: RegExp): Promise<string> {
    const deadline = performance.now() + 30_000;
    for (;;) {
      const screen = await this.screen();
      if (pattern.test(screen)) return screen;
      if (performance.now() > deadline) throw new Error(`${pattern} did not come:\n${screen}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  #tmux(...args: string[]): Promise<string> {
    return must(["tmux", "-L", "hsm", ...args], { cwd: this.#app.root, env: this.#env });
  }

  /** Ends the shell, and waits for everything in it: what still runs may write into the app's folder. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#tmux("kill-server").catch(() => {});
    await assertNoProcesses(this.#app.folder);
  }
}
