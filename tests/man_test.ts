import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { HSM } from "../cli.ts";
import { GLOBAL_OPTIONS } from "../lib/command/globals.ts";
import { named } from "../lib/command/option.ts";
import { programOf } from "../lib/command/program.ts";
import { manPages } from "../tools/man_pages.ts";
import { testApp } from "./harness/app.ts";
import { start } from "./harness/program.ts";
import { hasProgram } from "./harness/shells.ts";
import { scriptCommand } from "./harness/tool.ts";

const program = programOf(HSM);
const commands = (await program.commands.all()).filter((it) => !it.hidden);
const pages = await manPages(program, new Date("2026-01-31T12:00:00Z"));

/** A page as it is read: without macros and escapes. */
function plain(page: string): string {
  return page.replace(/^\.\w+ ?/gm, "").replace(/\\f[BIR]|\\&/g, "").replaceAll("\\-", "-")
    .replaceAll("\\(aq", "'").replaceAll("\\(ga", "`").replaceAll('""', '"').replaceAll("\\e", "\\")
    .replace(/\\\[u([0-9A-F]{4})\]/g, (_, code) => String.fromCharCode(parseInt(code, 16)));
}

Deno.test("there is a man page for hsm, and one for each command", () => {
  assertEquals(
    Object.keys(pages),
    ["hsm.1", ...commands.map((it) => `hsm-${it.name}.1`)],
  );
  const main = plain(pages["hsm.1"]!);
  for (const { name, summary } of commands) {
    assert(main.includes(`hsm-${name} (1)`), name);
    assert(main.includes(summary), summary);
    assert(plain(pages[`hsm-${name}.1`]!).includes(`\nhsm-${name} - ${summary}\n`), name);
  }
  for (const it of named(GLOBAL_OPTIONS)) assert(main.includes(`--${it.flag}`), it.flag);
  for (const word of ["hsm.yaml", "hsm.local.yaml", "129, 130, 143"]) {
    assert(main.includes(word), word);
  }
});

Deno.test("a command's man page has all that its help has", () => {
  for (const { name, options, positionals, examples, description = "", passthrough } of commands) {
    const page = plain(pages[`hsm-${name}.1`]!);
    const said = page.replaceAll("\n", " ");
    for (const it of named(options)) {
      const sign = positionals.includes(it.key) ? it.placeholder! : `--${it.flag}`;
      assert(said.includes(sign), `${name}: ${sign}`);
      const text = it.description.replaceAll("`", "");
      assert(said.includes(text), `${name}: ${text}`);
    }
    for (const it of examples) assert(page.includes(`\n${it}\n`), `${name}: ${it}`);
    assert(said.includes(description.replaceAll("`", "")), `${name}: ${description}`);
    assertEquals(said.includes("-- ARGS"), passthrough !== undefined, name);
  }
});

Deno.test("a man page is plain roff: known macros, ASCII, no empty line, no line that would be taken for one", () => {
  const known = /^\.(?:TH|SH|SS|TP|PP|IP|B|BR|I|EX|EE|RS|RE|nf|fi)(?: .+)?$/;
  for (const [file, page] of Object.entries(pages)) {
    assertMatch(
      page,
      /^\.TH HSM[-A-Z]* 1 2026-01-31 "hsm \d+\.\d+\.\d+[-.\w]*" "HSM Manual"\n\.SH NAME\n/,
      file,
    );
    assertMatch(page, /^[\n\x20-\x7e]+\n$/, file);
    for (const line of page.trimEnd().split("\n")) {
      const where = `${file}: ${line}`;
      if (line.startsWith(".")) assertMatch(line, known, where);
      else assertMatch(line, /^[^'\s]/, where);
      // What is not escaped would be a hyphen, which nobody can copy.
      if (!/^\.(?:TH|SH|SS)/.test(line)) assert(!/(?:^|[^\\\w])--?\w/.test(line), where);
    }
  }
});

Deno.test("deno task man writes the pages into a folder, and leaves those of others", async () => {
  const folder = await Deno.makeTempDir({ prefix: "hsm-man-" });
  try {
    await Deno.mkdir(join(folder, "man1"));
    for (const it of ["git.1", "hsm-gone.1", "hsmx.1"]) {
      await Deno.writeTextFile(join(folder, "man1", it), "");
    }
    const task = [Deno.execPath(), "task", "--quiet", "man", folder];
    const cwd = join(import.meta.dirname!, "..");
    const env = { SOURCE_DATE_EPOCH: "1769860800", NO_COLOR: "1" };
    (await start(task, { cwd, env }).ended).expect({
      code: 0,
      stdout: `wrote ${commands.length + 1} man pages to ${join(folder, "man1")}\n`,
      stderr: "",
    });
    const written = Array.from(Deno.readDirSync(join(folder, "man1")), (it) => it.name);
    assertEquals(written.sort(), [...Object.keys(pages), "git.1", "hsmx.1"].sort());
    assertEquals(await Deno.readTextFile(join(folder, "man1/hsm.1")), pages["hsm.1"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

/** What finds mistakes in roff, whichever is there. */
const LINTERS: readonly (readonly string[])[] = [
  ["mandoc", "-Tlint", "-Wwarning"],
  ["groff", "-man", "-Tutf8", "-ww", "-z"],
];

for (const [linter, ...args] of LINTERS as readonly [string, ...string[]][]) {
  const ignore = !hasProgram(linter);
  const why = ignore ? ` (left out, for there is no ${linter} here)` : "";
  Deno.test({
    name: `${linter} finds nothing wrong in a man page${why}`,
    ignore,
    async fn() {
      const folder = await Deno.makeTempDir({ prefix: "hsm-man-" });
      try {
        for (const [file, page] of Object.entries(pages)) {
          await Deno.writeTextFile(join(folder, file), page);
        }
        const run = await start([linter, ...args, ...Object.keys(pages)], { cwd: folder }).ended;
        run.expect({ code: 0, stdout: "", stderr: "" });
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}

Deno.test("deno task man dates pages by SOURCE_DATE_EPOCH, else by the commit, and needs no git", async () => {
  await using app = await testApp();
  const dates = async (env: Readonly<Record<string, string>>) => {
    const argv = [...scriptCommand("tools/man.ts"), "pages"];
    (await start(argv, { cwd: app.root, env: { ...app.env, ...env } }).ended).expect({
      ...{ code: 0, stdout: /^wrote \d+ man pages to .*\/pages\/man1\n$/, stderr: "" },
    });
    return /^\.TH HSM 1 (\S+) /.exec(await app.read("pages/man1/hsm.1"))?.[1];
  };
  assertEquals(await dates({ SOURCE_DATE_EPOCH: "86400" }), "1970-01-02");
  const today = () => new Date().toISOString().slice(0, 10);
  const days = [today()];
  const found = await dates({ PATH: app.root, SOURCE_DATE_EPOCH: "" }) ?? "";
  days.push(today());
  assert(days.includes(found), found);
});
