/**
 * One package as HSM writes it in a requirement file, and reads it again.
 *
 * @module
 */

import { given } from "../../given.ts";
import { normalizeName } from "../../names.ts";
import { requirementText, unsupported } from "../../project/wishes.ts";
import type { GitSource, Source } from "../../source.ts";

/** A package with its source. */
export interface Entry {
  /** The package's name. */
  readonly name: string;
  /** The extras that are asked for. */
  readonly extras: readonly string[];
  /** Where it comes from. */
  readonly source: Source;
}

/**
 * The line of a package. Of a folder pip is not told whose it is, and of a version not what kind it is: a comment says both.
 *
 * @throws {HsmError} `pyproject-unsupported` where pip could not read it
 */
export function entryLine({ name, extras, source }: Entry): string {
  if (source.kind === "path") {
    const { path } = source;
    if (UNREADABLE_PATH.test(path)) {
      throw unsupported(
        `pip cannot be told of the folder ${path}`,
        `give ${name} a \`path\` without spaces and brackets in hsm.yaml`,
      );
    }
    const place = /^(?:\.{1,2}\/|\/|[A-Za-z]:)/.test(path) ? path : `./${path}`;
    const asked = extras.length === 0 ? "" : `[${extras.join(",")}]`;
    return `-e ${place}${asked}  # ${name}`;
  }
  const { git, tag, rev, branch, subdirectory } = source;
  const version = tag ?? rev ?? branch ?? "";
  const folder = subdirectory === undefined ? "" : `#subdirectory=${subdirectory}`;
  if (UNREADABLE_URL.test(`${git}${version}${subdirectory ?? ""}`)) {
    throw unsupported(
      `pip cannot be told of ${version} in ${git}`,
      `give ${name} an address, a version and a subdirectory without spaces and \`#\``,
    );
  }
  const kind = tag !== undefined ? "" : `  # ${rev === undefined ? "branch" : "rev"}`;
  return `${requirementText({ name, extras })} @ git+${git}@${version}${folder}${kind}`;
}

const UNREADABLE_PATH = /[\s#;"'\\[\]{}$]/;
const UNREADABLE_URL = /[\s#;"'\\${}]/;

const PATH_LINE = /^-e (.+?)(?:\[([^\]]*)\])?  # (\S+)$/;

const GIT_LINE =
  /^([^\s[]+)(?:\[([^\]]*)\])? @ git\+(\S+?)@([^@#\s]+)(?:#subdirectory=(\S+))?(?:  # (branch|rev))?$/;

/** The package that a line is of; undefined where it is none that {@linkcode entryLine} makes. */
export function readEntry(line: string): Entry | undefined {
  const [, path, ofPath, owner] = PATH_LINE.exec(line) ?? [];
  if (path !== undefined && owner !== undefined) {
    const source = { kind: "path", path: path.replace(/^\.\//, "") } as const;
    return { name: owner, extras: listed(ofPath), source };
  }
  const [, name, extras, git, version, subdirectory, kind = "tag"] = GIT_LINE.exec(line) ?? [];
  if (name === undefined || git === undefined) return undefined;
  const source: GitSource = { kind: "git", git, [kind]: version, ...given({ subdirectory }) };
  return { name, extras: listed(extras), source };
}

function listed(extras = ""): readonly string[] {
  return extras === "" ? [] : extras.split(",");
}

/** The packages of a file of HSM's, by normalized name. */
export function readEntries(text: string | undefined): ReadonlyMap<string, Entry> {
  const entries = (text ?? "").split(/\r?\n/).flatMap((line) => readEntry(line) ?? []);
  return new Map(entries.map((it) => [normalizeName(it.name), it]));
}
