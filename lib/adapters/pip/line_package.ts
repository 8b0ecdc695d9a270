/**
 * Which package a line of a requirement file is about.
 *
 * @module
 */

import { basename, join } from "@std/path";
import { normalizeName } from "../../names.ts";
import { peekDocument } from "../../project/document.ts";
import { normalizePath } from "../../project/local_place.ts";
import { parseRequirement } from "../../versions/requirement.ts";
import type { AppFiles } from "../adapter.ts";
import type { RequirementLine } from "./requirement_file.ts";

/** A package, as a line names it. */
export interface LinePackage {
  /** Its normalized name. */
  readonly key: string;
  /** Where the line has it from: a URL or a path; undefined: the line does not say. */
  readonly from: string | undefined;
}

/** Tells the package; undefined where the line is about none, or about one that cannot be told. */
export async function packageOf(
  { kind, value }: Pick<RequirementLine, "kind" | "value">,
  files: Pick<AppFiles, "read">,
): Promise<LinePackage | undefined> {
  if (kind !== "requirement" && kind !== "editable") return undefined;
  const parsed = parseRequirement(value);
  if (parsed.ok) return { key: parsed.value.key, from: parsed.value.url };
  const [from = "", fragment = ""] = value.split(/#(.*)/s);
  const name = new URLSearchParams(fragment).get("egg")?.replace(/\[.*$/, "") ??
    await nameAt(from.trim(), files);
  return name === undefined ? undefined : { key: normalizeName(name), from: value };
}

async function nameAt(from: string, files: Pick<AppFiles, "read">): Promise<string | undefined> {
  const path = from.replace(/\[[^\]]*\]$/, "");
  const last = basename(path.replace(/\/+$/, ""));
  const archive = /^([A-Za-z0-9][\w.]*?)-\d.*\.(?:whl|zip|tar\.\w+)$/.exec(last)?.[1];
  if (archive !== undefined) return archive;
  if (/^[a-z][a-z0-9+.-]*:/i.test(path)) {
    return last.replace(/@[^@]*$/, "").replace(/\.git$/, "") || undefined;
  }
  const text = await files.read(normalizePath(join(path, "pyproject.toml"))).catch(() => undefined);
  const named = text === undefined ? undefined : peekDocument(text)?.string("project", "name");
  return named ?? (/^\.*$/.test(last) ? undefined : last);
}
