/**
 * YAML text as plain data in which every value knows its place. Nothing in a file can make this run long or crash.
 *
 * @module
 */

import { type Document, isAlias, isMap, isScalar, isSeq, parseDocument } from "yaml";
import type { Node as YamlNode, Pair as YamlPair, YAMLError, YAMLMap } from "yaml";
import { quoteForMessage } from "./quote.ts";
import { redact, type Span } from "../text/redact.ts";
import { oneLine } from "../text/printable.ts";

/** A value with its place. */
export type Located =
  & { readonly span: Span }
  & (
    /** What YAML 1.2 takes it for, and what the file says, without quotes. */
    | { readonly kind: "scalar"; readonly value: unknown; readonly source: string }
    | { readonly kind: "map"; readonly entries: ReadonlyMap<string, LocatedEntry> }
    | { readonly kind: "list"; readonly items: readonly Located[] }
  );

/** A key with its value. */
export interface LocatedEntry {
  readonly key: string;
  readonly keySpan: Span;
  readonly value: Located;
}

/** A place where the file is not as it should be. */
export interface YamlProblem {
  readonly span: Span;
  readonly message: string;
}

/** A YAML file, read. */
export interface YamlFile {
  /** The library's own tree, for edits. */
  readonly document: Document.Parsed;
  /** The data; undefined where the file is empty, or broken. */
  readonly root: Located | undefined;
  /** Everything wrong with the YAML itself. */
  readonly problems: readonly YamlProblem[];
}

/** Far more than any manifest needs, far less than the stack bears. */
const MAX_DEPTH = 40;
/** How many values may come from aliases: a few lines of YAML can stand for billions. */
const MAX_ALIASED = 10_000;

/** Reads YAML 1.2 text; what is wrong is in the result. */
export function readYaml(text: string): YamlFile {
  // The check for equal keys is done below: the library's takes quadratic time.
  const document = parseDocument(text, {
    keepSourceTokens: true,
    // "silent" would let a second document pass.
    logLevel: "error",
    prettyErrors: false,
    uniqueKeys: false,
  });
  const problems = syntaxProblems(text, [...document.errors, ...document.warnings]);
  if (problems.length > 0) return { document, root: undefined, problems };
  const reader = new Reader(problems);
  const root = document.contents === null ? undefined : reader.read(document.contents, 0);
  return { document, root: problems.length > 0 ? undefined : root, problems };
}

/** The entries under `packages`, where that is what it should be. */
export function packageEntries(root: Located | undefined): readonly LocatedEntry[] {
  if (root?.kind !== "map") return [];
  const packages = root.entries.get("packages")?.value;
  return packages?.kind === "map" ? [...packages.entries.values()] : [];
}

/** One problem a line: the parser finds several where one thing is wrong. */
function syntaxProblems(text: string, errors: readonly YAMLError[]): YamlProblem[] {
  const problems: YamlProblem[] = [];
  let lineEnd = -1;
  for (const { code, message, pos: [start, end] } of errors) {
    const span = { start, end };
    if (message.includes("call stack")) return [{ span, message: "the file is nested too deeply" }];
    if (start <= lineEnd) continue;
    const next = text.indexOf("\n", start);
    lineEnd = next < 0 ? text.length : next;
    problems.push({ span, message: syntaxMessage(code, message) });
  }
  return problems;
}

function syntaxMessage(code: string, message: string): string {
  if (code === "MULTIPLE_DOCS") return "expected one YAML document, got several";
  if (code === "TAG_RESOLVE_FAILED") return "YAML tags such as `!name` are not supported here";
  const first = redact(message.split("\n")[0]!.slice(0, 200), { strict: true });
  return `not valid YAML: ${first.charAt(0).toLowerCase()}${oneLine(first.slice(1))}`;
}

class Reader {
  readonly #problems: YamlProblem[];
  readonly #anchors = new Map<string, YamlNode>();
  readonly #open = new Set<YamlNode>();
  #aliased = 0;
  #inAlias = 0;

  constructor(problems: YamlProblem[]) {
    this.#problems = problems;
  }

  read(node: YamlNode | null | undefined, depth: number, at?: Span): Located {
    const span = at ?? spanOf(node);
    const empty: Located = { kind: "scalar", span, value: null, source: "" };
    if (node === null || node === undefined) return empty;
    if (depth > MAX_DEPTH) return this.#fail(span, `nested more than ${MAX_DEPTH} levels deep`);
    if (this.#inAlias > 0 && ++this.#aliased > MAX_ALIASED) {
      if (this.#aliased > MAX_ALIASED + 1) return empty;
      return this.#fail(span, `the aliases in the file stand for more than ${MAX_ALIASED} values`);
    }
    if (isAlias(node)) return this.#readAlias(node.source, span, depth);
    if ("anchor" in node && node.anchor !== undefined) this.#anchors.set(node.anchor, node);
    this.#open.add(node);
    try {
      if (isMap(node)) return this.#readMap(node as YAMLMap<YamlNode, YamlNode>, span, depth, at);
      if (isSeq(node)) {
        const items = node.items.map((item) => this.read(item as YamlNode, depth + 1, at));
        return { kind: "list", span, items };
      }
      if (isScalar(node)) {
        const source = node.source ?? (typeof node.value === "string" ? node.value : "");
        if (!source.isWellFormed()) return this.#fail(span, "it holds half of a character");
        return { kind: "scalar", span, value: node.value, source };
      }
      return this.#fail(span, "expected a text, a list or keys with values");
    } finally {
      this.#open.delete(node);
    }
  }

  #readAlias(name: string, span: Span, depth: number): Located {
    const target = this.#anchors.get(name);
    if (target === undefined) {
      return this.#fail(span, `the alias ${quoteForMessage(`*${name}`)} has no anchor before it`);
    }
    if (this.#open.has(target)) {
      return this.#fail(span, `the alias ${quoteForMessage(`*${name}`)} refers to itself`);
    }
    this.#inAlias++;
    try {
      // What an alias brings in is shown where the alias stands.
      return this.read(target, depth + 1, span);
    } finally {
      this.#inAlias--;
    }
  }

  #readMap(
    node: YAMLMap<YamlNode, YamlNode>,
    span: Span,
    depth: number,
    at: Span | undefined,
  ): Located {
    const own = new Map<string, LocatedEntry>();
    const merged: LocatedEntry[] = [];
    for (const pair of node.items as YamlPair<YamlNode, YamlNode>[]) {
      const key = this.read(pair.key, depth + 1, at);
      if (key.kind !== "scalar") {
        this.#fail(key.span, "expected a name as the key");
        continue;
      }
      if (isScalar(pair.key) && pair.key.type === "PLAIN" && key.source === "<<") {
        merged.push(...this.#readMerge(pair.value, depth + 1, at));
        continue;
      }
      const value = this.read(pair.value, depth + 1, at ?? (pair.value === null ? key.span : at));
      if (own.has(key.source)) {
        this.#fail(key.span, `the key ${quoteForMessage(key.source)} stands here twice`);
        continue;
      }
      own.set(key.source, { key: key.source, keySpan: key.span, value });
    }
    for (const entry of merged) {
      if (!own.has(entry.key)) own.set(entry.key, entry);
    }
    return { kind: "map", span, entries: own };
  }

  /** The entries that a merge key (`<<: *base`) brings in, those that win first. */
  #readMerge(value: YamlNode | null, depth: number, at: Span | undefined): LocatedEntry[] {
    const located = this.read(value, depth, at);
    const maps = located.kind === "list" ? located.items : [located];
    return maps.flatMap((map) => {
      if (map.kind === "map") return [...map.entries.values()];
      this.#fail(map.span, "expected keys with values to merge");
      return [];
    });
  }

  #fail(span: Span, message: string): Located {
    this.#problems.push({ span, message });
    return { kind: "scalar", span, value: null, source: "" };
  }
}

function spanOf(node: YamlNode | null | undefined): Span {
  const range = node?.range;
  return range ? { start: range[0], end: range[1] } : { start: 0, end: 0 };
}
