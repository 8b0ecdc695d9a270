import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { type TestApp, testApp } from "../harness/app.ts";
import { fakeUv } from "../harness/fake_uv.ts";
import { Library, makeLibrary } from "../harness/submodules.ts";
import { slowGit } from "./slow_git.ts";
import { hasTmux, Terminal } from "./terminal.ts";

const ignore = !hasTmux();
const STATUS = "; echo status=$?";

/** An app whose plugins are all in dev mode and not cloned yet. */
function devApp(...plugins: string[]): Promise<TestApp> {
  return testApp({ plugins, files: { "hsm.local.yaml": "mode: dev\n" } });
}

Deno.test({
  name: "a terminal is asked before cloning, and yes clones",
  ignore,
  async fn() {
    await using app = await devApp("plug-a");
    await using terminal = await Terminal.open(app);

    await terminal.run(`hsm clone${STATUS}`);
    await terminal.waitFor(/^Clone plug-a into packages\/plug-a\? \[Y\/n\]$/m);
    assertEquals(await app.exists("packages"), false);
    await terminal.run("maybe");
    await terminal.waitFor(/\[Y\/n\] maybe\nClone plug-a into packages\/plug-a\? \[Y\/n\]$/m);
    await terminal.press("Enter");

    const screen = await terminal.waitFor(/status=\d+\n\$ $/);
    assertEquals(
      screen,
      `$ hsm clone; echo status=$?
Clone plug-a into packages/plug-a? [Y/n] maybe
Clone plug-a into packages/plug-a? [Y/n]
Cloned plug-a into packages/plug-a
plug-a  packages/plug-a  cloned
status=0
$ `,
    );
    assertEquals(await app.list("packages"), ["plug-a"]);
  },
});

Deno.test({
  name: "hsm dev and hsm prod alone offer a choice, by number, name or glob",
  ignore,
  async fn() {
    await using app = await testApp({ plugins: ["plug-a", "plug-b", "other"] });
    await using terminal = await Terminal.open(app, { columns: 40 });
    const list = "  1  plug-a\n  2  plug-b\n  3  other\n";
    const prompt = "Numbers, names or globs; Enter: none >";

    await terminal.run(`hsm dev --no-sync${STATUS}`);
    await terminal.waitFor(/none >$/m);
    await terminal.run("plug-* 4");
    await terminal.waitFor(/^There is no 4 among them\n.* none >$/m);
    await terminal.run("3, plug-[a]");
    assertEquals(
      await terminal.waitFor(/status=\d+\n\$ $/),
      `$ hsm dev --no-sync; echo status=$?
Work on which packages?
${list}${prompt} p
lug-* 4
There is no 4 among them
${prompt} 3
, plug-[a]
plug-a  prod → dev
other   prod → dev
status=0
$ `,
    );

    await terminal.run("clear");
    await terminal.waitFor(/^\$ $/);
    await app.untouched(async () => {
      await terminal.run(`hsm prod${STATUS}`);
      await terminal.waitFor(/none >$/m);
      await terminal.press("C-c");
      const screen = await terminal.waitFor(/status=130\n\$ $/);
      assertMatch(screen, /^Use which at their pins again\?\n {2}1 {2}plug-a\n {2}2 {2}other\n/m);
      await terminal.run(`hsm prod${STATUS}`);
      await terminal.waitFor(/status=130\n[^]*none >$/m);
      await terminal.press("Enter");
      await terminal.waitFor(/^No package was chosen\nstatus=0\n\$ $/m);
    });
  },
});

Deno.test({
  name: "no at the question changes nothing, and is not argued with",
  ignore,
  async fn() {
    await using app = await devApp("plug-a", "plug-b");
    await using terminal = await Terminal.open(app);

    await app.untouched(async () => {
      await terminal.run(`hsm sync${STATUS}`);
      await terminal.waitFor(/\[Y\/n\]$/m);
      await terminal.run("n");
      const screen = await terminal.waitFor(/status=\d+\n\$ $/);
      assertEquals(
        screen,
        `$ hsm sync; echo status=$?
Clone plug-a, plug-b into their checkouts? [Y/n] n
error: Cannot go on without the checkouts of plug-a, plug-b: packages/plug-a, pa
ckages/plug-b are missing
status=2
$ `,
      );
    });
    assertEquals(await app.exists("packages"), false);
  },
});

Deno.test({
  name: "Ctrl-C at the question changes nothing, exits with 130 and leaves the terminal sane",
  ignore,
  async fn() {
    await using app = await devApp("plug-a");
    await using terminal = await Terminal.open(app);
    const settings = async () => {
      await terminal.run("stty -a | cksum");
      return await terminal.waitFor(/\d+ \d+\n\$ $/);
    };
    const before = await settings();
    await terminal.run("clear");
    await terminal.waitFor(/^\$ $/);

    await app.untouched(async () => {
      await terminal.run(`hsm sync${STATUS}`);
      await terminal.waitFor(/\[Y\/n\]$/m);
      await terminal.press("C-c");
      const screen = await terminal.waitFor(/status=\d+\n\$ $/);
      assertEquals(
        screen,
        `$ hsm sync; echo status=$?
Clone plug-a into packages/plug-a? [Y/n] ^C
error: Cannot go on: interrupted by SIGINT
status=130
$ `,
      );
    });
    assertEquals(await app.exists("packages"), false);
    await terminal.run("clear");
    await terminal.waitFor(/^\$ $/);
    assertEquals(await settings(), before);
    // The next command finds nothing to repair.
    (await app.hsm("map", "--dry-run")).expect({ code: 2 });
  },
});

Deno.test({
  name: "running clones have a line each with git's percentage, and leave none behind",
  ignore,
  async fn() {
    await using app = await devApp("plug-a", "plug-long-name");
    const git = await slowGit(app, { "plug-a": 45, "plug-long-name": 7 });
    await using terminal = await Terminal.open(app, { columns: 100 });

    await terminal.run(`hsm clone --yes${STATUS}`);
    const lines = (await terminal.waitFor(/ 7%/)).split("\n").slice(1);
    assertEquals(lines.map((line) => line.slice(3)).sort(), [
      "Cloning plug-a           45%  Receiving objects",
      "Cloning plug-long-name    7%  Receiving objects",
    ]);
    await git.release();
    const screen = await terminal.waitFor(/status=\d+\n\$ $/);

    assertMatch(
      screen,
      /^\$ hsm clone .*\n(?:Cloned plug-\S+ into packages\/plug-\S+\n){2}plug-a {10}packages\/plug-a {10}cloned\nplug-long-name {2}packages\/plug-long-name {2}cloned\nstatus=0\n\$ $/,
    );
  },
});

Deno.test({
  name: "progress is cut to a narrow window, and follows another width without leftovers",
  ignore,
  async fn() {
    await using app = await devApp("plug-a", "plug-with-a-very-long-name");
    const git = await slowGit(app, { "plug-a": 45, "plug-with-a-very-long-name": 7 });
    await using terminal = await Terminal.open(app, { columns: 40 });
    const frame = (text: string) =>
      text.split("\n").filter((line) => /%/.test(line)).map((line) => line.slice(3)).sort();

    // In a window that is not full, tmux 3.3 itself loses the cursor when lines wrap anew.
    await terminal.run("seq 40");
    await terminal.waitFor(/^40\n\$ $/m);
    await terminal.run("hsm clone --yes");
    await terminal.waitFor(/ 7%/);
    assertEquals(frame(await terminal.screen()), [
      "Cloning plug-a                   45%",
      "Cloning plug-with-a-very-long…    7%",
    ]);
    for (
      const [columns, lines] of [
        [80, [
          "Cloning plug-a                       45%  Receiving objects",
          "Cloning plug-with-a-very-long-name    7%  Receiving objects",
        ]],
        [30, ["Cloning plug-a         45%", "Cloning plug-with-a…    7%"]],
        [60, [
          "Cloning plug-a                       45%  Receiving obj…",
          "Cloning plug-with-a-very-long-name    7%  Receiving obj…",
        ]],
      ] as const
    ) {
      await terminal.resize(columns, 24);
      // tmux tells the size a quarter of a second later.
      await new Promise((resolve) => setTimeout(resolve, 600));
      assertEquals(frame(await terminal.screen()), [...lines], `${columns} columns`);
    }
    await git.release();

    const screen = await terminal.waitFor(/cloned\n\$ $/);
    assertEquals(frame(screen), []);
    assertEquals(screen.match(/^Cloned /gm)?.length, 2);
  },
});

Deno.test({
  name: "Ctrl-C while clones run ends them, and clears their lines",
  ignore,
  async fn() {
    await using app = await devApp("plug-a", "plug-b");
    await slowGit(app, { "plug-a": 45, "plug-b": 7 });
    await using terminal = await Terminal.open(app);

    await terminal.run(`hsm sync --yes${STATUS}`);
    await terminal.waitFor(/ 7%/);
    await terminal.press("C-c");
    const screen = await terminal.waitFor(/status=\d+\n\$ $/);

    assertEquals(
      screen,
      `$ hsm sync --yes; echo status=$?
error: Cannot go on: interrupted by SIGINT
status=130
$ `,
    );
    assertEquals(await app.list("packages"), []);
  },
});

Deno.test({
  name:
    "uv's last line stands beside a spinner; afterwards what matters stays, after a failure all",
  ignore,
  async fn() {
    await using app = await testApp();
    const go = join(app.folder, "go");
    const uv = await fakeUv(
      app,
      `[ "$2" = --locked ] && exit 1
echo 'Resolved 2 packages in 1ms' >&2
echo '   Building plug-a @ file:///somewhere' >&2
while [ ! -e ${go} ]; do sleep 0.05; done
echo ' + plug-a==1.0.0' >&2
exit $(cat ${go})`,
    );
    await using terminal = await Terminal.open(app, { env: uv });

    await terminal.run(`hsm sync${STATUS}`);
    await terminal.waitFor(/^ . uv lock {2}Building plug-a @ file:\/\/\/somewhere$/m);
    await Deno.writeTextFile(go, "0");
    assertEquals(
      await terminal.waitFor(/status=\d+\n\$ $/),
      "$ hsm sync; echo status=$?\n + plug-a==1.0.0\nThe app is in line\nstatus=0\n$ ",
    );

    await Deno.writeTextFile(go, "1");
    await terminal.run("clear");
    await terminal.waitFor(/^\$ $/);
    await terminal.run(`hsm sync${STATUS}`);
    assertEquals(
      await terminal.waitFor(/status=\d+\n\$ $/),
      `$ hsm sync; echo status=$?
Resolved 2 packages in 1ms
   Building plug-a @ file:///somewhere
 + plug-a==1.0.0
error: Cannot sync the app: \`uv lock\` exited with code 1
status=1
$ `,
    );
  },
});

Deno.test({
  name: "a clone that asks for a password has the terminal to itself",
  ignore,
  async fn() {
    await using app = await devApp("plug-a", "plug-b");
    const bin = join(app.folder, "bin");
    await Deno.mkdir(bin);
    const real = (await new Deno.Command("sh", { args: ["-c", "command -v git"] }).output()).stdout;
    await Deno.writeTextFile(
      join(bin, "git"),
      `#!/bin/sh
case " $* " in *" clone "*plug-a*)
  if [ "$GIT_TERMINAL_PROMPT" = 0 ]; then
    echo "fatal: could not read Username for 'https://example.com': terminal prompts disabled" >&2
    exit 128
  fi
  printf 'Username: ' >/dev/tty; read name </dev/tty
  echo "hello $name" >/dev/tty;;
esac
exec ${new TextDecoder().decode(real).trim()} "$@"
`,
      { mode: 0o755 },
    );
    await using terminal = await Terminal.open(app);

    await terminal.run(`hsm clone --yes -v --color never${STATUS}`);
    await terminal.waitFor(/^Username:$/m);
    // Long enough for the lines of running work to come, were there any.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await terminal.run("me");
    const screen = await terminal.waitFor(/status=\d+\n\$ $/);

    assertMatch(screen, /^Username: me\nhello me\n/m);
    assertEquals(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/.test(screen), false, screen);
    assertMatch(screen, /^\$ git .*clone [^]*\(\d+ ms\)$/m);
    assertMatch(screen, /plug-a {2}packages\/plug-a {2}cloned\nplug-b .*\nstatus=0/);
  },
});

Deno.test({
  name: "a submodule that asks for a password is asked alone, as its checkout is",
  ignore,
  async fn() {
    await using app = await devApp("plug-a", "plug-b");
    await makeLibrary(app, "lib");
    await new Library(app, "plug-a").add("lib", "vendor/lib");
    const config = join(app.folder, "home/.gitconfig");
    await Deno.writeTextFile(config, '[protocol "file"]\n\tallow = always\n');
    const bin = join(app.folder, "bin");
    await Deno.mkdir(bin);
    const real = (await new Deno.Command("sh", { args: ["-c", "command -v git"] }).output()).stdout;
    await Deno.writeTextFile(
      join(bin, "git"),
      `#!/bin/sh
case " $* " in *" submodule "*)
  if [ "$GIT_TERMINAL_PROMPT" = 0 ]; then
    echo "fatal: could not read Username for 'https://example.com': terminal prompts disabled" >&2
    exit 128
  fi
  printf 'Username: ' >/dev/tty; read name </dev/tty
  echo "hello $name" >/dev/tty;;
esac
exec ${new TextDecoder().decode(real).trim()} "$@"
`,
      { mode: 0o755 },
    );
    await using terminal = await Terminal.open(app);

    await terminal.run(`hsm clone --yes --color never${STATUS}`);
    await terminal.waitFor(/^Username:$/m);
    await terminal.run("me");
    const screen = await terminal.waitFor(/status=\d+\n\$ $/);

    assertMatch(screen, /^Username: me\nhello me\n/m);
    assertMatch(screen, /plug-a {2}packages\/plug-a {2}cloned\nplug-b .*\nstatus=0/);
    assertEquals(await app.exists("packages/plug-a/vendor/lib/data.py"), true);
  },
});

Deno.test({
  name: "there are no cursor codes with TERM=dumb, --quiet or a pipe, and no colours with NO_COLOR",
  ignore,
  async fn() {
    await using app = await devApp("plug-a");
    const git = await slowGit(app, { "plug-a": 45 });
    await using terminal = await Terminal.open(app);
    const record = async (command: string) => {
      // script(1) is not everywhere; what tmux itself is sent is.
      await terminal.record(join(app.folder, "record"));
      await terminal.run(`${command}${STATUS}`);
      await new Promise((resolve) => setTimeout(resolve, 2_500));
      await git.release();
      await terminal.waitFor(/status=0\n\$ $/);
      await terminal.record(undefined);
      await git.hold();
      await Deno.remove(join(app.root, "packages"), { recursive: true });
      const text = await Deno.readTextFile(join(app.folder, "record"));
      await terminal.run("clear");
      await terminal.waitFor(/^\$ $/);
      return text;
    };

    const moving = await record("hsm clone --yes");
    assert(moving.includes("\x1b[36m⠋"), moving);
    const colourless = await record("NO_COLOR=1 hsm clone --yes");
    assert(colourless.includes("⠋") && !colourless.includes("\x1b[36m"), colourless);
    for (
      const still of [
        "TERM=dumb hsm clone --yes",
        "hsm clone --yes -q",
        "hsm clone --yes 2>&1 | cat",
      ]
    ) {
      const text = await record(still);
      // The result has its colour on a terminal, however quiet the rest is.
      const rest = still.endsWith("-q") ? text.replace("\x1b[1mplug-a\x1b[22m", "plug-a") : text;
      assertEquals(rest.includes("\x1b") || rest.includes("⠋"), false, JSON.stringify(text));
    }
  },
});

Deno.test({
  name: "hsm init asks whether those who search are to see the checkouts",
  ignore,
  async fn() {
    await using app = await testApp();
    await Deno.remove(join(app.root, "hsm.yaml"));
    await using terminal = await Terminal.open(app);

    await terminal.run(`hsm init${STATUS}`);
    await terminal.waitFor(/see the checkouts \(!\/packages\/ in \.ignore\)\? \[Y\/n\]$/m);
    assertEquals(await app.exists("hsm.yaml"), false);
    await terminal.run("n");
    await terminal.waitFor(/^Wrote hsm\.yaml; next: `hsm add NAME --git URL`\nstatus=0\n\$ $/m);
    assertEquals(await app.exists(".ignore"), false);
  },
});
