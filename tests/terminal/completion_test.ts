import { assertEquals } from "@std/assert";
import { testApp } from "../harness/app.ts";
import { shellTest } from "../harness/shells.ts";
import { OWN_TOOL } from "../harness/tool.ts";
import { hasTmux, Terminal } from "./terminal.ts";

const tmux = hasTmux();

/** A tag that a shell would do something with, and how it is written so that none does. */
const HOSTILE = "x$(touch${IFS}evil)";
const ESCAPED = "x\\$\\(touch\\$\\{IFS\\}evil\\)";

/** How an interactive shell begins, is told of the completion, and shows several tags. */
const SHELLS = {
  bash: {
    begin: "PS1='> ' bash --norc --noprofile",
    load: 'eval "$(hsm completions bash)"',
    tabs: ["Tab", "Tab"],
    listed: /^v1\.10\.0 +\(\S+\)\s+v1\.2\.0 +\(\S+\)\s+v1\.0\.0 +\(\S+, the pin now\)/m,
  },
  zsh: {
    begin: "PS1='> ' zsh -f",
    load: 'autoload -Uz compinit; compinit -u -D; eval "$(hsm completions zsh)"; ' +
      "zstyle ':completion:*:descriptions' format '[%d]'",
    tabs: ["Tab"],
    listed: /^\[tag\]\nv1\.10\.0 +-- \S+\nv1\.2\.0 +-- \S+\nv1\.0\.0 +-- \S+, the pin now/m,
  },
  fish: {
    begin: "fish --no-config --private",
    load: "function fish_prompt; echo '> '; end; hsm completions fish | source",
    tabs: ["Tab"],
    listed: /^v1\.10\.0 +\(\S+\)\s+v1\.2\.0 +\(\S+\)\s+v1\.0\.0 +\(\S+, the pin now\)/m,
  },
} as const;

for (const [shell, { begin, load, tabs, listed }] of Object.entries(SHELLS)) {
  shellTest(tmux ? shell : "tmux", `the tab key completes hsm in ${shell}`, async () => {
    await using app = await testApp({ plugins: ["plug-a", "plug-b"] });
    for (const tag of ["v1.10.0", "v1.2.0", HOSTILE]) await app.plugin("plug-a").git("tag", tag);
    // The remote is not waited for where the machine is slow.
    await app.git(".", "clone", "-q", app.plugin("plug-a").url, "packages/plug-a");
    await using terminal = await Terminal.open(app, { columns: 50, env: { TERM: "screen" } });
    await terminal.run(begin);
    await terminal.waitFor(/[>#] ?$/);
    await terminal.run(`${load}; clear`);
    await terminal.waitFor(/^\n?> ?$/);
    /** Presses tab behind a text, and waits for what becomes of the line. */
    const completes = async (typed: string, ...lines: readonly string[]) => {
      await terminal.type(typed);
      await terminal.press("Tab");
      const patterns = lines.map((it) => it.replace(/[\\$(){}.+*?]/g, "\\$&"));
      await terminal.waitFor(new RegExp(`^> (?:${patterns.join("|")}) ?$`, "m"));
    };
    for (
      const [typed, line] of [
        ["hsm gra", "hsm graph"],
        ["hsm graph --format=me", "hsm graph --format=mermaid"],
        ["hsm sync --filter=blob:n", "hsm sync --filter=blob:none"],
        ["hsm update plug-a --to=v1.1", "hsm update plug-a --to=v1.10.0"],
        ["hsm exec -- cat hsm.ya", "hsm exec -- cat hsm.yaml"],
        ["hsm pin plug-a 'x", `hsm pin plug-a '${HOSTILE}'`],
      ] as const
    ) {
      await completes(typed, line);
      await terminal.press("C-e", "C-u");
    }
    await terminal.type("hsm pin plug-a v1.");
    await terminal.press(...tabs);
    await terminal.waitFor(listed);
    await terminal.press("C-e", "C-u");

    // What is on the line then is run, and is a word.
    await completes("hsm pin plug-a x", `hsm pin plug-a ${ESCAPED}`, `hsm pin plug-a '${HOSTILE}'`);
    await terminal.press("C-a");
    await terminal.type("printf '<%s>' ");
    await terminal.press("Enter");
    await terminal.waitFor(/<hsm><pin><plug-a><x\$\(touch\$\{IFS\}evil\)>/);
    assertEquals(await app.exists("evil"), false);
  });
}

for (const [shell, { begin, load }] of Object.entries(SHELLS)) {
  shellTest(
    tmux ? shell : "tmux",
    `the tab key completes a tool of one's own in ${shell}`,
    async () => {
      await using app = await testApp({ plugins: ["plug-a", "plug-b"] });
      const programs = { mytool: OWN_TOOL };
      await using terminal = await Terminal.open(app, { env: { TERM: "screen" }, programs });
      await terminal.run(begin);
      await terminal.waitFor(/[>#] ?$/);
      await terminal.run(`${load.replaceAll("hsm", "mytool")}; clear`);
      await terminal.waitFor(/^\n?> ?$/);
      for (
        const [typed, line] of [
          ["mytool gre", "mytool greet"],
          ["mytool greet you --mood=w", "mytool greet you --mood=warm"],
          ["mytool ship plug-b v", "mytool ship plug-b v1\\.0\\.0"],
          ["mytool sync plug-a plug", "mytool sync plug-a plug-b"],
          ["mytool greet you --from hsm.ya", "mytool greet you --from hsm\\.yaml"],
        ] as const
      ) {
        await terminal.type(typed);
        await terminal.press("Tab");
        await terminal.waitFor(new RegExp(`^> ${line} ?$`, "m"));
        await terminal.press("C-e", "C-u");
      }
    },
  );
}
