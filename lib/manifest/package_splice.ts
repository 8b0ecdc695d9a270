/**
 * An edit of the manifest as a splice of its text: which form the package has, and which one it needs.
 *
 * @module
 */

import { isMap, isScalar, parse } from "yaml";
import type { Node as YamlNode } from "yaml";
import { attempt } from "../attempt.ts";
import { normalizeName } from "../names.ts";
import type { EditValue, ManifestEdit } from "./edits.ts";
import { pinParts } from "./content.ts";
import { PIN_KEYS } from "./model.ts";
import { shortPin } from "./merge.ts";
import type { YamlFile } from "./read_yaml.ts";
import { readYaml } from "./read_yaml.ts";
import { renderText, renderValue } from "./render.ts";
import {
  findMember,
  hasOwnComments,
  indentOf,
  insertBelow,
  insertIntoFlow,
  insertLines,
  isBlank,
  isFlow,
  keyOf,
  type Mapping,
  type Member,
  quoteOf,
  Refusal,
  removeMember,
  replaceKey,
  replaceValue,
  requireSimple,
  sourceOf,
} from "./yaml_splice.ts";

const DEFAULT_INDENT = 2;

/** A new package's value: its short form, or its keys. */
type NewEntry = string | Readonly<Record<string, EditValue>>;

/**
 * Makes one edit. The file must be a valid manifest.
 *
 * @throws {Refusal} Where the edit would touch something else.
 */
export function spliceEdit(
  text: string,
  yaml: YamlFile,
  edit: ManifestEdit,
  prune: boolean,
): string {
  const tree = new Tree(text, yaml, edit.package);
  if (edit.kind === "remove-package") return removePackage(tree, prune);
  if (edit.kind === "unset-package-key") return unsetKey(tree, edit.key, prune);
  if (edit.kind === "add-package") return addPackage(tree, edit.value as NewEntry);
  const [key, value] = edit.kind === "set-pin" ? pinParts(edit.pin) : [edit.key, edit.value];
  return setKey(tree, key, value);
}

/** The parts of the file that an edit of one package can concern. */
class Tree {
  readonly text: string;
  readonly name: string;
  /** The whole file; undefined where it is empty. */
  readonly root: Mapping | undefined;
  /** `packages` with its value. */
  readonly packages: Member | undefined;
  /** The packages; undefined where there is none. */
  readonly map: Mapping | undefined;
  /** The package. */
  readonly entry: Member | undefined;

  constructor(text: string, yaml: YamlFile, name: string) {
    this.text = text;
    this.name = name;
    const contents = yaml.document.contents as YamlNode | null;
    this.root = isMap(contents) ? contents as Mapping : undefined;
    if (contents !== null && this.root === undefined && !isBlank(contents)) {
      throw new Refusal("the file holds something that is no key");
    }
    this.packages = this.root && findMember(this.root, (key) => key === "packages");
    const value = this.packages?.value ?? null;
    if (value !== null && !isMap(value) && !(isScalar(value) && value.value === null)) {
      throw new Refusal("an alias stands there");
    }
    this.map = isMap(value) ? value as Mapping : undefined;
    const wanted = normalizeName(name);
    this.entry = this.map && findMember(this.map, (key) => normalizeName(key) === wanted);
    if (this.entry?.value) requireSimple(this.entry.value);
  }

  /** Reads the file again after a first splice. */
  with(text: string): Tree {
    return new Tree(text, readYaml(text), this.name);
  }

  /** Whether the package's entry stands between braces. */
  get isFlow(): boolean {
    return this.map !== undefined && isFlow(this.map);
  }
}

function addPackage(tree: Tree, value: NewEntry): string {
  const { text, root, packages, map } = tree;
  if (root === undefined) {
    const lines = ["packages:", ...entryLines(tree.name, value, DEFAULT_INDENT)];
    return insertLines(text, text.length, lines);
  }
  if (packages === undefined) {
    if (isFlow(root)) {
      return insertIntoFlow(text, root, `packages: {${flowEntry(tree.name, value)}}`);
    }
    const indent = root.items[0] === undefined ? 0 : indentOf(text, root.items[0]);
    return insertBelow(text, root.items.at(-1)!, [
      `${" ".repeat(indent)}packages:`,
      ...entryLines(tree.name, value, indent + DEFAULT_INDENT),
    ]);
  }
  if (map === undefined) {
    if (isFlow(root)) {
      return replaceValue(text, packages, `{${flowEntry(tree.name, value)}}`);
    }
    if (!isBlank(packages.value)) {
      return addPackage(tree.with(replaceValue(text, packages, undefined)), value);
    }
    const indent = indentOf(text, packages) + DEFAULT_INDENT;
    return insertBelow(text, packages, entryLines(tree.name, value, indent));
  }
  if (isFlow(map)) return insertIntoFlow(text, map, flowEntry(tree.name, value));
  const indent = indentOf(text, map.items[0]!);
  const lines = entryLines(tree.name, value, indent, innerStep(tree));
  return insertBelow(text, map.items.at(-1)!, lines);
}

function entryLines(name: string, value: NewEntry, indent: number, step = indent): string[] {
  const key = `${" ".repeat(indent)}${renderText(name)}:`;
  if (typeof value === "string") return [`${key} ${renderText(value)}`];
  const inner = " ".repeat(indent + (step === 0 ? DEFAULT_INDENT : step));
  return [
    key,
    ...Object.entries(value).map(([name, value]) => `${inner}${name}: ${renderValue(value)}`),
  ];
}

function flowEntry(name: string, value: NewEntry): string {
  const written = typeof value === "string" ? renderText(value, { flow: true }) : flowMap(value);
  return `${renderText(name, { flow: true })}: ${written}`;
}

function flowMap(value: Readonly<Record<string, EditValue>>): string {
  const members = Object.entries(value).map(([key, value]) =>
    `${key}: ${renderValue(value, { flow: true })}`
  );
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}

/** How far a package's keys are indented from its name: as those of its neighbours are, else as the names themselves. */
function innerStep(tree: Tree): number {
  const { text, map, packages } = tree;
  for (const member of map?.items ?? []) {
    const inner = member.value;
    if (isMap(inner) && !isFlow(inner as Mapping) && inner.items.length > 0) {
      return indentOf(text, (inner as Mapping).items[0]!) - indentOf(text, member);
    }
  }
  const first = map?.items[0];
  if (first === undefined || packages === undefined || isFlow(map!)) return DEFAULT_INDENT;
  return indentOf(text, first) - indentOf(text, packages);
}

function setKey(tree: Tree, key: string, value: EditValue): string {
  const { text, entry } = tree;
  const pin = typeof value === "string" && PIN_KEYS.includes(key) ? value : undefined;
  const short = pin !== undefined && isShort(key, pin) ? pin : undefined;
  if (entry === undefined) return addPackage(tree, short ?? { [key]: value });
  const entryValue = entry.value;
  if (isMap(entryValue)) {
    const map = entryValue as Mapping;
    const member = findMember(
      map,
      (it) => it === key || (pin !== undefined && PIN_KEYS.includes(it)),
    );
    const flow = tree.isFlow || isFlow(map);
    if (member !== undefined) {
      const quote = quoteOf(member.value);
      const replaced = replaceValue(text, member, renderValue(value, { flow, quote }));
      return keyOf(member) === key ? replaced : replaceKey(replaced, member, key);
    }
    const written = `${key}: ${renderValue(value, { flow })}`;
    if (isFlow(map)) return insertIntoFlow(text, map, written);
    const indent = indentOf(text, map.items[0]!);
    return insertBelow(text, map.items.at(-1)!, [" ".repeat(indent) + written]);
  }
  if (short !== undefined) {
    const options = { flow: tree.isFlow, quote: quoteOf(entryValue) };
    return replaceValue(text, entry, renderText(short, options));
  }
  if (isScalar(entryValue) && entryValue.value !== null) {
    if (pin !== undefined) return replaceValue(text, entry, flowMap({ [key]: value }));
    const old = expandShort(text, entryValue);
    const written = `${key}: ${renderValue(value, { flow: true })}`;
    return replaceValue(text, entry, `{ ${old}, ${written} }`);
  }
  if (tree.isFlow) return replaceValue(text, entry, flowMap({ [key]: value }));
  if (!isBlank(entryValue)) {
    return setKey(tree.with(replaceValue(text, entry, undefined)), key, value);
  }
  const indent = indentOf(text, entry) + innerStep(tree);
  return insertBelow(text, entry, [`${" ".repeat(indent)}${key}: ${renderValue(value)}`]);
}

/** The short form as a member of a flow map, with the quotes it had. */
function expandShort(text: string, node: YamlNode & { readonly source?: string }): string {
  const value = node.source ?? "";
  const [key] = pinParts(shortPin(value));
  const source = sourceOf(text, node);
  return `${key}: ${readsInFlow(source, value) ? source : renderText(value, { flow: true })}`;
}

function readsInFlow(source: string, value: string): boolean {
  if (/[\r\n]/.test(source)) return false;
  // Whatever the type, it must still be one scalar with the same source.
  const read = attempt(() => parse(`[${source}, x]`, { schema: "failsafe" }));
  return read?.length === 2 && read[0] === value;
}

/** Whether `NAME: TEXT` says this pin. */
function isShort(key: string, value: string): boolean {
  return pinParts(shortPin(value))[0] === key;
}

function unsetKey(tree: Tree, key: string, prune: boolean): string {
  const { text, entry } = tree;
  if (entry === undefined) return text;
  const value = entry.value;
  if (!isMap(value)) {
    // The contents differ, so the key is the one that the short form stands for.
    return prune ? removePackage(tree, prune) : replaceValue(text, entry, undefined);
  }
  const map = value as Mapping;
  const member = findMember(map, (name) => name === key);
  if (member === undefined) throw new Refusal(`\`${key}\` comes from a merge key`);
  if (map.items.length === 1) {
    const isBare = tree.isFlow || !hasOwnComments(text, entry);
    if (prune && isBare) return removePackage(tree, prune);
    return isFlow(map) ? replaceValue(text, entry, undefined) : removeMember(text, map, member);
  }
  const removed = removeMember(text, map, member);
  const rest = map.items.find((other) => other !== member)!;
  return isFlow(map) && map.items.length === 2
    ? collapse(tree.with(removed), keyOf(rest))
    : removed;
}

/** `{ tag: v1 }`, of which only the pin is left, becomes the short form again. */
function collapse(tree: Tree, key: string | undefined): string {
  const { text, entry } = tree;
  const map = entry?.value;
  if (!entry || !isMap(map) || key === undefined) return text;
  const pin = (map as Mapping).items[0]?.value;
  const source = isScalar(pin) ? String(pin.source ?? pin.value) : "";
  const isOneLine = !/[\r\n]/.test(sourceOf(text, map as Mapping));
  if (!isScalar(pin) || !isOneLine || !PIN_KEYS.includes(key) || !isShort(key, source)) return text;
  return replaceValue(text, entry, sourceOf(text, pin));
}

function removePackage(tree: Tree, prune: boolean): string {
  const { text, root, packages, map, entry } = tree;
  if (!root || !packages || !map || !entry) return text;
  requireSimple(entry.key);
  const isLast = map.items.length === 1;
  if (!prune || !isLast || isFlow(root) || hasOwnComments(text, packages)) {
    return removeMember(text, map, entry);
  }
  const removed = removeMember(text, root, packages);
  return root.items.length === 1 && removed.trim() === "" ? "" : removed;
}
