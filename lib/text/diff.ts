/**
 * Differences between two texts.
 *
 * @module
 */

/**
 * The change of a file as a unified diff that `git apply` takes; empty where there is none.
 *
 * @param file The file's path, relative to the root.
 * @param before Its text; undefined where it is new.
 * @param after Its new text; undefined where it goes away.
 */
export async function unifiedDiff(
  file: string,
  before: string | undefined,
  after: string | undefined,
): Promise<string> {
  if (before === after) return "";
  const { createTwoFilesPatch, FILE_HEADERS_ONLY } = await import("diff");
  return createTwoFilesPatch(
    before === undefined ? "/dev/null" : `a/${file}`,
    after === undefined ? "/dev/null" : `b/${file}`,
    before ?? "",
    after ?? "",
    undefined,
    undefined,
    { context: 3, headerOptions: FILE_HEADERS_ONLY },
  );
}
