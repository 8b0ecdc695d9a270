import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { type TestApp, testApp } from "../harness/app.ts";
import { type Run, start } from "../harness/program.ts";
import { scriptCommand } from "../harness/tool.ts";

const SETTINGS = `{
  "name": "@hsm/hsm",
  "version": "0.1.0",
  "imports": { "a": "jsr:a@0.1.0" }
}
`;
const CHANGELOG = `# Changelog

The format is that of Keep a Changelog.

## Unreleased

### Added

- One thing.

### Fixed

- Another.

## 0.1.0 - 2020-02-03

- The first.
`;

/** A repository with a version, and all of it committed. */
async function repository(changelog = CHANGELOG): Promise<TestApp> {
  const app = await testApp({
    manifest: "packages: {}\n",
    pyproject: "",
    files: { "deno.json": SETTINGS, "CHANGELOG.md": changelog },
  });
  await app.git(".", "init", "-q", "-b", "main");
  await app.git(".", "add", "-A");
  await app.git(".", "commit", "-q", "-m", "Begin");
  return app;
}

function tool(app: TestApp, name: string, ...args: string[]): Promise<Run> {
  const command = [...scriptCommand(`tools/${name}.ts`), ...args];
  return start(command, { cwd: app.root, env: app.env }).ended;
}

/** All that a release may change: files, branches, tags, and what is staged. */
async function state(app: TestApp): Promise<readonly string[]> {
  return [
    await app.read("deno.json"),
    await app.read("CHANGELOG.md"),
    await app.git(".", "status", "--porcelain"),
    await app.git(".", "for-each-ref", "--format=%(refname) %(objectname)"),
  ];
}

/** Asserts that a release is refused for just these reasons, and changes nothing. */
async function refused(app: TestApp, version: string, ...reasons: string[]): Promise<void> {
  const before = await state(app);
  const stderr = reasons.map((it) => `error: Cannot release ${version}: ${it}\n`).join("");
  (await tool(app, "release", version)).expect({ code: 1, stdout: "", stderr });
  assertEquals(await state(app), before);
}

Deno.test("tools/release.ts makes a commit and an annotated tag, and says what to push", async () => {
  await using app = await repository();
  const head = await app.git(".", "rev-parse", "HEAD");
  const today = () => new Date().toISOString().slice(0, 10);
  const days = [today()];
  (await tool(app, "release", "0.2.0")).expect({
    code: 0,
    stdout: `Made a commit and the tag v0.2.0; nothing is pushed.
look at them    git show v0.2.0
publish them    git push --atomic origin main v0.2.0
take them back  git tag --delete v0.2.0 && git reset --hard ${head.slice(0, 10)}
`,
    stderr: "",
  });
  days.push(today());
  const changelog = await app.read("CHANGELOG.md");
  const day = /^## 0\.2\.0 - (.*)$/m.exec(changelog)?.[1] ?? "";
  assertEquals(days.includes(day), true, day);
  assertEquals(
    changelog,
    CHANGELOG.replace("## Unreleased\n", `## Unreleased\n\n## 0.2.0 - ${day}\n`),
  );
  assertEquals(
    await app.read("deno.json"),
    SETTINGS.replace('"version": "0.1.0"', '"version": "0.2.0"'),
  );
  assertEquals(await app.git(".", "status", "--porcelain"), "");
  assertEquals(
    await app.git(".", "log", "--format=%s", "--name-only", `HEAD^..`),
    "Release 0.2.0\n\nCHANGELOG.md\ndeno.json\n",
  );
  assertEquals(
    await app.git(".", "for-each-ref", "--format=%(objecttype) %(contents)", "refs/tags/v0.2.0"),
    "tag HSM 0.2.0\n\n",
  );
  assertEquals(
    await app.git(".", "rev-parse", "v0.2.0^{}"),
    await app.git(".", "rev-parse", "HEAD"),
  );
  assertEquals(await app.git(".", "rev-parse", "v0.2.0^{}^"), head);

  // The next one has nothing to tell yet.
  await refused(app, "0.3.0", "CHANGELOG.md has nothing under `## Unreleased`");
  // What the workflow of the release asks for.
  (await tool(app, "notes", "v0.2.0")).expect({
    code: 0,
    stdout: "### Added\n\n- One thing.\n\n### Fixed\n\n- Another.\n",
    stderr: "",
  });
});

Deno.test("tools/release.ts names the remote that main is pushed to, and pushes nothing there", async () => {
  await using app = await repository();
  await app.git(".", "init", "-q", "--bare", "../forge.git");
  await app.git(".", "remote", "add", "forge", "../forge.git");
  await app.git(".", "push", "-q", "--set-upstream", "forge", "main");
  const there = await app.git(".", "ls-remote", "forge");
  const run = await tool(app, "release", "1.0.0-rc.1");
  assertMatch(run.stdout, /^publish them {4}git push --atomic forge main v1\.0\.0-rc\.1$/m);
  assertEquals(await app.git(".", "ls-remote", "forge"), there);
  await app.git(".", "push", "-q", "--atomic", "forge", "main", "v1.0.0-rc.1");
  // A release follows its candidate.
  await app.write(
    "CHANGELOG.md",
    (await app.read("CHANGELOG.md")).replace("## Unreleased\n", "## Unreleased\n\n- More.\n"),
  );
  await app.git(".", "commit", "-q", "-a", "-m", "More");
  (await tool(app, "release", "1.0.0")).expect({ code: 0, stderr: "" });
});

Deno.test("tools/release.ts refuses what is no version, or none that is newer", async () => {
  await using app = await repository();
  const none = "that is no version such as 1.2.3 or 1.2.3-rc.1";
  for (
    const it of ["0.2", "v0.2.0", "0.2.0.1", "0.02.0", "0.2.0rc1", "0.2.0-next.1", "0.2.0+b", "-f"]
  ) {
    await refused(app, it, none);
  }
  for (const it of ["0.0.9", "0.1.0-rc.1"]) {
    await refused(app, it, "it is not newer than 0.1.0, which deno.json says");
  }
  await refused(
    app,
    "0.1.0",
    "it is not newer than 0.1.0, which deno.json says",
    "CHANGELOG.md has a section 0.1.0 already",
  );
  for (const args of [[], ["0.2.0", "0.3.0"]]) {
    const stderr = "usage: deno task release VERSION\n";
    (await tool(app, "release", ...args)).expect({ code: 2, stdout: "", stderr });
  }
});

Deno.test("tools/release.ts says everything that is in the way", async () => {
  await using app = await repository();
  await app.git(".", "tag", "v0.2.0");
  await refused(app, "0.2.0", "there is a tag v0.2.0");
  await app.git(".", "switch", "-q", "-c", "work");
  await app.write("notes.txt", "");
  await app.write("CHANGELOG.md", CHANGELOG.replace("Unreleased", "0.2.0 - 2020-02-04"));
  await refused(
    app,
    "0.2.0",
    "the branch is work, not main",
    "not everything is committed:  M CHANGELOG.md, ?? notes.txt",
    "there is a tag v0.2.0",
    "CHANGELOG.md has nothing under `## Unreleased`",
    "CHANGELOG.md has a section 0.2.0 already",
  );
  await app.git(".", "checkout", "-q", "--force", "--detach");
  await Deno.remove(join(app.root, "notes.txt"));
  await refused(app, "0.3.0", "the branch is none, not main");
});

Deno.test("tools/release.ts takes files as they are laid out, also with the lines of Windows", async () => {
  const [settings, changelog] = [
    '{ "imports": { "version": "0.1.0" },\r\n    "version":"0.1.0" }\r\n',
    "## Unreleased \r\n\r\n- One.\r\n\r\n## 0.1.0\r\n",
  ];
  await using app = await repository();
  await app.write("deno.json", settings);
  await app.write("CHANGELOG.md", changelog);
  await app.git(".", "commit", "-q", "-a", "-m", "Lay out otherwise");
  (await tool(app, "release", "0.2.0-rc.1")).expect({ code: 0, stderr: "" });
  assertEquals(
    await app.read("deno.json"),
    settings.replace('"version":"0.1.0"', '"version":"0.2.0-rc.1"'),
  );
  const written = await app.read("CHANGELOG.md");
  const day = /^## 0\.2\.0-rc\.1 - (\S+)\r$/m.exec(written)?.[1];
  assertEquals(
    written,
    changelog.replace("## Unreleased \r\n", `$&\r\n## 0.2.0-rc.1 - ${day}\r\n`),
  );
  (await tool(app, "notes", "v0.2.0-rc.1")).expect({ code: 0, stdout: "- One.\n", stderr: "" });
});

Deno.test("tools/release.ts takes headings, comments and a heading of another kind for nothing to tell", async () => {
  const nothing = "CHANGELOG.md has nothing under `## Unreleased`";
  const told = "- One thing.\n\n### Fixed\n\n- Another.\n";
  for (const it of ["", "### Fixed\n", "<!-- - One\nthing. -->\n"]) {
    await using app = await repository(CHANGELOG.replace(told, it));
    await refused(app, "0.2.0", nothing);
  }
  await using app = await repository(CHANGELOG.replace("Unreleased", "[Unreleased]"));
  await refused(app, "0.2.0", nothing);
});

Deno.test("tools/release.ts leaves a merge that is under way, and what git is told to overlook", async () => {
  await using app = await repository();
  await app.git(".", "switch", "-q", "-c", "side");
  await app.git(".", "commit", "-q", "--allow-empty", "-m", "Beside");
  await app.git(".", "switch", "-q", "main");
  await app.git(".", "merge", "-q", "--no-ff", "--no-commit", "side");
  await app.write("hsm.yaml", "packages: {} # mine\n");
  await app.git(".", "update-index", "--skip-worktree", "hsm.yaml");
  const before = [...await state(app), await app.read(".git/MERGE_HEAD")];
  (await tool(app, "release", "0.2.0")).expect({
    code: 1,
    stdout: "",
    stderr: /^error: Cannot release 0\.2\.0: git commit failed\nfatal: cannot do a partial commit /,
  });
  assertEquals([...await state(app), await app.read(".git/MERGE_HEAD")], before);
  assertEquals(await app.read("hsm.yaml"), "packages: {} # mine\n");
});

Deno.test("tools/release.ts leaves all as it was where Ctrl-C ends git at the tag", async () => {
  await using app = await repository();
  const before = await state(app);
  // The terminal sends it to all that runs: to what asks for a password to sign with, too.
  await app.write("../sign", "#!/bin/sh\nkill -INT $PPID $(ps -o ppid= $PPID)\nexit 1\n");
  await Deno.chmod(join(app.folder, "sign"), 0o755);
  await app.git(".", "config", "tag.gpgSign", "true");
  await app.git(".", "config", "gpg.program", join(app.folder, "sign"));
  (await tool(app, "release", "0.2.0")).expect({
    code: 1,
    stdout: "",
    stderr: "error: Cannot release 0.2.0: git tag failed\n",
  });
  assertEquals(await state(app), before);
});

Deno.test("tools/release.ts leaves all as it was where git refuses the commit or the tag", async () => {
  await using app = await repository();
  const before = await state(app);
  const hook = join(app.root, ".git/hooks/pre-commit");
  await Deno.writeTextFile(hook, "#!/bin/sh\necho not today >&2\nexit 1\n", { mode: 0o755 });
  (await tool(app, "release", "0.2.0")).expect({
    code: 1,
    stdout: "",
    stderr: "error: Cannot release 0.2.0: git commit failed\nnot today\n",
  });
  assertEquals(await state(app), before);

  await Deno.remove(hook);
  await app.git(".", "config", "tag.gpgSign", "true");
  await app.git(".", "config", "gpg.program", "false");
  const run = await tool(app, "release", "0.2.0");
  run.expect({ code: 1, stdout: "", stderr: /^error: Cannot release 0\.2\.0: git tag failed\n/ });
  assertEquals(await state(app), before);
});

Deno.test("tools/notes.ts tells what is new in the version of deno.json, and of no other", async () => {
  await using app = await repository(CHANGELOG.replace("## 0.1.0 - 2020-02-03", "## 0.1.0"));
  (await tool(app, "notes", "v0.1.0")).expect({ code: 0, stdout: "- The first.\n", stderr: "" });
  const why = "error: Cannot tell what is new: ";
  (await tool(app, "notes", "v0.2.0")).expect({
    code: 1,
    stdout: "",
    stderr: `${why}deno.json has version 0.1.0, whose tag is v0.1.0 and not v0.2.0\n`,
  });
  await app.write("CHANGELOG.md", CHANGELOG.replace("0.1.0", "0.1.0.1"));
  (await tool(app, "notes", "v0.1.0")).expect({
    code: 1,
    stdout: "",
    stderr: `${why}CHANGELOG.md says nothing of 0.1.0\n`,
  });
});
