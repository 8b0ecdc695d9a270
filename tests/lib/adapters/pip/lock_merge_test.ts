import { assertEquals } from "@std/assert";
import { readLock } from "../../../../lib/adapters/pip/lock.ts";
import { mergePylocks } from "../../../../lib/adapters/pip/lock_merge.ts";

const lock = (versions: Readonly<Record<string, string>>) =>
  `# hsm sync\nlock-version = "1.0"\nrequires-python = ">=3.9"\n` +
  Object.entries(versions).map(([name, version]) =>
    `\n[[packages]]\nname = "${name}"\n` +
    (version.includes("/") ? `directory = { path = "${version}" }\n` : `version = "${version}"\n`)
  ).join("");

const versionsOf = (text: string) =>
  Object.fromEntries(readLock(text)!.map((it) => [it.key, it.version ?? it.written]));

Deno.test("mergePylocks() puts the versions of both together", () => {
  const base = { a: "1", b: "1", c: "1", d: "1", e: "packages/e", m: "1" };
  const mine = { ...base, a: "2", c: "2", m: "2", e: "../e", f: "1" };
  const theirs = { ...base, b: "2", c: "3", g: "1" };
  const { text, conflicts } = mergePylocks(
    { base: lock(base), mine: lock(mine), theirs: lock(theirs) },
    new Set(["m"]),
  );
  assertEquals(versionsOf(text), { ...base, a: "2", b: "2", c: "3", f: "1", g: "1" });
  assertEquals(conflicts, ["c"]);
});

Deno.test("mergePylocks() leaves theirs where there is nothing to put in, or no such file", () => {
  const theirs = lock({ a: "2" });
  for (const mine of [lock({ a: "1" }), theirs, "<<<<<<<\n"]) {
    assertEquals(mergePylocks({ base: lock({ a: "1" }), mine, theirs }, new Set()), {
      text: theirs,
      conflicts: [],
    });
  }
  // What is gone from theirs stays gone.
  const gone = lock({ b: "1" });
  assertEquals(
    mergePylocks(
      { base: lock({ a: "1", b: "1" }), mine: lock({ a: "2", b: "1" }), theirs: gone },
      new Set(),
    )
      .text,
    gone,
  );
});
