/**
 * `deno task recording`: pictures of real runs, docs/images/*.svg.
 *
 * The commands are typed into a real terminal (tmux) and what it shows in the end is drawn. Hashes and times become `…`,
 * so that the same runs make the same pictures.
 *
 * @module
 */

import { ensureDir } from "@std/fs";
import { fromFileUrl, join } from "@std/path";
import { hsmCommand, type TestApp, testApp } from "../tests/harness/app.ts";
import { must } from "../tests/harness/program.ts";
import { uvProgram } from "../tests/harness/repository.ts";
import { drawTerminal } from "./terminal_svg.ts";

const IMAGES = fromFileUrl(new URL("../docs/images/", import.meta.url));
/** Wide enough that no line is broken: the pictures are cut to what is there. */
const COLUMNS = 200;
const HELLO = (name: string, text: string) => `def ${name}() -> str:\n    return "${text}"\n`;

// The address in hsm.yaml is one that everybody could have; git is told that it stands for a folder here.
const MANIFEST = `git: https://example.com/team/{name}.git
packages:
  greet: v1.0.0
  shout: v1.0.0
`;

/** What is typed: a command, and what answers its question. */
type Typed = readonly [command: string, answer?: RegExp];

await ensureDir(IMAGES);
await record("run", {
  title: "hsm sync, hsm dev, and an edit that the app sees",
  prepare: () => Promise.resolve(),
  typed: [
    ["hsm sync"],
    ["uv run main.py"],
    ["hsm dev greet", /\[Y\/n\] $/],
    ["sed -i s/Hello/Hi/ packages/greet/src/greet/__init__.py"],
    ["uv run main.py"],
  ],
});
await record("failing", {
  title: "hsm update fails, and everything is brought back",
  async prepare(app) {
    await app.write("hsm.yaml", `${MANIFEST}verify:\n  - uv run --no-sync main.py\n`);
    (await app.hsm("sync")).expect({ code: 0 });
    for (const args of [["init", "-q"], ["add", "-A"], ["commit", "-qm", "Begin"]]) {
      await app.git(".", ...args);
    }
    const greet = app.plugin("greet");
    await greet.release({ name: "greet", version: "2.0.0" });
    await greet.commit("src/greet/__init__.py", HELLO("greeting", "Hello"));
    await greet.git("tag", "-f", "-a", "v2.0.0", "-m", "v2.0.0");
  },
  typed: [
    ["hsm outdated"],
    ["hsm update"],
    ["git status --short"],
    ["uv run main.py"],
    ["hsm status"],
  ],
});

/** A scene. */
interface Scene {
  /** For whom the picture is read aloud. */
  readonly title: string;
  /** What has happened before. */
  prepare(app: TestApp): Promise<void>;
  /** What is typed. */
  readonly typed: readonly Typed[];
}

async function record(name: string, scene: Scene): Promise<void> {
  await using app = await testApp({
    plugins: ["greet", "shout"],
    manifest: MANIFEST,
    files: { "main.py": "import greet, shout\n\nprint(greet.hello(), shout.hello())\n" },
  });
  for (const [plugin, text] of [["greet", "Hello"], ["shout", "WORLD!"]] as const) {
    const repository = app.plugin(plugin);
    await repository.commit(`src/${plugin}/__init__.py`, HELLO("hello", text));
    await repository.git("tag", "-f", "-a", "v1.0.0", "-m", "v1.0.0");
    await Deno.symlink(repository.path, `${repository.path}.git`);
  }
  await Deno.writeTextFile(
    join(app.folder, "home/.gitconfig"),
    `[url "file://${app.folder}/remotes/"]\n  insteadOf = https://example.com/team/\n`,
  );
  await scene.prepare(app);
  const screen = await type(app, scene.typed);
  const text = screen.replaceAll(app.root, "…/app")
    .replace(/@[0-9a-f]{40}/g, "@…")
    .replace(/(\d\.\d\.\d) [0-9a-f]{7}\b/g, "$1 …      ")
    .replace(/\bin \d+(?:\.\d+)?m?s\b/g, "in …");
  await Deno.writeTextFile(join(IMAGES, `${name}.svg`), drawTerminal(text, scene.title));
  console.log(`made docs/images/${name}.svg`);
}

/** Types into a terminal of its own; returns what it shows at the end, with its colours. */
async function type(app: TestApp, typed: readonly Typed[]): Promise<string> {
  const bin = join(app.folder, "bin");
  await Deno.mkdir(bin);
  for (const [name, command] of [["hsm", hsmCommand()], ["uv", [uvProgram()]]] as const) {
    const words = command.map((word) => `'${word}'`).join(" ");
    await Deno.writeTextFile(join(bin, name), `#!/bin/sh\nexec ${words} "$@"\n`, { mode: 0o755 });
  }
  await Deno.writeTextFile(join(bin, "profile"), "PS1='$ '\n");
  const env = {
    ...app.env,
    NO_COLOR: "",
    TMUX_TMPDIR: app.folder,
    TMUX: "",
    HSM_UV: uvProgram(),
    PATH: `${bin}:${Deno.env.get("PATH") ?? ""}`,
    ENV: join(bin, "profile"),
  };
  const tmux = (...args: string[]) =>
    must(["tmux", "-L", "recording", ...args], { cwd: app.root, env });
  const waitFor = async (pattern: RegExp) => {
    for (const deadline = performance.now() + 60_000;;) {
      const screen = (await tmux("capture-pane", "-p", "-J")).trimEnd() + " ";
      if (pattern.test(screen)) return;
      if (performance.now() > deadline) throw new Error(`${pattern} did not come:\n${screen}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  await tmux("-f", "/dev/null", "new-session", "-d", "-x", `${COLUMNS}`, "-y", "80", "sh");
  try {
    await waitFor(/^\$ $/);
    for (const [index, [command, question]] of typed.entries()) {
      await tmux("send-keys", "-l", "--", command);
      await tmux("send-keys", "Enter");
      if (question !== undefined) {
        await waitFor(question);
        await tmux("send-keys", "-l", "y");
        await tmux("send-keys", "Enter");
      }
      // The prompt behind this command, not the one that it is typed at.
      await waitFor(new RegExp(`^(?:\\$ [^]*?\\n){${index + 1}}\\$ $`));
    }
    const screen = await tmux("capture-pane", "-e", "-p");
    // Without the last prompt, which may stand behind the end of a colour.
    const text = screen.trimEnd();
    return text.slice(0, text.lastIndexOf("\n"));
  } finally {
    await tmux("kill-server");
  }
}
