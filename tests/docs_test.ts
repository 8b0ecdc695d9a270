import { assert, assertEquals } from "@std/assert";
import { exists, walk } from "@std/fs";
import { dirname, fromFileUrl, relative, resolve } from "@std/path";
import { findLinks, isRelative } from "../tools/links.ts";
import { testApp } from "./harness/app.ts";
import { start } from "./harness/program.ts";
import { pattern, runPage } from "./harness/steps.ts";

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
  assert(await runPage(app, "docs/tutorial.md") > 30);
});

Deno.test("docs/scripting.md and its reference: every script is one that the type checker accepts", async () => {
  const pages = ["docs/scripting.md", "docs/reference/scripting.md"];
  const run = await start(
    [Deno.execPath(), "check", "--quiet", "--doc-only", ...pages],
    { cwd: PROJECT },
  ).ended;
  run.expect({ code: 0, stderr: "" });
});

Deno.test("every relative link of the documents leads somewhere, anchors included", async () => {
  const files = [`${PROJECT}README.md`, `${PROJECT}CHANGELOG.md`, ...await documents("docs")];
  const broken: string[] = [];
  let checked = 0;
  for (const file of files) {
    for (const { target } of findLinks(await Deno.readTextFile(file))) {
      if (!isRelative(target)) continue;
      checked++;
      if (!await leadsSomewhere(file, target)) broken.push(`${relative(PROJECT, file)}: ${target}`);
    }
  }
  assertEquals(broken, []);
  assert(checked > 20, `${checked} links`);
});

Deno.test("docs/README.md names every page once", async () => {
  const index = `${PROJECT}docs/README.md`;
  const links = findLinks(await Deno.readTextFile(index));
  const linked = links.map(({ target }) => resolve(dirname(index), target));

  assertEquals([...linked, index].sort(), [
    `${PROJECT}CHANGELOG.md`,
    `${PROJECT}README.md`,
    ...await documents("docs"),
  ]);
});

async function documents(folder: string): Promise<readonly string[]> {
  const files = await Array.fromAsync(walk(`${PROJECT}${folder}`, { exts: ["md"] }));
  return files.map(({ path }) => path).sort();
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
