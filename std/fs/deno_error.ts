/**
 * Errors of Node's file functions as those of Deno's, which `@std/fs` throws.
 *
 * @module
 */

const CLASSES: Readonly<Record<string, new (message: string, options?: ErrorOptions) => Error>> = {
  EACCES: Deno.errors.PermissionDenied,
  EBUSY: Deno.errors.Busy,
  EEXIST: Deno.errors.AlreadyExists,
  EISDIR: Deno.errors.IsADirectory,
  ELOOP: Deno.errors.FilesystemLoop,
  ENOENT: Deno.errors.NotFound,
  ENOTDIR: Deno.errors.NotADirectory,
  EPERM: Deno.errors.PermissionDenied,
};

/** The error of Deno's class that Node's code stands for; any other as it is. */
export function denoError(error: unknown): unknown {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const DenoError = Object.hasOwn(CLASSES, code) ? CLASSES[code] : undefined;
  if (DenoError === undefined || error instanceof DenoError) return error;
  return new DenoError((error as Error).message, { cause: error });
}
