/**
 * Writing to the console.
 *
 * @module
 */

const encoder = new TextEncoder();

/** Writes a text, all of it. A reader that went away, such as `head`, is no reason to stop halfway. */
export function writeAll(
  stream: { writeSync(bytes: Uint8Array): number },
  text: string,
): void {
  try {
    for (let rest = encoder.encode(text); rest.length > 0;) {
      rest = rest.subarray(stream.writeSync(rest));
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}
