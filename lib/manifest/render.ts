/**
 * Values as YAML text that reads back as the same value.
 *
 * @module
 */

import { parse } from "yaml";
import type { EditValue } from "./edits.ts";

/** How a text was quoted before. */
export type Quote = "plain" | "single" | "double";

/** Where and how a text is to stand. */
export interface RenderOptions {
  /** Whether it stands between brackets, where commas and braces have a meaning. */
  readonly flow?: boolean;
  /** The quotes to keep, where they can be kept. */
  readonly quote?: Quote;
}

/** A text, boolean or list on one line. */
export function renderValue(value: EditValue, options: RenderOptions = {}): string {
  if (typeof value === "boolean") return String(value);
  if (typeof value === "string") return renderText(value, options);
  return `[${value.map((item) => renderText(item, { ...options, flow: true })).join(", ")}]`;
}

/** A text on one line: plain where it reads back as itself, else quoted. */
export function renderText(text: string, options: RenderOptions = {}): string {
  const { flow = false, quote = "plain" } = options;
  const isPrintable = /^[^\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]*$/u.test(text);
  if (quote === "plain" && isPlain(text, flow)) return text;
  if (isPrintable && (quote === "single" || (quote === "plain" && /["\\]/.test(text)))) {
    return `'${text.replaceAll("'", "''")}'`;
  }
  // JSON's escapes are YAML's too; what JSON leaves bare and YAML or an eye may stumble over is escaped as well.
  return JSON.stringify(text).replace(
    /[\x7f-\x9f\p{Cf}\p{Co}\p{Zl}\p{Zp}]/gu,
    (char) =>
      char.codePointAt(0)! > 0xffff
        ? `\\U${char.codePointAt(0)!.toString(16).padStart(8, "0")}`
        : `\\u${char.codePointAt(0)!.toString(16).padStart(4, "0")}`,
  );
}

/** Whether the text without quotes is the same text, for YAML 1.2 and for the many readers that still read 1.1. */
function isPlain(text: string, flow: boolean): boolean {
  const allowed = flow ? /^[\w./][\w./@+:-]*$/ : /^[\w./][\w./@+:{}-]*$/;
  if (!allowed.test(text) || text.endsWith(":")) return false;
  if (/^[0-9]+(?::[0-9]+)+$/.test(text) || text.startsWith("...")) return false;
  return parse(text, { version: "1.2" }) === text && parse(text, { version: "1.1" }) === text;
}
