/**
 * The requirement files of an app's own.
 *
 * They are requirements.txt in its folder, and what that reaches by `-r` and `-c` inside the folder. What lies elsewhere is
 * somebody else's, and what nothing leads to (requirements/dev.txt, say) is installed by whoever asks for it by hand.
 *
 * @module
 */

import { dirname, join } from "@std/path";
import { normalizePath } from "../../project/local_place.ts";
import type { AppFiles } from "../adapter.ts";
import { OWN_REQUIREMENTS, REQUIREMENTS } from "./files.ts";
import { readRequirementFile } from "./requirement_file.ts";

/** A file that is reached. */
export interface ReachedFile {
  /** Its path, relative to the root, with `/`. */
  readonly path: string;
  /** Its text. */
  readonly text: string;
  /** Whether what stands in it is required. */
  readonly isRequired: boolean;
  /** Whether what stands in it is a constraint on what is required elsewhere. */
  readonly isConstraint: boolean;
  /** Whether pip-compile has made it from the one beside it that is named so, with all versions that it found. */
  readonly isCompiled: boolean;
}

type Reading = Pick<AppFiles, "read" | "has">;

/** Finds the files, the first one first; HSM's own are not among them. */
export async function reachedFiles(files: Reading): Promise<readonly ReachedFile[]> {
  const found = new Map<string, { -readonly [K in keyof ReachedFile]: ReachedFile[K] }>();
  const visit = async (path: string, as: "isRequired" | "isConstraint") => {
    const known = found.get(path);
    if (known?.[as]) return;
    const text = known?.text ?? await files.read(path);
    if (text === undefined) return;
    const source = path.replace(/\.txt$/, ".in");
    const isCompiled = source !== path && files.has(source);
    const file = known ?? { path, text, isRequired: false, isConstraint: false, isCompiled };
    file[as] = true;
    found.set(path, file);
    for (const { kind, value } of readRequirementFile(text)) {
      if (kind !== "file" && kind !== "constraints") continue;
      const next = placeInRoot(path, value);
      if (next === undefined || next === REQUIREMENTS) continue;
      await visit(next, kind === "file" ? "isRequired" : "isConstraint");
    }
  };
  await visit(OWN_REQUIREMENTS, "isRequired");
  return [...found.values()];
}

/** Whether the app's own files bring HSM's: then HSM's must not bring them. */
export function bringsOwned(reached: readonly ReachedFile[]): boolean {
  return reached.some(({ path, text }) =>
    readRequirementFile(text).some((it) =>
      it.kind === "file" && placeInRoot(path, it.value) === REQUIREMENTS
    )
  );
}

/** Where a path in a requirement file leads, relative to the root; undefined where that is not inside the root. */
export function placeInRoot(file: string, value: string): string | undefined {
  if (value === "" || /^(?:[a-z][a-z0-9+.-]*:|\/|\\)/i.test(value) || value.includes("${")) {
    return undefined;
  }
  const path = normalizePath(join(dirname(file), value));
  return path === ".." || path.startsWith("../") ? undefined : path;
}
