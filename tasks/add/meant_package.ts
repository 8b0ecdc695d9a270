/**
 * What somebody may have meant who adds more than a name, as other tools take it.
 *
 * @module
 */

import { packageNameProblem } from "../../lib/manifest/rules.ts";
import { redact } from "../../lib/text/redact.ts";

/** The way out for a text that is no package name; undefined where it is one. */
export function hintForName(text: string): string | undefined {
  if (packageNameProblem(text) === undefined) return undefined;
  const [, name, tag] = /^([a-z0-9][\w.-]*)(?:@|===?|~=|>=?)\s*([^\s/:\\]+)$/i.exec(text) ?? [];
  if (name !== undefined) return `run \`hsm add ${name} --tag ${tag}\``;
  if (!/[/:\\]/.test(text)) {
    return "a name has letters, digits, and `.`, `-` or `_` between them (PEP 508)";
  }
  const command = commandFor(text);
  return command === undefined
    ? "give the package's name, and its repository with `--git URL`"
    : `run \`${command}\`; where that is not the package's own name, with that one`;
}

/**
 * The command for an address as pip, uv and cargo take it: `URL`, `git+URL@REF#subdirectory=DIR`, either after `NAME @`.
 *
 * @returns undefined where the address does not tell the name, or has what a shell may take for something else.
 */
function commandFor(text: string): string | undefined {
  const [, named, address = ""] =
    /^(?:([a-z0-9][\w.-]*)\s*@\s*(?=\w+:\/\/))?(.+)$/i.exec(asUrl(text)) ?? [];
  const [place = "", fragment = ""] = address.split("#", 2);
  const [, url = place, ref] = /^(\w+:\/\/[^/]*\/.+?)@([^@]+)$/.exec(place) ?? [];
  const facts = new URLSearchParams(fragment);
  const path = url.replace(/^\w+:\/\/[^/]*/, "").replace(/[/\\]+$/, "");
  const last = path.split(/[/\\:]/).at(-1) ?? "";
  const name = named ?? facts.get("egg") ?? last.replace(/\.git$/, "");
  if (packageNameProblem(name) !== undefined) return undefined;
  const folder = facts.get("subdirectory");
  const words = ["hsm", "add", name, "--git", url];
  if (ref !== undefined) words.push(/^[0-9a-f]{7,64}$/i.test(ref) ? "--rev" : "--tag", ref);
  if (folder !== null) words.push("--subdirectory", folder);
  const isSafe = [url, ref ?? name, folder ?? name]
    .every((word) => /^(?!-)[\w@%+=:,./~-]+$/.test(word));
  const command = words.join(" ");
  return isSafe && redact(command) === command ? command : undefined;
}

/** Without what pip wants before a URL, and without a login that no manifest may hold. */
function asUrl(text: string): string {
  return text.replace(/(^|@\s*)git\+/i, "$1").replace(/(https?:\/\/)[^/]*@/i, "$1");
}
