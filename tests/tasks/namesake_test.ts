import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { inject, map, openWorkspace, silentReporter } from "../../mod.ts";
import type { TestApp } from "../harness/app.ts";
import { fakeUv } from "../harness/fake_uv.ts";
import { appWithNamesake, hasRun, SETTINGS } from "../harness/namesake.ts";
import { start } from "../harness/program.ts";
import { uvProgram } from "../harness/repository.ts";

/** Where uv.lock has `plug` from. */
async function lockedSource(app: TestApp): Promise<string | undefined> {
  const text = await app.read("uv.lock").catch(() => "");
  return /name = "plug"\nversion = ".*"\nsource = \{ (\w+) = /.exec(text)?.[1];
}

const VARIABLES: readonly Readonly<Record<string, string>>[] = [
  { UV_NO_SOURCES: "1" },
  { UV_NO_SOURCES_PACKAGE: "plug other" },
  { UV_PROJECT: "../other" },
  { UV_WORKING_DIR: "../other" },
  { UV_WORKING_DIRECTORY: "../other" },
  { UV_NO_INSTALL_LOCAL: "1", UV_ONLY_INSTALL_PROJECT: "1", UV_NO_INSTALL_WORKSPACE: "1" },
];

for (const variables of VARIABLES) {
  Deno.test(`hsm syncs this app with its sources, whatever ${Object.keys(variables)[0]} says`, async () => {
    await using app = await appWithNamesake("sdist");
    const other = `[project]\nname = "other"\nversion = "0"\nrequires-python = ">=3.9"\n`;
    await app.write("../other/pyproject.toml", other);
    const env = { ...SETTINGS, ...variables };

    (await app.hsmWith(env, "sync")).expect({ code: 0, stderr: / \+ plug==1\.0\.0 \(from git/ });
    // Once with nothing to do, once with a lock file that is to be made again.
    (await app.hsmWith(env, "sync")).expect({ code: 0, stdout: "" });
    await Deno.remove(join(app.root, "uv.lock"));
    (await app.hsmWith(env, "sync")).expect({ code: 0, stdout: "" });
    (await app.hsmWith(env, "check", "--resolve", "--prod")).expect({ code: 0 });
    (await app.hsmWith(env, "dev", "plug", "--yes")).expect({ code: 0 });

    assertEquals(await lockedSource(app), "editable");
    assertMatch(await app.python("import plug; print(plug.__file__)"), /packages\/plug\/src/);
    assertEquals(await hasRun(app), false);
    assertEquals(await app.list("../other"), ["pyproject.toml"]);
  });
}

Deno.test("edits of a checkout are seen though UV_NO_EDITABLE is set", async () => {
  await using app = await appWithNamesake("sdist");
  (await app.hsmWith({ UV_NO_EDITABLE: "1" }, "dev", "plug", "--yes")).expect({ code: 0 });
  await app.write("packages/plug/src/plug/__init__.py", 'VALUE = "edited"\n');
  assertEquals(await app.python("import plug; print(plug.VALUE)"), "edited");
});

Deno.test("a verify command's uv works on this app, with its sources", async () => {
  await using app = await appWithNamesake("sdist", {
    manifest: `git: {remotes}/{name}
verify: [uv run python -c "import plug; assert plug.VALUE == '1.0.0'"]
packages:
  plug: v1.0.0
`,
  });
  const env = { ...SETTINGS, UV_NO_SOURCES: "1", UV_NO_PROJECT: "1", UV_ISOLATED: "1" };
  (await app.hsmWith(env, "sync")).expect({ code: 0 });
  assertEquals(await lockedSource(app), "git");
  assertEquals(await hasRun(app), false);
});

Deno.test("the uv of a script's $ works on this app, with its sources", async () => {
  await using app = await appWithNamesake("sdist");
  const env = {
    ...Deno.env.toObject(),
    ...app.env,
    ...SETTINGS,
    UV_PROJECT: "/",
    UV_NO_SOURCES: "1",
  };
  await using workspace = await openWorkspace({
    directory: app.root,
    env,
    reporter: silentReporter(),
  });
  await inject(workspace, await map(workspace));
  const $ = await workspace.shell();
  await $`uv sync`;
  assertEquals(await lockedSource(app), "git");
  assertEquals(await hasRun(app), false);
});

Deno.test("hsm new makes a whole package, here, whatever uv's variables say", async () => {
  await using app = await appWithNamesake("sdist");
  const env = { UV_INIT_BARE: "1", UV_PROJECT: "../other", UV_WORKING_DIR: app.folder };
  (await app.hsmWith({ ...SETTINGS, ...env }, "new", "fresh")).expect({ code: 0 });
  assertEquals(await app.exists("packages/fresh/src/fresh/__init__.py"), true);
  assertEquals(await app.python("import fresh; print(fresh.hello()[:5])"), "Hello");
});

Deno.test("hsm exec's programs have the user's variables, but for those that lead uv elsewhere", async () => {
  await using app = await appWithNamesake("sdist");
  (await app.hsmWith(SETTINGS, "dev", "plug", "--yes")).expect({ code: 0 });
  const env = {
    UV_PROJECT: "/",
    UV_WORKING_DIR: "/",
    UV_WORKING_DIRECTORY: "/",
    UV_NO_SOURCES: "1",
  };
  (await app.hsmWith(env, "exec", "--", "sh", "-c", "env | grep -E '^UV_(PRO|WOR|NO_SO)'"))
    .expect({ code: 0, stdout: "UV_NO_SOURCES=1\n" });
});

const ARGUMENTS = [
  ["--no-sources"],
  ["--no-sources-package", "plug"],
  ["--no-sources-package=plug"],
  ["--project", "../other"],
  ["--project=../other"],
  ["--directory=../other"],
  ["--script", "x.py"],
  ["--config-file=uv.toml"],
  ["--no-config"],
  ["--no-editable"],
  ["--no-editable-package=plug"],
  ["--isolated"],
  ["--dry-run"],
  ["--check"],
  ["--locked"],
  ["--frozen"],
  ["--show-settings"],
  ["--help"],
  ["-h"],
  ["-qh"],
  ["--extra", "--help"],
  ["--version"],
  ["-V"],
  ["--", "--no-sources"],
  ["plug"],
  ["--no-such-option"],
];

Deno.test("hsm refuses arguments that would keep a sync from being one of this app with its sources", async () => {
  await using app = await appWithNamesake("sdist");
  await app.untouched(async () => {
    for (const args of ARGUMENTS) {
      (await app.hsmWith(SETTINGS, "sync", "--", ...args)).expect({
        code: 2,
        stdout: "",
        stderr: /^error: Cannot sync with uv's \S+: .*\nhint: .*\n$/,
      });
    }
  });
  assertEquals(await app.list("."), ["hsm.yaml", "pyproject.toml"]);
  assertEquals(await hasRun(app), false);
});

const COMMANDS = [
  ["sync"],
  ["add", "other"],
  ["remove", "plug"],
  ["dev", "plug", "--yes"],
  ["prod", "plug"],
  ["pin", "plug", "v1.0.0"],
  ["update"],
  ["undo"],
  ["new", "fresh"],
];

Deno.test("every command that passes arguments on refuses them before it does anything", async () => {
  await using app = await appWithNamesake("sdist");
  await app.untouched(async () => {
    for (const command of COMMANDS) {
      (await app.hsmWith(SETTINGS, ...command, "--", "--no-sources")).expect({
        code: 2,
        stdout: "",
        stderr: `error: Cannot sync with uv's --no-sources: that is for hsm to decide
hint: leave it away: without their sources, packages of the same names come from an index
`,
      });
    }
  });
  assertEquals(await app.list("."), ["hsm.yaml", "pyproject.toml"]);
});

/** A place for a setting, how hsm names it, and what it says to do. */
interface Place {
  readonly named: string;
  readonly fix: string;
  /** Puts lines of uv.toml there. */
  put(app: TestApp, lines: string): Promise<void>;
  /** The variables that make it count. */
  env?(app: TestApp): Record<string, string>;
}

const links = (app: TestApp) => `no-index = true\nfind-links = ["${app.folder}/links"]\n`;
const OR_HERE = "or set `no-sources = false` in [tool.uv] of pyproject.toml";

const PLACES: Readonly<Record<string, Place>> = {
  "pyproject.toml": {
    named: "pyproject.toml:8",
    fix: "take it out of pyproject.toml",
    put: async (app, lines) =>
      app.write(
        "pyproject.toml",
        (await app.read("pyproject.toml")).replace("[tool.uv]\n", `[tool.uv]\n${lines}`),
      ),
  },
  "uv.toml": {
    named: "uv.toml:1",
    fix: "take it out of uv.toml",
    put: (app, lines) => app.write("uv.toml", `${lines}${links(app)}`),
  },
  "the user's uv.toml": {
    named: "[DIR]/home/.config/uv/uv.toml:1",
    fix: `take it out of [DIR]/home/.config/uv/uv.toml, ${OR_HERE}`,
    put: (app, lines) => app.write("../home/.config/uv/uv.toml", lines),
  },
  "the user's uv.toml in XDG_CONFIG_HOME": {
    named: "[DIR]/xdg/uv/uv.toml:1",
    fix: `take it out of [DIR]/xdg/uv/uv.toml, ${OR_HERE}`,
    put: (app, lines) => app.write("../xdg/uv/uv.toml", lines),
    env: (app) => ({ XDG_CONFIG_HOME: join(app.folder, "xdg") }),
  },
  "the system's uv.toml": {
    named: "[DIR]/etc/uv/uv.toml:1",
    fix: `take it out of [DIR]/etc/uv/uv.toml, ${OR_HERE}`,
    put: (app, lines) => app.write("../etc/uv/uv.toml", lines),
    env: (app) => ({ XDG_CONFIG_DIRS: `${app.folder}/none:${app.folder}/etc` }),
  },
  "the file in UV_CONFIG_FILE": {
    named: "[DIR]/own.toml:1",
    fix: "take it out of [DIR]/own.toml, or unset UV_CONFIG_FILE",
    put: (app, lines) => app.write("../own.toml", `${lines}${links(app)}`),
    env: (app) => ({ UV_CONFIG_FILE: join(app.folder, "own.toml"), UV_NO_CONFIG: "1" }),
  },
};

for (const [what, { named, fix, put, env }] of Object.entries(PLACES)) {
  for (const setting of ["no-sources = true", 'no-sources-package = ["other", "Plug"]']) {
    const key = setting.split(" ")[0];
    Deno.test(`${key} in ${what} is a problem that check and every sync tell before anything is written`, async () => {
      await using app = await appWithNamesake("sdist");
      await put(app, `${setting}\n`);
      const variables = { ...SETTINGS, ...env?.(app) };
      const problem = `error: uv is told to ignore where plug comes from
  app  ${named}  ${setting}
  fix: ${fix}
`;

      await app.untouched(async () => {
        for (const args of [[], ["--prod"], ["--resolve"], ["plug"]]) {
          const run = await app.hsmWith(variables, "check", ...args);
          run.expect({ code: 2, stdout: `${problem}\n1 problem, 0 packages fit\n` });
        }
        for (const args of [["sync"], ["sync", "--no-check"], ["dev", "plug", "--yes"]]) {
          (await app.hsmWith(variables, ...args)).expect({
            code: 2,
            stdout: "",
            stderr: `error: Cannot sync the app: uv is told to ignore where plug comes from
  cause: ${named} says ${setting}
hint: ${fix}
`,
          });
        }
      });

      assertEquals(await hasRun(app), false);
      assertEquals(await app.exists("packages"), false);
      // The proof that it does count.
      assert(await isTaken(app, variables), "uv keeps to the sources");
    });
  }
}

/** Whether uv itself takes the stranger, in a copy of the app with its source. */
async function isTaken(app: TestApp, env: Readonly<Record<string, string>>): Promise<boolean> {
  (await app.hsmWith(SETTINGS, "inject", "--no-check")).expect({ code: 0 });
  const uv = start([uvProgram(), "lock"], { cwd: app.root, env: { ...app.env, ...env } });
  return (await uv.ended).code !== 0 && await hasRun(app);
}

const HARMLESS: Readonly<Record<string, (app: TestApp) => Promise<Record<string, string>>>> = {
  "the user's, where the project says no": async (app) => {
    await PLACES["the user's uv.toml"]!.put(app, 'no-sources-package = ["plug"]\n');
    await PLACES["pyproject.toml"]!.put(app, "no-sources = false\n");
    return {};
  },
  "pyproject.toml's, where a uv.toml lies beside it": async (app) => {
    await PLACES["pyproject.toml"]!.put(app, "no-sources = true\n");
    await PLACES["uv.toml"]!.put(app, "");
    return {};
  },
  "any, where UV_NO_CONFIG is set": async (app) => {
    await PLACES["the user's uv.toml"]!.put(app, "no-sources = true\n");
    return { UV_NO_CONFIG: "true" };
  },
  "the user's, where UV_CONFIG_FILE names another file": async (app) => {
    await PLACES["the user's uv.toml"]!.put(app, "no-sources = true\n");
    await app.write("own.toml", links(app));
    return { UV_CONFIG_FILE: "own.toml" };
  },
  "one about other packages": async (app) => {
    await PLACES["uv.toml"]!.put(app, 'no-sources-package = ["other"]\n');
    return {};
  },
};

for (const [what, prepare] of Object.entries(HARMLESS)) {
  Deno.test(`a setting that takes no source away is no problem: ${what}`, async () => {
    await using app = await appWithNamesake("sdist");
    const env = { ...SETTINGS, ...await prepare(app) };
    (await app.hsmWith(env, "check", "--resolve")).expect({ code: 0 });
    (await app.hsmWith(env, "sync")).expect({ code: 0 });
    assertEquals(await lockedSource(app), "git");
    assertEquals(await hasRun(app), false);
  });
}

Deno.test("a setting in the root of the uv workspace counts for its members", async () => {
  await using app = await appWithNamesake("sdist", {
    pyproject: (uv) =>
      `[project]\nname = "app"\nversion = "0"\nrequires-python = ">=3.9"\n[tool.uv]\n${
        uv.replace("../links", "../../links")
      }`,
  });
  await app.write(
    "../pyproject.toml",
    '[tool.uv]\nno-sources = true\n[tool.uv.workspace]\nmembers = ["app"]\n',
  );
  (await app.hsmWith(SETTINGS, "check")).expect({
    code: 2,
    stdout: /^error: uv is told .*\n {2}app {2}\[DIR\]\/pyproject\.toml:2 {2}no-sources = true\n/,
  });
});

/** A uv with a switch that nobody knows of. */
function uvWithoutSources(app: TestApp): Promise<Record<string, string>> {
  return fakeUv(
    app,
    `[ "$1" = lock ] && exec "${uvProgram()}" "$@" --no-sources; exec "${uvProgram()}" "$@"`,
    `exec "${uvProgram()}" "$@"`,
  );
}

Deno.test("a namesake that gets into the lock file all the same is not installed, and everything goes back", async () => {
  await using app = await appWithNamesake("wheel");
  const uv = await uvWithoutSources(app);

  await app.unchanged(async () => {
    const run = await app.hsmWith({ ...SETTINGS, ...uv }, "sync");
    run.expect({ code: 1, stdout: "" });
    assertStringIncludes(
      run.stderr,
      `error: Cannot sync the app: the lock file has plug from elsewhere than pyproject.toml says
  cause: plug would come from the index ../links
  restored: .gitignore, pyproject.toml, uv.lock
hint: `,
    );
  });
  assertEquals(await app.exists(".venv"), false);

  (await app.hsmWith(SETTINGS, "sync")).expect({ code: 0 });
  const installed = await app.freeze();
  await app.unchanged(async () => {
    (await app.hsmWith({ ...SETTINGS, ...uv }, "dev", "plug", "--yes")).expect({
      code: 1,
      stderr: /plug would come from the index/,
    });
  });
  assertEquals(await app.freeze(), installed);
});

Deno.test("a lock file that somebody changed so that it has a namesake is not installed", async () => {
  await using app = await appWithNamesake("wheel");
  (await app.hsmWith(SETTINGS, "sync")).expect({ code: 0 });
  const installed = await app.freeze();
  const lock = await app.read("uv.lock");
  await app.write(
    "uv.lock",
    lock.replace(
      /version = "1\.0\.0"\nsource = \{ git = .*\n/,
      `version = "99"
source = { registry = "../links" }
wheels = [
    { path = "plug-99-py3-none-any.whl" },
]
`,
    ),
  );

  await app.unchanged(async () => {
    for (const args of [[], ["--locked"]]) {
      (await app.hsmWith(SETTINGS, "sync", ...args)).expect({
        code: 1,
        stdout: "",
        stderr:
          /error: Cannot sync the app: the lock file has plug from elsewhere than pyproject\.toml says\n/,
      });
      assertEquals(await app.freeze(), installed);
    }
  });

  (await app.hsmWith(SETTINGS, "sync", "--", "-P", "plug")).expect({ code: 0 });
  assertEquals(await app.read("uv.lock"), lock);
});

Deno.test("what concerns the lock file and what concerns the environment reach the step that they are for", async () => {
  await using app = await appWithNamesake("wheel");
  const note = `echo "$@" >> ${app.folder}/calls`;
  const uv = await fakeUv(app, `${note}; echo '# locked' > uv.lock`, `${note}; exit 0`);
  const args = ["-U", "--extra=x", "--no-dev", "--index-strategy", "first-index", "-q"];

  (await app.hsmWith(uv, "sync", "--", ...args)).expect({ code: 0 });

  assertEquals(
    await app.read("../calls"),
    `lock -U --index-strategy first-index -q
sync --frozen --extra=x --no-dev --index-strategy first-index -q
`,
  );
});
