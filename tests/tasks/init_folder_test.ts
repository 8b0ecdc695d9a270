/** What `hsm init` makes of packages that come from folders. */

import { assertEquals } from "@std/assert";
import { type TestApp, testApp } from "../harness/app.ts";
import { poetryEnvironment, poetrySource } from "../harness/poetry.ts";

const SCHEMA = "# yaml-language-server: $schema=.hsm/schema.json\n";

/** An app that is no workspace yet, with a checkout beside it of each of these plugins. */
async function plainApp(
  options: Parameters<typeof testApp>[0],
  checkouts: readonly string[],
): Promise<TestApp> {
  const app = await testApp(options);
  await Deno.remove(`${app.root}/hsm.yaml`);
  for (const it of checkouts) await app.git(".", "clone", "-q", app.plugin(it).url, `../${it}`);
  return app;
}

Deno.test("hsm init takes Poetry's folders over as checkouts, and `hsm sync` has one source of each", async () => {
  const backend = "poetry.core.masonry.api";
  await using app = await plainApp({
    plugins: [
      { name: "plug-a", backend },
      { name: "plug-b", backend, extras: { fast: [] } },
      { name: "plug-c", backend, folder: "py/c" },
    ],
    env: await poetryEnvironment("2.5.1"),
  }, ["plug-b", "plug-c"]);
  await app.git("../plug-c", "switch", "-q", "-c", "topic");
  await app.git("../plug-c", "push", "-q", "-u", "origin", "topic");
  const pyproject = `[project]
name = "app"
version = "0.1.0"
requires-python = ">=3.9"
dependencies = ["plug-b[fast]", "plug-a @ git+${app.plugin("plug-a").url}@v1.0.0"]

[tool.poetry]
package-mode = false

[tool.poetry.dependencies]
plug-b = { path = "../plug-b", develop = true, extras = ["fast"] }

[tool.poetry.group.dev.dependencies]
plug-c = { path = "../plug-c/py/c", develop = true }
${await poetrySource()}`;
  await app.write("pyproject.toml", pyproject);

  (await app.hsm("init", "--yes")).expect({
    code: 0,
    stdout: `plug-a  prod  v1.0.0        from pyproject.toml
plug-b  dev   branch main   from pyproject.toml
plug-c  dev   branch topic  from pyproject.toml
`,
    stderr: "Wrote hsm.yaml (adapter: poetry) and .ignore; next: `hsm sync`\n",
  });

  assertEquals(
    await app.read("hsm.yaml"),
    `${SCHEMA}adapter: poetry
git: ${app.plugin("plug-a").url.replace("plug-a", "{name}")}
packages:
  plug-a: v1.0.0
  plug-b:
    branch: main
    extras: [fast]
    mode: dev
    path: ../plug-b
  plug-c:
    branch: topic
    subdirectory: py/c
    mode: dev
    path: ../plug-c
    checkout: topic
`,
  );
  (await app.hsm("inject")).expect({ code: 0 });
  (await app.hsm("check", "--resolve")).expect({ code: 0 });
  await app.write("hsm.yaml", "adapter: poetry\npackages: {}\n");
  (await app.hsm("inject")).expect({ code: 0 });
  assertEquals(await app.read("pyproject.toml"), pyproject);
});

Deno.test("hsm init says of each folder that is no checkout why it stays as it is", async () => {
  const names = ["plug-a", "plug-b", "plug-c", "plug-d"];
  await using app = await plainApp({ plugins: names }, names);
  const git = (name: string, ...args: string[]) => app.git(`../${name}`, ...args);
  await git("plug-a", "switch", "-q", "-c", "topic");
  await git("plug-b", "checkout", "-q", "--detach");
  await git("plug-b", "remote", "set-url", "origin", "https://me@example.com/team/b.git");
  await git("plug-d", "remote", "remove", "origin");
  await app.git(".", "init", "-q", "-b", "main");
  await app.write("libs/own/pyproject.toml", '[project]\nname = "own"\nversion = "1"\n');
  await app.write("../plain/pyproject.toml", '[project]\nname = "plain"\nversion = "1"\n');
  await app.write("../wheel.whl", "");
  await app.git(".", "init", "-q", "../unborn");
  await app.git("../unborn", "remote", "add", "origin", "https://example.com/unborn");
  await app.git(".", "clone", "-q", app.plugin("plug-c").url, "../elsewhere/mono");
  await Deno.symlink("elsewhere", `${app.folder}/link`);
  await app.write(
    "pyproject.toml",
    `[tool.poetry]
name = "app"
version = "0.1.0"

[tool.poetry.dependencies]
plug-a = { path = "../plug-a" }
plug-b = { path = "${app.folder}/plug-b" }
plug-c = { path = "../link/mono" }
plug-d = { path = "../plug-d" }
own = { path = "libs/own", develop = true }
plain = { path = "../plain" }
gone = { path = "../gone" }
wheel = { path = "../wheel.whl" }
unborn = { path = "../unborn" }
several = [{ path = "../plug-a", platform = "linux" }, { version = "1", platform = "win32" }]
`,
  );
  const rev = (await git("plug-b", "rev-parse", "HEAD")).trim();

  (await app.hsm("init", "--yes")).expect({
    code: 0,
    stdout: `plug-a  dev  branch main       from pyproject.toml
plug-b  dev  rev ${rev.slice(0, 12)}  from pyproject.toml
plug-c  dev  branch main       from pyproject.toml
`,
    stderr:
      `warning: plug-a: its branch topic is not at its remote, so the default one is taken for prod mode
warning: several is not taken over from pyproject.toml: it has several sources, which hsm.yaml cannot express
warning: plug-d is not taken over from pyproject.toml: ../plug-d has no remote
warning: own is not taken over from pyproject.toml: libs/own is part of the app's own repository
warning: plain is not taken over from pyproject.toml: ../plain is in no git checkout
warning: gone is not taken over from pyproject.toml: ../gone is missing
warning: wheel is not taken over from pyproject.toml: it comes from the file ../wheel.whl
warning: unborn is not taken over from pyproject.toml: ../unborn has no commit yet
Wrote hsm.yaml (adapter: poetry) and .ignore; next: \`hsm sync\`
`,
  });

  assertEquals(
    await app.read("hsm.yaml"),
    `${SCHEMA}adapter: poetry
git: ${app.plugin("plug-a").url.replace("plug-a", "{name}")}
packages:
  plug-a:
    branch: main
    mode: dev
    path: ../plug-a
  plug-b:
    git: https://example.com/team/b.git
    rev: ${rev}
    mode: dev
    path: ../plug-b
  plug-c:
    branch: main
    mode: dev
    path: ../link/mono
`,
  );
});
