/**
 * RECORD: what a wheel holds, by which installers check it and uninstall it.
 *
 * @module
 */

/**
 * The text of a wheel's RECORD.
 *
 * @param files What the wheel holds, by path, but for RECORD itself.
 * @param path The path of RECORD, which stands in it without a digest.
 */
export async function recordOf(
  files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>,
  path: string,
): Promise<string> {
  const lines = [...files].map(async ([file, bytes]) => {
    if (/[,"\s]/.test(file)) throw new Error(`Cannot name ${file} in RECORD`);
    return `${file},sha256=${await digest(bytes)},${bytes.length}\n`;
  });
  return `${(await Promise.all(lines)).join("")}${path},,\n`;
}

async function digest(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return hash.toBase64({ alphabet: "base64url", omitPadding: true });
}
