/**
 * Paths as file systems compare them that tell neither upper from lower case nor one Unicode form from another.
 *
 * @module
 */

/** The form in which two paths are equal that such a file system takes for one. */
export function foldPath(path: string): string {
  // The upper case is the same for more letters that are alike: `ſ` and `s`, `ς` and `σ`.
  return path.normalize("NFC").toUpperCase().normalize("NFC");
}

/** The folders in which the root of a distribution's workspace may be, the nearest first; `""` is its repository's top. */
export function rootsAbove(folder: string | undefined): readonly string[] {
  return folder === undefined ? [] : [...foldersAbove(folder), ""];
}

/** The folders that a relative path lies in, the nearest one first. */
export function foldersAbove(path: string): readonly string[] {
  const folders = [];
  for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) {
    folders.push(path.slice(0, end));
  }
  return folders;
}
