/**
 * Which of the app's extras and groups are resolved together.
 *
 * @module
 */

/** More combinations than any app has that means them. */
const MAX_WORLDS = 256;

/**
 * uv resolves everything that the app writes at once, but for the extras and groups that `[tool.uv] conflicts` keeps
 * apart: of each such set one at a time.
 *
 * @param conflicts The sets.
 * @returns What is left out of each resolution; mostly there is one, without anything left out. Where there are too many
 * of them to look at, the one that leaves out all that is in a set.
 */
export function findWorlds(
  conflicts: readonly (readonly string[])[],
): { readonly worlds: readonly ReadonlySet<string>[]; readonly isWhole: boolean } {
  if (conflicts.reduce((count, set) => count * set.length, 1) > MAX_WORLDS) {
    return { worlds: [new Set(conflicts.flat())], isWhole: false };
  }
  let worlds: readonly (readonly string[])[] = [[]];
  for (const set of conflicts) {
    worlds = set.flatMap((kept) => {
      const others = set.filter((item) => item !== kept);
      return worlds.map((world) => [...world, ...others]);
    });
  }
  return { worlds: worlds.map((world) => new Set(world)), isWhole: true };
}
