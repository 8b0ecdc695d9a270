import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { type TestApp, testApp } from "../harness/app.ts";
import { LOGIN, passwordServer } from "../harness/password_server.ts";
import { hasTmux, Terminal } from "./terminal.ts";

const ignore = !hasTmux();

/** No proxy of this machine is asked for a server on it. */
const DIRECT = { NO_PROXY: "127.0.0.1", no_proxy: "127.0.0.1" };

/** An app whose repositories a server has that asks for a password: plug-a has a checkout, plug-b is pinned. */
async function privateApp(url: string, app: TestApp): Promise<void> {
  await app.write(
    "hsm.yaml",
    `git: ${url}/{name}\npackages:\n  plug-a: v1.0.0\n  plug-b: v1.0.0\n`,
  );
  await app.write("hsm.local.yaml", "packages:\n  plug-a: { mode: dev }\n");
  await app.git(".", "clone", "--quiet", app.plugin("plug-a").path, "packages/plug-a");
  await app.git("packages/plug-a", "remote", "set-url", "origin", `${url}/plug-a`);
}

/** Runs a command, answers all that git asks, and returns what the terminal shows in the end. */
async function runAndAnswer(
  terminal: Terminal,
  command: string,
  passwords: readonly string[] = [],
): Promise<string> {
  const answers = [...passwords];
  await terminal.run("clear");
  await terminal.waitFor(/^\$ $/);
  await terminal.run(`${command}; echo status=$?`);
  for (let answered = 0;; answered++) {
    const asked = `(?:(?:Username|Password) for [^]*){${answered + 1}}`;
    const screen = await terminal.waitFor(new RegExp(`${asked}$|status=\\d+\\n\\$ $`));
    if (/status=\d+\n\$ $/.test(screen)) return screen;
    const last = screen.split("\n").at(-1) ?? "";
    assertMatch(last, /^(?:Username|Password) for 'http:\S+':$/, screen);
    await terminal.run(
      last.startsWith("Username") ? LOGIN.name : answers.shift() ?? LOGIN.password,
    );
  }
}

Deno.test({
  name: "git asks for passwords on a terminal, one after the other, whoever asks the remote",
  ignore,
  async fn() {
    await using app = await testApp({ plugins: ["plug-a", "plug-b"] });
    await using server = passwordServer(app);
    await privateApp(server.url, app);
    for (const name of ["plug-a", "plug-b"]) {
      await app.plugin(name).release({ name, version: "1.1.0" });
    }
    await using terminal = await Terminal.open(app, { env: DIRECT });
    const asked = (screen: string) => screen.match(/^Password for /gm)?.length ?? 0;

    const outdated = await runAndAnswer(terminal, "hsm outdated");
    assertMatch(
      outdated,
      /\nplug-a  v1\.0\.0  → v1\.1\.0\nplug-b  v1\.0\.0  → v1\.1\.0\nstatus=0\n/,
    );
    assertEquals(asked(outdated), 1, outdated);
    assertEquals(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/.test(outdated), false, outdated);

    // What is read ahead, before anything is cloned or written, is asked for in the same way.
    const injected = await runAndAnswer(terminal, "hsm inject");
    assertMatch(injected, /\+ {2}plug-b {2}source [^]*status=0\n/);
    assertEquals(asked(injected), 1, injected);
    assertEquals(/warning|no answer/.test(injected), false, injected);

    const checked = await runAndAnswer(terminal, "hsm check");
    assertMatch(checked, /2 packages fit\nstatus=0\n/);
    assertEquals(asked(checked), 1, checked);

    const pulled = await runAndAnswer(terminal, "hsm pull");
    assertMatch(pulled, /\nplug-a  updated: 1 new commit\nstatus=0\n/);
    assertEquals(asked(pulled), 1, pulled);

    await Deno.remove(join(app.root, "packages"), { recursive: true });
    const cloned = await runAndAnswer(terminal, "hsm dev plug-b --no-sync; hsm clone --yes -v");
    assertMatch(cloned, /\nplug-a {2}packages\/plug-a {2}cloned\nplug-b .*\nstatus=0\n/);
    assertEquals(asked(cloned), 1, cloned);
    assertEquals(/sesame|password=/.test(cloned), false, cloned);
  },
});

Deno.test({
  name: "git asks again where a server does not take for one repository what it took for another",
  ignore,
  async fn() {
    await using app = await testApp({ plugins: ["plug-a", "plug-b"] });
    await using server = passwordServer(app, { "plug-b": "token-of-b" });
    await privateApp(server.url, app);
    await using terminal = await Terminal.open(app, { env: DIRECT });
    for (const command of ["hsm outdated -j 1", "rm -rf packages; hsm clone --yes -j 1"]) {
      await app.write("hsm.local.yaml", "mode: dev\n");
      const screen = await runAndAnswer(terminal, command, [LOGIN.password, "token-of-b"]);
      assertMatch(screen, /status=0\n/);
      assertEquals(screen.match(/^Password for /gm)?.length, 2, screen);
      assertEquals(/sesame|token-of-b/.test(screen), false, screen);
    }
  },
});

Deno.test("without a terminal nobody is asked for a password, and a hint says what to do", async () => {
  await using app = await testApp({ plugins: ["plug-a", "plug-b"] });
  await using server = passwordServer(app);
  await privateApp(server.url, app);
  const host = new URL(server.url).host;
  const hint =
    `hint: ${host} wants to know who asks: answer git on a terminal, or give it a credential helper that knows it, see docs/guides/authentication.md\n`;
  const asks = /could not read Username for 'http:\S+': terminal prompts disabled/;

  await app.untouched(async () => {
    for (const args of [["outdated"], ["update"], ["pull"], ["pin", "plug-b", "v1.1.0"]]) {
      const run = await app.hsmWith(DIRECT, ...args);
      run.expect({ code: 1, stderr: asks });
      assert(run.stderr.endsWith(hint), `${args}: ${run.stderr}`);
    }
    const status = await app.hsmWith(DIRECT, "status", "--fetch");
    assertMatch(
      status.stderr,
      /^warning: Cannot fetch plug-a: .* prompts disabled; \S+ wants to know /m,
    );
  });
  await Deno.remove(join(app.root, "packages"), { recursive: true });
  const clone = (await app.hsmWith(DIRECT, "clone", "--yes")).expect({ code: 1, stderr: asks });
  assert(clone.stderr.endsWith(hint), clone.stderr);
});
