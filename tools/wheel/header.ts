/**
 * Which platform an executable is for, as its own header says.
 *
 * @module
 */

const FORMATS = [
  { magic: "\x7fELF\x02\x01", machineAt: () => 0x12, system: "unknown-linux-gnu" },
  { magic: "\xcf\xfa\xed\xfe", machineAt: () => 4, system: "apple-darwin" },
  {
    magic: "MZ",
    // What its header for DOS says of where the other one begins, behind `PE\0\0`.
    machineAt: (view: DataView) => view.getUint32(0x3c, true) + 4,
    system: "pc-windows-msvc",
  },
] as const;

/** The machines by the numbers that ELF, Mach-O and PE have for them. */
const MACHINES: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  "unknown-linux-gnu": { 62: "x86_64", 183: "aarch64" },
  "apple-darwin": { 0x0007: "x86_64", 0x000c: "aarch64" },
  "pc-windows-msvc": { 0x8664: "x86_64", 0xaa64: "aarch64" },
};

/**
 * The target that an executable is for, as Deno calls it.
 *
 * @throws {Error} where it is no executable of a kind that Deno makes.
 */
export function readTarget(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const begin = String.fromCharCode(...bytes.subarray(0, 6));
  const format = FORMATS.find(({ magic }) => begin.startsWith(magic));
  const machine = format && MACHINES[format.system]?.[view.getUint16(format.machineAt(view), true)];
  if (format === undefined || machine === undefined) {
    throw new Error(
      "Cannot tell for which platform it is: its header is that of no target of Deno's",
    );
  }
  return `${machine}-${format.system}`;
}
