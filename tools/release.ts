/**
 * `deno task release VERSION`: the commit and the tag of a release, in the repository that it is run in. It pushes nothing.
 *
 * deno.json gets the version; in CHANGELOG.md what was unreleased stands under it. Whatever fails, all is as before.
 *
 * @module
 */

import { applyEdits, modify } from "jsonc-parser";
import { compareVersions, parseVersion } from "../lib/versions/versions.ts";
import { readSection, tells, withVersion } from "./changelog.ts";

const BRANCH = "main";
/** What Semantic Versioning and PyPI read alike. */
const VERSION = /^(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*)){2}(?:-(?:alpha|beta|rc)\.(?:0|[1-9]\d*))?$/;

const [version = "", ...more] = Deno.args;
if (version === "" || more.length > 0) {
  console.error("usage: deno task release VERSION");
  Deno.exit(2);
}
const tag = `v${version}`;
const settings = await Deno.readTextFile("deno.json");
const changelog = await Deno.readTextFile("CHANGELOG.md");
const current: string = JSON.parse(settings).version;
const problems = await findProblems();
if (problems.length > 0) {
  for (const it of problems) console.error(`error: Cannot release ${version}: ${it}`);
  Deno.exit(1);
}

// Ctrl-C ends the git that runs, and what it leaves is taken back here.
Deno.addSignalListener("SIGINT", () => {});
const before = await git("rev-parse", "HEAD");
try {
  const edits = modify(settings, ["version"], version, {});
  await Deno.writeTextFile("deno.json", applyEdits(settings, edits));
  const day = new Date().toISOString().slice(0, 10);
  await Deno.writeTextFile("CHANGELOG.md", withVersion(changelog, version, day));
  await git(
    "commit",
    "--quiet",
    "--message",
    `Release ${version}`,
    "--",
    "deno.json",
    "CHANGELOG.md",
  );
  await git("tag", "--annotate", tag, "--message", `HSM ${version}`);
} catch (error) {
  await Deno.writeTextFile("deno.json", settings);
  await Deno.writeTextFile("CHANGELOG.md", changelog);
  // Without a commit the index is as it was.
  if (await git("rev-parse", "HEAD") !== before) await git("reset", "--quiet", before);
  console.error(
    `error: Cannot release ${version}: ${error instanceof Error ? error.message : error}`,
  );
  Deno.exit(1);
}
const remote = await git("config", "--default", "origin", "--get", `branch.${BRANCH}.remote`);
console.log(`Made a commit and the tag ${tag}; nothing is pushed.
look at them    git show ${tag}
publish them    git push --atomic ${remote} ${BRANCH} ${tag}
take them back  git tag --delete ${tag} && git reset --hard ${before.slice(0, 10)}`);

/** All that speaks against it. */
async function findProblems(): Promise<readonly string[]> {
  const found: string[] = [];
  const [now, next] = [parseVersion(current), VERSION.test(version) && parseVersion(version)];
  if (!next) found.push("that is no version such as 1.2.3 or 1.2.3-rc.1");
  else if (now === undefined || compareVersions(next, now) <= 0) {
    found.push(`it is not newer than ${current}, which deno.json says`);
  }
  const branch = await git("branch", "--show-current");
  if (branch !== BRANCH) found.push(`the branch is ${branch || "none"}, not ${BRANCH}`);
  const changed = (await git("status", "--porcelain")).split("\n").filter((it) => it !== "");
  if (changed.length > 0) found.push(`not everything is committed: ${changed.join(", ")}`);
  if (await git("tag", "--list", tag) !== "") found.push(`there is a tag ${tag}`);
  if (!tells(readSection(changelog, "Unreleased"))) {
    found.push("CHANGELOG.md has nothing under `## Unreleased`");
  }
  if (readSection(changelog, version) !== undefined) {
    found.push(`CHANGELOG.md has a section ${version} already`);
  }
  return found;
}

/** What git prints; an error with what it says, if it fails. */
async function git(...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command("git", { args }).output();
  const text = (it: Uint8Array) => new TextDecoder().decode(it).trimEnd();
  if (!success) throw new Error(`git ${args[0]} failed\n${text(stderr) || text(stdout)}`.trimEnd());
  return text(stdout);
}
