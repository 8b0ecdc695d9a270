import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { type TestApp, testApp } from "../harness/app.ts";
import { fakeUv } from "../harness/fake_uv.ts";
import type { Run } from "../harness/program.ts";

/**
 * Clears the screen, rings, makes a link, turns the direction of writing round, in every form that there is, and then
 * begins a line of its own.
 */
const EVIL = "\x1b[2J\x1b[1;1H\x07\x1b]8;;http://evil.invalid\x07x\x1b]8;;\x1b\\\x1bPq\x1b\\\x1bc" +
  "\x9b31m\x85\x7f\b\u202e\u2066\u2028\nOWNED fits\r\x1b[8m";

/** What no output may hold: control characters but for tab and line feed, and what turns text round. */
const HARMFUL =
  // deno-lint-ignore no-control-regex
  /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

/** Asserts that a run shows nothing harmful, and no line that began outside. */
function assertHarmless(run: Run): void {
  const all = `${run.stdout}${run.stderr}`;
  const at = HARMFUL.exec(all)?.index;
  assert(
    at === undefined,
    `${run.command}: ${JSON.stringify(all.slice(Math.max(0, at! - 200), at! + 100))}`,
  );
  assert(!/^OWNED/m.test(all), `${run.command}: ${all}`);
}

/** A string of TOML that holds it. */
function toml(text: string): string {
  return JSON.stringify(text).replace(
    /[\x7f-\x9f\u2028-\u2069]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** pyproject.toml of plugins, each with something in it that is not as it should be. */
const METADATA: Readonly<Record<string, (name: string) => string>> = {
  name: () => `[project]\nname = ${toml(`x${EVIL}`)}\nversion = "1"\n`,
  version: (name) => `[project]\nname = "${name}"\nversion = ${toml(`1${EVIL}`)}\n`,
  python: (name) =>
    `[project]\nname = "${name}"\nversion = "1"\nrequires-python = ${toml(`>=3.9${EVIL}`)}\n`,
  requirement: (name) =>
    `[project]\nname = "${name}"\nversion = "1"\ndependencies = [${toml(`idna>=3${EVIL}`)}]\n`,
  marker: (name) =>
    `[project]\nname = "${name}"\nversion = "1"\ndependencies = [${
      toml(`plug-version; python_version > "3${EVIL}" and sys_platform == "${EVIL}"`)
    }]\n`,
  managed: (name) =>
    `[project]\nname = "${name}"\nversion = "1"\ndependencies = [${
      toml(`plug-version[${EVIL}]>=7`)
    }, ${toml(`plug-python @ https://evil.invalid/${EVIL}`)}]\n`,
  extra: (name) =>
    `[project]\nname = "${name}"\nversion = "1"\n[project.optional-dependencies]\n${
      toml(`fast${EVIL}`)
    } = [${toml(`idna${EVIL}`)}]\n`,
  type: (name) =>
    `[project]\nname = "${name}"\nversion = "1"\ndependencies = { ${toml(EVIL)} = 1 }\n`,
  dynamic: (name) => `[project]\nname = "${name}"\ndynamic = ["version", ${toml(EVIL)}]\n`,
  syntax: (name) => `[project]\nname = "${name}"\nversion = "${EVIL}"\n`,
  key: (name) => `[project]\nname = "${name}"\n${toml(EVIL)} = 1\n${toml(EVIL)} = 1\n`,
  setup: () => "",
};

const SETUP_CFG =
  `[metadata]\nname = plug-setup${EVIL.replace("\n", "")}\nversion = 1${EVIL}\n[options]\n` +
  `python_requires = >=3${EVIL}\ninstall_requires =\n  idna>=3${EVIL}\n`;

const LOOKING = [
  "",
  "check",
  "check --prod",
  "list",
  "status",
  "map",
  "diff",
  "graph",
  "graph --format mermaid",
  "graph --format dot",
  "graph --format json",
  "outdated",
  "doctor",
  "inject --dry-run",
  "sync --dry-run --yes",
];

/** An app whose plugins say something hostile of themselves, each in another way. */
async function hostileApp(): Promise<TestApp> {
  const keys = Object.keys(METADATA);
  const app = await testApp({ plugins: keys.map((key) => `plug-${key}`) });
  for (const [key, pyproject] of Object.entries(METADATA)) {
    const plugin = app.plugin(`plug-${key}`);
    if (key === "setup") {
      await plugin.git("rm", "-q", "pyproject.toml");
      await plugin.commit("setup.cfg", SETUP_CFG, "v2.0.0");
    } else await plugin.commit("pyproject.toml", pyproject(`plug-${key}`), "v2.0.0");
  }
  const pins = keys.map((key) => `  plug-${key}: v2.0.0\n`).join("");
  await app.write("hsm.yaml", `git: {remotes}/{name}\npackages:\n${pins}`);
  return app;
}

/** Runs commands, each for a person and as JSON, and asserts that they show nothing harmful. */
async function runHarmless(
  app: TestApp,
  commands: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<ReadonlyMap<string, Run>> {
  const runs = new Map<string, Run>();
  for (const command of commands) {
    const words = command.split(" ").filter((it) => it !== "");
    for (const more of [[], ["--json"]]) {
      const run = await app.hsmWith(env, ...words, ...more);
      assertHarmless(run);
      assert(!/this is a bug/.test(run.stderr), run.stderr);
      if (more.length > 0) run.json();
      runs.set([...words, ...more].join(" "), run);
    }
  }
  return runs;
}

Deno.test("nothing that a pin says of itself reaches the terminal but as text", async () => {
  await using app = await hostileApp();

  const runs = await runHarmless(app, [...LOOKING, "sync --yes"]);

  // As data it is what it is.
  const { problems } = runs.get("check --json")!.json() as { problems: { sides: unknown[] }[] };
  const sides = JSON.stringify(problems.flatMap((it) => it.sides));
  assert(sides.includes(JSON.stringify(`idna>=3${EVIL}`)), sides);
});

Deno.test("nothing that a checkout says of itself reaches the terminal but as text", async () => {
  await using app = await hostileApp();
  await app.write("hsm.local.yaml", "mode: dev\n");
  (await app.hsm("clone", "--yes")).expect({ code: 0 });

  await runHarmless(app, [...LOOKING, "sync --yes", "pull", "pin plug-version", "prod plug-name"]);
});

Deno.test("nothing that the app's own files say reaches the terminal but as text", async () => {
  await using app = await testApp({ plugins: ["plug-a"] });
  for (
    const pyproject of [
      `[project]\nname = ${toml(`app${EVIL}`)}\nversion = ${toml(EVIL)}\n`,
      `[project]\nname = "app"\nversion = "1"\nrequires-python = ${toml(`>=3${EVIL}`)}\n` +
      `dependencies = [${toml(`plug-a>=7; python_version > "${EVIL}"`)}, ${toml(`i${EVIL}`)}]\n`,
      `[project]\nname = "app"\nversion = "1"\n# ${EVIL.replace("\n", "").replaceAll("\r", "")}\n`,
    ]
  ) {
    await app.write("pyproject.toml", pyproject);
    await runHarmless(app, LOOKING);
  }
  await app.write("hsm.yaml", `packages:\n  ${toml(`plug-a${EVIL}`)}: ${toml(`v1${EVIL}`)}\n`);
  await runHarmless(app, LOOKING);
  await runHarmless(app, [`dev x\x1b[2J\u202e\nOWNED`, `\x1b[2J\nOWNED`, `list --x\x1b[2J\nOWNED`]);
});

Deno.test("nothing that refs, files and folders are called reaches the terminal but as text", async () => {
  await using app = await testApp({ plugins: ["plug-a", "plug-b"] });
  const plugin = app.plugin("plug-a");
  const ref = "topic\u202eevil\u2066\u0085";
  await plugin.git("branch", ref);
  await plugin.git("tag", `v1.0.1\u202e`);
  const folder = "in\x1b[2J\nOWNED\u202e";
  await plugin.git("rm", "-q", "pyproject.toml");
  await plugin.commit(`${folder}/pyproject.toml`, "[project]\n");
  await plugin.commit(`${folder}/two/pyproject.toml`, `x = \x1b[2J`);
  await app.write("hsm.yaml", "git: {remotes}/{name}\npackages:\n  plug-a: v1.0.0\n");
  await runHarmless(app, ["outdated", "pin plug-a v1.0.5", "update --dry-run", "add plug-b"]);
  await app.write(
    "hsm.yaml",
    `git: {remotes}/{name}\nmode: dev\npackages:\n  plug-a: { tag: v9.9.9, checkout: "${
      ref.replace("\u0085", "")
    }" }\n`,
  );
  await runHarmless(app, ["clone --yes", ...LOOKING]);
  await app.write(
    "hsm.yaml",
    "git: {remotes}/{name}\nmode: dev\npackages:\n  plug-a: { tag: v9.9.9 }\n",
  );
  await runHarmless(app, ["clone --yes"]);
  await app.git("packages/plug-a", "checkout", "-q", ref);
  await runHarmless(app, [...LOOKING, "pull", "sync", "pin plug-a"]);
});

Deno.test("nothing that ssh, git and a remote say reaches the terminal but as text", async () => {
  await using app = await testApp({
    manifest: "mode: dev\ngit: ssh://git@host.invalid/{name}\npackages:\n  plug-a: v1.0.0\n",
  });
  const ssh = join(app.folder, "ssh");
  await Deno.writeTextFile(join(app.folder, "said"), `remote: ${EVIL}\nPermission ${EVIL}\n`);
  await Deno.writeTextFile(ssh, `#!/bin/sh\ncat '${app.folder}/said' >&2\nexit 255\n`, {
    mode: 0o755,
  });
  const env = { GIT_SSH_COMMAND: ssh };
  const unowned = (text: string) => text.replaceAll(/^OWNED/gm, "");
  for (const command of ["clone --yes", "outdated", "add plug-b", "pin plug-a v2", "sync --yes"]) {
    for (const more of [[], ["--json"], ["-v"]]) {
      const run = await app.hsmWith(env, ...command.split(" "), ...more);
      assertHarmless({ ...run, stderr: unowned(run.stderr) } as Run);
      assert(run.code !== 0, run.command);
    }
  }
});

Deno.test("nothing that uv, verify or exec's programs print reaches the terminal but as text", async () => {
  await using app = await testApp({ plugins: ["plug-a", "plug-b"] });
  await Deno.writeTextFile(join(app.folder, "said"), `${EVIL}\n${"x".repeat(70_000)}${EVIL}\n`);
  const say = `cat '${app.folder}/said'; cat '${app.folder}/said' >&2`;
  // In pieces, with a pause in the middle of a sequence.
  const split =
    `printf 'a\\033'; sleep 0.2; printf '[2Jb\\033]8;;http://x'; sleep 0.2; printf '\\007c\\n'`;
  const unowned = (run: Run) =>
    ({
      ...run,
      stdout: run.stdout.replaceAll(/^OWNED/gm, ""),
      stderr: run.stderr.replaceAll(/^OWNED/gm, ""),
    }) as Run;
  for (const exit of [0, 1]) {
    const uv = await fakeUv(app, `${say}; ${split}; ${split} >&2; exit ${exit}`);
    for (const more of [[], ["--json"], ["-q"], ["-v"]]) {
      const run = await app.hsmWith(uv, "sync", "--no-check", ...more);
      assertHarmless(unowned(run));
      if (more.length === 0) assert(run.stderr.includes("\nabc\n"), run.stderr.slice(-300));
    }
  }
  const uv = await fakeUv(app, "exit 0");
  await app.write(
    "hsm.yaml",
    `git: {remotes}/{name}\nmode: dev\npackages:\n  plug-a: v1.0.0\n  plug-b: v1.0.0\n`,
  );
  (await app.hsm("clone", "--yes")).expect({ code: 0 });
  const program = join(app.folder, "program");
  await Deno.writeTextFile(program, `#!/bin/sh\n${say}; ${split}\n`, { mode: 0o755 });
  for (const more of [[], ["--json"], ["-q"], ["-v"]]) {
    const run = await app.hsmWith(uv, "exec", ...more, "--", program);
    assertHarmless(unowned(run));
    if (more.includes("--json")) {
      const { runs } = run.json() as { runs: { stdout: string }[] };
      assertEquals(runs[0]?.stdout.slice(0, EVIL.length), EVIL);
    } else assert(run.stdout.includes("\nabc\n"), run.stdout.slice(-300));
  }
  // Behind the name of its package no line may begin on its own.
  assertHarmless(await app.hsmWith(uv, "exec", "--prefix", "--", program));

  await app.write(
    "hsm.yaml",
    `git: {remotes}/{name}\nmode: dev\nverify: ['${program}', "sh -c 'exit 3'"]\n` +
      `packages:\n  plug-a: v1.0.0\n  plug-b: v1.0.0\n`,
  );
  for (const more of [[], ["--json"], ["-q"], ["-v"]]) {
    assertHarmless(unowned(await app.hsmWith(uv, "sync", "--no-check", ...more)));
  }
});
