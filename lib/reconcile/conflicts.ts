/**
 * Which demands on one distribution exclude each other, and in which environments.
 *
 * @module
 */

import {
  ANY_VERSION,
  intersectVersions,
  isEmpty,
  type VersionSet,
} from "../versions/specifiers.ts";

/** What somebody demands of a distribution's version. */
export interface VersionDemand<T> {
  /** Who. */
  readonly by: T;
  /** What makes two demands the same, such as the specifier's text. */
  readonly id: string;
  /** The versions that are allowed. */
  readonly versions: VersionSet;
  /** The environments in which the demand counts. */
  readonly bits: bigint;
}

/** Demands that exclude each other. */
export interface VersionConflict<T> {
  /** A smallest set of them, one entry for each demand, with all who make it. */
  readonly core: readonly (readonly VersionDemand<T>[])[];
  /** Others that conflict with a part of the core as well, and are settled with it. */
  readonly others: readonly VersionDemand<T>[];
  /** The environments in which they do. */
  readonly bits: bigint;
}

/**
 * Finds the conflicts between demands, each independent one once.
 *
 * Two that exclude each other are found before three, and all that take part in such a pair's quarrel are told together.
 * The work grows with n log n where nothing conflicts.
 *
 * @param demands The demands on one distribution.
 * @param scope The environments to look at.
 */
export function findConflicts<T>(
  demands: readonly VersionDemand<T>[],
  scope: bigint,
): readonly VersionConflict<T>[] {
  const groups = groupDemands(demands);
  const conflicts = new Map<string, VersionConflict<T>>();
  for (const atom of splitScope(groups, scope)) {
    let rest = groups.filter((group) => (group.bits & atom) !== 0n);
    for (;;) {
      const core = findCore(rest);
      if (core.length === 0) break;
      const others = core.length === 2 ? quarrelWith(core, rest) : [];
      const taken = new Set([...core, ...others]);
      const key = core.map((group) => group.index).sort((a, b) => a - b).join();
      const known = conflicts.get(key);
      conflicts.set(key, {
        core: core.map((group) => group.demands),
        others: known?.others ?? others.flatMap((group) => group.demands),
        bits: (known?.bits ?? 0n) | atom,
      });
      rest = rest.filter((group) => !taken.has(group));
    }
  }
  return [...conflicts.values()];
}

/** Demands that exclude each other, and whether that is certain. */
export interface JudgedConflict<T> extends VersionConflict<T> {
  /** Whether somebody in the core may demand something else. */
  readonly isGuess: boolean;
}

/**
 * Finds the conflicts between demands some of which are guesses. What conflicts without them is told without them.
 *
 * @param demands The demands on one distribution.
 * @param isGuess Whether a demand may be another one.
 * @param scope The environments to look at.
 */
export function judgeConflicts<T>(
  demands: readonly VersionDemand<T>[],
  isGuess: (demand: VersionDemand<T>) => boolean,
  scope: bigint,
): readonly JudgedConflict<T>[] {
  const certain = demands.filter((demand) => !isGuess(demand));
  const judged: JudgedConflict<T>[] = findConflicts(certain, scope)
    .map((it) => ({ ...it, isGuess: false }));
  if (certain.length === demands.length) return judged;
  const settled = new Set(judged.flatMap(({ core, others }) => [...core.flat(), ...others]));
  for (const conflict of findConflicts(demands.filter((it) => !settled.has(it)), scope)) {
    judged.push({ ...conflict, isGuess: true });
  }
  return judged;
}

/** The same demand by several, in the same environments. */
interface Group<T> {
  readonly index: number;
  readonly versions: VersionSet;
  readonly bits: bigint;
  readonly demands: VersionDemand<T>[];
}

function groupDemands<T>(demands: readonly VersionDemand<T>[]): readonly Group<T>[] {
  const numbered = demands.map((demand, index) => ({ ...demand, index, demand }));
  return [...Map.groupBy(numbered, ({ bits }) => bits).values()]
    .flatMap((list) => [...Map.groupBy(list, ({ id }) => id).values()])
    .map((list) => ({ ...list[0]!, demands: list.map(({ demand }) => demand) }))
    .sort((a, b) => a.index - b.index);
}

/** Splits the environments into those in which the same demands count. */
function splitScope<T>(groups: readonly Group<T>[], scope: bigint): readonly bigint[] {
  let atoms = [scope];
  for (const bits of new Set(groups.map((group) => group.bits))) {
    if ((scope & ~bits) === 0n) continue;
    atoms = atoms.flatMap((atom) => [atom & bits, atom & ~bits]).filter((atom) => atom !== 0n);
  }
  return atoms;
}

/** A set of groups that exclude each other, none of which can be left out; empty where all go together. */
function findCore<T>(groups: readonly Group<T>[]): readonly Group<T>[] {
  if (!isEmpty(intersectAll(groups.map((group) => group.versions)))) return [];
  const last = groups[firstEmpty(undefined, groups)]!;
  if (isEmpty(last.versions)) return [last];
  const partner = groups.find((group) => excludes(group, last));
  if (partner !== undefined) return [partner, last];
  const core = [last];
  let common = last.versions;
  while (!isEmpty(common)) {
    const next = groups[firstEmpty(common, groups)]!;
    core.push(next);
    common = intersectVersions(common, next.versions);
  }
  return core.sort((a, b) => a.index - b.index);
}

/** The index of the first group that leaves nothing of what those before it allow. */
function firstEmpty<T>(start: VersionSet | undefined, groups: readonly Group<T>[]): number {
  let common = start;
  for (const [index, { versions }] of groups.entries()) {
    common = common === undefined ? versions : intersectVersions(common, versions);
    if (isEmpty(common)) return index;
  }
  return -1;
}

/** The intersection of all, by halves: many small ones before few large ones. */
function intersectAll(sets: readonly VersionSet[]): VersionSet {
  let round = sets;
  while (round.length > 1) {
    const next: VersionSet[] = [];
    for (let index = 0; index < round.length; index += 2) {
      const [one, other] = [round[index]!, round[index + 1]];
      next.push(other === undefined ? one : intersectVersions(one, other));
    }
    round = next;
  }
  return round[0] ?? ANY_VERSION;
}

function quarrelWith<T>(
  core: readonly Group<T>[],
  groups: readonly Group<T>[],
): readonly Group<T>[] {
  return groups.filter((group) =>
    !core.includes(group) && !isEmpty(group.versions) &&
    core.some((member) => excludes(member, group))
  );
}

function excludes<T>(a: Group<T>, b: Group<T>): boolean {
  return isEmpty(intersectVersions(a.versions, b.versions));
}
