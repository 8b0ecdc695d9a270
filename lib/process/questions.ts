/**
 * Questions of git's and ssh's own: a password, a passphrase, whether a host is to be trusted.
 *
 * Whatever talks to a remote runs beside others and without questions first. What fails for want of an answer is run again
 * with them, where a person can answer: alone, with the terminal to itself. A name and a password that git was given are
 * asked for but once a run: HSM keeps them in memory, and git gets them for the server that they were given for.
 *
 * @module
 */

/** The variables that make git and ssh fail at once where they would ask. */
export const NO_PROMPTS = {
  GIT_TERMINAL_PROMPT: "0",
  GIT_ASKPASS: "",
  SSH_ASKPASS: "",
  SSH_ASKPASS_REQUIRE: "never",
  GCM_INTERACTIVE: "never",
} as const;

/** Whether git failed for want of an answer that a person could give. */
export function needsAnswer(stderr: string): boolean {
  return /terminal prompts disabled|could not read (?:Username|Password)|Permission denied \(|Host key verification failed|Authentication failed/i
    .test(stderr);
}

/** What git says where a server does not take an answer. */
const REFUSED = /Authentication failed/i;

/** The way out where nobody can answer. */
export const ANSWER_HINT =
  "git has a question: answer it on a terminal, or give git a credential helper or ssh an agent";

/** Whose turn it is on the terminal, and what was answered. */
export class Questions {
  readonly #running = new Set<Promise<unknown>>();
  #waiting = 0;
  /** Until the last question that somebody waits for is answered. */
  #answered: Promise<unknown> = Promise.resolve();
  /** Name and password, as credential helpers give them, by the server's URL. */
  readonly #logins = new Map<string, string>();
  /** Before each line with which git tells what it was given; nobody else can know it. */
  readonly #mark: string = crypto.randomUUID();
  readonly #heard = new Map<string, string>();

  /** Does what asks nothing, beside others of that kind; not while there is a question. */
  async beside<T>(work: () => Promise<T>): Promise<T> {
    while (this.#waiting > 0) await this.#answered;
    const running = work();
    const ended = running.catch(() => {});
    this.#running.add(ended);
    try {
      return await running;
    } finally {
      this.#running.delete(ended);
    }
  }

  /** Puts a question that is HSM's own: what asks nothing goes on meanwhile. */
  async inTurn<T>(work: () => Promise<T>): Promise<T> {
    const before = this.#answered;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#answered = promise;
    try {
      await before;
      return await work();
    } finally {
      resolve();
    }
  }

  /** Does what may ask: once all that runs has ended, one after the other. */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    this.#waiting++;
    try {
      return await this.inTurn(async () => {
        await Promise.all(this.#running);
        return await work();
      });
    } finally {
      this.#waiting--;
    }
  }

  /**
   * Runs git alone, so that it may ask. It answers by itself what was answered before; where the server does not take that,
   * as it may want another login for another repository, it is run once more, and asks.
   *
   * @param call Runs git with more variables.
   */
  async ask<T extends { readonly stderr: string }>(
    env: Readonly<Record<string, string>>,
    call: (variables: Record<string, string>) => Promise<T>,
  ): Promise<T> {
    return await this.alone(async () => {
      const isKnown = this.#logins.size > 0;
      const result = await call(this.answers(env, { listening: true }));
      if (!isKnown || !REFUSED.test(result.stderr)) return result;
      return await call(this.answers(env, { listening: true, known: false }));
    });
  }

  /**
   * Variables with which git answers by itself what was answered before, unless `known` is false; `listening`: and tells
   * what is answered now.
   */
  answers(
    env: Readonly<Record<string, string>>,
    { listening = false, known = true }: {
      readonly listening?: boolean;
      readonly known?: boolean;
    } = {},
  ): Record<string, string> {
    const settings: [string, string][] = [];
    const variables: Record<string, string> = {};
    for (const [index, [url, login]] of known ? [...this.#logins].entries() : []) {
      const name = `HSM_GIT_LOGIN_${index}`;
      variables[name] = login;
      // git itself sees to it that no other server gets it.
      const give = `!f() { test "$1" = get && printf '%s\\n' "$${name}"; }; f`;
      settings.push([`credential.${url}.helper`, give]);
    }
    if (listening) {
      const tell = `sed 's/^/${this.#mark} /' >&2; echo '${this.#mark} ' >&2`;
      settings.push(["credential.helper", `!f() { test "$1" = store && { ${tell}; }; }; f`]);
    }
    let count = Number(env["GIT_CONFIG_COUNT"] ?? 0);
    for (const [key, value] of settings) {
      variables[`GIT_CONFIG_KEY_${count}`] = key;
      variables[`GIT_CONFIG_VALUE_${count++}`] = value;
    }
    return settings.length === 0 ? {} : { ...variables, GIT_CONFIG_COUNT: String(count) };
  }

  /** Takes down what git tells of an answer; whether a line of its standard error was that, and so is for nobody else. */
  hears(line: string): boolean {
    // What a remote said last may lack its end, and stand before it.
    const at = line.indexOf(this.#mark);
    if (at < 0) return false;
    const [, key = "", value = ""] = /^ (\w+)=(.*)$/.exec(line.slice(at + this.#mark.length)) ?? [];
    if (key !== "") this.#heard.set(key, value);
    else {
      const [protocol, host, path, username, password] = [
        ...["protocol", "host", "path", "username", "password"],
      ].map((it) => this.#heard.get(it));
      if (username !== undefined && password !== undefined) {
        const url = `${protocol}://${host}${path === undefined ? "" : `/${path}`}`;
        this.#logins.set(url, `username=${username}\npassword=${password}`);
      }
      this.#heard.clear();
    }
    return true;
  }
}
