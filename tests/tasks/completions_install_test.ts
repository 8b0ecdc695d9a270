import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { type TestApp, testApp } from "../harness/app.ts";
import { runShell, shellTest } from "../harness/shells.ts";

/** An app without a system of its own around it: no bash-completion is found. */
async function bareApp(env: Readonly<Record<string, string>> = {}): Promise<TestApp> {
  return await testApp({ env: { XDG_DATA_DIRS: "/nowhere", XDG_DATA_HOME: "", ...env } });
}

/** What stands in a file of the test's home. */
const inHome = (app: TestApp, path: string) => Deno.readTextFile(join(app.env["HOME"]!, path));

async function writeHome(app: TestApp, path: string, text: string): Promise<void> {
  await app.write(join("../home", path), text);
}

Deno.test("hsm completions --install writes what each shell reads, and says what is still to do", async () => {
  await using app = await bareApp();
  const cases = [
    [
      "bash",
      ".local/share/bash-completion/completions/hsm",
      "Add to ~/.bashrc: . ~/.local/share/bash-completion/completions/hsm\n",
    ],
    [
      "zsh",
      ".local/share/zsh/site-functions/_hsm",
      "Add to ~/.zshrc, before compinit: fpath=(~/.local/share/zsh/site-functions $fpath)\n",
    ],
    ["fish", ".config/fish/completions/hsm.fish", "A new fish completes hsm\n"],
    [
      "powershell",
      ".local/share/hsm/completions/hsm.ps1",
      "Add to $PROFILE: . ~/.local/share/hsm/completions/hsm.ps1\n",
    ],
  ] as const;
  for (const [shell, path, stderr] of cases) {
    const row = (state: string) => `${shell}  ${state}  [DIR]/home/${path}\n`;
    const script = (await app.hsm("completions", shell)).stdout;
    const install = () => app.hsm("completions", shell, "--install");

    (await install()).expect({ code: 0, stdout: row("installed"), stderr });
    assertEquals((await inHome(app, path)).replaceAll(app.folder, "[DIR]"), script);
    (await install()).expect({ code: 0, stdout: row("present"), stderr });
    // As an older hsm made it.
    await writeHome(
      app,
      path,
      script.replace(/\n[^]*$/, "\n") +
        (shell === "zsh" ? `# Completion of hsm for zsh. ${shell}\n` : ""),
    );
    (await install()).expect({ code: 0, stdout: row("renewed"), stderr });
    assertEquals((await inHome(app, path)).replaceAll(app.folder, "[DIR]"), script);
    // Somebody else's.
    await writeHome(app, path, "# mine\n");
    (await install()).expect({
      code: 2,
      stdout: "",
      stderr: `error: Cannot install the completion of hsm: [DIR]/home/${path} is not hsm's
hint: move it away, or load \`hsm completions ${shell}\` from a file of yours
`,
    });
    assertEquals(await inHome(app, path), "# mine\n");
  }
});

Deno.test("hsm completions --install goes where the environment says, and to $SHELL", async () => {
  await using app = await bareApp({ SHELL: "/usr/bin/zsh" });
  const env = {
    XDG_DATA_HOME: join(app.folder, "data"),
    XDG_CONFIG_HOME: join(app.folder, "con fig"),
    ZDOTDIR: join(app.folder, "zsh"),
  };
  const installed = async (more: Readonly<Record<string, string>>, ...words: string[]) =>
    (await app.hsmWith({ ...env, ...more }, "completions", "--install", "--json", ...words)).expect(
      {
        code: 0,
        stderr: "",
      },
    ).json();

  assertEquals(await installed({}), {
    shell: "zsh",
    path: "[DIR]/data/zsh/site-functions/_hsm",
    state: "installed",
    line: "fpath=([DIR]/data/zsh/site-functions $fpath)",
    in: "[DIR]/zsh/.zshrc",
  });
  // Whoever has the line already is not told it.
  await app.write("../zsh/.zshrc", `fpath+=(${app.folder}/data/zsh/site-functions)\n`);
  assertEquals(await installed({}), {
    shell: "zsh",
    path: "[DIR]/data/zsh/site-functions/_hsm",
    state: "present",
  });
  // A folder of the user's own where zsh looks already.
  const own = join(app.env["HOME"]!, ".zfunc");
  await Deno.mkdir(own);
  assertEquals(await installed({ FPATH: `/usr/share/zsh/functions:${own}` }), {
    shell: "zsh",
    path: "[DIR]/home/.zfunc/_hsm",
    state: "installed",
  });
  assertEquals(await installed({}, "fish"), {
    shell: "fish",
    path: "[DIR]/con fig/fish/completions/hsm.fish",
    state: "installed",
  });
  await app.write("../system/bash-completion/bash_completion", "");
  const dirs = { XDG_DATA_DIRS: `/nowhere:${app.folder}/system` };
  assertEquals(await installed(dirs, "bash"), {
    shell: "bash",
    path: "[DIR]/data/bash-completion/completions/hsm",
    state: "installed",
  });
  assertEquals(await installed({ BASH_COMPLETION_USER_DIR: `${app.folder}/it's` }, "bash"), {
    shell: "bash",
    path: "[DIR]/it's/completions/hsm",
    state: "installed",
    line: ". '[DIR]/it'\\''s/completions/hsm'",
    in: "~/.bashrc",
  });
  (await app.hsmWith({ HOME: "" }, "completions", "bash", "--install")).expect({
    code: 2,
    stdout: "",
    stderr: `error: Cannot install the completion of hsm: the environment names no home
hint: set HOME
`,
  });
});

Deno.test("hsm completions --install goes by whole paths alone, wherever it is called", async () => {
  await using app = await bareApp();
  const relative = {
    XDG_DATA_HOME: "data",
    XDG_CONFIG_HOME: ".",
    BASH_COMPLETION_USER_DIR: "bash",
  };
  for (
    const [shell, path] of [
      ["bash", ".local/share/bash-completion/completions/hsm"],
      ["zsh", ".local/share/zsh/site-functions/_hsm"],
      ["fish", ".config/fish/completions/hsm.fish"],
    ] as const
  ) {
    (await app.hsmWith(relative, "completions", shell, "--install")).expect({
      code: 0,
      stdout: `${shell}  installed  [DIR]/home/${path}\n`,
    });
  }
  const home = { HOME: `${app.env["HOME"]}/` };
  (await app.hsmWith(home, "completions", "zsh", "--install")).expect({
    code: 0,
    stderr: "Add to ~/.zshrc, before compinit: fpath=(~/.local/share/zsh/site-functions $fpath)\n",
  });
  await app.untouched(async () => {
    (await app.hsmWith({ HOME: "home" }, "completions", "zsh", "--install")).expect({
      code: 2,
      stdout: "",
      stderr: /: the environment names no home\nhint: set HOME\n$/,
    });
  });
});

Deno.test("hsm completions --install leaves a folder and a link that leads nowhere", async () => {
  await using app = await bareApp();
  const folder = join(app.env["HOME"]!, ".config/fish/completions");
  const path = join(folder, "hsm.fish");
  const refused = async () =>
    (await app.hsm("completions", "fish", "--install")).expect({
      code: 2,
      stdout: "",
      stderr:
        `error: Cannot install the completion of hsm: [DIR]/home/.config/fish/completions/hsm.fish is not hsm's
hint: move it away, or load \`hsm completions fish\` from a file of yours
`,
    });
  await Deno.mkdir(path, { recursive: true });
  await refused();
  await Deno.remove(path);
  await Deno.symlink("nowhere", path);
  await refused();
  assertEquals(await Deno.readLink(path), "nowhere");
});

Deno.test("hsm completions --install follows a link to where a person keeps his files", async () => {
  await using app = await bareApp();
  await writeHome(app, "dotfiles/hsm.fish", "# Completion of hsm for fish. Old\n");
  await writeHome(app, ".config/fish/completions/other.fish", "");
  const link = join(app.env["HOME"]!, ".config/fish/completions/hsm.fish");
  await Deno.symlink("../../../dotfiles/hsm.fish", link);

  (await app.hsm("completions", "fish", "--install")).expect({
    code: 0,
    stdout: "fish  renewed  [DIR]/home/.config/fish/completions/hsm.fish\n",
  });

  assertEquals((await Deno.lstat(link)).isSymlink, true);
  const script = (await app.hsm("completions", "fish")).stdout;
  assertEquals(await inHome(app, "dotfiles/hsm.fish"), script);
});

Deno.test("hsm completions --install says what is wrong with a command line", async () => {
  await using app = await bareApp();
  (await app.hsm("completions", "--install", "--complete", "--", "sy")).expect({
    code: 2,
    stdout: "",
    stderr: `error: Cannot run hsm completions: --install and --complete exclude each other
hint: one writes the script, the other is what it asks
`,
  });
});

shellTest("bash", "what hsm completions --install says makes bash complete hsm", async () => {
  await using app = await bareApp();
  const said = (await app.hsm("completions", "bash", "--install")).stderr;
  const line = /: (\. .+)\n$/.exec(said)?.[1] ?? "";
  const out = await runShell(app, ["bash", "-c", `${line}\ncomplete -p hsm`]);
  assertEquals(out, "complete -F _hsm hsm\n");
});

shellTest("zsh", "what hsm completions --install says makes zsh complete hsm", async () => {
  await using app = await bareApp();
  const said = (await app.hsm("completions", "zsh", "--install")).stderr;
  const line = /compinit: (fpath=.+)\n$/.exec(said)?.[1] ?? "";
  const script = `${line}\nautoload -Uz compinit && compinit -D\nprint $_comps[hsm]`;
  assertEquals(await runShell(app, ["zsh", "-f", "-c", script]), "_hsm\n");
});

shellTest("fish", "hsm completions --install makes fish complete hsm", async () => {
  await using app = await bareApp();
  (await app.hsm("completions", "fish", "--install")).expect({ code: 0 });
  const out = await runShell(app, ["fish", "-c", "complete -C 'hsm eje'"]);
  assertEquals(out, "eject\tTake hsm out of the app, which stays as it is\n");
});
