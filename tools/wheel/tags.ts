/**
 * What a wheel's name says of the machines that it is for.
 *
 * @module
 */

/**
 * The tag of a wheel whose executable needs no Python, as installers compare it with what a machine takes.
 *
 * @param target The target of `deno compile`.
 * @param oldest The oldest version that the executable runs on: of glibc, or of macOS.
 */
export function wheelTag(target: string, oldest: string | undefined): string {
  return `py3-none-${platformTag(target, oldest)}`;
}

function platformTag(target: string, oldest = ""): string {
  const [, machine, system] = /^(x86_64|aarch64)-(.+)$/.exec(target) ?? [];
  const [, major, minor] = /^(\d+)\.(\d+)$/.exec(oldest) ?? [];
  if (system === "pc-windows-msvc") return machine === "x86_64" ? "win_amd64" : "win_arm64";
  if (major !== undefined && system === "unknown-linux-gnu") {
    return `manylinux_${major}_${minor}_${machine}`;
  }
  if (major !== undefined && system === "apple-darwin") {
    const arch = machine === "aarch64" ? "arm64" : machine;
    // From 11 on, tags know the first number only.
    if (Number(major) < 11) return `macosx_${major}_${minor}_${arch}`;
    return `macosx_${minor === "0" ? major : Number(major) + 1}_0_${arch}`;
  }
  throw new Error(`Cannot say in a wheel's name that it is for ${target} from ${oldest || "?"} on`);
}
