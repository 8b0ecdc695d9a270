/**
 * Colours in a program's output, and what else a sequence of that kind (SGR, ECMA-48) makes of letters.
 *
 * @module
 */

/** What begins, by its parameter; what hides a text is not among it. */
const BEGINS: readonly (readonly [RegExp, string])[] = [
  [/^[12]$/, "weight"],
  [/^3$/, "italic"],
  [/^(?:4|21|4:[0-5])$/, "underline"],
  [/^7$/, "inverse"],
  [/^9$/, "strike"],
  [/^(?:3[0-7]|9[0-7]|38[:;][\d:;]+)$/, "front"],
  [/^(?:4[0-7]|10[0-7]|48[:;][\d:;]+)$/, "back"],
  [/^53$/, "overline"],
  [/^58[:;][\d:;]+$/, "line"],
];

const ENDS: Readonly<Record<string, string>> = {
  "22": "weight",
  "23": "italic",
  "24": "underline",
  "27": "inverse",
  "29": "strike",
  "39": "front",
  "49": "back",
  "55": "overline",
  "59": "line",
};

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
    if (parameters.some((it, at) => it !== "0" && !ENDS[it] && !begun[at])) return false;
    for (const [at, it] of parameters.entries()) {
      const name = begun[at];
      if (name !== undefined) this.#open.add(name);
      else if (ENDS[it] !== undefined) this.#open.delete(ENDS[it]);
      else this.#open.clear();
    }
    return true;
  }
}
