import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { testApp } from "../harness/app.ts";
import { fakeUv } from "../harness/fake_uv.ts";
import { hasTmux, Terminal } from "./terminal.ts";

const ignore = !hasTmux();

Deno.test({
  name: "a narrow terminal shows results in lines that are whole, in colour, and in its characters",
  ignore,
  async fn() {
    await using app = await testApp({ plugins: ["plug-a", "plug-with-a-long-name"] });
    const env = await fakeUv(
      app,
      "[ -f uv.lock ] || echo 'version = 1' > uv.lock\n" +
        'case "$*" in *--dry-run*) printf " + %s==1.0.0\\n" plug-a plug-with-a-long-name >&2;; esac',
    );
    (await app.hsmWith(env, "sync")).expect({ code: 0 });
    (await app.hsmWith(env, "dev", "plug-a", "--yes")).expect({ code: 0 });
    await using terminal = await Terminal.open(app, { columns: 40, rows: 60, env });
    const run = async (line: string) => {
      await terminal.run("clear");
      await terminal.waitFor(/^\$ $/);
      await terminal.run(`${line}; echo status=$?`);
      const screen = await terminal.waitFor(/status=\d+\n\$ $/);
      return screen.slice(screen.indexOf("\n") + 1).replace(/\$ $/, "");
    };

    assertEquals(await run("hsm sync"), "2 packages are in line\nstatus=0\n");
    assertEquals(await run("hsm sync --no-check"), "2 packages are in line\nstatus=0\n");
    assertEquals(
      await run("hsm status"),
      `plug-a
  mode       dev
  pin        v1.0.0
  checkout   main
  state      not installed
plug-with-a-long-name
  mode       prod
  pin        v1.0.0
  state      not installed
status=0
`,
    );
    assertEquals(
      (await run("hsm undo --list")).replace(/\d minutes? ago/g, "just now"),
      `2  just now  hsm dev plug-a --yes
        pyproject.toml, hsm.local.yaml
1  just now  hsm sync
        pyproject.toml, .gitignore,
        uv.lock
status=0
`,
    );

    const written = async (line: string) => {
      const record = join(app.folder, "record");
      await terminal.record(record);
      await run(line);
      // What is written goes through tmux, which shows it first.
      while (!/status=0/.test(await Deno.readTextFile(record))) await terminal.screen();
      await terminal.record(undefined);
      return await Deno.readTextFile(record);
    };
    assertStringIncludes(await written("hsm status"), "\x1b[33mnot installed\x1b[39m");
    assertEquals((await written("NO_COLOR=1 hsm status")).includes("\x1b[33m"), false);

    const tree = await run("hsm graph");
    assertStringIncludes(tree, "└── plug-");
    assertEquals(
      await run("LC_ALL=C hsm graph"),
      tree.replaceAll("├── ", "|-- ").replaceAll("└── ", "`-- "),
    );
  },
});
