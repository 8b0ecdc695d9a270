/**
 * What a wheel says of itself: its name, METADATA and WHEEL.
 *
 * @module
 */

import { formatVersion, parseVersion } from "../../lib/versions/versions.ts";

/** What HSM is called where Python's packages are: `hsm` is another project's there. */
export const DISTRIBUTION = "hsm-hypervisor";

/** What METADATA is made of. */
export interface Facts {
  /** The version, as deno.json says it. */
  readonly version: string;
  /** What it is, in a sentence. */
  readonly summary: string;
  /** The SPDX expression for all that is inside. */
  readonly license: string;
  /** The texts of the licences, by their paths in `licenses/`. */
  readonly licenseFiles: readonly string[];
  /** README.md. */
  readonly readme: string;
}

/**
 * A version as Python writes it: `1.0.0-rc.1` is `1.0.0rc1`.
 *
 * @throws {Error} where Python has no such version.
 */
export function pythonVersion(version: string): string {
  const parsed = parseVersion(version);
  if (parsed === undefined) throw new Error(`Cannot say ${version} as Python says versions`);
  return formatVersion(parsed);
}

/** What the names of a wheel and of its folders begin with. */
export function stemOf(version: string): string {
  return `${DISTRIBUTION.replaceAll("-", "_")}-${pythonVersion(version)}`;
}

/** The text of METADATA (core metadata 2.4, the first one that knows licences by their SPDX expressions). */
export function metadataOf({ version, summary, license, licenseFiles, readme }: Facts): string {
  const fields = [
    ["Metadata-Version", "2.4"],
    ["Name", DISTRIBUTION],
    ["Version", pythonVersion(version)],
    ["Summary", summary],
    ["License-Expression", license],
    ...licenseFiles.map((it) => ["License-File", it]),
    ["Description-Content-Type", "text/markdown; charset=UTF-8; variant=GFM"],
  ];
  return `${fields.map((it) => `${it.join(": ")}\n`).join("")}\n${forIndex(readme)}`;
}

/** README.md where nothing lies beside it: without its pictures, and what it links to in the repository by name only. */
export function forIndex(readme: string): string {
  return readme
    .replace(/^!\[[^\]]*\]\([^)]*\)\n+/gm, "")
    .replace(/\[([^\]]+)\]\((?!https?:|#)[^)]*\)/g, "$1");
}

/** The text of WHEEL. */
export function wheelOf(tag: string): string {
  return `Wheel-Version: 1.0\nGenerator: hsm\nRoot-Is-Purelib: false\nTag: ${tag}\n`;
}
