/**
 * Whether an app is something that pip can install.
 *
 * @module
 */

import { peekDocument } from "../../project/document.ts";
import type { Readable } from "./app_disk.ts";

/** Whether it has a pyproject.toml that says so, a setup.py, or a setup.cfg with metadata. */
export async function isProject(files: Readable): Promise<boolean> {
  const document = peekDocument(await files.read("pyproject.toml") ?? "");
  if (["project", "build-system"].some((it) => document?.value([it]) !== undefined)) return true;
  if (files.has("setup.py")) return true;
  return files.has("setup.cfg") && /^\[metadata\]/m.test(await files.read("setup.cfg") ?? "");
}
