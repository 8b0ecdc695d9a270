/**
 * On which line of a TOML file a value stands, for messages. It goes by the usual ways of writing and gives nothing
 * where a file is written in another one: a missing line is better than a wrong one.
 *
 * @module
 */

const HEADER = /^\s*\[\[?\s*([\w\s."'-]+?)\s*\]\]?\s*(?:#.*)?$/;

/** Finds the lines of keys and list items in one file. */
export class TomlLines {
  readonly #lines: readonly string[];

  /** @param text The file's text. */
  constructor(text: string) {
    this.#lines = text.split("\n");
  }

  /**
   * The line of a key.
   *
   * @param table The table, dotted, as in its header; empty: what stands above all headers.
   * @param key The key.
   * @returns The line, from 1; undefined where it is not found.
   */
  ofKey(table: string, key: string): number | undefined {
    let isInside = table === "";
    const pattern = new RegExp(`^\\s*(["']?)${key.replace(/[^\w-]/g, "\\$&")}\\1\\s*=`);
    for (const [index, line] of this.#lines.entries()) {
      const header = headerOf(line);
      if (header !== undefined) isInside = header === table;
      else if (isInside && pattern.test(line)) return index + 1;
    }
    return undefined;
  }

  /** The line of a table's first header, from 1; undefined where it is not found. */
  ofTable(table: string): number | undefined {
    const index = this.#lines.findIndex((line) => headerOf(line) === table);
    return index < 0 ? undefined : index + 1;
  }

  /**
   * The lines of a list's items.
   *
   * @param start The line of the list's key.
   * @param items The items, in order.
   * @returns The line of each item, from 1; undefined where one is not found.
   */
  ofItems(start: number | undefined, items: readonly unknown[]): readonly (number | undefined)[] {
    if (start === undefined) return items.map(() => undefined);
    let at = start - 1;
    return items.map((item) => {
      if (typeof item !== "string") return undefined;
      const forms = [`"${item}"`, `'${item}'`, JSON.stringify(item)];
      for (let index = at; index < this.#lines.length; index++) {
        const line = this.#lines[index]!;
        if (index >= start && HEADER.test(line)) return undefined;
        if (!forms.some((form) => line.includes(form))) continue;
        at = index;
        return index + 1;
      }
      return undefined;
    });
  }
}

function headerOf(line: string): string | undefined {
  return HEADER.exec(line)?.[1]?.replace(/[\s"']/g, "");
}
