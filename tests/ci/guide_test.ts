import { assertEquals } from "@std/assert";
import { copy } from "@std/fs";
import { join } from "@std/path";
import { parse } from "yaml";
import { APP_PYPROJECT, type TestApp } from "../harness/app.ts";
import { PROJECT } from "../harness/ci.ts";
import { must } from "../harness/program.ts";
import { buildSystem } from "../harness/repository.ts";
import { runner, runnerEnvironment } from "../harness/runner.ts";
import { readBlocks } from "../harness/steps.ts";

/** The block of docs/guides/ci.md of a language in which some words stand. */
async function block(language: string, words: string): Promise<readonly string[]> {
  const blocks = readBlocks(await Deno.readTextFile(`${PROJECT}docs/guides/ci.md`));
  const found = blocks.filter((it) =>
    it.language === language && it.lines.join("\n").includes(words)
  );
  assertEquals(found.length, 1, words);
  return found[0]?.lines ?? [];
}

/** Runs lines in the app's folder, or another one, as a job does; what they take from an index is in a folder here. */
async function job(app: TestApp, lines: readonly string[], cwd = app.root): Promise<void> {
  const bin = join(app.folder, "home/.local/bin");
  const env = runnerEnvironment(app);
  await must(["bash", "-c", `set -euo pipefail\n${lines.join("\n")}`], {
    cwd,
    env: { ...env, PATH: `${bin}:${env["PATH"]}`, UV_OFFLINE: "1" },
  });
}

Deno.test("docs/guides/ci.md: GitLab's job installs HSM and what hsm.yaml says", async () => {
  const pipeline = parse((await block("yaml", ".gitlab-ci.yml")).join("\n")).app;
  assertEquals(pipeline.before_script[0], "pip install -q uv");
  assertEquals(pipeline.script.at(-1), "uv run --no-sync pytest");
  await using app = await runner();
  await app.untouched(async () => {
    await job(app, [...pipeline.before_script.slice(1), ...pipeline.script.slice(0, -1)]);
  });
  assertEquals(await app.python("import plug_a; print(plug_a.VALUE)"), "1.0.0");
  assertEquals(
    await must(["git", "config", "--global", "credential.helper"], { cwd: app.root, env: app.env }),
    `!f() { test "$1" = get && printf "username=gitlab-ci-token\\npassword=%s\\n" "$CI_JOB_TOKEN"; }; f\n`,
  );
});

Deno.test("docs/guides/ci.md: anywhere else, the same few lines do", async () => {
  const lines = await block("sh", "uv tool install");
  assertEquals([lines[0], lines.at(-1)], ["pip install -q uv", "uv run --no-sync pytest"]);
  await using app = await runner();
  await app.untouched(() => job(app, lines.slice(1, -1)));
  assertEquals(await app.python("import plug_a; print(plug_a.VALUE)"), "1.0.0");
});

Deno.test("docs/guides/ci.md: an image has a layer of all but the app, made of three files alone", async () => {
  const recipe = await block("dockerfile", "FROM");
  const ignored = (await block("", ".dockerignore")).filter((it) => !it.startsWith("#"));
  await using app = await runner({
    pyproject: `${APP_PYPROJECT}scripts.app = "app:main"\n${await buildSystem()}`,
    files: { "src/app/__init__.py": "def main(): print('runs')\n" },
  });
  // Somebody's own switch, which is not for images.
  await app.write("hsm.local.yaml", "packages: { plug-a: { mode: dev } }\n");
  const env = runnerEnvironment(app);
  const image = join(app.folder, "image");
  await Deno.mkdir(image);
  const layers: string[] = [];
  const commands: string[] = [];
  for (const line of recipe) {
    const [, files] = /^COPY (.*) \.\/?$/.exec(line) ?? [];
    const names = files === "." ? await app.list(".") : files?.split(" ") ?? [];
    for (const name of names.filter((it) => !ignored.includes(it))) {
      await copy(join(app.root, name), join(image, name), { overwrite: true });
    }
    const [, command] = /^RUN --mount=type=cache,target=\/root\/.cache (.*)$/.exec(line) ?? [];
    if (command === undefined) continue;
    commands.push(command);
    await job(app, [command.replace("pip install -q uv && ", "")], image);
    if (!command.startsWith("hsm")) continue;
    const freeze = await must(["uv", "pip", "freeze"], { cwd: image, env });
    layers.push(`${(await app.list(image)).join(" ")}: ${freeze.replaceAll(/ @ .*|file:.*/g, "")}`);
  }
  assertEquals(commands, [
    "pip install -q uv && uv tool install -q hsm-hypervisor",
    "hsm sync --locked --no-verify -- --no-install-project",
    "hsm sync --locked",
  ]);
  assertEquals(layers, [
    ".hsm .venv hsm.yaml pyproject.toml uv.lock: plug-a\n",
    ".gitignore .hsm .venv hsm.yaml pyproject.toml src uv.lock: -e \nplug-a\n",
  ]);
  assertEquals(recipe.at(-1), 'CMD ["uv", "run", "--no-sync", "app"]');
  assertEquals(await must([join(image, ".venv/bin/app")], { cwd: image }), "runs\n");
});
