/**
 * Edits of a TOML document that leave every other byte as it is.
 *
 * @module
 */

import { HsmError } from "../errors.ts";
import { inputData, isList, put, type TomlData, type TomlInput, type TomlTable } from "./data.ts";
import {
  findNode,
  type InlineTable,
  type Node,
  nodeData,
  rangeOf,
  type Section,
  type Statement,
  type TomlDocument,
  wrongNode,
} from "./document.ts";
import {
  type Form,
  formOf,
  keyPrefix,
  newSectionPlace,
  sectionLines,
  statementLines,
} from "./layout.ts";
import { indentAt, lineEnd, lineEndingAt, lineStart, type Range } from "../text/line_edges.ts";
import { renderEntry, renderKey, renderKeyPath, renderString, renderValue } from "./render.ts";
import { type ArrayEdit, editSequence, type Sequence, settleEdit } from "./sequence.ts";
import { readFragment, type Verbatim } from "./fragment.ts";
import {
  type Layout,
  type Leaf,
  listLeaf,
  type Pending,
  renderList,
  renderPending,
  type SectionEntry,
} from "./leaf.ts";
import { WantedData } from "./wanted.ts";
import { applySplices, type Splice } from "./splice.ts";

export type { ArrayEdit } from "./sequence.ts";

interface NewSection {
  readonly path: readonly string[];
  readonly at: number;
  readonly eol: string;
  readonly lines: string[];
}

interface OpenSequence {
  readonly sequence: Sequence;
  readonly removed: Set<number>;
  readonly replaced: Map<number, string>;
  readonly appended: string[];
}

/**
 * Collects edits of one document, and makes them all at once.
 *
 * Each edit says what the data shall be; the result is parsed, and given out only if it holds exactly that.
 */
export class TomlEditor {
  readonly #document: TomlDocument;
  readonly #wanted: WantedData;
  readonly #splices: Splice[] = [];
  readonly #sequences = new Map<object, OpenSequence>();
  readonly #pending = new Map<InlineTable, Pending>();
  readonly #newSections = new Map<string, NewSection>();
  readonly #removed = new Set<Statement | Section>();
  readonly #created = new Set<string>();
  #isEdited = false;

  /** Begins to edit a document; the document itself does not change. */
  constructor(document: TomlDocument) {
    this.#document = document;
    this.#wanted = new WantedData(document);
  }

  /** The tables and arrays that had to be made, as dotted keys. */
  get created(): ReadonlySet<string> {
    return this.#created;
  }

  /**
   * Sets the value at a path, in the form that it has now, else as a new line where its table is.
   *
   * @throws {HsmError} `pyproject-unsupported` where the present value is scattered over the file.
   */
  set(path: readonly string[], input: TomlInput): void {
    const node = findNode(this.#document, path);
    const data = inputData(input);
    const { text } = this.#document;
    const written = node && this.#form(node);
    if (written === undefined || (written.form === "sections" && !(data instanceof Map))) {
      this.remove(path);
      this.#insert(path, { data, render: () => renderValue(input) });
      return;
    }
    const { form, range } = written;
    this.#put(path, data);
    if (form === "value") {
      this.#splice(range, renderValue(input));
    } else if (form === "dotted") {
      this.#splice(range, `${keyPrefix(text, node!)} = ${renderValue(input)}`);
    } else {
      const [section] = node!.sections;
      const first = section!.statements[0]?.range.start ?? section!.range.start;
      // Its first header may be that of a table below it.
      const isOwn = section!.path.length === path.length + (section!.kind === "array" ? 1 : 0);
      const key = isOwn ? text.slice(section!.key!.start, section!.key!.end) : renderKeyPath(path);
      const lead = lineEndingAt(text, lineEnd(text, section!.headerEnd)) + indentAt(text, first);
      const lines = [...data as TomlTable].map(([name, value]) => lead + renderEntry(name, value));
      this.#splice(range, `[${key}]${lines.join("")}`);
    }
  }

  /**
   * The text of the value at a path, to be put back by {@linkcode restore}.
   *
   * @throws {HsmError} `pyproject-unsupported` where it is scattered over the file.
   */
  capture(path: readonly string[]): Verbatim {
    const { form, range } = this.#form(findNode(this.#document, path)!);
    return { form, text: this.#document.text.slice(range.start, range.end) };
  }

  /**
   * Puts a captured value back, to the byte where the present one stands in the same way, else by its data.
   *
   * @throws {HsmError} `pyproject-invalid` where `verbatim` is no TOML, or not of that key.
   */
  restore(path: readonly string[], verbatim: Verbatim): void {
    const { form, text } = verbatim;
    const node = findNode(this.#document, path);
    const isInline = (node?.statement ?? node?.via[0])?.container.kind === "inline";
    const fragment = readFragment(verbatim, path, isInline);
    if (fragment === undefined) {
      const name = renderKeyPath(path);
      throw new HsmError(
        "pyproject-invalid",
        `Cannot put back ${name}: what is recorded of it in [tool.hsm] is no TOML`,
        { hint: "bring [tool.hsm] back as it was, or delete it: what it names is then yours" },
      );
    }
    const { data, depth, isVerbatim } = fragment;
    const whole = node && isVerbatim ? this.#restorable(node, form, depth) : undefined;
    if (whole === undefined) {
      this.set(path, data);
      return;
    }
    this.#put(path, data);
    this.#splice(whole, text);
  }

  /** Takes a key out, with the lines it is on. */
  remove(path: readonly string[]): void {
    const node = findNode(this.#document, path);
    if (node === undefined) return;
    if (node.statement !== undefined) this.#removeStatement(node.statement);
    for (const statement of node.via) this.#removeStatement(statement);
    for (const section of node.sections) this.#removeSection(section);
    this.#drop(path);
  }

  /** Edits an array of strings, once; makes it, a line for each entry, where there is none. */
  editArray(path: readonly string[], edit: ArrayEdit): void {
    const node = findNode(this.#document, path);
    if (node === undefined) {
      if (edit.appended.length === 0) return;
      this.#insert(path, listLeaf(edit.appended));
      this.#created.add(renderKeyPath(path));
      return;
    }
    const value = node.statement?.value;
    if (value?.type !== "TOMLArray") {
      throw this.#unsupported(`${renderKeyPath(path)} is no plain array`, "write it as an array");
    }
    const styles = value.elements.map((element) =>
      element.type === "TOMLValue" && element.kind === "string" ? element.style : undefined
    );
    const last = styles.findLast((style) => style !== undefined);
    const open = this.#sequence(node, rangeOf(value), value.elements.map(rangeOf));
    for (const place of edit.removed) open.removed.add(place);
    for (const [place, entry] of edit.replaced) {
      open.replaced.set(place, renderString(entry, styles[place]));
    }
    for (const entry of edit.appended) open.appended.push(renderString(entry, last));
    this.#put(path, editedList(nodeData(node) as TomlData[], edit));
  }

  /**
   * Takes out a table or an array that has become empty, unless it holds comments.
   *
   * A table that goes on in sections below it stays in these.
   */
  prune(path: readonly string[]): void {
    const node = findNode(this.#document, path);
    if (node === undefined || node.kind === "array-of-tables") return;
    const { section, statement } = node;
    const { text } = this.#document;
    if (statement !== undefined) {
      if (!this.#wanted.isEmpty(path) || this.#holdsComments(rangeOf(statement.value))) return;
      this.#removeStatement(statement);
    } else if (section !== undefined) {
      if (!section.statements.every((item) => this.#removed.has(item))) return;
      const at = newLineAt(text, section);
      if (this.#splices.some(({ start, end }) => start === end && start === at)) return;
      const end = lineEnd(text, section.range.end);
      if (this.#holdsComments({ start: section.range.start, end })) return;
      this.#removeSection(section);
    }
    this.#tidy(path);
  }

  /** Writes a section as a whole, in place of what there is; on one line, where its parent is an inline table. */
  setSection(
    path: readonly string[],
    entries: readonly SectionEntry[],
    options: { readonly comment: string; readonly near: readonly string[] },
  ): void {
    const { text } = this.#document;
    const data: TomlTable = new Map();
    for (const { keys, value } of entries) put(data, keys, inputData(value));
    const node = findNode(this.#document, path);
    if (node?.statement !== undefined) {
      this.set(path, data);
      return;
    }
    const lines = (layout: Layout) => [
      `# ${options.comment}`,
      ...entries.map(({ keys, value, multiline }) => {
        const written = multiline && isList(value) ? renderList(value, layout) : renderValue(value);
        return `${keys.map(renderKey).join(".")} = ${written}`;
      }),
    ];
    if (node?.section !== undefined && node.sections.length === 1 && node.via.length === 0) {
      const eol = lineEndingAt(text, lineEnd(text, node.section.headerEnd));
      const header = `[${renderKeyPath(path)}]`;
      this.#put(path, data);
      this.#splice(node.section.range, [header, ...lines({ eol, indent: "" })].join(eol));
      return;
    }
    this.remove(path);
    const parent = nearest(this.#document, path.slice(0, -1));
    if (parent.inline !== undefined || (parent.section === undefined && parent.via.length > 0)) {
      this.#insert(path, { data, render: () => renderValue(data) });
      return;
    }
    this.#put(path, data);
    const section = this.#newSection(path, options.near);
    section.lines.push(...lines({ eol: section.eol, indent: "" }));
  }

  /**
   * Makes the edits.
   *
   * @returns The new text; the old one where there was nothing to edit.
   * @throws {HsmError} `pyproject-unsupported` where the result would hold anything but what was asked for.
   */
  apply(): string {
    const { mark, text } = this.#document;
    if (!this.#isEdited) return mark + text;
    const splices = [...this.#splices];
    for (const [inline, pending] of this.#pending) {
      const written = [...pending].map(([key, item]) => renderPending(key, item));
      this.#braces(inline).appended.push(...written);
    }
    for (const { sequence, ...edit } of this.#sequences.values()) {
      splices.push(...editSequence(text, sequence, edit));
    }
    let isFirst = true;
    for (const { at, eol, lines, path } of this.#newSections.values()) {
      const lead = at === 0 && isFirst ? "" : eol + eol;
      const section = [`[${renderKeyPath(path)}]`, ...lines].join(eol);
      splices.push({ start: at, end: at, text: lead + section });
      isFirst = false;
    }
    const edited = applySplices(text, splices);
    if (edited === undefined || !this.#isHeldBy(edited)) {
      throw this.#unsupported(
        "its layout is beyond what can be edited safely",
        "write the tables concerned in the plain form: a header in brackets, and a line for each key",
      );
    }
    return mark + edited;
  }

  #isHeldBy(text: string): boolean {
    try {
      return this.#wanted.isSaidBy(text);
    } catch (error) {
      if (error instanceof HsmError) return false;
      throw error;
    }
  }

  #unsupported(state: string, hint: string): HsmError {
    return new HsmError("pyproject-unsupported", `Cannot edit ${this.#document.path}: ${state}`, {
      hint,
    });
  }

  #splice(range: Range, text: string): void {
    this.#splices.push({ ...range, text });
    this.#isEdited = true;
  }

  #form(node: Node): { readonly form: Form; readonly range: Range } {
    const found = formOf(node);
    if (found !== undefined) return found;
    const name = renderKeyPath(node.path);
    throw this.#unsupported(`${name} is written in several places`, `write ${name} on one line`);
  }

  /** What a captured text of this form, under that many keys, can take the place of. */
  #restorable(node: Node, form: Form, keys: number): Range | undefined {
    const present = formOf(node);
    if (present === undefined) return undefined;
    if (form === "sections") {
      return present.form === "sections" && keys === node.path.length ? present.range : undefined;
    }
    if (form === "value") return present.form === "value" ? present.range : undefined;
    const statement = node.statement ?? node.via[0];
    if (statement === undefined || keys !== node.path.length - statement.depth) return undefined;
    return present.form === "value" ? node.statement!.range : present.range;
  }

  #insert(path: readonly string[], leaf: Leaf): void {
    const { text } = this.#document;
    const node = nearest(this.#document, path.slice(0, -1));
    const rest = path.slice(node.path.length);
    if (node.kind !== "table") {
      throw wrongNode(this.#document, node, `${renderKeyPath(node.path)} must be a table`);
    }
    this.#put(path, leaf.data);
    this.#isEdited = true;
    if (node.inline !== undefined) {
      this.#pend(node.inline, node.path, rest, leaf);
    } else if (node.section !== undefined && rest.length === 1) {
      this.#addLine(node.section, rest[0]!, leaf);
    } else if (node.section === undefined && node.via.length > 0) {
      const anchor = node.via.at(-1)!;
      const key = [keyPrefix(text, node), ...rest.map(renderKey)].join(".");
      if (anchor.container.kind === "inline") {
        this.#braces(anchor.container).appended.push(`${key} = ${leaf.render()}`);
      } else {
        const { start, end } = anchor.range;
        this.#addLineAt(lineEnd(text, end), indentAt(text, start), key, leaf);
      }
    } else {
      const section = this.#newSection(path.slice(0, -1), path.slice(0, 2));
      const layout = { eol: section.eol, indent: "" };
      section.lines.push(`${renderKey(path.at(-1)!)} = ${leaf.render(layout)}`);
      this.#created.add(renderKeyPath(path.slice(0, -1)));
    }
  }

  #addLine(section: Section, key: string, leaf: Leaf): void {
    const { text } = this.#document;
    const last = section.statements.at(-1);
    if (last === undefined && section.kind === "root") {
      const eol = lineEndingAt(text, lineEnd(text, 0));
      const line = `${renderKey(key)} = ${leaf.render({ eol, indent: "" })}`;
      this.#splice({ start: 0, end: 0 }, line + eol);
      return;
    }
    const indent = indentAt(text, last?.range.start ?? section.range.start);
    this.#addLineAt(newLineAt(text, section), indent, renderKey(key), leaf);
  }

  #addLineAt(at: number, indent: string, key: string, leaf: Leaf): void {
    const eol = lineEndingAt(this.#document.text, at);
    const line = `${eol}${indent}${key} = ${leaf.render({ eol, indent })}`;
    this.#splice({ start: at, end: at }, line);
  }

  #pend(inline: InlineTable, base: Node["path"], rest: readonly string[], leaf: Leaf): void {
    let pending = this.#pending.get(inline) ?? new Map();
    this.#pending.set(inline, pending);
    for (const [at, key] of rest.slice(0, -1).entries()) {
      const inner = pending.get(key);
      const next: Pending = inner instanceof Map ? inner : new Map();
      pending.set(key, next);
      pending = next;
      this.#created.add(renderKeyPath([...base, ...rest.slice(0, at + 1)]));
    }
    pending.set(rest.at(-1)!, leaf);
  }

  #newSection(path: readonly string[], near: readonly string[]): NewSection {
    const name = renderKeyPath(path);
    const found = this.#newSections.get(name);
    if (found !== undefined) return found;
    const { text } = this.#document;
    const at = newSectionPlace(this.#document, path, near.length < 2 ? path : near);
    const made = { path, at, eol: lineEndingAt(text, at), lines: [] };
    this.#newSections.set(name, made);
    this.#isEdited = true;
    return made;
  }

  #braces(table: InlineTable): OpenSequence {
    return this.#sequence(table, table.range, table.statements.map(({ range }) => range));
  }

  #sequence(key: object, { start, end }: Range, items: readonly Range[]): OpenSequence {
    const found = this.#sequences.get(key);
    if (found !== undefined) return found;
    const made: OpenSequence = {
      sequence: { open: start, close: end - 1, items },
      removed: new Set(),
      replaced: new Map(),
      appended: [],
    };
    this.#sequences.set(key, made);
    this.#isEdited = true;
    return made;
  }

  #removeStatement(statement: Statement): void {
    const { container } = statement;
    if (container.kind === "inline") {
      this.#braces(container).removed.add(statement.place);
    } else {
      this.#splice(statementLines(this.#document.text, statement.range), "");
    }
    this.#removed.add(statement);
  }

  #removeSection(section: Section): void {
    this.#splice(sectionLines(this.#document.text, section), "");
    this.#removed.add(section);
    for (const statement of section.statements) this.#removed.add(statement);
  }

  /** Whether there is a comment that does not share a line with something taken out. */
  #holdsComments({ start, end }: Range): boolean {
    const { comments, text } = this.#document;
    return comments.some((comment) => {
      if (comment.start < start || comment.start >= end) return false;
      return !this.#splices.some((splice) =>
        splice.text === "" && splice.start <= comment.start && comment.start < splice.end
      ) && !this.#isBesideRemoved(lineStart(text, comment.start), comment.start);
    });
  }

  #isBesideRemoved(start: number, end: number): boolean {
    return [...this.#sequences.values()].some(({ sequence, removed }) =>
      sequence.items.some((it, at) => removed.has(at) && it.start >= start && it.end <= end)
    );
  }

  #put(path: readonly string[], data: TomlData): void {
    this.#wanted.set(path, data);
    this.#isEdited = true;
  }

  #drop(path: readonly string[]): void {
    this.#wanted.delete(path);
    this.#tidy(path.slice(0, -1));
  }

  /** A table that nothing defines any more is no part of the document. */
  #tidy(path: readonly string[]): void {
    if (path.length === 0) return;
    const node = findNode(this.#document, path);
    if (!this.#wanted.isEmpty(path)) return;
    const section = node?.section;
    const statement = node?.statement;
    if (section !== undefined && !this.#removed.has(section)) return;
    if (statement !== undefined && !this.#removed.has(statement)) return;
    this.#drop(path);
  }
}

/** Where the next statement of a section goes. */
function newLineAt(text: string, section: Section): number {
  return lineEnd(text, section.statements.at(-1)?.range.end ?? section.headerEnd);
}

/** The node at a path, or the last one on the way to it. */
function nearest(document: TomlDocument, path: readonly string[]): Node {
  let node = document.root;
  for (const key of path) {
    const next = node.children.get(key);
    if (next === undefined) return node;
    node = next;
  }
  return node;
}

function editedList(list: readonly TomlData[], edit: ArrayEdit): TomlData[] {
  const { removed, replaced, appended } = settleEdit(edit);
  const kept = list.map((item, at) => replaced.get(at) ?? item).filter((_, at) => !removed.has(at));
  return [...kept, ...appended];
}
