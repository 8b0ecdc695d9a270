/**
 * Hooks of git's that let checkouts stand in for packages again, once git has moved the app.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { join, resolve } from "@std/path";
import { attempt } from "../attempt.ts";
import type { Tell } from "../events/tell.ts";
import { HsmError } from "../errors.ts";
import { peekText } from "../files/read_file.ts";
import { realFiles } from "../files/layer.ts";
import { ioError } from "../files/system_error.ts";
import { writeOwnFile } from "../files/write_own_file.ts";
import { isInside, shortPath } from "../platform/paths.ts";
import type { Context } from "../process/context.ts";
import { messageOf } from "../process/failed_program.ts";

/** The hooks, by git's names for them, and when each has something to do, as a test of the shell's. */
const HOOKS: Readonly<Record<Hook["name"], string | undefined>> = {
  "post-merge": undefined,
  // Not for single files.
  "post-checkout": '[ "$3" = 1 ]',
  // Not for `git commit --amend`.
  "post-rewrite": '[ "$1" = rebase ]',
};

/** A hook of git's that renews what stands in. */
export interface Hook {
  /** When git runs it. */
  readonly name: "post-merge" | "post-checkout" | "post-rewrite";
  /** Its file, relative to the app's folder where it is in it. */
  readonly path: string;
  /**
   * `installed`: made now; `renewed`: it was HSM's own, of another text; `present`: it did so already; `foreign`: it is
   * somebody else's and stays as it is.
   */
  readonly state: "installed" | "renewed" | "present" | "foreign";
  /** The line to add to it, where it is somebody else's. */
  readonly line?: string;
}

/** Where the hooks of the app's repository are. */
export interface HooksPlace {
  /** The app's folder, absolute. */
  readonly root: string;
  /** The same as seen from where git runs hooks: `.`, or `./` and its path. */
  readonly app: string;
  /** The folder of the hooks, absolute. */
  readonly folder: string;
  /** Whose it is, where it is not the repository's alone, or none. */
  readonly foreign: string | undefined;
}

/**
 * Finds out where git looks for hooks. Touches nothing.
 *
 * @throws {HsmError} `usage` where the app is in no repository; `tool-missing`
 */
export async function findHooks(context: Context): Promise<HooksPlace> {
  const found = await lookForHooks(context);
  if ("folder" in found) return found;
  throw new HsmError("usage", `Cannot install hooks in the repository of ${context.root}`, {
    causes: found.causes,
    hint: "run `git init` first, or leave out `--hooks`",
  });
}

/**
 * {@linkcode findHooks} for who needs none: where the app is in no repository, it says so in git's words. Touches nothing.
 *
 * @throws {HsmError} `tool-missing`
 */
export async function lookForHooks(
  { root, $ }: Context,
): Promise<HooksPlace | { readonly causes: readonly string[] }> {
  const [places, configured] = await Promise.all([
    $`git rev-parse --show-toplevel --path-format=absolute --git-common-dir --show-prefix`
      .noThrow(),
    $`git config --show-scope --type=path --get core.hooksPath`.noThrow(),
  ]);
  const [top = "", common = "", prefix = ""] = places.stdout.split("\n");
  if (!places.success || top === "") return { causes: messageOf(places) };
  const app = prefix === "" ? "." : `./${prefix.replace(/\/$/, "")}`;
  const [, scope = "", path = ""] = /^(\S+)\t(.*)\n$/.exec(configured.stdout) ?? [];
  const folder = configured.success ? resolve(top, path) : join(common, "hooks");
  const isOwn = !configured.success || ["local", "worktree"].includes(scope) ||
    [top, common].some((it) => isInside(folder, it));
  const kind = attempt(() => Deno.statSync(folder).isDirectory);
  const foreign = kind === false || (configured.success && path === "")
    ? `${kind === false ? folder : "core.hooksPath"} is no folder`
    : isOwn
    ? undefined
    : `core.hooksPath (${scope}) has git take the hooks of all repositories from ${folder}`;
  return { root, app, folder, foreign };
}

/**
 * Installs the hooks, and says what it leaves to the user. What is there and not HSM's own, or was edited since, stays as it
 * is, and so does all in a folder that other repositories use as well.
 *
 * @throws {HsmError} `io`
 */
export function installHooks(place: HooksPlace, tell: Tell): readonly Hook[] {
  const { root, app, folder, foreign } = place;
  const hooks = namesOf(HOOKS).map((name): Hook => {
    const path = join(folder, name);
    const hook = { name, path: shortPath(root, path) };
    const there = realFiles().facts(path);
    const text = there?.kind === "file" ? peekText(path) ?? "" : "";
    if (foreign !== undefined || (there !== null && !isOwnText(text))) {
      // Whoever has added the line knows where it belongs.
      if (text.includes("sync --stand-ins")) return { ...hook, state: "present" };
      return { ...hook, state: "foreign", line: lineFor(name, app) };
    }
    const apps = appsOf(text);
    const wanted = hookText(name, [...apps.add(app)]);
    const isRun = ((there?.mode ?? 0o111) & 0o111) !== 0;
    if (text === wanted && isRun) return { ...hook, state: "present" };
    try {
      Deno.mkdirSync(folder, { recursive: true });
      writeOwnFile(path, wanted, { mode: 0o777 });
    } catch (error) {
      throw ioError("install a hook", path, error);
    }
    return { ...hook, state: there === null ? "installed" : "renewed" };
  });
  if (foreign !== undefined && hooks.some((it) => it.line !== undefined)) {
    tell({ kind: "warned", message: `${foreign}: nothing is changed there` });
  }
  for (const { path, line } of hooks) {
    if (line === undefined) continue;
    const what = foreign === undefined
      ? `${path} is not hsm's and stays as it is; add to it, or to what its manager runs`
      : `to be added to ${path}`;
    tell({ kind: "warned", path, message: `${what}: ${line}` });
  }
  return hooks;
}

/**
 * Takes the app out of the hooks, and says of those that are somebody else's which line is to go. A hook that is for other apps
 * as well stays for them.
 *
 * @returns The files of those that went or changed, relative to the app's folder where they are in it.
 * @throws {HsmError} `io`
 */
export function removeHooks({ root, app, folder }: HooksPlace, tell: Tell): readonly string[] {
  return namesOf(HOOKS).flatMap((name) => {
    const path = join(folder, name);
    const shown = shortPath(root, path);
    const text = realFiles().facts(path)?.kind === "file" ? peekText(path) ?? "" : "";
    const apps = appsOf(text);
    if (!isOwnText(text)) {
      if (!text.includes("sync --stand-ins")) return [];
      const line = "take the line with `hsm sync --stand-ins` out";
      const message = `${shown} is not hsm's and stays as it is; ${line}`;
      tell({ kind: "warned", path: shown, message });
      return [];
    }
    if (!apps.delete(app)) return [];
    try {
      if (apps.size === 0) Deno.removeSync(path);
      else writeOwnFile(path, hookText(name, [...apps]), { mode: 0o777 });
    } catch (error) {
      throw ioError("remove a hook", path, error);
    }
    return [shown];
  });
}

/** By this a hook of HSM's own is known: the digest is that of the text without it. */
const MADE = /(?<=^# Made by `hsm init --hooks`) \(([0-9a-f]{8})\)/m;

function isOwnText(text: string): boolean {
  return MADE.exec(text)?.[1] === digestOf(text.replace(MADE, ""));
}

function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}

/** The line for an app. */
const APP = /^\[ ! -f '((?:[^'\n]|'\\'')*)\/hsm\.yaml' \]/gm;

/** The apps that a hook of HSM's own is for. */
function appsOf(text: string): Set<string> {
  return new Set([...text.matchAll(APP)].map(([, it = ""]) => it.replaceAll(`'\\''`, "'")));
}

/** Where a rebase has commits to bring along, git runs post-rewrite at its end; of one that has none this is all it runs. */
const PICKS =
  `! grep -qs '^[prefsm]' "$(git rev-parse --git-path rebase-merge/git-rebase-todo)" || exit 0`;

/** Whatever becomes of it, git has done its part, and is not to fail. */
function hookText(name: Hook["name"], apps: readonly string[]): string {
  const test = HOOKS[name];
  const text = [
    "#!/bin/sh",
    "# Made by `hsm init --hooks`: checkouts stand in for packages again once git has moved the app.",
    "# Remove this file to be rid of it.",
    ...(test === undefined ? [] : [`${test} || exit 0`]),
    ...(name === "post-checkout" ? [PICKS] : []),
    "command -v hsm >/dev/null || exit 0",
    ...apps.map((it) =>
      `[ ! -f ${quoted(`${it}/hsm.yaml`)} ] || hsm -C ${quoted(it)} sync --stand-ins --quiet`
    ),
    "exit 0",
    "",
  ].join("\n");
  return text.replace("--hooks`", `--hooks\` (${digestOf(text)})`);
}

/** The line for somebody else's hook. */
function lineFor(name: Hook["name"], app: string): string {
  const test = HOOKS[name];
  const [where, manifest] = app === "."
    ? ["", "hsm.yaml"]
    : [` -C ${quoted(app)}`, quoted(`${app}/hsm.yaml`)];
  const tests = [...(test === undefined ? [] : [test]), `[ -f ${manifest} ]`];
  const when = [...tests, "command -v hsm >/dev/null"].join(" && ");
  return `if ${when}; then hsm${where} sync --stand-ins --quiet || :; fi`;
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

function namesOf<Key extends string>(table: Readonly<Record<Key, unknown>>): readonly Key[] {
  return Object.keys(table) as Key[];
}
