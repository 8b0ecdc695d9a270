/**
 * `exists` of `@std/fs`. No npm package says of a path that may not be looked at what this says.
 *
 * @module
 */

/** What has to lie at the path, for {@linkcode exists}. */
export interface ExistsOptions {
  /** Whether the user may read it. */
  isReadable?: boolean;
  /** Whether it is a directory. Not together with `isFile`. */
  isDirectory?: boolean;
  /** Whether it is a file. Not together with `isDirectory`. */
  isFile?: boolean;
}

/**
 * Whether something lies at a path; links are followed.
 *
 * @throws What the system says but that nothing is there: a part of the path that is a file, say.
 */
export async function exists(path: string | URL, options: ExistsOptions = {}): Promise<boolean> {
  const { isReadable, isDirectory, isFile } = options;
  if (isDirectory && isFile) {
    throw new TypeError(
      "ExistsOptions.options.isDirectory and ExistsOptions.options.isFile must not be true together",
    );
  }
  try {
    const stat = await Deno.stat(path);
    if ((isDirectory && !stat.isDirectory) || (isFile && !stat.isFile)) return false;
    return !isReadable || mayRead(stat);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    if (!(error instanceof Deno.errors.PermissionDenied)) throw error;
    const { state } = await Deno.permissions.query({ name: "read", path });
    if (state !== "granted") throw error;
    // The system refuses, not Deno: something is there.
    return !isReadable;
  }
}

function mayRead({ mode, uid, gid }: Deno.FileInfo): boolean {
  if (mode === null) return true;
  if (Deno.uid() === uid) return (mode & 0o400) !== 0;
  if (Deno.gid() === gid) return (mode & 0o040) !== 0;
  return (mode & 0o004) !== 0;
}
