/**
 * Property-based tests of the manifest editor: many formats, many edits. The oracle knows the data because it wrote the text.
 *
 * @module
 */

import { assert, assertEquals, assertInstanceOf } from "@std/assert";
import fc from "fast-check";
import { parse } from "yaml";
import { counted } from "../../harness/tally.ts";
import { HsmError } from "../../../lib/errors.ts";
import { editManifest, type ManifestEdit } from "../../../lib/manifest/edit.ts";
import { renderText } from "../../../lib/manifest/render.ts";

const CASES = Number(Deno.env.get("HSM_FUZZ_CASES") ?? 10_000);
const HEX = "0123456789abcdef0123456789abcdef01234567";

type Keys = Record<string, string | readonly string[]>;

interface Entry {
  readonly name: string;
  readonly keys: Keys;
  readonly form: "short" | "block" | "flow" | "lines" | "none";
  readonly quote: number;
  readonly comment: boolean;
  readonly above: boolean;
}

interface Sketch {
  readonly entries: readonly Entry[];
  readonly packages: "block" | "flow" | "lines" | "null" | "{}" | "{ }" | "absent";
  readonly step: number;
  readonly inner: number;
  readonly newline: string;
  readonly finalNewline: boolean;
  readonly bom: boolean;
  readonly head: boolean;
  readonly tail: boolean;
}

/** The text, and for each of its lines the package that it belongs to. */
interface Written {
  readonly text: string;
  readonly lines: readonly { readonly text: string; readonly owner: string | undefined }[];
}

const tags = fc.constantFrom(
  "v1.2.0",
  "1.10",
  "2024",
  "true",
  "null",
  "rel/1",
  "a,b",
  "x]{",
  "0x1F",
  "#1",
  "v'1",
  '"q"',
  HEX,
);
const paths = fc.oneof(
  fc.constantFrom(
    "../other",
    "ab: c",
    "# x",
    "a #b",
    "it's",
    '"a"',
    "[a]",
    "{a}",
    "&a",
    "*a",
    "!t",
    "|",
    ">",
    "%a",
    "@a",
    "`a",
    "? a",
    "a, b",
    "null",
    "1.10",
    "é/ü",
    "a  b",
    "x\u00a0y",
    "a\u2028b",
  ),
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }).filter((text) =>
    !/\p{Cc}|\\|^[/~. ]|^[A-Za-z]:|\.\.|\.git|(?:^|\/)-|\/\/|[. ](?:\/|$)/iu.test(text) &&
    text.replace(/[./]/g, "") !== ""
  ),
);
const names = [
  "my-plugin",
  "other_plugin",
  "Third.One",
  "null",
  "1.10",
  "constructor",
  "toString",
  "y",
];

const keys: fc.Arbitrary<Keys> = fc.record({
  pin: fc.option(fc.oneof(
    tags.map((tag) => ({ tag })),
    fc.constant({ rev: HEX }),
    fc.constant({ branch: "main" }),
  )),
  mode: fc.option(fc.constantFrom("dev", "prod")),
  path: fc.option(paths),
  extras: fc.option(fc.array(fc.constantFrom("fast", "1.0", "x-y"), { maxLength: 2 })),
  require: fc.option(fc.constantFrom("true", "false")),
}).map(({ pin, ...rest }) => ({
  ...pin,
  ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null)) as Keys,
}));

const entry = (name: string): fc.Arbitrary<Entry> =>
  fc.record({
    name: fc.constant(name),
    keys,
    form: fc.constantFrom<Entry["form"]>("short", "short", "block", "flow", "lines", "none"),
    quote: fc.nat(2),
    comment: fc.boolean(),
    above: fc.boolean(),
  }).map((entry) => {
    const { form } = entry;
    if (form === "none") return { ...entry, keys: {} };
    if (form === "short") {
      const { tag = "v1" } = entry.keys;
      return { ...entry, keys: tag === HEX ? { rev: HEX } : { tag } };
    }
    return Object.keys(entry.keys).length === 0 && form === "block"
      ? { ...entry, form: "none" }
      : entry;
  });

const sketch: fc.Arbitrary<Sketch> = fc.record({
  entries: fc.shuffledSubarray(names).chain((chosen) => fc.tuple(...chosen.map(entry))),
  packages: fc.constantFrom<Sketch["packages"]>(
    "block",
    "block",
    "block",
    "flow",
    "lines",
    "null",
    "{}",
    "{ }",
    "absent",
  ),
  step: fc.constantFrom(1, 2, 4, 8),
  inner: fc.constantFrom(1, 2, 3, 4),
  newline: fc.constantFrom("\n", "\r\n"),
  finalNewline: fc.boolean(),
  bom: fc.boolean(),
  head: fc.boolean(),
  tail: fc.boolean(),
}).map((sketch) => {
  const isEmpty = !["block", "flow", "lines"].includes(sketch.packages);
  if (isEmpty) return { ...sketch, entries: [] };
  return sketch.entries.length === 0 ? { ...sketch, packages: "null" } : sketch;
});

function quoted(text: string, quote: number, flow: boolean): string {
  const single = quote === 1 && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text);
  if (single) return `'${text.replaceAll("'", "''")}'`;
  const plain = flow ? /^[\w./][\w./+-]*$/ : /^[\w./][\w./+,{}\]-]*$/;
  if (quote === 0 && plain.test(text) && text !== "null") return text;
  return JSON.stringify(text).replaceAll("\u2028", "\\u2028");
}

function value(
  key: string,
  data: string | readonly string[],
  quote: number,
  flow: boolean,
): string {
  if (typeof data !== "string") {
    return `[${data.map((item) => quoted(item, quote, true)).join(", ")}]`;
  }
  // Only names and pins are texts without quotes, whatever they look like.
  const isText = key !== "path" || typeof parse(data.replace(/^\W.*/s, "x")) === "string";
  return key === "require" ? data : quoted(data, isText || quote > 0 ? quote : 2, flow);
}

/** The entry on one line, or over several between braces. */
function flowForm(entry: Entry, gap: string): string {
  const members = Object.entries(entry.keys).map(([key, data]) =>
    `${key}: ${value(key, data, entry.quote, true)}`
  );
  if (members.length === 0) return "{}";
  return gap === "" ? `{ ${members.join(", ")} }` : `{${gap}${members.join(`,${gap}`)}${gap}}`;
}

function nameKey(name: string, quote: number): string {
  return quote === 1 ? `'${name}'` : quote === 2 ? `"${name}"` : name;
}

function write(sketch: Sketch): Written {
  const lines: { text: string; owner: string | undefined }[] = [];
  let comments = 0;
  const note = (): string => ` # note ${comments++}`;
  const push = (text: string, owner?: string) => {
    for (const line of text.split("\n")) lines.push({ text: line, owner });
  };
  if (sketch.head) push(`# The plugins.\n\nmode:   prod${note()}\ngit: "../{name}"\n`);
  const indent = " ".repeat(sketch.step);
  if (sketch.packages === "null") push(`packages:${note()}`, "*");
  if (sketch.packages.startsWith("{")) push(`packages: ${sketch.packages}${note()}`, "*");
  if (sketch.packages === "flow" || sketch.packages === "lines") {
    const gap = sketch.packages === "flow" ? "" : `\n${indent}`;
    const members = sketch.entries.map((entry) => {
      const key = nameKey(entry.name, entry.quote);
      if (entry.form === "none") return `${key}:`;
      const data = entry.keys.tag ?? entry.keys.rev;
      if (entry.form === "short") return `${key}: ${value("tag", data!, entry.quote, true)}`;
      return `${key}: ${flowForm(entry, entry.form === "lines" ? `\n${indent} ` : "")}`;
    });
    const separator = gap === "" ? ", " : `,${gap}`;
    push(`packages: {${gap}${members.join(separator)}${gap}}`, "*");
  }
  if (sketch.packages === "block") {
    push(`packages:${note()}`, "packages");
    for (const entry of sketch.entries) writeEntry(entry, sketch, push, note);
    push("");
  }
  if (sketch.tail) push(`filter: 'blob:none'${note()}\n\n# The end.`);
  const ended = lines.map(({ text, owner }, index) => ({
    text: text + (index < lines.length - 1 || sketch.finalNewline ? sketch.newline : ""),
    owner,
  }));
  const text = (sketch.bom && ended.length > 0 ? "\uFEFF" : "") +
    ended.map((line) => line.text).join("");
  return { text, lines: ended };
}

function writeEntry(
  entry: Entry,
  sketch: Sketch,
  push: (text: string, owner?: string) => void,
  note: () => string,
): void {
  const indent = " ".repeat(sketch.step);
  const key = indent + nameKey(entry.name, entry.quote);
  const comment = entry.comment ? note() : "";
  if (entry.above) push(`${indent}#${note()}`);
  if (entry.form === "none") {
    push(`${key}:${comment}`, entry.name);
  } else if (entry.form === "short") {
    const data = entry.keys.tag ?? entry.keys.rev;
    push(`${key}: ${value("tag", data!, entry.quote, false)}${comment}`, entry.name);
  } else if (entry.form === "block") {
    push(`${key}:${comment}`, entry.name);
    const inner = indent + " ".repeat(sketch.inner);
    for (const [name, data] of Object.entries(entry.keys)) {
      const isList = entry.above && typeof data !== "string" && data.length > 0;
      const written = isList
        ? data.map((item) => `\n${inner}- ${quoted(item, entry.quote, false)}`).join("")
        : ` ${value(name, data, entry.quote, false)}${entry.comment ? note() : ""}`;
      push(`${inner}${name}:${written}`, entry.name);
    }
  } else {
    const gap = entry.form === "lines" ? `\n${indent}   ` : "";
    push(`${key}: ${flowForm(entry, gap)}${comment}`, entry.name);
  }
}

/** What a text says, read by the plainest of YAML schemas: every scalar is a text. */
function read(text: string, prune: boolean): unknown {
  const data = parse(text.replace(/^\uFEFF/, ""), { schema: "failsafe" }) ?? {};
  const packages = data.packages === "" || data.packages == null ? {} : data.packages;
  const entries = Object.entries(packages).map(([name, entry]): [string, unknown] => {
    if (entry === "" || entry === null) return [name, {}];
    if (typeof entry === "string") return [name, entry === HEX ? { rev: entry } : { tag: entry }];
    return [name, sorted(entry as Keys)];
  });
  const kept = entries.filter(([, entry]) => !prune || Object.keys(entry as Keys).length > 0);
  return { ...data, packages: sorted(Object.fromEntries(kept)) };
}

function sorted<T>(object: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => a < b ? -1 : 1));
}

/** What the text must say after the edit. */
function expected(sketch: Sketch, edit: ManifestEdit, prune: boolean): unknown {
  const packages: Record<string, Keys> = Object.create(null);
  for (const entry of sketch.entries) packages[entry.name] = entry.keys;
  const { [edit.package]: old = {}, ...others } = packages;
  const texts = (value: unknown) => typeof value === "boolean" ? String(value) : value;
  let mine: Keys | undefined = { ...old };
  if (edit.kind === "remove-package") {
    mine = undefined;
  } else if (edit.kind === "unset-package-key") {
    if (packages[edit.package] === undefined) mine = undefined;
    else delete mine[edit.key];
  } else if (edit.kind === "add-package") {
    const { value } = edit;
    const pin = typeof value === "string" ? value : undefined;
    const keys = Object.entries(value).map(([key, value]) => [key, texts(value)]);
    mine = pin === undefined ? Object.fromEntries(keys) : pin === HEX ? { rev: pin } : { tag: pin };
  } else {
    const set = edit.kind === "set-pin" ? edit.pin : { [edit.key]: texts(edit.value) };
    if (["tag", "rev", "branch"].includes(Object.keys(set)[0]!)) {
      for (const pin of ["tag", "rev", "branch"]) delete mine[pin];
    }
    mine = { ...mine, ...set } as Keys;
  }
  const result: Record<string, Keys> = { ...others };
  if (mine !== undefined) result[edit.package] = mine;
  const kept = Object.entries(result)
    .filter(([, entry]) => !prune || Object.keys(entry).length > 0)
    .map(([name, entry]): [string, unknown] => [name, sorted(entry)]);
  return {
    ...(sketch.head ? { mode: "prod", git: "../{name}" } : {}),
    ...(sketch.tail ? { filter: "blob:none" } : {}),
    packages: sorted(Object.fromEntries(kept)),
  };
}

const edits: fc.Arbitrary<ManifestEdit> = fc.constantFrom(...names, "new-one", "on").chain((name) =>
  fc.oneof(
    fc.oneof(
      fc.record({ key: fc.constant("mode" as const), value: fc.constantFrom("dev", "prod") }),
      fc.record({
        key: fc.constant("inject" as const),
        value: fc.constantFrom("pyproject", "environment"),
      }),
      fc.record({ key: fc.constant("tag" as const), value: tags }),
      fc.record({ key: fc.constant("rev" as const), value: fc.constantFrom(HEX, "1234567") }),
      fc.record({ key: fc.constant("path" as const), value: paths }),
      fc.record({ key: fc.constant("require" as const), value: fc.boolean() }),
      fc.record({ key: fc.constant("extras" as const), value: fc.constantFrom([], ["a", "1.0"]) }),
    ).map((rest): ManifestEdit => ({ kind: "set-package-key", package: name, ...rest })),
    fc.constantFrom("mode", "tag", "rev", "path", "require", "extras", "branch").map((
      key,
    ): ManifestEdit => ({ kind: "unset-package-key", package: name, key: key as "mode" })),
    fc.oneof(
      tags.map((tag) => ({ tag })),
      fc.constantFrom({ rev: HEX }, { rev: "12345678" }, { branch: "main" }, { branch: "1.x" }),
    ).map((pin): ManifestEdit => ({ kind: "set-pin", package: name, pin })),
    fc.oneof(
      tags,
      fc.record({ tag: tags, path: paths, require: fc.boolean(), extras: fc.constant(["a"]) }),
    ).map((value): ManifestEdit => ({ kind: "add-package", package: "added.one", value })),
    fc.constant<ManifestEdit>({ kind: "remove-package", package: name }),
  )
);

const options = counted(CASES);
const paths_ = (prune: boolean) => prune ? "hsm.local.yaml" : "hsm.yaml";

/** The lines that the edit has no business with, in order. */
function bystanders(written: Written, edit: ManifestEdit, prune: boolean): string[] {
  return written.lines
    .filter(({ owner }) =>
      owner !== edit.package && owner !== "*" && !(prune && owner === "packages")
    )
    .map(({ text }) => text)
    .filter((text) => text !== "");
}

function assertKept(kept: readonly string[], text: string): void {
  const lines = text.split(/(?<=\n)/);
  let at = 0;
  for (const [index, line] of kept.entries()) {
    // A last line gets an end when another one follows it, and loses it when it becomes the last one.
    const isSame = (other: string) =>
      other === line || (other.trimEnd() === line.trimEnd() &&
        (index === kept.length - 1 || !line.endsWith("\n")));
    while (at < lines.length && !isSame(lines[at]!)) at++;
    // An empty last line that lost its end is no line any more.
    if (at === lines.length && index === kept.length - 1 && line.trim() === "") return;
    assert(at < lines.length, `lost the line ${JSON.stringify(line)} in ${JSON.stringify(text)}`);
    at++;
  }
}

Deno.test("editManifest() makes any edit in any format, and touches nothing else", () => {
  let changed = 0;
  fc.assert(
    fc.property(sketch, edits, fc.boolean(), (sketch, edit, prune) => {
      const written = write(sketch);
      const text = editManifest({ path: paths_(prune), text: written.text }, [edit]);
      assertEquals(read(text, prune), expected(sketch, edit, prune));
      if (text === "" && prune) return;
      assertKept(bystanders(written, edit, prune), text.replace(/^\uFEFF/, ""));
      assertEquals(text.startsWith("\uFEFF"), written.text.startsWith("\uFEFF"));
      if (
        !sketch.entries.some(({ name }) => name === edit.package) || edit.kind.startsWith("set")
      ) {
        for (const [note] of written.text.matchAll(/# note \d+/g)) {
          assert(text.includes(note), note);
        }
      }
      if (sketch.newline === "\r\n" && /\n/.test(written.text)) assert(!/(?<!\r)\n/.test(text));
      if (text !== written.text) changed++;
      assertEquals(editManifest({ path: paths_(prune), text }, [edit].filter(isRepeatable)), text);
    }),
    options,
  );
  assert(changed > CASES / 3, `only ${changed} of ${CASES} edits changed something`);
});

function isRepeatable(edit: ManifestEdit): boolean {
  return edit.kind !== "add-package";
}

Deno.test("editManifest() gives the first bytes back when what it added is removed", () => {
  const added = edits.filter((edit) =>
    edit.kind === "add-package" || edit.kind === "set-package-key"
  );
  fc.assert(
    fc.property(sketch, added, fc.boolean(), (sketch, edit, prune) => {
      const { text } = write(sketch);
      const path = paths_(prune);
      const entry = sketch.entries.find(({ name }) => name === edit.package);
      if (edit.kind === "set-package-key") {
        if (entry !== undefined && edit.key in entry.keys) return;
        if (["tag", "rev"].includes(edit.key)) return;
      }
      // Two texts that become the same one cannot both come back.
      if (!prune && sketch.packages === "absent") return;
      if (prune && ["null", "{}", "{ }"].includes(sketch.packages)) return;
      if (prune && entry !== undefined && Object.keys(entry.keys).length === 0) return;
      const isBraced = entry !== undefined && entry.form !== "short" && entry.form !== "none" &&
        (entry.form !== "block" || sketch.packages !== "block");
      if (isBraced && Object.keys(entry.keys).length <= 1) return;
      // `a,b` needs quotes between braces, and keeps them.
      if (entry?.form === "short" && /[,\]{}]/.test(String(entry.keys.tag))) return;
      const undo: ManifestEdit = entry !== undefined && edit.kind === "set-package-key"
        ? { kind: "unset-package-key", package: edit.package, key: edit.key }
        : { kind: "remove-package", package: edit.package };
      assertEquals(
        editManifest({ path, text: editManifest({ path, text }, [edit]) }, [undo]),
        text,
      );
    }),
    options,
  );
});

Deno.test("editManifest() is right or refuses when anchors, aliases and block scalars are about", () => {
  const pieces = fc.constantFrom(
    "packages:",
    "  a: v1",
    "  a: &x v1",
    "  b: *x",
    "  b: &y {tag: v1}",
    "  c: *y",
    "  c:",
    "    <<: *y",
    "    tag: |",
    "      v1",
    "    mode: dev",
    "    path: >-",
    "  a:",
    "  ? b",
    "  : v1",
    "{a: v1, # n",
    "b: v2}",
    "packages: {",
    "  b: {mode: dev, # n",
    "tag: v1}",
    "}",
    "  a: !!str v1",
    "---",
    "...",
    "# note",
    "",
    "  b: &y",
    "  'c': \"v1\"",
    "git: &g x",
    "\tx",
    "  - a",
  );
  const name = fc.constantFrom("a", "b", "c");
  const edit = fc.tuple(name, edits).map(([name, edit]): ManifestEdit => ({
    ...edit,
    package: name,
  }));
  let made = 0;
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 9 }), edit, (lines, edit) => {
      const text = lines.join("\n");
      try {
        const result = editManifest({ path: "hsm.yaml", text }, [edit]);
        made++;
        const others = (text: string) => {
          const data = read(text, false) as { packages: Record<string, unknown> };
          const { [edit.package]: _, ...packages } = data.packages;
          return { ...data, packages };
        };
        if (!/<<|\|\n|>-/.test(text)) assertEquals(others(result), others(text));
      } catch (error) {
        if (!(error instanceof HsmError)) throw error;
        assertInstanceOf(error, HsmError);
        assertEquals(error.code, "manifest-invalid");
      }
    }),
    options,
  );
  assert(made > CASES / 50, `only ${made} of ${CASES} edits were made`);
});

Deno.test("renderText() gives YAML that reads back as the same text", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary" }).filter((text) => text.isWellFormed()),
    fc.string({ unit: fc.constantFrom(..."#:-?[]{},&*!|>'\"%@` \t\n\\~=<.0a\u0085\u2028\uFEFF") }),
    tags,
    paths,
    fc.constantFrom(
      "yes",
      "No",
      "on",
      "~",
      "null",
      "1_000",
      "0o7",
      "1e3",
      ".inf",
      "2001-01-01",
      "1:30",
      "=",
      "<<",
    ),
  );
  fc.assert(
    fc.property(
      text,
      fc.boolean(),
      fc.constantFrom("plain", "single", "double"),
      (text, flow, quote) => {
        const rendered = renderText(text, { flow, quote: quote as "plain" });
        assert(!/[\n\r]/.test(rendered));
        const yaml = flow
          ? `{ k: ${rendered}, l: [${rendered}, x] } # c`
          : `k: ${rendered} # c\nl:\n  - ${rendered}\n  - x\n`;
        assertEquals(parse(yaml), { k: text, l: [text, "x"] });
        assertEquals(parse(yaml, { version: "1.1" }), { k: text, l: [text, "x"] });
      },
    ),
    options,
  );
});
