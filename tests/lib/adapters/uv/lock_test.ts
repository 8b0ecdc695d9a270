import { assert, assertEquals } from "@std/assert";
import { uvAdapter } from "../../../../lib/adapters/uv/adapter.ts";
import { completeAdapter } from "../../../../lib/adapters/complete.ts";
import { readLock } from "../../../../lib/adapters/uv/lock.ts";

const LOCK = `version = 1
requires-python = ">=3.9"

[[package]]
name = "app"
version = "0.1.0"
source = { virtual = "." }
dependencies = [
    { name = "Plug.A" },
    { name = "wheel-b" },
]

[package.optional-dependencies]
more = [
    { name = "plug-a", extra = ["fast"] },
]

[package.dev-dependencies]
dev = [
    { name = "plug-a", extra = ["Test_Kit"] },
]

[package.metadata]
requires-dist = [
    { name = "plug-a", specifier = ">=1" },
    { name = "plug-a", extras = ["unlocked"], marker = "extra == 'none'" },
]

[[package]]
name = "plug-a"
source = { git = "https://example.com/o/a.git?subdirectory=py&tag=a%2Fv1#0123456789abcdef" }

[[package]]
name = "wheel-b"
version = "2.0"
source = { path = "../b-2.0-py3-none-any.whl" }

[[package]]
name = "indexed"
version = "3.0"
source = { registry = "https://example.com/simple" }

[[package]]
name = "odd"
source = { elsewhere = 1 }
`;

Deno.test("readLock() tells where packages come from, and which of their extras are asked for", () => {
  const locked = readLock(LOCK) ?? [];
  const about = locked.map((
    { key, source, written, extras },
  ) => [key, source, written, [...extras]]);
  assertEquals(about, [
    ["app", { kind: "path", path: ".", isFile: false }, ".", []],
    [
      "plug-a",
      {
        kind: "git",
        url: "https://example.com/o/a.git",
        tag: "a/v1",
        branch: undefined,
        rev: undefined,
        commit: "0123456789abcdef",
        subdirectory: "py",
      },
      "https://example.com/o/a.git?subdirectory=py&tag=a%2Fv1#0123456789abcdef",
      ["fast", "test-kit"],
    ],
    [
      "wheel-b",
      { kind: "path", path: "../b-2.0-py3-none-any.whl", isFile: true },
      "../b-2.0-py3-none-any.whl",
      [],
    ],
    [
      "indexed",
      { kind: "index", url: "https://example.com/simple" },
      "https://example.com/simple",
      [],
    ],
    ["odd", { kind: "unknown" }, "elsewhere", []],
  ]);
});

Deno.test("readLock() knows the files that it does not know", () => {
  assertEquals(readLock("version = 2\n"), undefined);
  assertEquals(readLock("<<<<<<< HEAD\n"), undefined);
  assertEquals(readLock(""), []);
});

Deno.test("uv's adapter reads a lock file but once, as long as it stays the same", async () => {
  const { readLock } = completeAdapter(uvAdapter({}));
  const first = await readLock(LOCK);
  assert(await readLock(`${LOCK}`) === first);
  assertEquals((await readLock(LOCK.replace('"2.0"', '"2.1"')))?.[2]?.version, "2.1");
});
