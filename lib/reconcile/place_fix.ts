/**
 * What to write in hsm.yaml of a package that lies elsewhere in its repository.
 *
 * @module
 */

/**
 * The fix, by the folders of the repository that have a distribution of the package's name; `""` is the top of it.
 *
 * @returns undefined where there is none.
 */
export function placeFix(name: string, folders: readonly string[]): string | undefined {
  const [folder, ...others] = folders;
  if (folder === undefined) return undefined;
  if (others.length > 0) {
    const all = folders.filter((it) => it !== "").join(" or ");
    return `set \`subdirectory\` of ${name} in hsm.yaml to ${all}`;
  }
  return folder === ""
    ? `take \`subdirectory\` of ${name} out of hsm.yaml`
    : `set \`subdirectory: ${folder}\` of ${name} in hsm.yaml`;
}
