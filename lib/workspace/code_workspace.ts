/**
 * The VS Code workspace files of an app that HSM keeps: each lists the checkouts of packages in dev mode.
 *
 * @module
 */

import { basename, join } from "@std/path";
import { attempt } from "../attempt.ts";
import { HsmError } from "../errors.ts";
import { readText } from "../files/read_text.ts";
import type { Manifest } from "../manifest/model.ts";
import type { CodeFolder } from "./code_folders.ts";

const END = ".code-workspace";

/** Whether a file is one of VS Code's workspaces. */
export function isCodeWorkspace(file: string): boolean {
  return file.endsWith(END) && !file.includes("/");
}

/** Those of an app, relative to the root; what a link leads to is somebody else's. */
export function codeWorkspaces(root: string): readonly string[] {
  const entries = attempt(() => Array.from(Deno.readDirSync(root))) ?? [];
  return entries.filter((it) => it.isFile && isCodeWorkspace(it.name)).map((it) => it.name).sort();
}

/** A file that is to be kept from now on. */
export interface BegunCodeWorkspace {
  /** Its name. */
  readonly file: string;
  /** What it says; undefined: it is not there. */
  readonly before: string | undefined;
  /** What it is to say. */
  readonly after: string;
}

/**
 * Begins to keep one: the app's by its name, else the only one that there is, else a new one. Changes nothing.
 *
 * @param app What the app is called.
 * @throws {HsmError} `usage` where it is not understood; `io`
 */
export async function beginCodeWorkspace(
  root: string,
  app: string,
  manifest: Pick<Manifest, "packages">,
): Promise<BegunCodeWorkspace> {
  const { codeName, keep, newCodeWorkspace, withFolders } = await import("./code_folders.ts");
  const folders = codeFolders(manifest, codeName);
  const own = `${app}${END}`;
  const all = codeWorkspaces(root);
  const file = all.length === 1 && !all.includes(own) ? all[0]! : own;
  const before = await readText(join(root, file), file, "io");
  if (before === undefined) return { file, before, after: newCodeWorkspace(app, folders) };
  const kept = keep(before);
  const after = kept && withFolders(kept, folders);
  if (after === undefined) {
    throw new HsmError("usage", `Cannot keep ${file} current: it cannot be read`, {
      hint: "look at its brackets and commas, or move it away",
    });
  }
  return { file, before, after };
}

/** The checkouts as folders of such a file; several packages may be in one. */
export function codeFolders(
  { packages }: Pick<Manifest, "packages">,
  nameOf: (name: string) => string,
): readonly CodeFolder[] {
  const inDev = Map.groupBy(packages.filter((it) => it.mode === "dev"), (it) => it.path);
  return [...inDev].map(([path, [first, ...others]]) => ({
    path,
    name: nameOf(others.length === 0 ? first!.name : basename(path)),
  }));
}
