import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { type TestApp, testApp } from "../harness/app.ts";
import { fakeUv } from "../harness/fake_uv.ts";
import { hasTmux, Terminal } from "./terminal.ts";

const ignore = !hasTmux();
const STATUS = "; echo status=$?";

/** Clears the screen, goes to its top, and says what HSM says when all is well. */
const EVIL = "\x1b[2J\x1b[3J\x1b[H2 packages fit\n2 packages fit\r2 packages fit\x1b[8m\x1b[30m";

/** What HSM itself sends to a terminal: colours, and what draws running work; and a colour of others', which it ends. */
const OWN =
  // deno-lint-ignore no-control-regex
  /\x1b\[30m\x1b\[0m|\x1b\[(?:[012]|22|3[1-6]|39)m|\r \x1b\[J\r\x1b\[K|\x1b\[\?7[lh]|\x1b\[K|\x1b\[J|\x1b\[\d+A/g;

/** Runs a command; returns the screen, and asserts that nothing but HSM's own was sent to it. */
async function runHarmless(app: TestApp, terminal: Terminal, command: string): Promise<string> {
  await terminal.run("clear");
  await terminal.waitFor(/^\$ $/);
  await terminal.run("echo before");
  await terminal.waitFor(/^before\n\$ $/m);
  const file = join(app.folder, "record");
  await terminal.record(file);
  await terminal.run(`${command}${STATUS}`);
  const screen = await terminal.waitFor(/status=\d+\n\$ $/);
  await terminal.record(undefined);
  assert(/^before$/m.test(screen), screen);
  assert(!/^2 packages fit/m.test(screen), screen);
  const sent = (await Deno.readTextFile(file)).replaceAll(OWN, "");
  // deno-lint-ignore no-control-regex
  assertEquals(/[\x00-\x07\x0b\x0c\x0e-\x1f\x7f-\x9f]/.exec(sent), null, JSON.stringify(sent));
  return screen;
}

Deno.test({
  name: "on a terminal a hostile pin and checkout neither clear the screen nor speak in HSM's name",
  ignore,
  async fn() {
    await using app = await testApp({ plugins: ["plug-a", "plug-b"] });
    const toml = JSON.stringify;
    await app.plugin("plug-a").commit(
      "pyproject.toml",
      `[project]\nname = "plug-a"\nversion = ${toml(`1${EVIL}`)}\n` +
        `requires-python = ${toml(`>=3${EVIL}`)}\ndependencies = [${toml(`idna${EVIL}`)}]\n`,
      "v2.0.0",
    );
    await app.write("hsm.yaml", "git: {remotes}/{name}\npackages:\n  plug-a: v2.0.0\n");
    await using terminal = await Terminal.open(app, { columns: 120, rows: 60 });

    const screen = await runHarmless(app, terminal, "hsm check");
    assert(screen.includes("3 problems, 0 packages fit"), screen);
    await app.write("hsm.local.yaml", "mode: dev\n");
    await runHarmless(app, terminal, "hsm sync --yes");
    await runHarmless(app, terminal, "hsm status");
    await runHarmless(app, terminal, "hsm check --color always");
  },
});

Deno.test({
  name: "on a terminal nothing that uv, or git while it asks, says moves the cursor",
  ignore,
  async fn() {
    await using app = await testApp({
      plugins: ["plug-a"],
      files: { "hsm.local.yaml": "mode: dev\n" },
    });
    await Deno.writeTextFile(
      join(app.folder, "said"),
      "a\x1b[2J\x1b[3J\x1b[Hsaid\x1b[8m\x1b[30m\n",
    );
    const say = `cat '${app.folder}/said' >&2`;
    const bin = join(app.folder, "bin");
    await Deno.mkdir(bin);
    const real = (await new Deno.Command("sh", { args: ["-c", "command -v git"] }).output()).stdout;
    await Deno.writeTextFile(
      join(bin, "git"),
      `#!/bin/sh
case " $* " in *" clone "*)
  if [ "$GIT_TERMINAL_PROMPT" = 0 ]; then
    echo "fatal: could not read Username for 'https://example.com': terminal prompts disabled" >&2
    exit 128
  fi
  ${say};;
esac
exec ${new TextDecoder().decode(real).trim()} "$@"
`,
      { mode: 0o755 },
    );
    const uv = await fakeUv(app, `${say}; sleep 1.5; exit 1`);
    await using terminal = await Terminal.open(app, { columns: 120, rows: 60, env: uv });

    const said = (screen: string) => screen.split("\n").filter((it) => /said/.test(it));
    const cloned = await runHarmless(app, terminal, "hsm clone --yes");
    assertEquals(said(cloned), ["asaid"]);
    assert(/^plug-a +packages\/plug-a +cloned$/m.test(cloned), cloned);
    assertEquals(said(await runHarmless(app, terminal, "hsm sync")), ["asaid"]);
  },
});
