import { assertEquals } from "@std/assert";
import { check, graph, map, openWorkspace, sync } from "../../mod.ts";
import { overview } from "../../tasks/overview.ts";
import type { Workspace } from "../../mod.ts";
import { type TestApp, testApp } from "../harness/app.ts";
import { wrapGit } from "../harness/wrap_git.ts";

/** What a task reads of checkouts, and what it asks remotes for. */
interface Asked {
  /** How often each file is read. */
  readonly reads: Readonly<Record<string, number>>;
  /** The commands of git that ask a remote. */
  readonly remotes: readonly string[];
}

/** Runs a task in this very process, and counts. */
async function count(app: TestApp, task: (workspace: Workspace) => Promise<unknown>) {
  const log = `${app.folder}/asked`;
  await Deno.writeTextFile(log, "");
  const note = (command: string) => `echo "${command} $*" >> ${log}`;
  const wrapped = await wrapGit(app, { fetch: note("fetch"), "ls-remote": note("ls-remote") });
  const reads: Record<string, number> = {};
  const { readFileSync } = Deno;
  Deno.readFileSync = (path) => {
    const [, file] = String(path).split(`${app.root}/packages/`);
    if (file !== undefined) reads[file] = (reads[file] ?? 0) + 1;
    return readFileSync(path);
  };
  try {
    const env = { ...app.env, ...wrapped };
    await using workspace = await openWorkspace({ directory: app.root, env });
    await task(workspace);
  } finally {
    Deno.readFileSync = readFileSync;
  }
  // What uv fetches into its own cache is its own business.
  const lines = (await Deno.readTextFile(log)).split("\n").filter((it) => !it.includes("--force"));
  const remotes = lines.flatMap((line) => {
    const [, command, url] = /^(\S+) .*(file:\/\/\S+)/.exec(line) ?? [];
    return command === undefined ? [] : [`${command} ${url?.split("/").at(-1)}`];
  });
  return { reads, remotes: remotes.sort() } satisfies Asked;
}

Deno.test("a task asks for each pin once, and reads each file of a checkout once", async () => {
  await using app = await testApp({
    plugins: [{ name: "plug-a", folder: "a" }, "plug-c", "plug-d", { name: "plug-e", folder: "e" }],
    manifest: `git: {remotes}/{name}
packages:
  plug-a: { tag: v2.0.0, subdirectory: a }
  plug-b: { git: "{remotes}/plug-a", tag: v2.0.0, subdirectory: b }
  plug-c: v1.0.0
  plug-d: { tag: v1.0.0, mode: dev }
  plug-e: { tag: v1.0.0, mode: dev, subdirectory: e }
`,
  });
  await app.plugin("plug-a").release({ name: "plug-b", folder: "b", version: "2.0.0" });
  await app.plugin("plug-c").release({ name: "plug-c", version: "1.1.0" });
  const checkouts = {
    "plug-d/.git/config": 1,
    "plug-d/pyproject.toml": 1,
    "plug-e/.git/config": 1,
    "plug-e/e/pyproject.toml": 1,
  };

  const syncAll = (workspace: Workspace) => sync(workspace, { yes: true });
  assertEquals(await count(app, syncAll), {
    reads: checkouts,
    remotes: ["fetch plug-a", "fetch plug-c"],
  });
  await app.write(
    "hsm.yaml",
    (await app.read("hsm.yaml")).replace("plug-c: v1.0.0", "plug-c: v1.1.0"),
  );
  assertEquals(await count(app, syncAll), { reads: checkouts, remotes: ["fetch plug-c"] });
  await app.write(
    "hsm.yaml",
    (await app.read("hsm.yaml")).replace("plug-c: v1.1.0", "plug-c: v1.0.0"),
  );
  assertEquals(await count(app, syncAll), { reads: checkouts, remotes: ["ls-remote plug-c"] });

  const files = { "plug-d/pyproject.toml": 1, "plug-e/e/pyproject.toml": 1 };
  assertEquals(await count(app, map), { reads: files, remotes: [] });
  assertEquals(await count(app, graph), { reads: files, remotes: [] });
  assertEquals(await count(app, overview), { reads: checkouts, remotes: [] });
  assertEquals(await count(app, check), {
    reads: files,
    remotes: ["ls-remote plug-a", "ls-remote plug-c"],
  });
});
