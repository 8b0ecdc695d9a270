/**
 * Where the app's own repository is: what a command that moves it has to come back to, and what tells the next one that
 * somebody has moved it since.
 *
 * @module
 */

/** Where a repository is; two of them that are equal are the same to the last entry of the index. */
export interface RepositoryState {
  /** The branch, in full; undefined where HEAD is detached. */
  readonly branch?: string;
  /** The commit at HEAD; undefined before the first one. */
  readonly commit?: string;
  /** A digest of what the index says. */
  readonly index: string;
  /** What git is in the middle of, in words. */
  readonly busy?: string;
}

/** Whether a repository is where it was. */
export function isSameState(a: RepositoryState | undefined, b: RepositoryState): boolean {
  return isSamePlace(a, b) && a?.index === b.index;
}

/** Whether a repository is at the same commit of the same branch, whatever is staged. */
export function isSamePlace(a: RepositoryState | undefined, b: RepositoryState): boolean {
  return a !== undefined && a.branch === b.branch && a.commit === b.commit && a.busy === b.busy;
}

/** Where a repository is, such as `main at 0123abc`. */
export function describePlace({ branch, commit }: RepositoryState): string {
  const where = branch?.replace(/^refs\/heads\//, "") ?? "a detached HEAD";
  return commit === undefined
    ? `${where}, before its first commit`
    : `${where} at ${commit.slice(0, 7)}`;
}
