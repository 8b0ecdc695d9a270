import { assert, assertEquals } from "@std/assert";
import { exists, walk } from "@std/fs";
import { dirname, fromFileUrl, join, relative, resolve } from "@std/path";
import { hsmCommand, testApp } from "./harness/app.ts";
import { start } from "./harness/program.ts";
import { blockSteps, pattern, readBlocks } from "./harness/steps.ts";
import { uvProgram } from "./harness/repository.ts";

const PROJECT = fromFileUrl(new URL("..", import.meta.url));

Deno.test("pattern() takes … for a part of a line, or for whole lines", () => {
  assert(pattern("a … c\n").test("a b c\n"));
  assert(pattern("…\nend.\n").test("one\ntwo\nend.\n"));
  assert(pattern("").test(""));
  assert(!pattern("end.\n").test("ends\n"));
  assert(!pattern("a … c\n").test("a b\nc\n"));
  assert(!pattern("a\n").test("a\nb\n"));
});

Deno.test("docs/tutorial.md: every command does and prints what the page says", async () => {
  await using app = await testApp();
  const bin = join(app.folder, "bin");
  await Deno.mkdir(bin);
  await program(bin, "hsm", hsmCommand());
  await program(bin, "uv", [uvProgram()]);
  const state = join(app.folder, "cwd");
  const env = { ...app.env, PATH: `${bin}:${Deno.env.get("PATH") ?? ""}`, HSM_UV: uvProgram() };
  await Deno.writeTextFile(join(app.folder, "home/.gitconfig"), "[init]\ndefaultBranch = main\n");
  let cwd = app.folder;

  const steps = readBlocks(await Deno.readTextFile(`${PROJECT}docs/tutorial.md`))
    .filter((it) => it.language === "sh").flatMap(blockSteps);

  assert(steps.length > 30, `${steps.length} steps`);
  for (const { line, command, expected } of steps) {
    // Where a script stops at the first failure, a transcript may show one.
    const script = `exec 2>&1\n${expected === undefined ? "set -e\n" : ""}${command}\n` +
      `status=$?\npwd > '${state}'\nexit $status\n`;
    const { stdout, code } = await start(["sh", "-c", script], { cwd, env }).ended;
    const where = `docs/tutorial.md:${line}: ${command}\n${stdout}`;
    const fails = /^error:/m.test(expected ?? "");
    assertEquals(code !== 0, fails, `exit status ${code} at ${where}`);
    if (!pattern(expected ?? "").test(stdout)) assertEquals(stdout, expected ?? "", where);
    cwd = (await Deno.readTextFile(state)).trim();
  }
});

async function program(folder: string, name: string, command: readonly string[]): Promise<void> {
  const words = command.map((word) => `'${word}'`).join(" ");
  await Deno.writeTextFile(join(folder, name), `#!/bin/sh\nexec ${words} "$@"\n`, { mode: 0o755 });
}

Deno.test("docs/scripting.md: every script is one that the type checker accepts", async () => {
  const run = await start(
    [Deno.execPath(), "check", "--quiet", "--doc-only", "docs/scripting.md"],
    { cwd: PROJECT },
  ).ended;
  run.expect({ code: 0, stderr: "" });
});

Deno.test("every relative link of the documents leads somewhere, anchors included", async () => {
  const files = [`${PROJECT}README.md`, `${PROJECT}CHANGELOG.md`, ...await documents("docs")];
  const broken: string[] = [];
  let checked = 0;
  for (const file of files) {
    const text = withoutCode(await Deno.readTextFile(file));
    for (const [, target = ""] of text.matchAll(/\]\(([^)\s]+)\)|\b(?:src|href)="([^"]+)"/g)) {
      if (target === "" || /^[a-z]+:/.test(target)) continue;
      checked++;
      if (!await leadsSomewhere(file, target)) broken.push(`${relative(PROJECT, file)}: ${target}`);
    }
  }
  assertEquals(broken, []);
  assert(checked > 20, `${checked} links`);
});

Deno.test("docs/README.md names every page", async () => {
  const index = `${PROJECT}docs/README.md`;
  const text = withoutCode(await Deno.readTextFile(index));
  const linked = new Set(
    [...text.matchAll(/\]\(([^)#\s]+)/g)].map(([, target = ""]) => resolve(dirname(index), target)),
  );
  const pages = (await documents("docs")).filter((it) => it !== index);
  const inReference = (it: string) => dirname(it) === `${PROJECT}docs/reference`;

  assertEquals(pages.filter((it) => !inReference(it) && !linked.has(it)), []);
});

async function documents(folder: string): Promise<readonly string[]> {
  const files = await Array.fromAsync(walk(`${PROJECT}${folder}`, { exts: ["md"] }));
  return files.map(({ path }) => path).sort();
}

function withoutCode(markdown: string): string {
  return markdown.replace(/^```.*\n[^]*?^```$/gm, "").replace(/`[^`\n]*`/g, "code");
}

async function leadsSomewhere(file: string, target: string): Promise<boolean> {
  const [path = "", anchor] = target.split("#");
  const to = path === "" ? file : resolve(dirname(file), path);
  if (!await exists(to)) return false;
  return anchor === undefined || anchors(await Deno.readTextFile(to)).has(anchor);
}

/** The anchors of a page's headings, as usual on forges: lower case, spaces to hyphens, other signs left out. */
function anchors(markdown: string): ReadonlySet<string> {
  const plain = markdown.replace(/^```.*\n[^]*?^```$/gm, "");
  const headings = [...plain.matchAll(/^#+ (.*)$/gm)].map(([, text = ""]) =>
    text.toLowerCase().replace(/[^\p{L}\p{N}_ -]/gu, "").replaceAll(" ", "-")
  );
  return new Set(headings);
}
