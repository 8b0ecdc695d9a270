import { assertEquals } from "@std/assert";
import { ensureDir } from "@std/fs";
import { join } from "@std/path";
import { type TestApp, testApp } from "../harness/app.ts";
import { waitForFile } from "../harness/fake_uv.ts";
import { processesIn } from "../harness/processes.ts";
import { hasTmux, Terminal } from "./terminal.ts";

const ignore = !hasTmux();
const STATUS = "; echo status=$?";

async function devApp(): Promise<TestApp> {
  const app = await testApp({
    plugins: ["plug-a", "plug-b"],
    files: { "hsm.local.yaml": "mode: dev\n" },
  });
  (await app.hsm("clone", "--yes")).expect({ code: 0 });
  return app;
}

/** A program in the app's `bin`. */
async function program(app: TestApp, name: string, script: string): Promise<void> {
  await ensureDir(join(app.folder, "bin"));
  await Deno.writeTextFile(join(app.folder, "bin", name), `#!/bin/sh\n${script}\n`, {
    mode: 0o755,
  });
}

async function change(app: TestApp, name: string): Promise<void> {
  const file = `packages/${name}/pyproject.toml`;
  await app.write(file, `${await app.read(file)}# changed\n`);
}

/** What a file holds once something has come into it. */
async function recorded(file: string, end: string): Promise<string> {
  for (;;) {
    const text = await Deno.readTextFile(file);
    if (text.includes(end)) return text;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

Deno.test({
  name: "in one checkout hsm exec's program has the terminal: git's questions, an editor, Ctrl-C",
  ignore,
  async fn() {
    await using app = await devApp();
    await change(app, "plug-a");
    await program(
      app,
      "editor",
      // As editors do, it lives on after Ctrl-C.
      `[ -t 0 ] && [ -t 1 ] && [ -t 2 ] || exit 9
trap 'echo caught' INT
# git heeds it no more only a moment after it has begun this.
git=/proc/$PPID/status
while [ -e $git ] && ! grep -q 'SigIgn:.*[2367abef]$' $git; do sleep 0.02; done
echo editing
while ! read -r message; do :; done
echo "$message" > "$1"`,
    );
    await program(
      app,
      "loop",
      "trap 'echo caught; exit 7' INT; echo looping; while :; do sleep 0.02; done",
    );
    await using terminal = await Terminal.open(app, {
      columns: 100,
      env: { GIT_EDITOR: "editor" },
    });
    const ended = async (line: string) => {
      await terminal.waitFor(/status=\d+\n\$ $/);
      await terminal.run("clear");
      await terminal.waitFor(/^\$ $/);
      await terminal.run(line);
    };

    await terminal.run(`hsm exec plug-a -- git add -p${STATUS}`);
    await terminal.waitFor(/Stage .*\?/);
    await terminal.run("y");
    await ended(`hsm exec plug-a -- git -c advice.waitingForEditor=false commit -q${STATUS}`);
    await terminal.waitFor(/^editing$/m);
    await terminal.press("C-c");
    await terminal.waitFor(/caught/);
    // hsm waits for it, and says nothing of its own, not even at the second one.
    await terminal.press("C-c");
    await terminal.waitFor(/caught[^]*caught/);
    await terminal.run("A message");
    assertEquals(
      await terminal.waitFor(/status=\d+\n\$ $/),
      `$ hsm exec plug-a -- git -c advice.waitingForEditor=false commit -q; echo status=$?
editing
^Ccaught
^Ccaught
A message
status=0
$ `,
    );
    assertEquals(
      (await app.git("packages/plug-a", "log", "-1", "--format=%s")).trim(),
      "A message",
    );
    assertEquals(await app.git("packages/plug-a", "status", "--porcelain"), "");

    await ended(`hsm exec plug-a -- loop${STATUS}`);
    await terminal.waitFor(/^looping$/m);
    await terminal.press("C-c");
    // Once, and hsm exits as it did.
    assertEquals(
      await terminal.waitFor(/status=\d+\n\$ $/),
      "$ hsm exec plug-a -- loop; echo status=$?\nlooping\n^Ccaught\nstatus=7\n$ ",
    );
  },
});

Deno.test({
  name: "in several checkouts there is no terminal, and Ctrl-C ends git with its locks removed",
  ignore,
  async fn() {
    await using app = await devApp();
    await program(app, "editor", "trap ': > heard' INT; : > editing; while :; do sleep 0.02; done");
    await using terminal = await Terminal.open(app, { env: { GIT_EDITOR: "editor" } });
    const names = ["plug-a", "plug-b"];
    for (const name of names) await change(app, name);

    const line = "cat; : < /dev/tty";
    await terminal.run(`hsm exec -- sh -c '${line}' > out 2>&1${STATUS}`);
    await terminal.waitFor(/status=1\n\$ $/);
    const said = await app.read("out");
    assertEquals(said.match(/cannot open \/dev\/tty/g)?.length, 2, said);

    // Colours are shown where hsm shows its own; nothing else that a program sends.
    const colorful = `printf '\\033[2J\\033[35mown\\n'; git diff --stat; echo $FORCE_COLOR`;
    await program(app, "colorful", colorful);
    for (const [more, color] of [["", true], ["| cat", false]] as const) {
      await terminal.run("clear");
      await terminal.waitFor(/^\$ $/);
      await terminal.record(join(app.folder, "record"));
      await terminal.run(`hsm exec -- colorful ${more}${STATUS}`);
      await terminal.waitFor(/status=0\n\$ $/);
      const text = await recorded(join(app.folder, "record"), "status=0");
      await terminal.record(undefined);
      for (const shown of ["\x1b[35mown", "\x1b[32m+", "\n1\r"]) {
        assertEquals(text.split(shown).length - 1, color ? 2 : 0, text);
      }
      assertEquals(text.includes("\x1b[2J"), false, text);
    }

    await terminal.run("clear");
    await terminal.waitFor(/^\$ $/);
    await terminal.run(`hsm exec -- git commit -a${STATUS}`);
    const all = async (file: string) => {
      for (const name of names) await waitForFile(join(app.root, "packages", name, file));
    };
    await all("editing");
    await terminal.press("C-c");
    // git and the editor live on then; the second one is for those.
    await all("heard");
    await terminal.press("C-c");
    const screen = await terminal.waitFor(/status=\d+\n\$ $/);

    assertEquals(screen.replaceAll("^C", "").split("\n").slice(-4), [
      "Ending already: what runs ends first",
      "error: Cannot go on: interrupted by SIGINT",
      "status=130",
      "$ ",
    ]);
    for (const name of names) {
      assertEquals(await app.exists(`packages/${name}/.git/index.lock`), false);
      assertEquals(processesIn(join(app.root, "packages", name)), []);
    }
  },
});
