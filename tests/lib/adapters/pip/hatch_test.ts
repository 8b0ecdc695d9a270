/** What Hatch is refused, says of itself and fails with, by programs and texts of its. */

import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { findHatchFolder } from "../../../../lib/adapters/pip/hatch.ts";
import { checkHatch } from "../../../../lib/adapters/pip/hatch_version.ts";
import { createTell } from "../../../../lib/events/tell.ts";
import { explainHatchFailure } from "../../../../lib/adapters/pip/hatch_failure.ts";
import { refuseHatchSettings } from "../../../../lib/adapters/pip/hatch_refusals.ts";
import { readHatchSettings } from "../../../../lib/adapters/pip/hatch_settings.ts";
import { HsmError } from "../../../../lib/errors.ts";

const PLUG_A = {
  name: "plug-a",
  path: "packages/plug-a",
  source: { kind: "git", git: "https://example.com/plug-a", tag: "v1.0.0" },
} as const;

/** What the settings are refused for; undefined: they are not. */
async function verdict(given: Record<string, string>, it = PLUG_A): Promise<string | undefined> {
  const texts: typeof given = { "pyproject.toml": "", ...given };
  const read = (file: string) => Promise.resolve(texts[file]);
  const settings = await readHatchSettings({ read });
  try {
    refuseHatchSettings(settings, [it]);
    return undefined;
  } catch (error) {
    if (!(error instanceof HsmError)) throw error;
    assertEquals([error.code, error.hint === undefined], ["pyproject-unsupported", false]);
    return error.message.replace("Cannot use Hatch's default environment: ", "");
  }
}

const inProject = (lines: string, envs = "") =>
  verdict({ "pyproject.toml": `[tool.hatch.envs.default]\n${lines}\n${envs}` });

Deno.test("hatch: what would keep it from what hsm installs is refused", async () => {
  assertEquals(await inProject('dependencies = ["pytest", "plug-a"]\ninstaller = "uv"'), undefined);
  assertEquals(
    await inProject("skip-install = true"),
    "with skip-install Hatch runs no pre-install-commands, and would not install what hsm does",
  );
  assertEquals(await inProject("detached = true"), await inProject("skip-install = true"));
  assertEquals(
    await inProject('template = "base"', "[tool.hatch.envs.base]\nskip-install = true"),
    await inProject("skip-install = true"),
  );
  assertEquals(
    await inProject('type = "conda"'),
    "type in [tool.hatch.envs.default] of pyproject.toml makes it none that pip can install into",
  );
  assertEquals(
    await verdict({ "hatch.toml": '[[envs.default.matrix]]\npython = ["3.11", "3.12"]\n' }),
    "matrix in [envs.default] of hatch.toml makes it several",
  );
  const locked = "Hatch is to lock it itself, and knows nothing of hsm.yaml";
  assertEquals(await inProject("locked = true"), locked);
  assertEquals(await verdict({ "pyproject.toml": "[tool.hatch]\nlock-envs = true\n" }), locked);
  assertEquals(await inProject("locked = false", "[tool.hatch]\nlock-envs = true"), undefined);
  assertEquals(
    await inProject('env-vars = { A = "", UV_OVERRIDE = "{root}/o.txt" }'),
    "with UV_OVERRIDE in its env-vars uv installs no lock file",
  );
  assertEquals(
    await inProject("dev-mode = false"),
    "with dev-mode = false Hatch installs a copy of the app, and hsm the app itself",
  );
  assertEquals(await inProject("", "[tool.hatch.envs.test]\ndev-mode = false"), undefined);
  const base = '[tool.hatch.envs.base]\ntemplate = "base"\npre-install-commands = ["true"]';
  assertEquals(
    await inProject('template = "base"', base),
    "it has its pre-install-commands from its template, and would lose them",
  );
  assertEquals(
    await inProject('template = "base"\npre-install-commands = ["true"]', base),
    undefined,
  );
});

Deno.test("hatch: a package of the manifest that it has from elsewhere is refused", async () => {
  const also = (place: string) => `${place} says where plug-a comes from as well`;
  assertEquals(await inProject('[tool.hatch.sources]\nPlug_A = "../a"'), also("sources"));
  assertEquals(
    await inProject("", '[tool.hatch.envs.default.sources]\nplug-a = { path = "../a" }'),
    also("sources"),
  );
  assertEquals(
    await inProject('extra-dependencies = ["Plug_A[fast] @ {root:uri}/a"]'),
    also("extra-dependencies"),
  );
  for (const member of ['"packages/*"', '"{root}/packages/plug-a/"', '{ path = "packages/p*a" }']) {
    const lines = `workspace.members = [${member}]`;
    assertEquals(await inProject(lines), also("workspace.members"));
    const source = { kind: "path", path: PLUG_A.path } as unknown as typeof PLUG_A.source;
    const texts = { "pyproject.toml": `[tool.hatch.envs.default]\n${lines}\n` };
    assertEquals(await verdict(texts, { ...PLUG_A, source }), undefined);
  }
  assertEquals(await inProject('workspace.members = ["libs/*", "packages/plug"]'), undefined);
  // Where hatch.toml has environments, those of pyproject.toml are none.
  const texts = {
    "hatch.toml": "[envs.test]\n",
    "pyproject.toml": '[tool.hatch.envs.default]\ntype = "conda"\n',
  };
  assertEquals(await verdict(texts), undefined);
});

/** Where a program that answers so has its environment, or why not. */
async function find(answers: Readonly<Record<string, string>> | undefined): Promise<string> {
  const root = await Deno.makeTempDir({ prefix: "hsm-test-" });
  try {
    const program = join(root, "hatch-of-tests");
    if (answers !== undefined) {
      const cases = Object.entries(answers).map(([args, says]) => `"${args}") ${says};;`);
      const script = `#!/bin/sh\ncase "$*" in\n${cases.join("\n")}\nesac\n`;
      await Deno.writeTextFile(program, script, { mode: 0o755 });
    }
    const env = { HSM_HATCH: program, HATCH_PROJECT: "x", PATH: Deno.env.get("PATH") ?? "" };
    const context = {
      ...{ root, env, environment: "hatch" },
      ...{ signal: new AbortController().signal, tell: createTell() },
    };
    await checkHatch(context);
    return await findHatchFolder(context);
  } catch (error) {
    if (!(error instanceof HsmError)) throw error;
    return `${error.code}: ${error.message.replaceAll(root, "")}; ${error.hint}`;
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

Deno.test("hatch: its environment is where it says, and what is missing, another or too old is told", async () => {
  const version = "echo Hatch, version 1.18.2";
  assertEquals(
    await find({ "--version": version, "env find default": "echo /x/$HATCH_PROJECT" }),
    "/x/",
  );
  assertEquals(
    await find(undefined),
    "tool-missing: Cannot find Hatch: there is no program /hatch-of-tests; " +
      "correct HSM_HATCH, which names it, or unset it",
  );
  assertEquals(
    await find({ "--version": "echo hatchling 1.2" }),
    "tool-missing: Cannot use /hatch-of-tests: it does not answer as Hatch does; " +
      "correct HSM_HATCH, which names it, or unset it",
  );
  assertEquals(
    await find({ "--version": "echo Hatch, version 1.9.7" }),
    "tool-too-old: Cannot use Hatch 1.9.7 at /hatch-of-tests: HSM needs 1.10 or newer; " +
      "update it (`uv tool upgrade hatch`, `pipx upgrade hatch`) or name a newer one in HSM_HATCH",
  );
  assertEquals(
    await find({ "--version": version, "env find default": "echo /a; echo /b" }),
    "adapter-failed: Cannot find Hatch's default environment: it is several; " +
      "run `hatch env find default`",
  );
  const says = "echo 'Environment `default` has unknown type: conda' >&2; exit 1";
  assertEquals(
    await find({ "--version": version, "env find default": says }),
    "adapter-failed: Cannot find Hatch's default environment: " +
      "Hatch knows no environments of type conda; " +
      "install the plugin beside Hatch, or correct `type` of the environment",
  );
});

Deno.test("hatch: what it says of a failure is told in other words", () => {
  const causes = Object.fromEntries(
    [
      "Hatch >2 is required but 1.18.2 is installed",
      "Environment `default` is incompatible: cannot locate Python: 3.7",
      "Environment `default` is incompatible: no compatible Python distribution available",
      "Environment `default` is incompatible: module 'virtualenv.discovery.builtin' has no attribute 'propose_interpreters'",
      "Environment `default` is incompatible: unsupported platform",
      "error: File not found: `/srv/app/pylock.hsm.toml`\nFailed with exit code: 2",
      "TypeError: Command #1 of field `tool.hatch.envs.default.pre-install-commands` must be a string",
      "ERROR: Could not find a version that satisfies the requirement x>=1 (from app) (from versions: none)\n" +
      "ERROR: No matching distribution found for x>=1 (from app)",
      "error: something else",
      "pre-install [1] | npm ci\nnpm: not found\nFailed with exit code: 127",
      'pre-install [1] | true\npre-install [2] | "/x/uv" pip install -r "/y/pylock.hsm.toml"\n' +
      "error: something of uv's\nFailed with exit code: 1",
    ].map((text) => [text.split("\n").at(-1), explainHatchFailure(text).cause]),
  );
  assertEquals(causes, {
    "Hatch >2 is required but 1.18.2 is installed":
      "the app needs Hatch >2, and this one is 1.18.2",
    "Environment `default` is incompatible: cannot locate Python: 3.7": "Hatch finds no Python 3.7",
    "Environment `default` is incompatible: no compatible Python distribution available":
      "Hatch finds no Python that the app's `requires-python` allows",
    "Environment `default` is incompatible: module 'virtualenv.discovery.builtin' has no attribute 'propose_interpreters'":
      "this Hatch does not work with the virtualenv that is installed beside it",
    "Environment `default` is incompatible: unsupported platform":
      "Hatch cannot make its environment here: unsupported platform",
    "Failed with exit code: 2": "there is no pylock.hsm.toml",
    "TypeError: Command #1 of field `tool.hatch.envs.default.pre-install-commands` must be a string":
      "Hatch does not take its settings: Command #1 of field `tool.hatch.envs.default.pre-install-commands` must be a string",
    "ERROR: No matching distribution found for x>=1 (from app)":
      "pip finds no x>=1, which app needs",
    "error: something else": undefined,
    "Failed with exit code: 127": "the command `npm ci` of Hatch's environment failed",
    "Failed with exit code: 1": undefined,
  });
});
