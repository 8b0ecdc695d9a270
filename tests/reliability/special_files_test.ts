/**
 * What is no regular file where one is wanted: a FIFO waits for ever, a device has no end, a folder is no file.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { dirname, join } from "@std/path";
import { settleAll } from "../../lib/process/pool.ts";
import { type TestApp, testApp } from "../harness/app.ts";
import { hsmWithin } from "../harness/limited.ts";
import type { Run } from "../harness/program.ts";
import { treeOf } from "./tree.ts";

const POSIX = Deno.build.os !== "windows";

/** Far more than a run takes on a busy machine, and it never ends without what is tested here. */
const LIMIT = 20_000;

const JOBS = 4;

/** Something else in place of a file, by what messages call it. */
const MAKE: Readonly<Record<string, (path: string) => void>> = {
  "a FIFO": makeFifo,
  "a folder": (path) => Deno.mkdirSync(path),
  "a device": (path) => Deno.symlinkSync("/dev/zero", path),
};

function makeFifo(path: string): void {
  const { success } = new Deno.Command("mkfifo", { args: [path] }).outputSync();
  assert(success, path);
}

/** Puts something in a file's place, and what was there back when it is disposed of. */
function instead(app: TestApp, file: string, kind: string): Disposable {
  const path = join(app.root, file);
  const aside = join(app.folder, "aside");
  const was = exists(path);
  if (was) Deno.renameSync(path, aside);
  else Deno.mkdirSync(dirname(path), { recursive: true });
  MAKE[kind]!(path);
  return {
    [Symbol.dispose]() {
      Deno.removeSync(path);
      if (was) Deno.renameSync(aside, path);
    },
  };
}

function exists(path: string): boolean {
  try {
    return Deno.lstatSync(path) !== undefined;
  } catch {
    return false;
  }
}

/** An app in sync, with a package in dev mode; no note says that there is nothing to do. */
async function syncedApp(): Promise<TestApp> {
  const app = await testApp({
    plugins: ["plug-a", "plug-b"],
    manifest: "git: {remotes}/{name}\npackages:\n  plug-a: { tag: v1.0.0, mode: dev }\n" +
      "  plug-b: v1.0.0\n",
    files: { "hsm.local.yaml": "mode: prod\n" },
  });
  (await app.hsm("sync", "--yes")).expect({ code: 0 });
  return app;
}

async function runAll(
  app: TestApp,
  commands: readonly (readonly string[])[],
): Promise<readonly Run[]> {
  const settled = await settleAll(commands, JOBS, (it) => hsmWithin(app, LIMIT, ...it));
  return settled.map((it) => {
    if (it.status === "rejected") throw it.reason;
    return it.value;
  });
}

const LOOKING = [
  [],
  ["status"],
  ["doctor"],
  ["list"],
  ["diff"],
  ["check"],
  ["graph"],
  ["undo", "--list"],
  ["sync", "--dry-run"],
];

const CHANGING = [
  ["inject"],
  ["prod", "plug-a"],
  ["dev", "plug-b", "--yes"],
  ["remove", "plug-b"],
  ["clone", "--yes"],
];

/** Refused by every command at once. */
const WANTED = [
  "hsm.yaml",
  "hsm.local.yaml",
  "pyproject.toml",
  "uv.lock",
  ".gitignore",
  "uv.toml",
  ".python-version",
];

Deno.test({
  name: "every command refuses what is no regular file where one is wanted, and names it",
  ignore: !POSIX,
  fn: async () => {
    await using app = await syncedApp();
    const skip = /^\.hsm\/lock$/;
    for (const [at, file] of WANTED.entries()) {
      for (const kind of Object.keys(MAKE)) {
        // Each command that looks meets each file, and all others some of them.
        const changing = [["sync"], CHANGING[at % CHANGING.length]!];
        const commands = kind === "a FIFO" ? [...LOOKING, ...changing] : [LOOKING[at]!];
        using _ = instead(app, file, kind);
        const before = treeOf(app.root, skip);
        for (const run of await runAll(app, commands)) {
          const said = `${run.command} with ${kind} as ${file}: ${run.stdout}${run.stderr}`;
          // The doctor's findings are its result.
          const told = run.command === "hsm doctor" ? run.stdout : run.stderr;
          assertEquals(run.code, 1, said);
          assert(told.includes(`Cannot read `) && told.includes(file), said);
          assert(told.includes(`it is not a regular file but ${kind}`), said);
          assert(!run.stderr.includes("bug"), said);
        }
        assertEquals(treeOf(app.root, skip), before, `${kind} as ${file}`);
      }
    }
    (await app.hsm("sync")).expect({ code: 0 });
  },
});

Deno.test({
  name: "completion neither waits at what is no regular file nor tells of it",
  ignore: !POSIX,
  fn: async () => {
    await using app = await syncedApp();
    const words = ["completions", "--complete", "--", "sync", ""];
    for (const file of ["hsm.yaml", "hsm.local.yaml"]) {
      using _ = instead(app, file, "a FIFO");
      const run = await hsmWithin(app, LIMIT, ...words);
      run.expect({ code: 0, stdout: ":package\t\n", stderr: "" });
    }
    (await app.hsm(...words)).expect({ code: 0, stdout: /^plug-a\t/m, stderr: "" });
  },
});

Deno.test({
  name: "hsm init refuses what is no regular file where one is wanted, and names it",
  ignore: !POSIX,
  fn: async () => {
    await using app = await testApp();
    await Deno.remove(join(app.root, "hsm.yaml"));
    const files = ["pyproject.toml", ".gitignore", "uv.lock", ".gitmodules", "mx.ini", "x.repos"];
    for (const file of files) {
      using _ = instead(app, file, "a FIFO");
      const before = treeOf(app.root);
      const run = await hsmWithin(app, LIMIT, "init", "--yes");
      run.expect({ code: 1, stdout: "" });
      const message = `Cannot read ${file}: it is not a regular file but a FIFO\n`;
      assert(run.stderr.includes(message), run.stderr);
      assertEquals(treeOf(app.root), before, file);
    }
    {
      using _ = instead(app, "hsm.yaml", "a FIFO");
      (await hsmWithin(app, LIMIT, "init")).expect({ code: 2, stderr: /there is an hsm\.yaml/ });
    }
    // Above the app it is somebody else's.
    makeFifo(join(app.folder, "hsm.yaml"));
    (await hsmWithin(app, LIMIT, "init", "--yes")).expect({ code: 0 });
  },
});

Deno.test({
  name: "no command waits at what is no regular file in a checkout, beside the app, or in .hsm",
  ignore: !POSIX,
  fn: async () => {
    await using app = await syncedApp();
    const looking = [["status"], ["doctor"], ["list"], ["diff"], ["check"]];
    /** What a sync comes to, and what it says then. */
    const files: Readonly<Record<string, readonly [number, RegExp]>> = {
      "packages/plug-a/pyproject.toml": [1, /packages\/plug-a\/pyproject\.toml/],
      "packages/plug-a/.git": [2, /packages\/plug-a/],
      "../pyproject.toml": [0, /^/],
      ".hsm/synced.json": [0, /^/],
      ".hsm/schema.json": [0, /^/],
      ".hsm/lock": [0, /^/],
      ".hsm/journal": [0, /warning: \.hsm\/journal is not used: it is no folder/],
      ".hsm/journal/open": [0, /warning: \.hsm\/journal\/open is not used: it is no folder/],
      ".hsm/journal/7": [0, /^/],
      ".hsm/journal/new": [0, /^/],
    };
    await app.write("hsm.yaml", `# $schema=.hsm/schema.json\n${await app.read("hsm.yaml")}`);
    for (const [file, [code, stderr]] of Object.entries(files)) {
      const made = instead(app, file, "a FIFO");
      for (const run of await runAll(app, looking)) {
        assert(run.code <= 2, `${run.command} with ${file}: ${run.code}`);
        assert(!run.stderr.includes("bug"), `${run.command} with ${file}: ${run.stderr}`);
      }
      (await hsmWithin(app, LIMIT, "sync")).expect({ code, stderr });
      if (file.startsWith(".hsm")) {
        await Deno.remove(join(app.root, ".hsm"), { recursive: true });
        await Deno.remove(join(app.folder, "aside"), { recursive: true }).catch(() => {});
        (await app.hsm("sync")).expect({ code: 0 });
      } else made[Symbol.dispose]();
    }
  },
});

Deno.test({
  name: "no command waits at what is no regular file in HSM's cache or the environment",
  ignore: !POSIX,
  fn: async () => {
    await using app = await syncedApp();
    const cache = join(app.folder, "home/.cache/hsm");
    const site = join(
      app.root,
      ".venv/lib",
      [...Deno.readDirSync(join(app.root, ".venv/lib"))][0]!.name,
    );
    const replace = (folder: string, pattern: RegExp): number => {
      let count = 0;
      for (const [path, kind] of Object.entries(treeOf(folder))) {
        if (kind.includes("special") || !pattern.test(path)) continue;
        Deno.removeSync(join(folder, path));
        makeFifo(join(folder, path));
        count++;
      }
      return count;
    };
    assert(replace(cache, /\.json$/) > 0);
    assert(replace(site, /plug.*\/(?:METADATA|direct_url\.json)$/) > 0);
    for (const run of await runAll(app, [["status"], ["doctor"], ["list"], ["check"]])) {
      run.expect({ code: 0 });
    }
    await Deno.remove(join(app.root, ".venv"), { recursive: true });
    (await hsmWithin(app, LIMIT, "sync")).expect({ code: 0 });
  },
});

Deno.test("what is read of a file is bounded, before anything is read", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  // Sparse: they take no room, and reading them would.
  const make = async (file: string, size: number) => {
    using open = await Deno.open(join(app.root, file), { create: true, write: true });
    await open.truncate(size);
  };
  // uv's workspaces are looked for above the app: what is no such file says nothing.
  await make("../pyproject.toml", 1024 ** 3);
  (await hsmWithin(app, LIMIT, "status")).expect({ code: 0 });
  await make("hsm.local.yaml", 8 * 1024 ** 3);
  (await hsmWithin(app, LIMIT, "status")).expect({
    code: 2,
    stderr: /^error: Cannot read hsm\.local\.yaml: it has 8192 MB, and 16 is the most\n/,
  });
});
