import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  copy,
  emptyDir,
  ensureDir,
  ensureFile,
  exists,
  move,
  walk,
  type WalkOptions,
} from "@std/fs";
import { join, relative } from "@std/path";

/** Runs a test in a folder of its own, which goes away with it. */
function inFolder(name: string, test: (at: (path: string) => string) => Promise<void>): void {
  Deno.test(name, async () => {
    const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "hsm-test-" }));
    try {
      await test((path) => join(folder, path));
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

inFolder("exists() follows links, and tells nothing from something", async (at) => {
  await Deno.writeTextFile(at("file"), "");
  await Deno.symlink("file", at("link"));
  await Deno.symlink("nowhere", at("dangling"));

  assert(await exists(at("file")));
  assert(await exists(at("link")));
  assert(await exists(new URL(`file://${at("file")}`)));
  assertEquals(await exists(at("dangling")), false);
  assertEquals(await exists(at("missing")), false);
});

inFolder("exists() tells files from directories, and what may be read", async (at) => {
  await Deno.writeTextFile(at("file"), "", { mode: 0o600 });
  await Deno.writeTextFile(at("secret"), "", { mode: 0o200 });

  assert(await exists(at("file"), { isFile: true, isReadable: true }));
  assert(await exists(at("."), { isDirectory: true }));
  assertEquals(await exists(at("file"), { isDirectory: true }), false);
  assertEquals(await exists(at("."), { isFile: true }), false);
  assertEquals(await exists(at("secret"), { isReadable: true }), false);
  await assertRejects(() => exists(at("."), { isFile: true, isDirectory: true }), TypeError);
});

inFolder("exists() does not take what the system refuses for nothing", async (at) => {
  await Deno.writeTextFile(at("file"), "");
  await Deno.symlink("circle", at("circle"));

  await assertRejects(() => exists(at("file/below")), Deno.errors.NotADirectory);
  await assertRejects(() => exists(at("circle")), Deno.errors.FilesystemLoop);
});

inFolder(
  "ensureDir() makes a directory and those above it, and minds no other that does so",
  async (at) => {
    await Promise.all(Array.from({ length: 20 }, () => ensureDir(at("a/b/c"))));
    await ensureDir(at("a/b"));

    assert(await exists(at("a/b/c"), { isDirectory: true }));
  },
);

inFolder("ensureDir() rejects what is no directory, and goes through links", async (at) => {
  await Deno.mkdir(at("dir"));
  await Deno.writeTextFile(at("file"), "");
  await Deno.symlink("dir", at("link"));

  await ensureDir(at("link"));
  await assertRejects(
    () => ensureDir(at("file")),
    Error,
    "Failed to ensure directory exists: expected 'dir', got 'file'",
  );
});

inFolder("ensureFile() makes an empty file, and leaves one that is there", async (at) => {
  await ensureFile(at("a/b/new"));
  await Deno.writeTextFile(at("old"), "text");
  await ensureFile(at("old"));

  assertEquals(await Deno.readTextFile(at("a/b/new")), "");
  assertEquals(await Deno.readTextFile(at("old")), "text");
  await assertRejects(
    () => ensureFile(at("a")),
    Error,
    "Failed to ensure file exists: expected 'file', got 'dir'",
  );
});

inFolder("emptyDir() removes what is in a directory, and makes one", async (at) => {
  await ensureFile(at("full/a/b"));
  await ensureFile(at("outside/kept"));
  await Deno.symlink("../outside", at("full/link"));

  await emptyDir(at("full"));
  await emptyDir(at("new"));

  assertEquals(await Array.fromAsync(Deno.readDir(at("full"))), []);
  assert(await exists(at("outside/kept")));
  assert(await exists(at("new"), { isDirectory: true }));
  await assertRejects(() => emptyDir(at("outside/kept")), Deno.errors.NotADirectory);
});

inFolder("copy() copies a tree with its links and modes", async (at) => {
  await ensureFile(at("from/sub/empty"));
  await Deno.writeTextFile(at("from/tool"), "#!/bin/sh\n", { mode: 0o755 });
  await Deno.symlink("tool", at("from/link"));
  await Deno.symlink("nowhere", at("from/dangling"));
  await Deno.utime(at("from/tool"), 1, 2);

  await copy(at("from"), at("deep/to"));
  await copy(at("from/tool"), at("tool"), { preserveTimestamps: true });
  await copy(at("from/link"), at("link"));

  assertEquals(await tree(at("deep/to")), await tree(at("from")));
  assertEquals((await Deno.stat(at("deep/to/tool"))).mode! & 0o777, 0o755);
  assertEquals((await Deno.stat(at("tool"))).mtime, new Date(2000));
  assertEquals(await Deno.readLink(at("link")), "tool");
});

inFolder("copy() leaves pipes out", async (at) => {
  await ensureFile(at("from/file"));
  if (Deno.build.os !== "windows") {
    assert((await new Deno.Command("mkfifo", { args: [at("from/pipe")] }).output()).success);
  }

  await copy(at("from"), at("to"));

  assertEquals(await tree(at("to")), { file: "file" });
});

inFolder("copy() refuses to overwrite unless it is told to", async (at) => {
  await Deno.writeTextFile(at("new"), "new");
  await Deno.writeTextFile(at("old"), "old");
  await ensureFile(at("dir/a"));
  await ensureFile(at("other/b"));

  await assertRejects(
    () => copy(at("new"), at("old")),
    Deno.errors.AlreadyExists,
    `'${at("old")}' already exists.`,
  );
  await assertRejects(() => copy(at("dir"), at("other")), Deno.errors.AlreadyExists);
  assertEquals(await Deno.readTextFile(at("old")), "old");
  assertEquals(await tree(at("other")), { b: "file" });

  await copy(at("new"), at("old"), { overwrite: true });
  await copy(at("dir"), at("other"), { overwrite: true });
  assertEquals(await Deno.readTextFile(at("old")), "new");
  assertEquals(await tree(at("other")), { a: "file", b: "file" });
});

inFolder("copy() rejects what cannot be", async (at) => {
  await ensureFile(at("dir/file"));
  const fails = (from: string, to: string, message: string) =>
    assertRejects(() => copy(at(from), at(to), { overwrite: true }), Error, message);

  await fails("dir", "dir", "Source and destination cannot be the same");
  await fails(
    "dir",
    "dir/sub",
    `Cannot copy '${at("dir")}' to a subdirectory of itself: '${at("dir/sub")}'`,
  );
  await fails(
    "dir",
    "dir/file/",
    `Cannot copy '${at("dir")}' to a subdirectory of itself`,
  );
  await ensureFile(at("file"));
  await fails(
    "dir",
    "file",
    `Cannot overwrite non-directory '${at("file")}' with directory '${at("dir")}'`,
  );
  await assertRejects(() => copy(at("missing"), at("x")), Deno.errors.NotFound);
  await assertRejects(() => copy(at("file"), at("missing/x")), Deno.errors.NotFound);
  assertEquals(await exists(at("missing")), false);
});

inFolder("move() moves, and overwrites only when it is told to", async (at) => {
  await ensureFile(at("dir/a"));
  await Deno.writeTextFile(at("new"), "new");
  await Deno.writeTextFile(at("old"), "old");

  await move(at("dir"), at("moved"));
  assertEquals(await tree(at("moved")), { a: "file" });
  assertEquals(await exists(at("dir")), false);
  await assertRejects(
    () => move(at("new"), at("old")),
    Deno.errors.AlreadyExists,
    "dest already exists.",
  );
  await move(at("new"), at("old"), { overwrite: true });
  assertEquals(await Deno.readTextFile(at("old")), "new");
});

inFolder("move() rejects what cannot be", async (at) => {
  await ensureFile(at("dir/a"));

  await assertRejects(
    () => move(at("dir"), at("dir/sub")),
    Deno.errors.NotSupported,
    `Cannot move '${at("dir")}' to a subdirectory of itself, '${at("dir/sub")}'.`,
  );
  await assertRejects(() => move(at("missing"), at("x")), Deno.errors.NotFound);
  await assertRejects(() => move(at("dir"), at("missing/x")), Deno.errors.NotFound);
});

inFolder(
  "walk() gives the root first, each directory before what is in it, and links as they are",
  async (at) => {
    await ensureFile(at("root/a/b/c.ts"));
    await Deno.symlink("a", at("root/link"));

    const entries = await Array.fromAsync(walk(at("root")));

    assertEquals(entries[0], {
      path: at("root"),
      name: "root",
      isFile: false,
      isDirectory: true,
      isSymlink: false,
    });
    assertEquals(entries.slice(1).map((it) => relative(at("root"), it.path)).sort(), [
      "a",
      "a/b",
      "a/b/c.ts",
      "link",
    ]);
    const places = entries.map((it) => it.path);
    assert(places.indexOf(at("root/a/b")) < places.indexOf(at("root/a/b/c.ts")));
    assertEquals(entries.find((it) => it.name === "link")?.isSymlink, true);
  },
);

inFolder("walk() heeds its options", async (at) => {
  for (const file of ["x.ts", "y.js", "sub/z.ts", "sub/deep/w.ts", "node_modules/n.ts"]) {
    await ensureFile(at(`root/${file}`));
  }
  await Deno.symlink("x.ts", at("root/link.ts"));
  const found = async (options: WalkOptions) =>
    (await Array.fromAsync(walk(at("root"), options)))
      .map((it) => relative(at("root"), it.path)).sort();

  assertEquals(await found({ maxDepth: -1 }), []);
  assertEquals(await found({ maxDepth: 0 }), [""]);
  assertEquals(await found({ maxDepth: 1, includeFiles: false, includeSymlinks: false }), [
    "",
    "node_modules",
    "sub",
  ]);
  assertEquals(await found({ maxDepth: 2, includeDirs: false, exts: ["ts"], skip: [/modules/] }), [
    "link.ts",
    "sub/z.ts",
    "x.ts",
  ]);
  assertEquals(await found({ match: [/\.js$/, /deep$/] }), ["sub/deep", "y.js"]);
  assertEquals(await found({ includeDirs: false, includeSymlinks: false, exts: [".ts"] }), [
    "node_modules/n.ts",
    "sub/deep/w.ts",
    "sub/z.ts",
    "x.ts",
  ]);
  assertEquals(await found({ skip: [/root$/] }), []);
});

inFolder(
  "walk() follows links when it is told to, by the path that they lead to or by their own",
  async (at) => {
    await ensureFile(at("outside/file"));
    await ensureFile(at("outside/sub/below"));
    await Deno.mkdir(at("root"));
    await Deno.symlink("../outside", at("root/link"));
    const found = async (options: WalkOptions) =>
      (await Array.fromAsync(walk(at("root"), { includeDirs: false, ...options })))
        .map((it) => relative(at("."), it.path)).sort();

    assertEquals(await found({}), ["root/link"]);
    assertEquals(await found({ followSymlinks: true }), ["outside/file", "outside/sub/below"]);
    assertEquals(await found({ followSymlinks: true, canonicalize: false }), [
      "root/link/file",
      "root/link/sub/below",
    ]);
    assertEquals(await found({ followSymlinks: true, maxDepth: 2 }), ["outside/file"]);
    await Deno.symlink("nowhere", at("root/dangling"));
    await assertRejects(() => found({ followSymlinks: true }), Deno.errors.NotFound);
  },
);

inFolder("walk() rejects with Deno's errors", async (at) => {
  await ensureFile(at("file"));
  const all = (path: string, options?: WalkOptions) => Array.fromAsync(walk(at(path), options));

  await assertRejects(() => all("missing"), Deno.errors.NotFound);
  await assertRejects(() => all("missing", { includeDirs: false }), Deno.errors.NotFound);
  await assertRejects(() => all("file"), Deno.errors.NotADirectory);
});

/** What lies in a directory, by its path there. */
async function tree(folder: string): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {};
  for await (const { path, isFile, isDirectory } of walk(folder)) {
    if (path === folder) continue;
    const kind = isFile ? "file" : isDirectory ? "dir" : `link to ${await Deno.readLink(path)}`;
    found[relative(folder, path)] = kind;
  }
  return found;
}
