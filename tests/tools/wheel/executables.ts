/**
 * Executables that hold nothing but what is read of them.
 *
 * @module
 */

/** A copy with other bytes at a place. */
export function patched(bytes: Uint8Array, at: number, others: readonly number[]): Uint8Array {
  const copy = bytes.slice();
  copy.set(others, at);
  return copy;
}

/** An ELF file that needs libraries, and of the first of them versions of symbols. */
export function linuxExecutable({ machine = 62, libraries = [], versions = [] }: {
  readonly machine?: number;
  readonly libraries?: readonly string[];
  readonly versions?: readonly string[];
}): Uint8Array {
  const texts = ["", ...libraries, ...versions];
  const placeOf = (text: string) => texts.slice(0, texts.indexOf(text)).join("\0").length + 1;
  const strings = new TextEncoder().encode(`${texts.join("\0")}\0`);
  // The header, two segments, the dynamic entries, the versions and their names, the first of all at an address that is
  // not its place in the file.
  const address = 0x1000;
  const [dynamicAt, entryCount] = [64 + 2 * 56, libraries.length + 4];
  const versionsAt = dynamicAt + entryCount * 16;
  const stringsAt = versionsAt + 16 * (1 + versions.length);
  const bytes = new Uint8Array(stringsAt + strings.length);
  const view = new DataView(bytes.buffer);
  const long = (at: number, value: number) => view.setBigUint64(at, BigInt(value), true);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1]);
  view.setUint16(0x12, machine, true);
  long(0x20, 64);
  view.setUint16(0x36, 56, true);
  view.setUint16(0x38, 2, true);
  const segment = (at: number, kind: number, offset: number, length: number) => {
    view.setUint32(at, kind, true);
    long(at + 8, offset);
    long(at + 16, address + offset);
    long(at + 32, length);
  };
  segment(64, 1, 0, bytes.length);
  segment(64 + 56, 2, dynamicAt, entryCount * 16);
  const entries = [
    ...libraries.map((it) => [1, placeOf(it)]),
    [5, address + stringsAt],
    [0x6ffffffe, address + versionsAt],
    [0x6fffffff, 1],
    [0, 0],
  ];
  entries.flat().forEach((value, index) => long(dynamicAt + index * 8, value));
  view.setUint16(versionsAt, 1, true);
  view.setUint16(versionsAt + 2, versions.length, true);
  view.setUint32(versionsAt + 8, 16, true);
  versions.forEach((it, index) => {
    const at = versionsAt + 16 * (1 + index);
    view.setUint32(at + 8, placeOf(it), true);
    view.setUint32(at + 12, index + 1 < versions.length ? 16 : 0, true);
  });
  bytes.set(strings, stringsAt);
  return bytes;
}

/** A Mach-O file with a load command that is skipped, and one that may say for which version it was built. */
export function macExecutable({ machine = 0x0100000c, command = 0x32, version = 0 }: {
  readonly machine?: number;
  readonly command?: number;
  readonly version?: number;
}): Uint8Array {
  const view = new DataView(new ArrayBuffer(32 + 24 + 24));
  const place = command === 0x32 ? 12 : 8;
  const words = [[0, 0xfeedfacf], [4, machine], [16, 2], [32, 0x19], [36, 24]];
  const second = [[0, command], [4, 24], [place, version]].map(([at = 0, it = 0]) => [56 + at, it]);
  for (const [at = 0, value = 0] of [...words, ...second]) view.setUint32(at, value, true);
  return new Uint8Array(view.buffer);
}

/** A PE file. */
export function windowsExecutable(machine: number): Uint8Array {
  const bytes = new Uint8Array(0x100);
  bytes.set([0x4d, 0x5a]);
  bytes.set([0x80], 0x3c);
  bytes.set([0x50, 0x45, 0, 0, machine & 0xff, machine >> 8], 0x80);
  return bytes;
}
