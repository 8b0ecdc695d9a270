import { assertEquals, assertThrows } from "@std/assert";
import {
  type Entry,
  entryLine,
  readEntries,
  readEntry,
} from "../../../../lib/adapters/pip/entry.ts";

const git = "https://example.com/plug-a";

const LINES: readonly (readonly [Entry["source"], readonly string[], string])[] = [
  [{ kind: "path", path: "packages/a" }, [], "-e ./packages/a  # Plug.A"],
  [{ kind: "path", path: "../a/python" }, ["x", "y"], "-e ../a/python[x,y]  # Plug.A"],
  [{ kind: "path", path: "/srv/a" }, [], "-e /srv/a  # Plug.A"],
  [{ kind: "git", git, tag: "v1.0.0" }, [], `Plug.A @ git+${git}@v1.0.0`],
  [{ kind: "git", git, tag: "a/v1" }, ["x"], `Plug.A[x] @ git+${git}@a/v1`],
  [{ kind: "git", git, branch: "main" }, [], `Plug.A @ git+${git}@main  # branch`],
  [{ kind: "git", git, rev: "ab12" }, [], `Plug.A @ git+${git}@ab12  # rev`],
  [
    { kind: "git", git: "ssh://git@example.com/a", tag: "v1", subdirectory: "python/a" },
    [],
    "Plug.A @ git+ssh://git@example.com/a@v1#subdirectory=python/a",
  ],
];

Deno.test("readEntry() reads what entryLine() writes", () => {
  for (const [source, extras, line] of LINES) {
    const entry = { name: "Plug.A", extras, source };
    assertEquals(entryLine(entry), line);
    assertEquals(readEntry(line), entry, line);
    assertEquals([...readEntries(`# head\r\n-e .\r\n${line}\r\n`).keys()], ["plug-a"]);
  }
});

Deno.test("readEntry() reads nothing else", () => {
  for (const line of ["-e .", "-r requirements.txt", "-c c.txt", "# x", "", "plug-a==1", "a @ b"]) {
    assertEquals(readEntry(line), undefined, line);
  }
});

Deno.test("entryLine() refuses what pip would read in another way", () => {
  const sources: readonly Entry["source"][] = [
    { kind: "path", path: "my packages/a" },
    { kind: "path", path: "a[b]" },
    { kind: "path", path: "${HOME}/a" },
    { kind: "git", git, branch: "a b" },
    { kind: "git", git, branch: "a#b" },
    { kind: "git", git, tag: "v1", subdirectory: "a b" },
  ];
  for (const source of sources) {
    assertThrows(
      () => entryLine({ name: "a", extras: [], source }),
      Error,
      "pip cannot be told of",
    );
  }
});
