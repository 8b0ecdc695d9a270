/**
 * The folders of a VS Code workspace file: pure functions from text to text.
 *
 * A person edits such a file, and so does VS Code, which allows comments in it and complains of keys that it does not know. So
 * HSM's own folders are told by their names, which end with `(dev)`; everything else stays, to the byte.
 *
 * @module
 */

import {
  createScanner,
  findNodeAtLocation,
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
} from "jsonc-parser";
import { tableOf } from "../table.ts";

/** A folder of a workspace file. */
export interface CodeFolder {
  /** Where it is, relative to the file, with `/`. */
  readonly path: string;
  /** What VS Code calls it. */
  readonly name: string;
}

/** What the name of a folder of HSM's ends with. */
const OWN = " (dev)";

/** By this line a file is kept that has no such folder at the moment. */
const COMMENT = '// hsm keeps the folders named "… (dev)" current: ' +
  "the checkouts of packages in dev mode. All else is yours.";

/** What VS Code calls the checkout of a package. */
export function codeName(name: string): string {
  return `${name}${OWN}`;
}

/** A new file, with the app and checkouts. */
export function newCodeWorkspace(app: string, folders: readonly CodeFolder[]): string {
  const lines = [{ path: ".", name: app }, ...folders].map((it) => `    ${entryText(it)}`);
  return `{\n  ${COMMENT}\n  "folders": [\n${lines.join(",\n")}\n  ],\n  "settings": {}\n}\n`;
}

/** Whether HSM keeps a file: it says so, or has a folder of HSM's. */
export function isKept(text: string): boolean {
  return text.includes(COMMENT) || (foldersIn(text)?.children ?? []).some(isOwn);
}

/** A file that is to be kept from now on; undefined where it is not understood. */
export function keep(text: string): string | undefined {
  const root = rootOf(text);
  if (root === undefined) return undefined;
  if (text.includes(COMMENT)) return text;
  const at = root.offset + 1;
  const indent = /^\s*?\n([ \t]*)/.exec(text.slice(at))?.[1] ?? "  ";
  const rest = /^[ \t]*\r?\n/.test(text.slice(at)) ? "" : `${lineEnd(text)}${indent}`;
  return `${text.slice(0, at)}${lineEnd(text)}${indent}${COMMENT}${rest}${text.slice(at)}`;
}

/** A file that nobody keeps any more. */
export function letGo(text: string): string {
  const at = text.indexOf(COMMENT);
  return at < 0 ? text : withoutLine(text, at, at + COMMENT.length);
}

/**
 * The text with these folders of HSM's and no others. One that is listed by somebody else, in whatever words, is theirs.
 *
 * @returns The text as it was where nothing had to change; undefined where it is not understood.
 */
export function withFolders(text: string, wanted: readonly CodeFolder[]): string | undefined {
  const root = rootOf(text);
  if (root === undefined) return undefined;
  const list = findNodeAtLocation(root, ["folders"]);
  if (list !== undefined && list.type !== "array") return undefined;
  const items = list?.children ?? [];
  const theirs = new Set(
    items.filter((it) => !isOwn(it)).map((it) => placeOf(folderOf(it)["path"])),
  );
  const own = wanted.filter((it) => !theirs.has(placeOf(it.path)));
  const isWanted = (it: Node) => own.some((one) => isSame(one, it));
  // From the end, so that what comes before stays where it is.
  let changed = items.filter((it) => isOwn(it) && !isWanted(it)).reduceRight(withoutItem, text);
  for (const it of own) {
    if (!items.some((item) => isSame(it, item))) changed = withItem(changed, entryText(it));
  }
  return changed;
}

function rootOf(text: string): Node | undefined {
  const errors: ParseError[] = [];
  // VS Code passes over a byte order mark.
  const root = parseTree(text.replace(/^\ufeff/, " "), errors, { allowTrailingComma: true });
  return errors.length === 0 && root?.type === "object" ? root : undefined;
}

function foldersIn(text: string): Node | undefined {
  const root = rootOf(text);
  const list = root && findNodeAtLocation(root, ["folders"]);
  return list?.type === "array" ? list : undefined;
}

function folderOf(node: Node): Readonly<Record<string, unknown>> {
  return tableOf(getNodeValue(node));
}

function isOwn(node: Node): boolean {
  const { path, name } = folderOf(node);
  return typeof path === "string" && typeof name === "string" && name.endsWith(OWN);
}

function isSame(wanted: CodeFolder, node: Node): boolean {
  const { path, name } = folderOf(node);
  return name === wanted.name && placeOf(path) === placeOf(wanted.path);
}

/** A path may be written in several ways. */
function placeOf(path: unknown): string | undefined {
  return typeof path === "string"
    ? path.replaceAll("\\", "/").replace(/^(?:\.\/)+|\/+$/g, "")
    : undefined;
}

function entryText({ path, name }: CodeFolder): string {
  return `{ "path": ${JSON.stringify(path)}, "name": ${JSON.stringify(name)} }`;
}

/** The text with one more folder at the end of the list, which is made where there is none. */
function withItem(text: string, entry: string): string {
  const list = foldersIn(text);
  return list === undefined
    ? appended(text, rootOf(text)!, `"folders": [${entry}]`)
    : appended(text, list, entry);
}

/** The text with one more entry at the end of a list or an object, with a comma after it where the last has one. */
function appended(text: string, { offset, length, children = [] }: Node, entry: string): string {
  const end = offset + length - 1;
  const last = children.at(-1);
  const from = last === undefined ? offset + 1 : last.offset + last.length;
  const comma = last === undefined ? undefined : commaIn(text, from, end);
  const head = text.slice(0, from) + (last !== undefined && comma === undefined ? "," : "");
  const between = text.slice(from, end).trimEnd();
  const tail = (comma === undefined ? "" : ",") + text.slice(from + between.length);
  const inLine = !text.slice(offset, end).includes("\n");
  if (inLine) {
    return `${head}${between} ${entry}${
      /^[\]}]/.test(tail) && last === undefined ? " " : ""
    }${tail}`;
  }
  const indent = last === undefined ? `${indentAt(text, offset)}  ` : indentAt(text, last.offset);
  return `${head}${between}${lineEnd(text)}${indent}${entry}${tail}`;
}

/** The text without an item, and without the comma that is too much then; what stands between the two stays. */
function withoutItem(text: string, item: Node): string {
  const list = foldersIn(text)!;
  const end = item.offset + item.length;
  const without = (it: string, comma: number) => it.slice(0, comma) + it.slice(comma + 1);
  const after = commaIn(text, end, list.offset + list.length - 1);
  if (after !== undefined) return withoutLine(without(text, after), item.offset, end);
  const items = list.children ?? [];
  const before = items[items.findIndex((it) => it.offset === item.offset) - 1];
  const rest = withoutLine(text, item.offset, end);
  const comma = before && commaIn(text, before.offset + before.length, item.offset);
  return comma === undefined ? rest : without(rest, comma);
}

/** The text without a part of it: with its line where nothing else is on that. */
function withoutLine(text: string, from: number, to: number): string {
  const start = text.lastIndexOf("\n", from - 1) + 1;
  const blank = /^[ \t]*(?:\r?\n|$)/.exec(text.slice(to))?.[0];
  const isAlone = text.slice(start, from).trim() === "" && blank !== undefined && start > 0;
  if (isAlone) return text.slice(0, start) + text.slice(to + blank.length);
  const isLast = /^\s*[\]}]/.test(text.slice(to));
  const room = isLast ? /[ \t]*$/.exec(text.slice(0, from))![0].length : 0;
  return text.slice(0, from - room) + text.slice(to).replace(isLast ? /^/ : /^[ \t]+/, "");
}

/** The offset of the first comma in a part of the text, comments left out. */
function commaIn(text: string, from: number, to: number): number | undefined {
  const scanner = createScanner(text, true);
  scanner.setPosition(from);
  scanner.scan();
  const at = scanner.getTokenOffset();
  return at < to && text[at] === "," ? at : undefined;
}

function indentAt(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(text.lastIndexOf("\n", offset - 1) + 1))![0];
}

function lineEnd(text: string): string {
  return text.includes("\r\n") ? "\r\n" : "\n";
}
