import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { Cache } from "../../../lib/files/cache.ts";
import { testFolder } from "../transaction/folder.ts";

function fileIn(folder: string): string {
  const [entry] = [...Deno.readDirSync(folder)];
  const path = join(folder, entry?.name ?? "");
  return entry?.isDirectory ? fileIn(path) : path;
}

function isAny(_: unknown): _ is unknown {
  return true;
}

Deno.test("Cache gives back what was kept, by its whole key", async () => {
  using folder = testFolder();
  const cache = new Cache(folder.root, "things/v1", isAny);
  await cache.write(["a", "b"], { text: "ä\n" });
  assertEquals(cache.read(["a", "b"]), { text: "ä\n" });
  assertEquals(new Cache(folder.root, "things/v1", isAny).read(["a", "b"]), { text: "ä\n" });
  assertEquals(cache.read(["a"]), undefined);
  assertEquals(new Cache(folder.root, "things/v2", isAny).read(["a", "b"]), undefined);
});

Deno.test("Cache takes a torn or altered entry for none, and keeps a new one in its place", async () => {
  using folder = testFolder();
  const cache = new Cache(folder.root, "things", isAny);
  await cache.write(["a"], [1, 2, 3]);
  const file = fileIn(folder.root);
  const whole = Deno.readTextFileSync(file);
  for (const torn of ["", whole.slice(0, 10), whole.slice(0, -1), whole.replace("2", "7")]) {
    Deno.writeTextFileSync(file, torn);
    assertEquals(cache.read(["a"]), undefined, torn);
  }
  await cache.write(["a"], "new");
  assertEquals(cache.read(["a"]), "new");
  assertEquals(fileIn(folder.root), file);
});

Deno.test("Cache keeps nothing without a folder, or where it cannot", async () => {
  const none = new Cache(undefined, "things", isAny);
  await none.write(["a"], 1);
  assertEquals(none.read(["a"]), undefined);
  using folder = testFolder({ things: "a file" });
  const blocked = new Cache(folder.root, "things", isAny);
  await blocked.write(["a"], 1);
  assertEquals(blocked.read(["a"]), undefined);
  assertEquals(folder.names(), ["things"]);
});
