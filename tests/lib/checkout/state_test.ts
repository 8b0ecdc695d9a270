import { assertEquals } from "@std/assert";
import { ensureDir, exists } from "@std/fs";
import { join } from "@std/path";
import { parseStatuses } from "../../../lib/checkout/parse_status.ts";
import { readCheckoutStates } from "../../../lib/checkout/read_states.ts";
import { describeCheckout, readCheckoutState } from "../../../lib/checkout/state.ts";
import { createContext } from "../../../lib/process/context.ts";
import { withoutRepository } from "../../../lib/git/ask.ts";
import { silentReporter } from "../../../lib/report.ts";
import { createTell } from "../../../lib/events/tell.ts";
import { must } from "../../harness/program.ts";

const GIT = {
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_AUTHOR_NAME: "Tester",
  GIT_AUTHOR_EMAIL: "tester@example.com",
  GIT_COMMITTER_NAME: "Tester",
  GIT_COMMITTER_EMAIL: "tester@example.com",
};

Deno.test("parseStatuses() reads every kind of entry, and paths with spaces and line ends", () => {
  const zeros = "0".repeat(40);
  const text = [
    "# branch.oid 1111111111111111111111111111111111111111",
    "# branch.head main",
    "# branch.upstream origin/main",
    "# branch.ab +2 -13",
    "# stash 3",
    `1 .M N... 100644 100644 100644 ${zeros} ${zeros} a file\nwith two lines.py`,
    `1 .M SC.. 160000 160000 160000 ${zeros} ${"1".repeat(40)} lib with spaces`,
    `1 .M S.MU 160000 160000 160000 ${zeros} ${zeros} changed`,
    `1 .M S..U 160000 160000 160000 ${zeros} ${zeros} untracked`,
    `1 .D S... 160000 160000 000000 ${zeros} ${zeros} gone`,
    `1 MM SC.. 160000 160000 160000 ${zeros} ${zeros} staged`,
    `2 R. N... 100644 100644 100644 ${zeros} ${zeros} R100 new name.py`,
    "1 old name.py",
    `u UU N... 100644 100644 100644 100644 ${zeros} ${zeros} ${zeros} both sides.py`,
    "? not tracked/",
    "! ignored",
    "",
  ].join("\0");

  assertEquals(parseStatuses(text), [{
    commit: "1111111111111111111111111111111111111111",
    branch: "main",
    upstream: "origin/main",
    ahead: 2,
    behind: 13,
    changed: [
      "a file\nwith two lines.py",
      "lib with spaces",
      "changed",
      "untracked",
      "gone",
      "staged",
      "new name.py",
      "both sides.py",
    ],
    submodules: [
      { path: "lib with spaces", recorded: "1".repeat(40), isMoved: true, isChanged: false },
      { path: "changed", recorded: zeros, isMoved: false, isChanged: true },
      { path: "untracked", recorded: zeros, isMoved: false, isChanged: true },
      { path: "gone", recorded: zeros, isMoved: false, isChanged: false },
    ],
    untracked: ["not tracked/"],
    stashes: 3,
  }]);
});

Deno.test("parseStatuses() tells checkouts apart, whatever their files are called", () => {
  const renamed = "2 R. N... 100644 100644 100644 11 11 R100 new";
  const text = ["# branch.oid 11", renamed, "# branch.oid 99", "# branch.oid 22", "? x", ""];
  const found = parseStatuses(text.join("\0"));
  assertEquals(found.map(({ commit, changed, untracked }) => [commit, changed, untracked]), [
    ["11", ["new"], []],
    ["22", [], ["x"]],
  ]);
  assertEquals(parseStatuses(""), []);
});

Deno.test("parseStatuses() knows a detached HEAD, a branch without commits, and an upstream that is gone", () => {
  const read = (...lines: string[]) => {
    const [{ commit, branch, upstream, ahead } = none] = parseStatuses(`${lines.join("\0")}\0`);
    return { commit, branch, upstream, ahead };
  };
  const none = { commit: undefined, branch: undefined, upstream: undefined, ahead: undefined };
  assertEquals(read("# branch.oid 22", "# branch.head (detached)"), { ...none, commit: "22" });
  assertEquals(read("# branch.oid (initial)", "# branch.head main"), { ...none, branch: "main" });
  assertEquals(read("# branch.oid 22", "# branch.head x", "# branch.upstream origin/x"), {
    ...none,
    commit: "22",
    branch: "x",
    upstream: "origin/x",
  });
});

Deno.test("describeCheckout() says only what is out of the ordinary", () => {
  const state = { commit: "1234567890", branch: "main", upstream: "origin/main", stashes: 0 };
  const quiet = { ...state, ahead: 0, behind: 0, dirty: 0, operation: undefined };
  assertEquals(describeCheckout(quiet), "main");
  assertEquals(describeCheckout({ ...quiet, upstream: undefined }), "main, no upstream");
  assertEquals(
    describeCheckout({ ...quiet, ahead: 1, behind: 2, dirty: 3, stashes: 4, operation: "merge" }),
    "main, 1 ahead, 2 behind, 3 dirty, 4 stashed, in the middle of a merge",
  );
  assertEquals(
    describeCheckout({ ...quiet, branch: undefined, upstream: undefined }),
    "detached at 1234567",
  );
  assertEquals(
    describeCheckout({ ...quiet, ahead: undefined, behind: undefined }),
    "main, origin/main is gone",
  );
});

Deno.test("readCheckoutState() tells checkouts, worktrees and operations from everything else", async () => {
  const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "hsm-test-" }));
  try {
    const env = { ...Deno.env.toObject(), ...GIT };
    const context = createContext({
      root: folder,
      // As a git hook has it, and as a workspace takes it: it must not lead to another repository.
      env: withoutRepository({ ...env, GIT_DIR: join(folder, ".git"), GIT_WORK_TREE: folder }),
      signal: new AbortController().signal,
      tell: createTell(),
    });
    const git = (cwd: string, ...args: string[]) =>
      must(["git", ...args], { cwd: join(folder, cwd), env: GIT });
    const read = async (path: string) => {
      const reading = await readCheckoutState(context, join(folder, path));
      if (reading.kind !== "checkout") return reading;
      const { branch, operation, changed } = reading.state;
      return { branch, operation, changed };
    };
    await git(".", "init", "-q", "-b", "outer");
    await Deno.mkdir(join(folder, "plain"));
    await Deno.writeTextFile(join(folder, "file"), "");
    await Deno.symlink("nowhere", join(folder, "link"));
    await ensureDir(join(folder, "broken/.git"));
    await git(".", "init", "-q", "-b", "main", "repo");
    await Deno.writeTextFile(join(folder, "repo/a"), "1\n");
    await git("repo", "add", "a");
    await git("repo", "commit", "-q", "-m", "one");
    await git("repo", "worktree", "add", "-q", "-b", "side", "../tree");
    await Deno.writeTextFile(join(folder, "tree/a"), "2\n");
    await git("tree", "commit", "-q", "-a", "-m", "two");
    await Deno.writeTextFile(join(folder, "repo/a"), "3\n");
    await git("repo", "commit", "-q", "-a", "-m", "three");

    assertEquals(await read("missing"), { kind: "missing" });
    assertEquals(await read("plain"), { kind: "foreign", reason: "no git checkout" });
    assertEquals(await read("broken"), { kind: "foreign", reason: "no git checkout" });
    assertEquals(await read("file"), { kind: "foreign", reason: "a file" });
    assertEquals(await read("link"), { kind: "foreign", reason: "a link that leads nowhere" });
    assertEquals(await read("repo"), { branch: "main", operation: undefined, changed: [] });
    await git("tree", "merge", "-q", "main").catch(() => {});
    assertEquals(await read("tree"), { branch: "side", operation: "merge", changed: ["a"] });
    await git("tree", "merge", "--abort");
    await git("tree", "rebase", "-q", "main").catch(() => {});
    assertEquals(await read("tree"), { branch: undefined, operation: "rebase", changed: ["a"] });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("readCheckoutStates() reads many with few calls, and as readCheckoutState() reads each", async () => {
  const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "hsm-test-" }));
  try {
    const env = withoutRepository({ ...Deno.env.toObject(), ...GIT });
    const calls: string[] = [];
    const reporter = {
      ...silentReporter(),
      command: (argv: readonly string[]) => void calls.push(argv.join(" ")),
    };
    const signal = new AbortController().signal;
    const context = createContext({ root: folder, env, signal, tell: createTell({ reporter }) });
    const git = (cwd: string, ...args: string[]) =>
      must(["git", ...args], { cwd: join(folder, cwd), env: GIT });
    // The app's own repository lies around them.
    await git(".", "init", "-q", "-b", "outer");
    const names = Array.from({ length: 9 }, (_, at) => `packages/plug ${at}`);
    for (const [at, name] of names.entries()) {
      await git(".", "init", "-q", "-b", `main-${at}`, name);
      await Deno.writeTextFile(join(folder, name, "# branch.oid 99"), "1\n".repeat(20));
      await git(name, "add", ".");
      await git(name, "commit", "-q", "-m", "one");
    }
    await git(names[2]!, "mv", "# branch.oid 99", "moved");
    await git(names[3]!, "checkout", "-q", "--detach");
    await Deno.writeTextFile(join(folder, names[4]!, "new\nfile"), "");
    // What a checkout's own configuration would run stays unrun.
    await git(names[5]!, "config", "core.fsmonitor", `touch '${join(folder, "ran")}'; false`);
    const directories = names.map((it) => join(folder, it));

    const many = await readCheckoutStates(context, directories, 2);

    assertEquals(calls.length, 2);
    assertEquals(many, await Promise.all(directories.map((it) => readCheckoutState(context, it))));
    assertEquals(many.map((it) => it.kind === "checkout" && it.state.branch)[3], undefined);
    assertEquals(await exists(join(folder, "ran")), false);

    const others = [...directories, ...["missing", "packages"].map((it) => join(folder, it))];
    const withOthers = await readCheckoutStates(context, others, 2);
    assertEquals(
      withOthers,
      await Promise.all(others.map((it) => readCheckoutState(context, it))),
    );
    assertEquals(withOthers.slice(-2), [
      { kind: "missing" },
      { kind: "foreign", reason: "no git checkout" },
    ]);
    assertEquals(await readCheckoutStates(context, [], 8), []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
