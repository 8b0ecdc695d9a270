/** What is known of Poetry without starting it, and that it would say the same. */

import { assertEquals } from "@std/assert";
import { ensureDir } from "@std/fs";
import { dirname, join } from "@std/path";
import { installedVersion } from "../../../../lib/adapters/poetry/installed_version.ts";
import { projectEnvironment } from "../../../../lib/adapters/poetry/project_environment.ts";
import { poetryEnvironment } from "../../../harness/poetry.ts";
import { must, start } from "../../../harness/program.ts";
import { uvProgram } from "../../../harness/repository.ts";

async function inFolder(run: (root: string) => Promise<void>): Promise<void> {
  const made = await Deno.makeTempDir({ prefix: "hsm-test-" });
  try {
    await run(await Deno.realPath(made));
  } finally {
    await Deno.remove(made, { recursive: true });
  }
}

async function write(path: string, text: string): Promise<void> {
  await ensureDir(dirname(path));
  await Deno.writeTextFile(path, text);
}

Deno.test("poetry: its version is read where its installer has noted it, and asked for elsewhere", () =>
  inFolder(async (root) => {
    const { HSM_POETRY, ...env } = await poetryEnvironment("2.5.1");
    const asked = (program: string) => installedVersion(program, { root, env });
    assertEquals(await asked(HSM_POETRY!), "2.5.1");
    assertEquals(await asked("poetry"), "2.5.1");
    assertEquals(await asked("no-such-poetry"), undefined);
    await write(join(root, "bin/poetry"), '#!/bin/sh\nexec poetry "$@"\n');
    await write(join(root, "lib/python3.11/site-packages/poetry-9.9.dist-info/METADATA"), "");
    assertEquals(await asked("bin/poetry"), undefined);
    await write(join(root, "bin/poetry"), "from poetry.console.application import main\n");
    assertEquals(await asked("bin/poetry"), "9.9");
    await write(join(root, "lib/python3.11/site-packages/poetry-9.8.dist-info/METADATA"), "");
    assertEquals(await asked("bin/poetry"), undefined);
  }));

Deno.test("poetry: the environment in the app's folder is found as Poetry finds it", () =>
  inFolder(async (root) => {
    const { HSM_POETRY: poetry = "", POETRY_VIRTUALENVS_IN_PROJECT: _, ...given } =
      await poetryEnvironment("2.5.1");
    const env = { ...given, HOME: root, POETRY_CACHE_DIR: join(root, "cache") };
    await write(join(root, "pyproject.toml"), '[project]\nname = "app"\nversion = "1"\n');
    const own = join(root, ".venv");
    const judge = async (more: Readonly<Record<string, string>>, isFound: boolean) => {
      const project = { root, env: { ...env, ...more }, environment: undefined };
      assertEquals(projectEnvironment(project), isFound ? own : undefined, JSON.stringify(more));
      const said = await start([poetry, "env", "info", "--path", "--no-ansi"], {
        cwd: root,
        env: project.env,
      }).ended;
      assertEquals(said.stdout.trim() === own, isFound, JSON.stringify([more, said]));
    };
    const no = { root, env, environment: undefined };
    assertEquals(projectEnvironment(no), undefined);
    for (const it of [own, join(root, "other")]) {
      await must([uvProgram(), "venv", "--quiet", it], { cwd: root, env });
    }
    await Promise.all([
      judge({ VIRTUAL_ENV: "" }, true),
      judge({ VIRTUAL_ENV: join(root, "other") }, false),
      judge({ POETRY_VIRTUALENVS_IN_PROJECT: "0", VIRTUAL_ENV: "" }, false),
    ]);
    await write(
      join(root, ".config/pypoetry/config.toml"),
      "[virtualenvs]\nin-project = false\n",
    );
    await Promise.all([
      judge({ VIRTUAL_ENV: "", XDG_CONFIG_HOME: "" }, false),
      judge({ POETRY_VIRTUALENVS_IN_PROJECT: "true", VIRTUAL_ENV: "" }, true),
    ]);
  }));
