/**
 * Measuring side by side: the machine's speed drifts, so that only what runs in turn can be compared.
 *
 * @module
 */

import type { Argv, Lab } from "./lab.ts";

/** One of two things that are compared. */
export interface Side {
  /** Called before each run, and not measured. */
  readonly before?: (round: number) => Promise<unknown>;
  /** What is measured. */
  readonly run: (round: number) => Promise<unknown>;
  /** Called after each run, and not measured: that the work was really done. */
  readonly after?: (round: number) => Promise<unknown>;
}

/** What a comparison came to; times in milliseconds. */
export interface Comparison {
  /** How many pairs were measured. */
  readonly runs: number;
  /** The median of the pairs' ratios. */
  readonly ratio: number;
  /** The least and the greatest ratio of a pair. */
  readonly spread: readonly [number, number];
  /** The median of the pairs' differences. */
  readonly difference: number;
  /** The median time of the first side. */
  readonly time: number;
  /** The median time of the second side. */
  readonly otherTime: number;
}

/**
 * Measures two sides in turn, A B B A …, after a run of each that does not count. Which is first changes with each pair,
 * since what a run leaves (caches that it has filled or driven out, heat) is the next one's, and never its own.
 */
export async function compare(ours: Side, other: Side, runs: number): Promise<Comparison> {
  const pairs: (readonly [number, number])[] = [];
  for (let round = -1; round < runs; round++) {
    const sides = [ours, other] as const;
    const times = [0, 0] as [number, number];
    for (const at of round % 2 === 0 ? [0, 1] as const : [1, 0] as const) {
      times[at] = await time(sides[at], round);
    }
    if (round >= 0) pairs.push(times);
  }
  const ratios = pairs.map(([a, b]) => a / b);
  return {
    runs,
    ratio: median(ratios),
    spread: [Math.min(...ratios), Math.max(...ratios)],
    difference: median(pairs.map(([a, b]) => a - b)),
    time: median(pairs.map(([a]) => a)),
    otherTime: median(pairs.map(([, b]) => b)),
  };
}

async function time(side: Side, round: number): Promise<number> {
  await side.before?.(round);
  const started = performance.now();
  await side.run(round);
  const took = performance.now() - started;
  await side.after?.(round);
  return took;
}

/** The middle value; of an even number the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = NaN, high = NaN] = sorted.slice((sorted.length - 1) >> 1, middle + 1);
  return sorted.length % 2 === 0 ? (low + high) / 2 : low;
}

/** The most memory that a program or one of its children needs, in MB, as the system counts it. */
export async function peakMemory(lab: Lab, argv: Argv, cwd: string): Promise<number> {
  const script = "import resource, subprocess, sys; " +
    "subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL); " +
    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)";
  return Number(await lab.must(["python3", "-c", script, ...argv], cwd)) / 1024;
}
