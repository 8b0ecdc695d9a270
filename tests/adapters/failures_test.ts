/**
 * What a package manager cannot do is told in terms of packages, by runs of hsm with the real ones; the files are as before
 * each time, and so is the environment, in whose middle a build fails.
 */

import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { exists } from "../../lib/files/is_there.ts";
import { type TestApp, testApp } from "../harness/app.ts";
import { ALL, type Manager, managersNamed } from "../harness/managers.ts";
import { passwordServer } from "../harness/password_server.ts";

/** What is said: why, and the way out. */
type Told = readonly [cause: string, hint: string];

/** Something that does not work. */
interface Case {
  readonly what: string;
  /** Whether it is tried only where everything is. */
  readonly rare?: boolean;
  /** The packages of the manifest. */
  readonly packages: string;
  readonly poetry: Told;
  readonly pip: Told;
  /** Why, where Poetry 1.8 says less of it. */
  readonly older?: string;
}

const A = "file://[DIR]/remotes/plug-a";
const NOWHERE = "[DIR]/remotes/nothere";

const CASES: readonly Case[] = [
  {
    what: "no such tag",
    rare: true,
    packages: "plug-a: v9.9.9",
    poetry: [
      `${A} has no tag, branch or commit v9.9.9`,
      `\`git ls-remote ${A}\` lists them; correct the pin in hsm.yaml`,
    ],
    pip: [
      `plug-a has no branch or tag v9.9.9 in ${A}`,
      `\`git ls-remote ${A}\` lists them; correct the pin of plug-a in hsm.yaml`,
    ],
  },
  {
    what: "no repository",
    rare: true,
    packages: "plug-a: { git: '{remotes}/nothere', tag: v1.0.0 }",
    poetry: [`there is no git repository at ${NOWHERE}`, "correct `git` in hsm.yaml"],
    pip: [
      `plug-a cannot be fetched from file://${NOWHERE}: '${NOWHERE}' does not appear to be a git repository`,
      `make sure that \`git ls-remote file://${NOWHERE}\` works, or correct \`git\` of plug-a in hsm.yaml`,
    ],
  },
  {
    what: "a repository that wants to know who asks",
    rare: true,
    packages: "plug-a: { git: '[SERVER]/plug-a', tag: v1.0.0 }",
    poetry: [
      "[SERVER]/plug-a cannot be fetched",
      "make sure that `git ls-remote [SERVER]/plug-a` works without asking anybody: Poetry lets git ask nobody; see docs/guides/authentication.md",
    ],
    pip: [
      "plug-a cannot be fetched from [SERVER]/plug-a: could not read Username for '[SERVER]': terminal prompts disabled",
      "[HOST] wants to know who asks: uv lets git ask nobody; give git a credential helper that knows it, see docs/guides/authentication.md",
    ],
  },
  {
    what: "no such subdirectory",
    rare: true,
    packages: "plug-a: { tag: v1.0.0, subdirectory: nope }",
    poetry: [
      "there is no folder plug-a/nope",
      "correct `subdirectory` in hsm.yaml, or use another version",
    ],
    pip: [
      "there is no folder nope in the repository of plug-a",
      "correct `subdirectory` of plug-a in hsm.yaml, or use another version",
    ],
  },
  {
    what: "another name",
    rare: true,
    packages: "plug-y: { git: '{remotes}/plug-a', tag: v1.0.0 }",
    poetry: [
      "what is where plug-y is said to be is plug-a",
      "correct the name, or `git` and `subdirectory`, of plug-y in hsm.yaml",
    ],
    pip: [
      "what was to be plug-y is named plug-a",
      "correct its name, or its repository, in hsm.yaml",
    ],
  },
  {
    what: "another Python",
    rare: true,
    packages: "plug-p: v1.0.0",
    poetry: [
      "plug-p needs Python >=3.50, and the app is to work with >=3.9,<3.50 as well",
      "narrow the app's Python versions (`requires-python`, or `python` in [tool.poetry.dependencies]), or use another version of plug-p",
    ],
    pip: [
      "plug-p 1.0.0 needs Python>=3.50, the app allows Python>=[PYTHON]",
      "use an environment with such a Python, and raise `requires-python` where the app has one; or use another version of plug-p",
    ],
  },
  {
    what: "two that need another version of a third",
    rare: true,
    packages: "plug-b: v1.0.0\n  plug-d: v1.0.0",
    poetry: [
      "plug-d 1.0.0 needs idna<3, plug-b 1.0.0 needs idna>=3.7",
      "pin plug-d or plug-b to a version that fits, or change what one of them needs",
    ],
    pip: [
      "plug-b 1.0.0 needs idna>=3.7, plug-d 1.0.0 needs idna<3",
      "pin plug-b or plug-d to a version that fits, or change what one of them needs",
    ],
  },
  {
    what: "a component with a URL of its own",
    packages: "plug-a: v1.0.0\n  plug-u: v1.0.0",
    poetry: [
      `plug-a is to come from git+${A}@v1.2.0 and from git+${A}@v1.0.0`,
      "take the URL of plug-a out of the requirements of plug-u: Poetry cannot overrule it",
    ],
    pip: [
      `plug-a is to come from git+${A}@v1.0.0 and from git+${A}@v1.2.0`,
      "take the URL of plug-a out of the requirements of plug-u: pip cannot overrule it",
    ],
  },
  {
    what: "no such package",
    rare: true,
    packages: "plug-m: v1.0.0",
    poetry: [
      "plug-m 1.0.0 needs no-such-package-of-ours, and there is no package no-such-package-of-ours",
      "if no-such-package-of-ours is one of your own packages, add it to hsm.yaml",
    ],
    pip: [
      "plug-m 1.0.0 needs no-such-package-of-ours, and there is no package no-such-package-of-ours",
      "if no-such-package-of-ours is one of your own packages, add it to hsm.yaml",
    ],
  },
  {
    what: "a build that fails",
    packages: "plug-a: v1.2.0\n  plug-x: v1.1.0",
    older:
      "plug-x does not build: Backend subprocess exited when trying to invoke get_requires_for_build_wheel",
    poetry: [
      "plug-x does not build: RuntimeError: no compiler",
      "repair the build of plug-x, or use another version of it",
    ],
    pip: [
      "plug-x does not build: RuntimeError: no compiler",
      "repair the build of plug-x, or use another version of it",
    ],
  },
];

const BROKEN = `[build-system]
requires = []
build-backend = "broken"
backend-path = ["."]

[project]
name = "plug-x"
version = "1.1.0"
requires-python = ">=3.9"
`;

/** The app: plug-a is installed, and the others are each something that does not work. */
async function failingApp(manager: Manager): Promise<TestApp> {
  const app = await manager.app({
    plugins: [
      { name: "plug-a" },
      { name: "plug-b", dependencies: ["idna>=3.7"] },
      { name: "plug-d", dependencies: ["idna<3"] },
      { name: "plug-m", dependencies: ["no-such-package-of-ours"] },
      { name: "plug-p", requiresPython: ">=3.50" },
      { name: "plug-u", version: "0.1.0" },
      { name: "plug-x" },
    ],
    manifest: "packages:\n  plug-a: v1.0.0\n",
  });
  const { backend } = manager;
  await app.plugin("plug-a").release({ name: "plug-a", version: "1.2.0", backend });
  const dependencies = [`plug-a @ git+${app.plugin("plug-a").url}@v1.2.0`];
  await app.plugin("plug-u").release({ name: "plug-u", dependencies, backend });
  const { path } = app.plugin("plug-x");
  await Deno.writeTextFile(join(path, "broken.py"), "raise RuntimeError('no compiler')\n");
  await app.plugin("plug-x").commit("pyproject.toml", BROKEN, "v1.1.0");
  (await app.hsm("sync")).expect({ code: 0 });
  return app;
}

for (const name of ["poetry", "pip"] as const) {
  for (const [index, manager] of managersNamed(name).entries()) {
    Deno.test(`${manager.label}: what it cannot do is told in terms of packages, and all is as before`, async () => {
      await using app = await failingApp(manager);
      await using server = passwordServer(app);
      const installed = await app.freeze();
      const manifest = (await app.read("hsm.yaml")).split("  plug-a: ")[0];
      const python = await app.python("import sys; print('%d.%d' % sys.version_info[:2])");
      const fill = (text: string) =>
        text.replaceAll("[SERVER]", server.url).replaceAll("[HOST]", new URL(server.url).host)
          .replaceAll("[PYTHON]", python);
      const found: Record<string, Told> = {};
      // The older ones say the same of most, and take their time for it.
      const tried = CASES.filter((it) => (ALL && index === 0) || !it.rare);
      for (const { what, packages } of tried) {
        await app.write("hsm.yaml", `${manifest}  ${fill(packages)}\n`);
        await app.unchanged(async () => {
          // HSM's own check would tell of most of it before.
          const { code, stderr } = await app.hsm("sync", "--no-check");
          const told = /^error: Cannot sync the app: .*\n {2}cause: (.*)\n(?: .*\n)*hint: (.*)\n$/m
            .exec(stderr) ?? [];
          assertEquals(code, 1, stderr);
          found[what] = [told[1] ?? stderr, told[2] ?? ""];
        });
      }
      const expected = tried.map((it) => {
        const [cause, hint] = it[name].map(fill);
        return [it.what, [manager.label === "Poetry 1.8" ? it.older ?? cause : cause, hint]];
      });
      assertEquals(found, Object.fromEntries(expected));
      assertEquals(await app.freeze(), installed);
    });
  }
}

Deno.test("Poetry: a program that is missing or too old is told with what installs it", async () => {
  await using app = await testApp({
    plugins: ["plug-a"],
    manifest: "adapter: poetry\ngit: {remotes}/{name}\npackages:\n  plug-a: v1.0.0\n",
    files: { "old": '#!/bin/sh\necho "Poetry (version 1.7.1)"\n' },
  });
  await Deno.chmod(join(app.root, "old"), 0o755);
  const uses = async (env: Readonly<Record<string, string>>): Promise<string> => {
    let said = "";
    await app.unchanged(async () => said = (await app.hsmWith(env, "sync")).stderr);
    return said;
  };
  const folders = (Deno.env.get("PATH") ?? "").split(":")
    .filter((it) => !exists(join(it, "poetry")));
  assertMatch(
    await uses({ HSM_POETRY: "", PATH: folders.join(":") }),
    /^error: Cannot find Poetry: there is no program poetry\nhint: install it with `uv tool install poetry` or `pipx install poetry`/,
  );
  assertMatch(
    await uses({ HSM_POETRY: join(app.root, "old") }),
    /^error: Cannot use Poetry 1\.7\.1 at .*: HSM needs 1\.8 or newer\nhint: update it \(`uv tool upgrade poetry`, `pipx upgrade poetry`\)/,
  );
});
