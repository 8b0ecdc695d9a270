import { createHash } from "node:crypto";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { ensureDir } from "@std/fs";
import { join } from "@std/path";
import { APP_PYPROJECT, type TestApp, testApp } from "../harness/app.ts";
import { begin, CALL, git, hookedApp, standsFor } from "../harness/hooked_app.ts";

const NAMES = ["post-merge", "post-checkout", "post-rewrite"];
const HOOKS = ["init", "--hooks"];

/** What a hook does in the end, of an app at the top. */
const RENEW = `command -v hsm >/dev/null || exit 0
[ ! -f './hsm.yaml' ] || hsm -C '.' sync --stand-ins --quiet
exit 0
`;
const MADE = `#!/bin/sh
# Made by \`hsm init --hooks\` (########): checkouts stand in for packages again once git has moved the app.
# Remove this file to be rid of it.
`;

/** The text of a hook, but for the digest in it. */
async function hookText(app: TestApp, path: string): Promise<string> {
  return (await app.read(path)).replace(/(?<=hooks` )\([0-9a-f]{8}\)/, "(########)");
}

Deno.test("hsm init --hooks installs three hooks, says so, and renews its own", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  await begin(app, ".");
  const rows = (state: string) =>
    NAMES.map((it) => `${it.padEnd(15)}${state}  .git/hooks/${it}\n`).join("");

  await app.untouched(async () => {
    (await app.hsm(...HOOKS)).expect({ code: 0, stdout: rows("installed"), stderr: "" });
    (await app.hsm(...HOOKS, "--yes")).expect({ code: 0, stdout: rows("present"), stderr: "" });
  });

  assertEquals(await hookText(app, ".git/hooks/post-merge"), `${MADE}${RENEW}`);
  assertEquals(
    await hookText(app, ".git/hooks/post-checkout"),
    `${MADE}[ "$3" = 1 ] || exit 0
! grep -qs '^[prefsm]' "$(git rev-parse --git-path rebase-merge/git-rebase-todo)" || exit 0
${RENEW}`,
  );
  assertEquals(
    await hookText(app, ".git/hooks/post-rewrite"),
    `${MADE}[ "$1" = rebase ] || exit 0\n${RENEW}`,
  );
  // As another hsm would write it.
  const other = (digest: string) =>
    `#!/bin/sh\n# Made by \`hsm init --hooks\`${digest}\nhsm sync\n`;
  const digest = createHash("sha256").update(other("")).digest("hex").slice(0, 8);
  await app.write(".git/hooks/post-merge", other(` (${digest})`));
  await Deno.chmod(join(app.root, ".git/hooks/post-rewrite"), 0o644);
  const run = (await app.hsm(...HOOKS, "--json")).expect({ code: 0 });
  const { hooks, adapter, manifest } = run.json();
  const text = (await app.read("hsm.yaml")).replace(app.folder, "[DIR]");
  assertEquals([adapter, manifest], ["uv", text]);
  assertEquals(hooks, [
    { name: "post-merge", path: ".git/hooks/post-merge", state: "renewed" },
    { name: "post-checkout", path: ".git/hooks/post-checkout", state: "present" },
    { name: "post-rewrite", path: ".git/hooks/post-rewrite", state: "renewed" },
  ]);
  assertEquals(await hookText(app, ".git/hooks/post-merge"), `${MADE}${RENEW}`);
  for (const name of NAMES) {
    const { mode } = await Deno.stat(join(app.root, ".git/hooks", name));
    assertEquals((mode ?? 0) & 0o111, 0o111, name);
  }
  assertEquals(await app.git(".", "status", "--porcelain"), "");
  // One that somebody has edited is no longer HSM's.
  const edited = `${await app.read(".git/hooks/post-merge")}echo mine\n`;
  await app.write(".git/hooks/post-merge", edited);
  (await app.hsm(...HOOKS)).expect({ code: 0, stdout: rows("present"), stderr: "" });
  assertEquals(await app.read(".git/hooks/post-merge"), edited);
  await app.write(".git/hooks/post-merge", edited.replace("stand-ins", "other"));
  (await app.hsm(...HOOKS)).expect({
    code: 0,
    stdout: /^post-merge +foreign /,
    stderr: /^warning: \.git\/hooks\/post-merge is not hsm's and stays as it is; /,
  });
});

Deno.test("in a new app hsm init --hooks does both, in one without a repository neither", async () => {
  await using app = await testApp();
  await Deno.remove(join(app.root, "hsm.yaml"));

  (await app.hsm(...HOOKS)).expect({
    code: 2,
    stdout: "",
    stderr: /^error: Cannot install hooks in the repository of \[DIR\]\/app\n[^]*git init/,
  });

  assertEquals(await app.list("."), ["pyproject.toml"]);
  await app.git(".", "init", "-q");
  await Deno.remove(join(app.root, ".git/hooks"), { recursive: true });
  (await app.hsm(...HOOKS)).expect({
    code: 0,
    stdout: /^post-merge {5}installed {2}\.git\/hooks\/post-merge\n/,
    stderr: "Wrote hsm.yaml; next: `hsm add NAME --git URL`\n",
  });
  assertEquals(await app.list(".git/hooks"), NAMES.toSorted());
  (await app.hsm(...HOOKS, "--git", "https://example.com/{name}")).expect({
    code: 2,
    stderr: /there is an hsm\.yaml already/,
  });
  (await app.hsm(...HOOKS, "--bare")).expect({ code: 2 });
});

Deno.test("core.hooksPath is heeded: the repository's own, but not everybody's", async () => {
  await using app = await testApp();
  await begin(app, ".");
  const install = async (stdout: string | RegExp, stderr: string | RegExp = "") =>
    (await app.hsm(...HOOKS)).expect({ code: 0, stdout, stderr });
  const list = (state: string, path: string) =>
    new RegExp(`^post-merge +${state} +${path}/post-merge\n.*\n.*/post-rewrite\n$`);

  await app.git(".", "config", "core.hooksPath", ".githooks/own");
  await install(list("installed", "\\.githooks/own"));
  await app.git(".", "config", "core.hooksPath", join(app.folder, "hooks"));
  await install(list("installed", "\\[DIR\\]/hooks"));
  await app.git(".", "config", "core.hooksPath", "/dev/null");
  await install(
    list("foreign", "/dev/null"),
    /^warning: \/dev\/null is no folder: nothing is changed there\n/,
  );
  await app.git(".", "config", "--unset", "core.hooksPath");
  await app.git(".", "config", "--global", "core.hooksPath", "~/hooks");
  const line =
    "if [ -f hsm.yaml ] && command -v hsm >/dev/null; then hsm sync --stand-ins --quiet || :; fi";
  await install(
    list("foreign", "\\[DIR\\]/home/hooks"),
    `warning: core.hooksPath (global) has git take the hooks of all repositories from [DIR]/home/hooks: nothing is changed there
warning: to be added to [DIR]/home/hooks/post-merge: ${line}
warning: to be added to [DIR]/home/hooks/post-checkout: ${line.replace("if", 'if [ "$3" = 1 ] &&')}
warning: to be added to [DIR]/home/hooks/post-rewrite: ${
      line.replace("if", 'if [ "$1" = rebase ] &&')
    }
`,
  );
  assertEquals(await app.exists("../home/hooks"), false);
  // One that is relative is another one in each repository.
  await app.git(".", "config", "--global", "core.hooksPath", ".hooks");
  await install(list("installed", "\\.hooks"));
  assertEquals((await app.list(".git/hooks")).filter((it) => !it.endsWith(".sample")), []);
});

Deno.test("a hook that is there stays, be it a hook manager's or a link, and the line that is named does", async () => {
  await using app = await hookedApp();
  const manager = `#!/usr/bin/env sh\nset -e\n. "$(dirname "$0")/h"\n`;
  await app.write(".husky/_/.gitignore", "*");
  await app.write(".husky/_/h", 'sh -e ".husky/${0##*/}" "$@"\n');
  for (const name of NAMES) {
    await app.write(`.husky/_/${name}`, manager);
    await Deno.chmod(join(app.root, `.husky/_/${name}`), 0o755);
  }
  await app.git(".", "config", "core.hooksPath", ".husky/_");

  const run = (await app.hsm(...HOOKS, "--json")).expect({ code: 0 });

  const hooks = run.json()["hooks"] as { name: string; state: string; line: string }[];
  assertEquals(hooks.map((it) => it.state), ["foreign", "foreign", "foreign"]);
  assertEquals(await app.read(".husky/_/post-merge"), manager);
  const guide = await Deno.readTextFile(new URL("../../docs/guides/hooks.md", import.meta.url));
  for (const { name, line } of hooks) {
    assertStringIncludes(guide, `# .husky/${name}\n${line}\n`);
    await app.write(`.husky/${name}`, `${line}\n`);
  }
  await app.git(".", "add", "--all");
  await app.git(".", "commit", "-qm", "hooks");
  assertEquals(await git(app, ".", "merge", "-q", "-m", "merge", "next"), [
    "",
    CALL.slice("-C . ".length),
  ]);
  assertEquals(await standsFor(app), "1.1.0");
  await app.git(".", "config", "--unset", "core.hooksPath");
  await Deno.remove(join(app.root, ".git/hooks/post-merge"));
  await Deno.symlink("nowhere", join(app.root, ".git/hooks/post-merge"));
  (await app.hsm(...HOOKS)).expect({
    code: 0,
    stdout: /^post-merge +foreign .*\npost-checkout +present .*\npost-rewrite +present .*\n$/,
    stderr:
      /^warning: \.git\/hooks\/post-merge is not hsm's and stays as it is; add to it, or to what its manager runs: if .* fi\n$/,
  });
});

Deno.test("a hook serves all apps of a repository, wherever they lie", async () => {
  await using app = await testApp({ plugins: ["my-plugin"] });
  const second = join(app.folder, "it's/an other");
  await ensureDir(second);
  await Deno.writeTextFile(join(second, "hsm.yaml"), "packages: {}\n");
  await Deno.writeTextFile(join(second, "pyproject.toml"), APP_PYPROJECT);
  await begin(app, "..");

  (await app.hsm(...HOOKS)).expect({ code: 0, stdout: /post-merge +installed +\[DIR\]\/\.git\// });
  (await app.hsm("-C", second, ...HOOKS)).expect({ code: 0, stdout: /post-merge +renewed/ });
  (await app.hsm(...HOOKS)).expect({ code: 0, stdout: /post-merge +present/ });

  assertEquals(
    await hookText(app, "../.git/hooks/post-merge"),
    `${MADE}command -v hsm >/dev/null || exit 0
[ ! -f './app/hsm.yaml' ] || hsm -C './app' sync --stand-ins --quiet
[ ! -f './it'\\''s/an other/hsm.yaml' ] || hsm -C './it'\\''s/an other' sync --stand-ins --quiet
exit 0
`,
  );
  const [said, called] = await git(app, ".", "checkout", "-q", "-b", "next");
  assertEquals(said, "");
  assertEquals(
    called,
    "-C ./app sync --stand-ins --quiet\n-C ./it's/an other sync --stand-ins --quiet\n",
  );
});
