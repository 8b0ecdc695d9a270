/**
 * A machine that runs workflows: HSM and uv are on no path yet, and there is an index in a folder.
 *
 * @module
 */

import { join } from "@std/path";
import { DISTRIBUTION, pythonVersion, stemOf } from "../../tools/wheel/metadata.ts";
import { type AppOptions, hsmCommand, type TestApp, testApp } from "./app.ts";
import { PROJECT } from "./ci.ts";
import { must, Run, start } from "./program.ts";
import { uvProgram } from "./repository.ts";
import { writeWheel } from "./wheel.ts";

/** This HSM's version. */
export const VERSION: string = JSON.parse(await Deno.readTextFile(`${PROJECT}deno.json`)).version;

/** A program as a file that runs another one. */
function wrapper(...command: readonly string[]): string {
  return `#!/bin/sh\nexec ${command.map((it) => `'${it}'`).join(" ")} "$@"\n`;
}

/** An app, a runner, and an index in a folder, with this HSM in a few versions, and a uv that is the one of the tests. */
export async function runner(options: AppOptions = {}): Promise<TestApp> {
  const app = await testApp({ plugins: ["plug-a"], ...options });
  for (const folder of ["temp", "index", "bin"]) await Deno.mkdir(join(app.folder, folder));
  for (const version of [VERSION, "7.0.0", "7.1.0", "8.0.0"]) {
    const script = `${wrapper(...hsmCommand())}# ${version}\n`;
    const files = { [`${stemOf(version)}.data/scripts/hsm`]: script };
    await writeWheel(join(app.folder, "index"), DISTRIBUTION, pythonVersion(version), { files });
  }
  const files = { "uv-9.9.9.data/scripts/uv": wrapper(uvProgram()) };
  await writeWheel(join(app.folder, "index"), "uv", "9.9.9", { files });
  for (const name of ["bash", "cat", "git", "head", "sed", "sh"]) {
    await program(app, name, (await must(["which", name], { cwd: "." })).trim());
  }
  // Not that of an environment, such as the one that uv runs Deno from: uv takes none of these for its tools.
  const find = "import sys; print(getattr(sys, '_base_executable', sys.executable))";
  const python = await must(["python3", "-c", find], { cwd: "." });
  await program(app, "python3", python.trim());
  await program(app, "uv", uvProgram());
  (await app.hsm("sync")).expect({ code: 0 });
  await Deno.remove(join(app.root, ".venv"), { recursive: true });
  return app;
}

async function program(app: TestApp, name: string, path: string): Promise<void> {
  await Deno.writeTextFile(join(app.folder, "bin", name), wrapper(path), { mode: 0o755 });
}

/** The variables of such a machine: nothing comes from a network. */
export function runnerEnvironment(app: TestApp): Readonly<Record<string, string>> {
  return {
    ...app.env,
    PATH: join(app.folder, "bin"),
    HSM_UV: "",
    UV: "",
    UV_OFFLINE: "1",
    UV_FIND_LINKS: join(app.folder, "index"),
    PIP_NO_INDEX: "1",
    PIP_ROOT_USER_ACTION: "ignore",
    PIP_FIND_LINKS: join(app.folder, "index"),
  };
}

/** What a step has done and handed on to the next. */
export interface Step {
  /** How its program ended. */
  readonly run: Run;
  /** Its outputs. */
  readonly output: string;
  /** The variables that all steps up to it have set. */
  readonly env: string;
  /** What all steps up to it have put on PATH. */
  readonly path: string;
}

/** Runs a step of the action as the runner does: what one puts into the files named is there in the next. */
export async function step(
  app: TestApp,
  name: "prepare" | "sync",
  inputs: Readonly<Record<string, string>> = {},
): Promise<Step> {
  const file = (it: string) => join(app.folder, "temp", it);
  const read = (it: string) => Deno.readTextFile(file(it)).catch(() => "");
  const lines = async (it: string) => (await read(it)).split("\n").slice(0, -1);
  const machine = runnerEnvironment(app);
  await Deno.remove(file("output")).catch(() => {});
  const { code, stdout, stderr } = await start([`${PROJECT}.ci/action`, name], {
    cwd: app.root,
    env: {
      ...machine,
      ...Object.fromEntries((await lines("env")).map((line) => line.split("="))),
      PATH: [...await lines("path"), machine["PATH"]].join(":"),
      RUNNER_ENVIRONMENT: "github-hosted",
      RUNNER_TEMP: join(app.folder, "temp"),
      RUNNER_OS: "Linux",
      RUNNER_ARCH: "X64",
      GITHUB_ACTION_PATH: PROJECT,
      GITHUB_ENV: file("env"),
      GITHUB_OUTPUT: file("output"),
      GITHUB_PATH: file("path"),
      ...inputs,
    },
  }).ended;
  const masked = (text: string) => text.replaceAll(app.folder, "[DIR]");
  return {
    run: new Run(name, code, masked(stdout), masked(stderr)),
    output: masked(await read("output")),
    env: masked(await read("env")),
    path: masked(await read("path")),
  };
}

/** Which of the versions of HSM is installed. */
export async function installed(app: TestApp): Promise<string | undefined> {
  const script = await Deno.readTextFile(join(app.folder, "temp/hsm/bin/hsm"));
  return /^# (.*)$/m.exec(script)?.[1];
}
