/**
 * The wheels that `deno task wheel` has made, in the folder that HSM_TEST_WHEELS names: installed, and run.
 *
 * @module
 */

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { ensureDir } from "@std/fs";
import { basename, fromFileUrl, join, resolve } from "@std/path";
import deno from "../../deno.json" with { type: "json" };
import { sourceCommit } from "../../lib/git/source_commit.ts";
import { hsmManPages } from "../../tools/man.ts";
import { DISTRIBUTION, stemOf } from "../../tools/wheel/metadata.ts";
import { type TestApp, testApp } from "../harness/app.ts";
import { pipCache, pipProgram } from "../harness/pip.ts";
import { must, Run, start } from "../harness/program.ts";
import { uvProgram } from "../harness/repository.ts";
import { hasProgram } from "../harness/shells.ts";

const named = Deno.env.get("HSM_TEST_WHEELS");
const FOLDER = named && resolve(named);
const PROJECT = fromFileUrl(new URL("../..", import.meta.url));

/** The wheels of this version by their targets' machines. */
const WHEELS = new Map(
  (FOLDER ? Array.from(Deno.readDirSync(FOLDER), (it) => it.name) : []).flatMap((name) => {
    const [, machine] = /-py3-none-manylinux_2_\d+_(\w+)\.whl$/.exec(name) ?? [];
    const isCurrent = machine !== undefined && name.startsWith(`${stemOf(deno.version)}-`);
    return isCurrent ? [[machine, join(FOLDER!, name)] as const] : [];
  }),
);

/** A test that needs the wheel for a machine, and perhaps a program. Without them it is left out, as its name says then. */
function wheelTest(
  { machine, program, name }: { machine: string; program?: string; name: string },
  fn: (app: TestApp, wheel: string) => Promise<void>,
): void {
  const wheel = WHEELS.get(machine);
  const missing = wheel === undefined
    ? `HSM_TEST_WHEELS names no folder with a wheel for ${machine}`
    : program !== undefined && !hasProgram(program) && `there is no ${program} here`;
  Deno.test({
    name: `${name}${missing ? ` (left out, for ${missing})` : ""}`,
    ignore: Boolean(missing),
    async fn() {
      await using app = await testApp({ plugins: ["plug-a"] });
      await fn(app, wheel!);
    },
  });
}

/** What is on PATH beside hsm: git, with what its own scripts call, and uv. */
const BESIDE = ["git", "sh", "sed", "basename", "uname", uvProgram()];

/** Runs hsm in the app's folder, with nothing else on PATH than what it needs there. */
async function runAlone(app: TestApp, hsm: readonly string[], ...args: string[]): Promise<Run> {
  const path = join(app.folder, "path");
  await ensureDir(path);
  for (const name of [...BESIDE, hsm.at(-1)!]) {
    const program = await must(["sh", "-c", `command -v ${name}`], { cwd: app.folder });
    await Deno.symlink(program.trim(), join(path, basename(name))).catch(() => {});
  }
  const find = [uvProgram(), "python", "find", "--no-project"];
  const python = (await must(find, { cwd: app.folder, env: app.env })).trim();
  const env = { ...app.env, PATH: path, UV_PYTHON: python };
  const argv = ["/usr/bin/env", ...hsm.length === 1 ? ["hsm"] : hsm, ...args];
  const { code, stdout, stderr } = await start(argv, { cwd: app.root, env }).ended;
  const masked = (text: string) => text.replaceAll(app.folder, "[DIR]");
  return new Run(argv.join(" "), code, masked(stdout), masked(stderr));
}

/** That an installed hsm is the executable, tells what it is, and syncs. */
async function assertWorks(
  app: TestApp,
  target: string,
  executable: string,
  hsm: readonly string[],
): Promise<void> {
  const [installed, made] = [await Deno.realPath(hsm.at(-1)!), join(FOLDER!, executable)];
  await must(["cmp", installed, made], { cwd: app.folder });
  assertEquals((await Deno.stat(installed)).mode! & 0o777, 0o755);
  const version = (await runAlone(app, hsm, "--version", "--json")).expect({ code: 0, stderr: "" });
  const { commit, deno: runtime, ...told } = version.json();
  assertEquals(told, { hsm: deno.version, target });
  // Of what was changed meanwhile nothing follows for the wheel.
  const plain = (it: unknown) => String(it).replace("-dirty", "");
  assertEquals(plain(commit), plain(await sourceCommit(PROJECT)));
  assertMatch(String(runtime), /^\d+\.\d+\.\d+$/);
  (await runAlone(app, hsm, "sync")).expect({
    code: 0,
    stdout: `+  plug-a  requirement  plug-a
+  plug-a  source       { git = "file://[DIR]/remotes/plug-a", tag = "v1.0.0" }
`,
    stderr: / \+ plug-a==1\.0\.0 \(from git\+file:/,
  });
  assertEquals(await app.python("import plug_a; print(plug_a.VALUE)"), "1.0.0");
}

const { arch, target: TARGET } = Deno.build;

wheelTest(
  { machine: arch, name: "uv tool install makes the wheel's executable hsm" },
  async (app) => {
    const bin = join(app.folder, "tools");
    const env = { UV_TOOL_DIR: join(app.folder, "tool"), UV_TOOL_BIN_DIR: bin };
    const source = ["--offline", "--no-index", "--find-links", FOLDER!];
    const argv = [uvProgram(), "tool", "install", ...source, DISTRIBUTION];
    (await start(argv, { cwd: app.folder, env: { ...app.env, ...env } }).ended).expect({
      code: 0,
      stdout: "",
      stderr: /\nInstalled 1 executable: hsm\n/,
    });
    assertEquals(await app.list(bin), ["hsm"]);
    await assertWorks(app, TARGET, "hsm", [join(bin, "hsm")]);
  },
);

wheelTest(
  { machine: arch, name: "pip install puts the wheel's executable beside Python" },
  async (app) => {
    const place = join(app.folder, "environment");
    const env = { ...app.env, ...pipCache() };
    await must([uvProgram(), "venv", "--quiet", place], { cwd: app.folder, env });
    const source = ["--no-index", "--find-links", FOLDER!];
    const argv = [
      await pipProgram(),
      "--python",
      place,
      "install",
      "--quiet",
      ...source,
      DISTRIBUTION,
    ];
    await must(argv, { cwd: app.folder, env });
    await assertWorks(app, TARGET, "hsm", [join(place, "bin/hsm")]);
    const pages = Object.keys(await hsmManPages());
    assertEquals(await app.list(join(place, "share/man/man1")), pages.sort());
  },
);

wheelTest({
  machine: "aarch64",
  program: "qemu-aarch64",
  name: "the wheel for Linux on arm64 is installed there, and its executable works",
}, async (app, wheel) => {
  const place = join(app.folder, "environment");
  const platform = ["--python-platform", "aarch64-manylinux_2_28", "--target", place];
  const env = app.env;
  await must([uvProgram(), "pip", "install", "--quiet", "--offline", ...platform, wheel], {
    ...{ cwd: app.folder, env },
  });
  const target = "aarch64-unknown-linux-gnu";
  const qemu = (await must(["sh", "-c", "command -v qemu-aarch64"], { cwd: app.folder })).trim();
  await assertWorks(app, target, `${target}/hsm`, [qemu, join(place, "bin/hsm")]);
});

/** What Python's own packages say of a wheel's metadata. */
const METADATA = `import sys, zipfile
from packaging.metadata import Metadata
from packaging.utils import parse_wheel_filename
from packaging.licenses import canonicalize_license_expression as canonical
from pathlib import Path
path = Path(sys.argv[1])
name, version, build, tags = parse_wheel_filename(path.name)
archive = zipfile.ZipFile(path)
stem = f"{name.replace('-', '_')}-{version}.dist-info"
metadata = Metadata.from_email(archive.read(f"{stem}/METADATA"), validate=True)
assert (metadata.name, metadata.version) == (name, version), metadata
assert canonical(metadata.license_expression) == metadata.license_expression
held = [it[len(stem) + 10:] for it in archive.namelist() if it.startswith(f"{stem}/licenses/")]
assert metadata.license_files == held, held
wheel = archive.read(f"{stem}/WHEEL").decode()
assert "".join(f"Tag: {it}\\n" for it in tags) in wheel, wheel
`;

for (const machine of ["x86_64", "aarch64"]) {
  const name = `packaging, twine and auditwheel find nothing wrong with the wheel for ${machine}`;
  wheelTest({ machine, name }, async (app, wheel) => {
    const run = (...words: string[]) => must(words, { cwd: app.folder, env: { NO_COLOR: "1" } });
    const tool = (from: string) => [uvProgram(), "tool", "run", "--quiet", "--from", from];
    await run(...tool("packaging==26.4"), "python", "-c", METADATA, wheel);
    await run(...tool("twine==7.0.0"), "twine", "check", "--strict", wheel);
    const [, tag] = /-none-(.+)\.whl$/.exec(wheel) ?? [];
    const shown = await run(...tool("auditwheel==6.8.2"), "auditwheel", "show", wheel);
    assertStringIncludes(shown.replaceAll(/\s+/g, " "), `the following platform tag: "${tag}".`);
  });
}
