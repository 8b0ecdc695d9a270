import { assertEquals } from "@std/assert";
import { mergeUvLocks } from "../../../../lib/adapters/uv/lock_merge.ts";

const HEAD = 'version = 1\nrequires-python = ">=3.9"\n';

function locked(name: string, version: string, needs: readonly string[] = [], source = "registry") {
  const list = needs.map((it) => `    { name = "${it}" },\n`).join("");
  return `\n[[package]]\nname = "${name}"\nversion = "${version}"\nsource = { ${source} = "x" }\n` +
    (needs.length === 0 ? "" : `dependencies = [\n${list}]\n`);
}

const lock = (...blocks: string[]) => HEAD + blocks.join("");
const app = (...needs: string[]) => locked("app", "0.1.0", needs, "virtual");

/** Two locks, and what becomes of them. */
interface Case {
  readonly title: string;
  readonly base: string;
  readonly mine: string;
  readonly theirs: string;
  readonly text: string;
  readonly conflicts?: readonly string[];
}

const CASES: readonly Case[] = [
  {
    title: "takes a version that was chosen, beside one that has come",
    base: lock(app("a", "b"), locked("a", "1"), locked("b", "1")),
    mine: lock(app("a", "b"), locked("a", "2"), locked("b", "1")),
    theirs: lock(app("a", "b"), locked("a", "1"), locked("b", "2")),
    text: lock(app("a", "b"), locked("a", "2"), locked("b", "2")),
  },
  {
    title: "takes packages that were added, with what they need",
    base: lock(app("a"), locked("a", "1")),
    mine: lock(app("a", "b"), locked("a", "1"), locked("b", "1", ["d"]), locked("d", "1")),
    theirs: lock(app("a", "c"), locked("a", "1"), locked("c", "1")),
    text: lock(
      app("a", "c"),
      locked("a", "1"),
      locked("c", "1"),
      locked("b", "1", ["d"]),
      locked("d", "1"),
    ),
  },
  {
    title: "takes what a chosen version needs and has left the other lock",
    base: lock(app("a", "d"), locked("a", "1"), locked("d", "1")),
    mine: lock(app("a", "d"), locked("a", "2", ["d"]), locked("d", "1")),
    theirs: lock(app("a"), locked("a", "1")),
    text: lock(app("a"), locked("a", "2", ["d"]), locked("d", "1")),
  },
  {
    title: "tells of a package of which both have chosen a version",
    base: lock(app("a"), locked("a", "1")),
    mine: lock(app("a"), locked("a", "2")),
    theirs: lock(app("a"), locked("a", "3")),
    text: lock(app("a"), locked("a", "3")),
    conflicts: ["a"],
  },
  {
    title: "leaves alone what nobody has chosen: the app, checkouts and managed packages",
    base: lock(app("plug"), locked("plug", "1", [], "git")),
    mine: lock(locked("app", "0.2.0", ["plug"], "virtual"), locked("plug", "2", [], "editable")),
    theirs: lock(app("plug"), locked("plug", "3", [], "git")),
    text: lock(app("plug"), locked("plug", "3", [], "git")),
  },
  {
    title: "reads what is locked however it is laid out",
    base: lock(app("a"), locked("a", "1")),
    mine: lock(app("a"), locked("a", "2").replaceAll(" = ", "=").replaceAll('"', "'")),
    theirs: lock(app("a"), locked("a", "1")),
    text: lock(app("a"), locked("a", "2").replaceAll(" = ", "=").replaceAll('"', "'")),
  },
  {
    title: "leaves the lock as it comes where one cannot be read",
    base: lock(app("a"), locked("a", "1")),
    mine: lock(app("a"), locked("a", "2"), "\n[[package]]\nname = \n"),
    theirs: lock(app("a"), locked("a", "1")),
    text: lock(app("a"), locked("a", "1")),
  },
  {
    title: "lets go what the other side has taken out",
    base: lock(app("a", "b"), locked("a", "1"), locked("b", "1")),
    mine: lock(app("a", "b"), locked("a", "2"), locked("b", "1")),
    theirs: lock(app("b"), locked("b", "1")),
    text: lock(app("b"), locked("b", "1")),
  },
  {
    title: "leaves the lock as it comes where both halves would not make a whole",
    base: lock(app("a", "b"), locked("a", "1"), locked("b", "1", ["a"])),
    mine: lock(app("a", "b"), locked("a", "2"), locked("b", "1", ["a"])),
    theirs: lock(
      app("a", "b"),
      locked("a", "1"),
      locked("b", "2", ['a", version = "1" , source = "']),
    ),
    text: lock(
      app("a", "b"),
      locked("a", "1"),
      locked("b", "2", ['a", version = "1" , source = "']),
    ),
    conflicts: ["a"],
  },
];

for (const { title, text, conflicts = [], ...texts } of CASES) {
  Deno.test(`mergeUvLocks() ${title}`, () => {
    const crlf = (it: string) => it.replaceAll("\n", "\r\n");
    assertEquals(mergeUvLocks(texts, new Set(["plug"])), { text, conflicts });
    const { base, mine, theirs } = texts;
    assertEquals(
      mergeUvLocks(
        { base: crlf(base), mine: crlf(mine), theirs: crlf(theirs) },
        new Set(["plug"]),
      ),
      { text: crlf(text), conflicts },
    );
  });
}
