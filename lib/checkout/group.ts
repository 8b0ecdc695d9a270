/**
 * Which packages share a checkout: in one folder a program runs once, and no two gits at a time.
 *
 * @module
 */

import { dirname, join, relative } from "@std/path";
import type { ManifestPackage } from "../manifest/model.ts";
import { mapAll } from "../process/pool.ts";

/** A checkout's folder, and the packages in it. */
export interface CheckoutGroup {
  /** The folder, absolute, as the first of the packages names it. */
  readonly directory: string;
  /** The folder, relative to the root, with `/`, as the first of the packages names it. */
  readonly path: string;
  /** The packages, at least one. */
  readonly packages: readonly [ManifestPackage, ...ManifestPackage[]];
  /** Their names, as a sentence lists them. */
  readonly names: string;
  /** The repository; who names none leaves it to the others. */
  readonly git: string | undefined;
  /** The branch to check out on cloning; who names none leaves it to the others. */
  readonly checkout: string | undefined;
}

/**
 * Groups packages by the folder in which their checkout really is, all links followed. Touches nothing.
 *
 * @returns The groups in the order of their first packages, and the packages of each in their order.
 */
export function groupByCheckout(
  root: string,
  packages: readonly ManifestPackage[],
): readonly CheckoutGroup[] {
  const groups = Map.groupBy(packages, (it) => realPlace(join(root, it.path)));
  return [...groups.values()].map(([first, ...others]) => {
    const group = [first!, ...others] as const;
    return {
      directory: join(root, group[0].path),
      path: group[0].path,
      packages: group,
      names: group.map((it) => it.name).join(", "),
      git: group.find((it) => it.git !== undefined)?.git,
      checkout: group.find((it) => it.checkout !== undefined)?.checkout,
    };
  });
}

/**
 * Calls `work` once for each checkout, at most `jobs` at a time.
 *
 * @returns What it came to for each of the packages, in their order.
 * @throws The first error, in the order of the checkouts, once all calls have ended.
 */
export async function mapCheckouts<R>(
  { root, jobs }: { readonly root: string; readonly jobs: number },
  packages: readonly ManifestPackage[],
  work: (group: CheckoutGroup) => Promise<R>,
): Promise<R[]> {
  const groups = groupByCheckout(root, packages);
  const results = await mapAll(groups, jobs, work);
  const byPackage = new Map(
    groups.flatMap((group, index) => group.packages.map((it) => [it, results[index]!] as const)),
  );
  return packages.map((it) => byPackage.get(it)!);
}

/** The packages of a checkout and its folder, as events name them. */
export function concerning(
  { packages, path }: CheckoutGroup,
): { readonly packages: readonly string[]; readonly path: string } {
  return { packages: packages.map((it) => it.name), path };
}

/** A path with all links followed, as far as there is anything. */
export function realPlace(path: string): string {
  for (let folder = path;; folder = dirname(folder)) {
    try {
      return join(Deno.realPathSync(folder), relative(folder, path));
    } catch (error) {
      if (folder === dirname(folder)) throw error;
    }
  }
}
