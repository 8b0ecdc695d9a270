/**
 * Whether checkouts are what they were, or what the command makes of them.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import type { SweepApp } from "./app.ts";
import { below, differing, type Entry, isSame, type Snapshot } from "./snapshot.ts";

/** What git says of a checkout: all but what was fetched. */
const FACTS = `git rev-parse HEAD
git symbolic-ref HEAD
git ls-files --stage
git status --porcelain --ignored
git stash list
git fsck --connectivity-only --no-dangling --no-progress && echo sound`;

/** A checkout in one of its two states. */
interface Known {
  readonly content: Snapshot;
  readonly status: string;
  readonly facts: string;
}

/** The checkouts of an app in one state, by folder; the app's own repository is one of them. */
export type Checkouts = ReadonlyMap<string, Known>;

/** Reads the checkouts as they are. */
export async function readCheckouts(app: SweepApp, now: Snapshot): Promise<Checkouts> {
  const found = new Map<string, Known>();
  for (const folder of checkoutFolders(now)) {
    const [status, facts] = [await statusOf(app, folder), await factsOf(app, folder)];
    found.set(folder, { content: contentOf(now, folder), status, facts });
  }
  return found;
}

/** Asserts that a command has left all files of the checkouts as they were, but for those that its new commits bring. */
export async function assertKept(
  app: SweepApp,
  [before, after]: readonly [Checkouts, Checkouts],
): Promise<void> {
  for (const [folder, { content, facts }] of before) {
    const [head = ""] = facts.split("\n");
    const news = (await app.git(folder, "diff", "--name-only", head, "HEAD")).split("\n");
    const changed = differing(content, after.get(folder)?.content ?? new Map());
    const lost = changed.filter((path) => !path.startsWith(".git/") && !news.includes(path));
    assertEquals(lost, [], `${folder}: changed`);
  }
}

/** The folder of the checkout that a path is in; undefined: in none but the app's own repository. */
export function checkoutOf(path: string): string | undefined {
  if (/^\.git(?:\/|$)/.test(path)) return ".";
  return /^packages\/[^./][^/]*/.exec(path)?.[0];
}

/**
 * Asserts that each checkout is wholly in the old or in the new state, and that none of its files is lost: HEAD, index,
 * stash and every file, tracked or not. One that is new is there whole, or not at all.
 */
export async function assertCheckouts(
  app: SweepApp,
  now: Snapshot,
  states: readonly [Checkouts, Checkouts],
): Promise<void> {
  const [before, after] = states;
  const there = checkoutFolders(now);
  for (const folder of before.keys()) assert(there.has(folder), `${folder} is gone`);
  for (const folder of there) {
    const known = states.flatMap((it) => it.get(folder) ?? []);
    assert(known.length > 0, `what is ${folder}?`);
    const content = contentOf(now, folder);
    if (await isKnown(app, folder, content, known)) continue;
    // It may have fetched; what git makes of it counts.
    const facts = await factsOf(app, folder);
    const [first] = known;
    const meant = known.find((it) => it.facts === facts) ?? first;
    assertEquals(facts, meant?.facts, folder);
    const allowed = known.map((it) => it.content);
    for (const path of new Set(allowed.flatMap((it) => [...it.keys()]))) {
      if (path.startsWith(".git/")) continue;
      const entry = content.get(path);
      assert(allowed.some((it) => isSame(it.get(path), entry)), `${folder}/${path}`);
    }
    for (const path of content.keys()) {
      assert(!/^\.git\/.*\.lock$/.test(path), `${folder} has ${path}`);
    }
  }
  assert(after.size >= before.size);
}

/** The usual case, with but one question to git: all is as known, and the index says the same whatever its time stamps. */
async function isKnown(
  app: SweepApp,
  folder: string,
  content: Snapshot,
  known: readonly Known[],
): Promise<boolean> {
  for (const it of known) {
    const different = differing(it.content, content);
    if (different.length === 0) return true;
    if (different.some((path) => path !== ".git/index") || !content.has(".git/index")) continue;
    if (await statusOf(app, folder) === it.status) return true;
  }
  return false;
}

function checkoutFolders(now: Snapshot): ReadonlySet<string> {
  return new Set([...now.keys()].flatMap((path) => checkoutOf(path) ?? []));
}

function contentOf(now: Snapshot, folder: string): Snapshot {
  if (folder !== ".") return below(now, folder);
  const own = [...now].filter(([path]) => path === ".git" || path.startsWith(".git/"));
  return new Map<string, Entry>(own);
}

function statusOf(app: SweepApp, folder: string): Promise<string> {
  // The app's own working tree is judged file by file.
  const files = folder === "." ? ["--untracked-files=no", "--", "README.md"] : ["--ignored"];
  return app.git(folder, "status", "--porcelain", ...files);
}

async function factsOf(app: SweepApp, folder: string): Promise<string> {
  const facts = folder === "." ? FACTS.replace(/^git status.*\n/m, "") : FACTS;
  return await app.sh(folder, facts);
}
