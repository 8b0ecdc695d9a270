/**
 * What lies where in a wheel whose program is an executable.
 *
 * @module
 */

import { pack, type WheelFiles } from "./archive.ts";
import { type Licence, licenceExpression } from "./licences.ts";
import { type Facts, metadataOf, stemOf, wheelOf } from "./metadata.ts";
import { recordOf } from "./record.ts";

/** What a wheel is made of. */
export interface WheelParts extends Pick<Facts, "version" | "summary" | "readme"> {
  /** Its tag. */
  readonly tag: string;
  /** The program, by the name of its file. */
  readonly program: readonly [name: string, bytes: Uint8Array<ArrayBuffer>];
  /** HSM's own licence: its SPDX identifier and its text. */
  readonly license: readonly [identifier: string, text: Uint8Array<ArrayBuffer>];
  /** The licences of what the program is made of. */
  readonly licences: readonly Licence[];
  /** More files, by where they go in an environment: `share/man/man1/hsm.1`. */
  readonly data: WheelFiles;
}

/** A wheel: what its file is called, and its bytes. The same parts make the same bytes. */
export async function makeWheel(
  { version, summary, readme, tag, program, license, licences, data }: WheelParts,
): Promise<{ name: string; bytes: Uint8Array }> {
  const stem = stemOf(version);
  const info = `${stem}.dist-info`;
  const encode = (text: string) => new TextEncoder().encode(text);
  const texts = new Map([["LICENSE", license[1]]]);
  for (const { of, texts: all } of licences) {
    all.forEach((it, file) => texts.set(`${of}/${file}`, it));
  }
  const metadata = metadataOf({
    ...{ version, summary, readme },
    license: licenceExpression(license[0], licences),
    licenseFiles: [...texts.keys()],
  });
  const files = new Map([
    [`${stem}.data/scripts/${program[0]}`, program[1]],
    ...[...data].sort().map(([path, bytes]) => [`${stem}.data/data/${path}`, bytes] as const),
    [`${info}/METADATA`, encode(metadata)],
    [`${info}/WHEEL`, encode(wheelOf(tag))],
    ...[...texts].map(([path, bytes]) => [`${info}/licenses/${path}`, bytes] as const),
  ]);
  const record = `${info}/RECORD`;
  files.set(record, encode(await recordOf(files, record)));
  return { name: `${stem}-${tag}.whl`, bytes: pack(files) };
}
