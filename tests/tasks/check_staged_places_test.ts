import { assert, assertEquals } from "@std/assert";
import { ensureDir } from "@std/fs";
import { join } from "@std/path";
import { APP_PYPROJECT, type TestApp, testApp } from "../harness/app.ts";
import { commitAll } from "../harness/hook.ts";
import { Repository } from "../harness/repository.ts";
import { wrapGit } from "../harness/wrap_git.ts";

const MANIFEST = "packages:\n  plug: { git: file:///srv/plug, tag: v1.0.0 }\n";
const PROD = `plug = { git = "file:///srv/plug", tag = "v1.0.0" }`;
const SOURCES = `[tool.uv.sources]\n${PROD}`;
const DEV = `[tool.uv.sources]\nplug = { path = "packages/plug", editable = true }`;

/** The pyproject.toml of an app with a managed package. */
function project(text: string, dependencies = '"plug"'): string {
  return APP_PYPROJECT.replace("[]", `[${dependencies}]`) +
    `\n${text}\n[tool.hsm]\npackages.plug = { requirement = "plug" }\n`;
}

const LOCK = `version = 1
requires-python = ">=3.9"

[[package]]
name = "plug"
version = "1.0.0"
source = { git = "file:///srv/plug?tag=v1.0.0#0123456789012345678901234567890123456789" }
`;

/** An app in a repository, in prod mode. */
async function scene(files: Readonly<Record<string, string>> = {}): Promise<TestApp> {
  const app = await testApp({ manifest: MANIFEST, pyproject: project(SOURCES), files });
  await commitAll(app);
  return app;
}

/** Stages what the files are to hold, judges, and takes it back. */
async function judge(app: TestApp, files: Readonly<Record<string, string>>) {
  for (const [path, text] of Object.entries(files)) await app.write(path, text);
  await app.git(".", "add", "-A");
  const run = await app.hsm("check", "--prod", "--staged");
  await app.git(".", "reset", "-q", "--hard");
  return run;
}

Deno.test("hsm check --prod --staged finds what only one developer's machine has, of packages that nobody manages", async () => {
  await using app = await scene({ "uv.lock": LOCK, "vendor/wheels/a.whl": "" });
  const source = (line: string) => project(`${SOURCES}\n${line}`);
  const locked = (place: string) =>
    `${LOCK}\n[[package]]\nname = "other"\nversion = "1"\nsource = ${place}\n`;
  const leaks: readonly (readonly [string, string, string])[] = [
    ["other comes from the path .dev/other", source('other = { path = ".dev/other" }'), ""],
    ["other comes from the path packages/other", source('other = { path = "packages/other" }'), ""],
    ["other comes from the workspace", source("other = { workspace = true }"), ""],
    [
      "other comes from the path \\$\\{HOME\\}/other",
      project(SOURCES, '"plug", "other @ ${HOME}/other"'),
      "",
    ],
    ["other comes from the path \\.dev/other", "", locked('{ editable = ".dev/other" }')],
  ];
  for (const [words, pyproject, lock] of leaks) {
    const run = await judge(app, {
      "pyproject.toml": pyproject || project(SOURCES),
      "uv.lock": lock || LOCK,
    });
    run.expect({ code: 2, stdout: new RegExp(`^error: ${words}\n`), stderr: "" });
  }
});

Deno.test("hsm check --prod --staged lets pass whatever lies in the repository, in whatever form", async () => {
  await using app = await scene({
    "packages/legacy/setup.py": "",
    "packages/own.whl": "",
    "wheels/a.whl": "",
    "libs/odd-folder/pyproject.toml": '[project]\nname = "member"\n',
  });
  await app.git(".", "update-index", "--add", "--cacheinfo", `160000,${"1".repeat(40)},sub`);
  await Deno.symlink("../libs", join(app.root, "packages/linked"));
  await app.git(".", "add", "packages/linked");
  await app.git(".", "commit", "-q", "--no-verify", "-m", "More");
  await ensureDir(join(app.root, "sub"));

  const run = await judge(app, {
    "pyproject.toml": project(
      `${SOURCES}
legacy = { path = "packages/legacy" }
own = { path = "packages/own.whl" }
inside = { path = "sub/lib" }
linked = { path = "packages/linked/odd-folder" }
member = { workspace = true }
[tool.uv]
find-links = ["wheels", "/srv/wheels"]
[tool.uv.workspace]
members = ["libs/*"]`,
      '"plug", "other @ file:packages/legacy"',
    ),
  });

  run.expect({ code: 0, stdout: "nothing that is staged is in dev mode\n", stderr: "" });
});

Deno.test("hsm check --prod --staged judges an app below another one", async () => {
  await using app = await scene({
    "apps/one/hsm.yaml": MANIFEST,
    "apps/one/pyproject.toml": project(SOURCES),
  });

  (await judge(app, { "apps/one/pyproject.toml": project(DEV) })).expect({
    code: 2,
    stdout: /^error: plug comes from .*\n {2}plug {2}apps\/one\/pyproject\.toml:/,
  });
  // The whole folder under another name.
  await app.git(".", "mv", "apps/one", "apps/uno");
  (await judge(app, { "apps/uno/pyproject.toml": project(DEV) })).expect({
    code: 2,
    stdout: /apps\/uno\/pyproject\.toml:/,
  });
});

Deno.test("hsm check --prod --staged judges the sources of the app's uv workspace", async () => {
  const workspace = '[project]\nname = "top"\nversion = "1"\n[tool.uv.workspace]\n';
  const member = '[project]\nname = "lib"\nversion = "1"\ndependencies = ["plug"]\n';
  await using app = await scene({
    "libs/lib/pyproject.toml": member,
    "apps/pyproject.toml": `${workspace}members = ["one"]\n`,
    "apps/one/hsm.yaml": MANIFEST,
    "apps/one/pyproject.toml": project(SOURCES),
  });
  await app.write(
    "pyproject.toml",
    project(`${SOURCES}\n[tool.uv.workspace]\nmembers = ["libs/*"]`),
  );
  await app.git(".", "commit", "-q", "--no-verify", "-a", "-m", "A workspace");

  // A member's, where the app is the root.
  const leak = '[tool.uv.sources]\nplug = { path = "../../packages/plug" }\n';
  (await judge(app, { "libs/lib/pyproject.toml": `${member}${leak}` })).expect({
    code: 2,
    stdout: `error: plug comes from the path ../../packages/plug
  plug  libs/lib/pyproject.toml:6  plug = { path = "../../packages/plug" }
  fix: run \`hsm prod plug\`, and stage what has changed
`,
  });
  // No member's are no app's.
  (await judge(app, { "tools/lib/pyproject.toml": `${member}${leak}` })).expect({ code: 0 });
  // The root's, where the app is a member.
  for (
    const leak of [
      '[tool.uv.sources]\nplug = { path = "one/packages/plug" }\n',
      '[tool.uv]\noverride-dependencies = ["plug @ file:///srv/plug"]\n',
    ]
  ) {
    const text = `${workspace}members = ["one"]\n${leak}`;
    (await judge(app, { "apps/pyproject.toml": text })).expect({
      code: 2,
      stdout: /^error: plug comes from the path .*\n {2}plug {2}apps\/pyproject\.toml:\d /,
    });
  }
  // What the user has written there of others lies in the repository, as seen from there.
  const own = '[tool.uv.sources]\nlib = { path = "../../libs/lib" }\n';
  const text = `${workspace}members = ["one"]\n${own.replace("../../", "../")}`;
  (await judge(app, { "apps/pyproject.toml": text })).expect({ code: 0 });
});

Deno.test("hsm check --prod --staged follows links through linked folders, and no replaced objects", async () => {
  await using app = await scene();
  await Deno.mkdir(join(app.root, "real"));
  await Deno.rename(join(app.root, "pyproject.toml"), join(app.root, "real/app.toml"));
  await Deno.symlink("real", join(app.root, "conf"));
  await Deno.symlink("conf/app.toml", join(app.root, "pyproject.toml"));
  await app.git(".", "add", "-A");
  await app.git(".", "commit", "-q", "--no-verify", "-m", "Link");

  (await judge(app, { "real/app.toml": project(DEV) })).expect({
    code: 2,
    stdout: /packages\/plug/,
  });

  await app.write("real/app.toml", project(DEV));
  await app.git(".", "add", "-A");
  await app.git(".", "replace", ":real/app.toml", "HEAD:real/app.toml");
  (await app.hsm("check", "--prod", "--staged")).expect({ code: 2, stdout: /packages\/plug/ });
});

Deno.test("hsm check --prod --staged lets pass what others have broken, and what is no file", async () => {
  await using app = await testApp({
    manifest: "packages: {}\n",
    pyproject: "[tool]\nuv.workspace = 3\n",
    files: { "apps/one/hsm.yaml": MANIFEST, "apps/one/pyproject.toml": project(SOURCES) },
  });
  await Deno.remove(join(app.root, "hsm.yaml"));
  await commitAll(app);

  (await judge(app, { "other/pyproject.toml": "[[[ # not hsm's\n" })).expect({
    code: 0,
    stdout: "",
  });
  (await judge(app, { "other/uv.lock": "<<<<<<< ours\n" })).expect({ code: 0, stdout: "" });
  const submodule = `160000,${"1".repeat(40)},other/pyproject.toml`;
  await app.git(".", "update-index", "--add", "--cacheinfo", submodule);
  (await app.hsm("check", "--prod", "--staged")).expect({
    code: 0,
    stdout: "",
    stderr: "Nothing is staged that hsm looks at\n",
  });
});

Deno.test("hsm check --prod --staged reads in a partial clone what is there, and fetches nothing", async () => {
  await using app = await testApp({
    files: {
      "one/pyproject.toml": '[project]\nname = "one"\n',
      "two/pyproject.toml": '[project]\nname = "two"\n# not of hsm\n',
      "app/hsm.yaml": MANIFEST,
      "app/pyproject.toml": project(SOURCES),
      "app/uv.lock": LOCK,
    },
  });
  await Deno.remove(join(app.root, "hsm.yaml"));
  await commitAll(app);
  await app.git(".", "config", "uploadpack.allowFilter", "true");
  await app.git(".", "config", "uploadpack.allowAnySHA1InWant", "true");
  const url = `file://${app.root}`;
  await app.git("..", "clone", "-q", "--filter=blob:none", "--sparse", url, "partial");
  const clone = new Repository(join(app.folder, "partial"), app.env);
  await clone.git("sparse-checkout", "set", "one");
  // What a user may have allowed for good.
  await clone.git("config", "protocol.file.allow", "always");
  const missing = async () =>
    (await clone.git("rev-list", "--objects", "--all", "--missing=print")).match(/^\?/gm)?.length;
  const before = await missing();
  assertEquals(before, 4);
  const judge = (env: Readonly<Record<string, string>>) =>
    app.hsmWith(env, "-C", "../partial", "check", "--prod", "--staged");

  await Deno.writeTextFile(join(clone.path, "one/pyproject.toml"), '[project]\nname = "uno"\n');
  await clone.git("add", "one");
  (await judge({})).expect({
    code: 0,
    stdout: "",
    stderr: "Nothing is staged that hsm looks at\n",
  });
  (await judge({ GIT_ALLOW_PROTOCOL: "file" })).expect({
    code: 0,
    stdout: "",
    stderr: "Nothing is staged that hsm looks at\n",
  });
  // Of an app that changes, what does not may be missing as well.
  await Deno.writeTextFile(join(clone.path, "more"), project(DEV));
  const id = (await clone.git("hash-object", "-w", "more")).trim();
  await clone.git("update-index", "--cacheinfo", `100644,${id},app/pyproject.toml`);
  (await judge({})).expect({
    code: 2,
    stdout: /^error: plug comes from the path packages\/plug\n/,
  });
  assertEquals(await missing(), before);
});

Deno.test("hsm check --prod --staged starts no git for each of the other projects", async () => {
  const names = Array.from({ length: 30 }, (_, index) => `libs/lib-${index}/pyproject.toml`);
  await using app = await testApp({
    files: Object.fromEntries(names.map((it) => [it, `[project]\n# ${it}, not of hsm\n`])),
  });
  await Deno.remove(join(app.root, "hsm.yaml"));
  await Deno.remove(join(app.root, "pyproject.toml"));
  await commitAll(app);
  const log = join(app.folder, "log");
  const env = await wrapGit(app, { "cat-file": `echo >> ${log}`, "ls-files": `echo >> ${log}` });

  await app.write(names[0]!, "[project]\n# hsm\n# changed\n");
  await app.git(".", "add", "-A");
  (await app.hsmWith(env, "check", "--prod", "--staged")).expect({
    code: 0,
    stdout: "",
    stderr: "Nothing is staged that hsm looks at\n",
  });

  assert((await Deno.readTextFile(log)).length <= 3);
});
