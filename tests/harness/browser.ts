/**
 * A browser without a window: Chromium, told what to do by its DevTools protocol.
 *
 * @module
 */

import { hasProgram } from "./shells.ts";

const CHROMIUM = "chromium";

/** A test that needs Chromium. Where there is none it is left out, which its name says then. */
export function browserTest(name: string, fn: () => Promise<void>): void {
  const ignore = !hasProgram(CHROMIUM);
  const why = ignore ? ` (left out, for there is no ${CHROMIUM} here)` : "";
  Deno.test({ name: `${name}${why}`, ignore, fn });
}

type Answer = Readonly<Record<string, unknown>>;

/** A page of a browser of its own. */
export class Browser implements AsyncDisposable {
  /** The addresses of all that it has asked for. */
  readonly requests: string[] = [];
  readonly #process: Deno.ChildProcess;
  readonly #folder: string;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number | string, (answer: Answer) => void>();
  #calls = 0;

  private constructor(process: Deno.ChildProcess, folder: string, socket: WebSocket) {
    this.#process = process;
    this.#folder = folder;
    this.#socket = socket;
    socket.onmessage = ({ data }) => {
      const { id, method, params, result, error } = JSON.parse(data);
      if (method === "Network.requestWillBeSent") this.requests.push(params.request.url);
      this.#waiting.get(id ?? method)?.(error === undefined ? result ?? params : { error });
    };
  }

  /** Starts one, whose page is empty. */
  static async open(): Promise<Browser> {
    const folder = await Deno.makeTempDir({ prefix: "hsm-browser-" });
    const process = new Deno.Command(CHROMIUM, {
      args: [
        "--headless",
        // Root may have none; the pages are the project's own.
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        // No page of a test has business beyond this machine.
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost",
        "--remote-debugging-port=0",
        `--user-data-dir=${folder}`,
        "about:blank",
      ],
      // Where it keeps what is no profile's, such as reports of crashes.
      env: { HOME: folder, XDG_CONFIG_HOME: folder, XDG_CACHE_HOME: folder },
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const { origin } = new URL((await listening(process)).replace("ws:", "http:"));
    const pages = await (await fetch(`${origin}/json/list`)).json();
    const page = pages.find((it: Answer) => it["type"] === "page");
    const socket = new WebSocket(page.webSocketDebuggerUrl);
    await new Promise((resolve) => socket.onopen = resolve);
    const browser = new Browser(process, folder, socket);
    for (const domain of ["Page", "Network", "Runtime"]) await browser.call(`${domain}.enable`);
    return browser;
  }

  /** Calls a method of the protocol. */
  async call(method: string, params: Answer = {}): Promise<Answer> {
    const id = ++this.#calls;
    const answer = this.#next(id);
    this.#socket.send(JSON.stringify({ id, method, params }));
    const { error, ...result } = await answer;
    if (error !== undefined) throw new Error(`${method}: ${JSON.stringify(error)}`);
    return result;
  }

  /** Opens a page, and waits until all that it names is there. */
  async goTo(url: string): Promise<void> {
    const loaded = this.#next("Page.loadEventFired");
    const { errorText } = await this.call("Page.navigate", { url });
    if (errorText !== undefined) throw new Error(`Cannot open ${url}: ${errorText}`);
    await loaded;
  }

  /** Clicks on a link, and waits until the page that it leads to is there. */
  async follow(link: string): Promise<void> {
    const loaded = this.#next("Page.loadEventFired");
    // Later, since a page that goes away answers nothing.
    await this.evaluate(`void setTimeout((it) => it.click(), 0, ${link})`);
    await loaded;
  }

  /** The value of an expression in the page. */
  async evaluate(expression: string): Promise<unknown> {
    const options = { awaitPromise: true, returnByValue: true };
    const answer = await this.call("Runtime.evaluate", { expression, ...options });
    const { result, exceptionDetails } = answer as Record<string, Answer | undefined>;
    if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
    return result?.["value"];
  }

  /** Waits until an expression has a true value; returns that. */
  async waitFor(expression: string): Promise<unknown> {
    const deadline = performance.now() + 30_000;
    for (;;) {
      const value = await this.evaluate(expression);
      if (value) return value;
      if (performance.now() > deadline) throw new Error(`${expression} did not come true`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Types text where the page takes it. */
  async type(text: string): Promise<void> {
    await this.call("Input.insertText", { text });
  }

  #next(key: number | string): Promise<Answer> {
    return new Promise((resolve) => this.#waiting.set(key, resolve)).finally(() =>
      this.#waiting.delete(key)
    ) as Promise<Answer>;
  }

  /** Ends it. */
  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.#socket.onclose = resolve);
    await this.call("Browser.close");
    await Promise.all([closed, this.#process.status, this.#process.stderr.cancel()]);
    await Deno.remove(this.#folder, { recursive: true });
  }
}

/** Where a browser that has just been started listens. */
async function listening(process: Deno.ChildProcess): Promise<string> {
  let said = "";
  const decoder = new TextDecoder();
  const reader = process.stderr.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`${CHROMIUM} did not start:\n${said}`);
    said += decoder.decode(value, { stream: true });
    const [, url] = /^DevTools listening on (\S+)\s/m.exec(said) ?? [];
    if (url === undefined) continue;
    reader.releaseLock();
    return url;
  }
}
