/**
 * Colours in a program's output, and what else a sequence of that kind (SGR, ECMA-48) makes of letters.
 *
 * @module
 */

/** What begins, by its parameter, and the parameter that ends it; what hides a text is not among it. */
const BEGINS: readonly (readonly [begin: RegExp, end: string])[] = [
  [/^[12]$/, "22"],
  [/^3$/, "23"],
  [/^(?:4|21|4:[0-5])$/, "24"],
  [/^7$/, "27"],
  [/^9$/, "29"],
  [/^(?:3[0-7]|9[0-7]|38[:;][\d:;]+)$/, "39"],
  [/^(?:4[0-7]|10[0-7]|48[:;][\d:;]+)$/, "49"],
  [/^53$/, "55"],
  [/^58[:;][\d:;]+$/, "59"],
];

const ENDS = new Set(BEGINS.map(([, end]) => end));

/** A colour by number or by its parts is one parameter with those that follow. */
const PARAMETERS = /[345]8;(?:5;\d+|2;\d+;\d+;\d+)|[\d:]+/g;

/** What letters are at some place of a text. */
export class Colors {
  readonly #open = new Set<string>();

  /** Whether they are other than usual. */
  get isOpen(): boolean {
    return this.#open.size > 0;
  }

  /** Heeds an escape sequence; false, and nothing is changed, where it is no colour. */
  take(sequence: string): boolean {
    // deno-lint-ignore no-control-regex
    const body = /^\x1b\[([\d:;]*)m$/.exec(sequence)?.[1];
    if (body === undefined) return false;
    const written = body.match(PARAMETERS) ?? [];
    if (written.join(";") !== body) return false;
    const parameters = body === "" ? ["0"] : written.map((it) => it.replace(/^0+(?=\d)/, ""));
    const begun = parameters.map((it) => BEGINS.find(([pattern]) => pattern.test(it))?.[1]);
    if (parameters.some((it, at) => it !== "0" && !ENDS.has(it) && !begun[at])) return false;
    for (const [at, it] of parameters.entries()) {
      const end = begun[at];
      if (end !== undefined) this.#open.add(end);
      else if (ENDS.has(it)) this.#open.delete(it);
      else this.#open.clear();
    }
    return true;
  }
}
