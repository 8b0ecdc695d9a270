/**
 * Where keys and list items stand in a TOML text, for messages. It is asked only where there is one to tell, which may be
 * in any command: so it goes over the text by itself, rather than load the parser that edits go by.
 *
 * @module
 */

import { parse } from "smol-toml";

/** The keys that lead to a value; a number is a place in a list. */
export type Path = readonly (string | number)[];

/** The places in one text. */
export class Places {
  readonly #found = new Map<string, number>();
  readonly #text: string;
  #at = 0;

  /** @param text A text that a parser has read: what it refuses is not looked for here. */
  constructor(text: string) {
    this.#text = text;
    this.#readAll();
  }

  /** The offset of a key, of its table's header, or of a list's item; undefined where there is none. */
  find(path: Path): number | undefined {
    return this.#found.get(JSON.stringify(path));
  }

  /** The offset of what a path leads to, else of the nearest key that leads there. */
  nearest(path: Path): number {
    for (let length = path.length; length > 0; length--) {
      const offset = this.find(path.slice(0, length));
      if (offset !== undefined) return offset;
    }
    return 0;
  }

  #readAll(): void {
    const counts = new Map<string, number>();
    let base: Path = [];
    for (this.#skip(); this.#at < this.#text.length; this.#skip()) {
      const start = this.#at;
      if (this.#text[start] !== "[") this.#statement(base);
      else base = this.#header(counts);
      // A text that no parser has read.
      if (this.#at === start) return;
    }
  }

  #header(counts: Map<string, number>): Path {
    const start = this.#at;
    const brackets = this.#text.startsWith("[[", start) ? 2 : 1;
    this.#at += brackets;
    const keys = this.#key();
    this.#at += brackets;
    const path: (string | number)[] = [];
    for (const [depth, key] of keys.entries()) {
      path.push(key);
      this.#note(path, start);
      const list = JSON.stringify(path);
      const isItem = brackets === 2 && depth === keys.length - 1;
      const count = counts.get(list) ?? 0;
      if (isItem) counts.set(list, count + 1);
      if (isItem || count > 0) path.push(isItem ? count : count - 1);
    }
    this.#note(path, start);
    return path;
  }

  #statement(base: Path): void {
    const start = this.#at;
    const path = [...base];
    for (const key of this.#key()) {
      path.push(key);
      this.#note(path, start);
    }
    // The equals sign.
    this.#at++;
    this.#value(path);
  }

  #value(path: Path): void {
    this.#skip();
    const first = this.#text[this.#at];
    if (first === "[" || first === "{") {
      this.#at++;
      for (let index = 0; this.#goesOn(first === "[" ? "]" : "}"); index++) {
        if (first === "{") this.#statement(path);
        else {
          const item = [...path, index];
          this.#note(item, this.#at);
          this.#value(item);
        }
        this.#skip();
        if (this.#text[this.#at] === ",") this.#at++;
      }
    } else if (first === '"' || first === "'") this.#string(first);
    else {
      // Between a date and its time there may be a space.
      const scalar = /[^\s,\]}#]*(?: \d[^\s,\]}#]*)?/y;
      scalar.lastIndex = this.#at;
      scalar.exec(this.#text);
      this.#at = scalar.lastIndex;
    }
  }

  /** Whether something else stands before the end of a list or table, which is passed. */
  #goesOn(end: string): boolean {
    this.#skip();
    const next = this.#text[this.#at];
    if (next === end) this.#at++;
    return next !== end && next !== undefined;
  }

  #key(): string[] {
    const keys: string[] = [];
    do {
      if (this.#text[this.#at] === ".") this.#at++;
      this.#skip();
      const start = this.#at;
      const quote = this.#text[start];
      if (quote === '"' || quote === "'") {
        this.#string(quote);
        keys.push(unquoted(this.#text.slice(start, this.#at)));
      } else {
        const bare = /[^\s.=\]]*/y;
        bare.lastIndex = start;
        keys.push(bare.exec(this.#text)?.[0] ?? "");
        this.#at = bare.lastIndex;
      }
      this.#skip();
    } while (this.#text[this.#at] === ".");
    return keys;
  }

  #string(quote: string): void {
    const mark = this.#text.startsWith(quote.repeat(3), this.#at) ? quote.repeat(3) : quote;
    let at = this.#at + mark.length;
    while (at < this.#text.length && !this.#text.startsWith(mark, at)) {
      at += quote === '"' && this.#text[at] === "\\" ? 2 : 1;
    }
    at += mark.length;
    // Two of a text's own may stand before the last three.
    while (mark.length > 1 && this.#text[at] === quote) at++;
    this.#at = at;
  }

  /** Passes over white space and comments. */
  #skip(): void {
    for (;;) {
      while (/\s/.test(this.#text[this.#at] ?? "")) this.#at++;
      if (this.#text[this.#at] !== "#") return;
      const end = this.#text.indexOf("\n", this.#at);
      this.#at = end < 0 ? this.#text.length : end;
    }
  }

  #note(path: Path, offset: number): void {
    const key = JSON.stringify(path);
    if (!this.#found.has(key)) this.#found.set(key, offset);
  }
}

function unquoted(key: string): string {
  return key.includes("\\") ? Object.keys(parse(`${key} = 0`))[0]! : key.slice(1, -1);
}
