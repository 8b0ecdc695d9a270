import { assertMatch } from "@std/assert";
import { testApp } from "../harness/app.ts";
import { hasTmux, Terminal } from "./terminal.ts";

const tmux = hasTmux();

/** How an interactive shell begins, and how it is told of the completion. */
const SHELLS = {
  bash: ["PS1='> ' bash --norc --noprofile", 'eval "$(hsm completions bash)"'],
  zsh: [
    "PS1='> ' zsh -f",
    'autoload -Uz compinit; compinit -u -D; eval "$(hsm completions zsh)"',
  ],
  fish: [
    "fish --no-config --private",
    "function fish_prompt; echo '> '; end; hsm completions fish | source",
  ],
} as const;

function has(program: string): boolean {
  try {
    new Deno.Command(program, { args: ["--version"], stdout: "null" }).outputSync();
    return true;
  } catch {
    console.warn(`There is no ${program} here: its completion is not tried`);
    return false;
  }
}

for (const [shell, [begin, load]] of Object.entries(SHELLS)) {
  Deno.test({
    name: `the tab key completes hsm in ${shell}`,
    ignore: !tmux || !has(shell),
    async fn() {
      await using app = await testApp({ plugins: ["plug-a", "plug-b"] });
      await using terminal = await Terminal.open(app, { env: { TERM: "screen" } });
      await terminal.run(begin);
      await terminal.waitFor(/[>#] ?$/);
      await terminal.run(`${load}; clear`);
      await terminal.waitFor(/^\n?> ?$/);

      await terminal.type("hsm gra");
      await terminal.press("Tab");
      await terminal.waitFor(/^> hsm graph$/m);
      await terminal.type("--form");
      await terminal.press("Tab");
      await terminal.type("me");
      await terminal.press("Tab", "C-u");
      await terminal.type("hsm dev plug-");
      await terminal.press("Tab", "Tab");
      assertMatch(await terminal.waitFor(/plug-b/), /plug-a {2,}|plug-b {2,}plug-a/);
    },
  });
}
