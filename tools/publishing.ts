/**
 * `deno task ok:publish`: whether the package can be published as it is, without a warning, and holds what it should and
 * nothing that lies about besides. Nothing is published.
 *
 * @module
 */

import { fromFileUrl, normalize } from "@std/path";
import deno from "../deno.json" with { type: "json" };

const PROJECT = fromFileUrl(new URL("..", import.meta.url));
const WANTED = ["LICENSE", "README.md", "deno.json", ...Object.values(deno.exports)];

const dryRun = await run(Deno.execPath(), "publish", "--dry-run", "--allow-dirty");
if (!dryRun.success) {
  console.error(dryRun.text);
  Deno.exit(1);
}
const files = [...dryRun.text.matchAll(/^ +(file:\/\/\S+) \(/gm)]
  .map(([, url = ""]) => fromFileUrl(url).slice(PROJECT.length).replaceAll("\\", "/"));
const tracked = new Set((await run("git", "ls-files", "-z")).text.split("\0"));
const problems = [
  ...dryRun.text.split("\n").filter((it) => /^\W*(?:warning|error)\b/i.test(it)),
  ...WANTED.map(normalize).filter((it) => !files.includes(it)).map((it) => `${it} is left out`),
  ...files.filter((it) => !tracked.has(it)).map((it) => `${it} is published, and not in git`),
];
for (const it of problems) console.error(it);
if (problems.length > 0) Deno.exit(1);
console.log(`${files.length} files could be published, without a warning`);

async function run(program: string, ...args: readonly string[]) {
  const { success, stdout, stderr } = await new Deno.Command(program, {
    args: [...args],
    cwd: PROJECT,
    env: { NO_COLOR: "1" },
  }).output();
  const text = [stdout, stderr].map((it) => new TextDecoder().decode(it)).join("");
  return { success, text };
}
