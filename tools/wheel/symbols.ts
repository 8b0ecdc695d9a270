/**
 * How old a system an executable runs on, by what it asks of it.
 *
 * @module
 */

/** What every Linux of a manylinux tag has, beside the loader. */
const LIBRARIES = /^(?:lib(?:c|m|dl|rt|pthread|gcc_s)|ld-linux-[\w-]+)\.so\.\d+$/;

/** The newest version of libgcc's symbols that each of them has. */
const LIBGCC = "4.8.0";

/**
 * The oldest system that has what an executable asks for, as `major.minor`: on Linux the version of glibc, on macOS its own;
 * undefined for Windows, where executables do not say it so that anybody goes by it.
 *
 * @throws {Error} where it asks for more than a wheel's tag can say.
 */
export function oldestSystem(bytes: Uint8Array, target: string): string | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (target.endsWith("linux-gnu")) return oldestGlibc(view);
  if (target.endsWith("darwin")) return oldestMacos(view);
  return undefined;
}

/** The newest version that a symbol of glibc's is asked for in: what the loader looks at, for sections may be stripped. */
function oldestGlibc(view: DataView): string {
  const { libraries, versions } = readDynamic(view);
  const foreign = libraries.filter((it) => !LIBRARIES.test(it));
  const known = versions.flatMap((it) => {
    const [, family = "", version = ""] = /^(GLIBC|GCC)_([\d.]+)$/.exec(it) ?? [];
    return [{ name: it, family, version }];
  });
  for (const { name, family, version } of known) {
    const isTooNew = family === "GCC" && compareVersions(version, LIBGCC) > 0;
    if (family === "" || isTooNew) foreign.push(name);
  }
  if (foreign.length > 0) {
    throw new Error(`Cannot say on which Linux it runs: it needs ${foreign.join(", ")}`);
  }
  const glibc = known.filter((it) => it.family === "GLIBC").map((it) => it.version);
  const newest = glibc.sort(compareVersions).at(-1);
  if (newest === undefined) throw new Error("Cannot say on which Linux it runs: it needs no glibc");
  return newest.split(".").slice(0, 2).join(".");
}

/** Numbers of ELF's that are needed here. */
const [LOAD, DYNAMIC] = [1, 2];
const [NEEDED, STRINGS, VERSIONS, VERSION_COUNT] = [1, 5, 0x6ffffffe, 0x6fffffff];

/** The libraries that an ELF file needs, and the versions of their symbols. */
function readDynamic(view: DataView): { libraries: string[]; versions: string[] } {
  const long = (at: number) => Number(view.getBigUint64(at, true));
  const [table, size, count] = [long(0x20), view.getUint16(0x36, true), view.getUint16(0x38, true)];
  const segments = Array.from({ length: count }, (_, index) => table + index * size)
    .map((at) => ({
      kind: view.getUint32(at, true),
      offset: long(at + 8),
      address: long(at + 16),
      length: long(at + 32),
    }));
  /** Where in the file lies what is to be at an address. */
  const placeOf = (address: number) => {
    const segment = segments.find((it) =>
      it.kind === LOAD && it.address <= address && address < it.address + it.length
    );
    if (segment === undefined) throw new Error("Cannot read its header: it points to nowhere");
    return address - segment.address + segment.offset;
  };
  const dynamic = segments.find((it) => it.kind === DYNAMIC) ?? { offset: 0, length: 0 };
  const entries = Array.from({ length: dynamic.length / 16 }, (_, index) => {
    const at = dynamic.offset + index * 16;
    return [long(at), long(at + 8)] as const;
  });
  const valueOf = (tag: number) => entries.find(([it]) => it === tag)?.[1];
  const strings = placeOf(valueOf(STRINGS) ?? 0);
  const libraries = entries.filter(([it]) => it === NEEDED).map(([, it]) =>
    textAt(view, strings + it)
  );
  const versions = [];
  let file = placeOf(valueOf(VERSIONS) ?? 0);
  for (let left = valueOf(VERSION_COUNT) ?? 0; left > 0; left--) {
    let version = file + view.getUint32(file + 8, true);
    for (let left = view.getUint16(file + 2, true); left > 0; left--) {
      versions.push(textAt(view, strings + view.getUint32(version + 8, true)));
      version += view.getUint32(version + 12, true);
    }
    file += view.getUint32(file + 12, true);
  }
  return { libraries, versions };
}

/** The load commands of Mach-O that say for which version it was built, the older one first, and where they say it. */
const BUILT_FOR: Readonly<Record<number, number>> = { 0x24: 8, 0x32: 12 };

function oldestMacos(view: DataView): string {
  let at = 32;
  for (let left = view.getUint32(16, true); left > 0; left--) {
    const place = BUILT_FOR[view.getUint32(at, true)];
    if (place !== undefined) {
      const version = view.getUint32(at + place, true);
      return `${version >>> 16}.${(version >>> 8) & 0xff}`;
    }
    at += view.getUint32(at + 4, true);
  }
  throw new Error("Cannot say on which macOS it runs: its header does not");
}

function textAt(view: DataView, at: number): string {
  let end = at;
  while (view.getUint8(end) !== 0) end++;
  return new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset + at, end - at));
}

function compareVersions(a: string, b: string): number {
  const [left, right] = [a.split(".").map(Number), b.split(".").map(Number)];
  const at = left.findIndex((it, index) => it !== (right[index] ?? 0));
  return at < 0 ? left.length - right.length : left[at]! - (right[at] ?? 0);
}
