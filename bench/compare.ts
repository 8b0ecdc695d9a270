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
  /** What is measured, and what it took. */
  readonly run: (round: number) => Promise<Took>;
  /** Called after each run, and not measured: that the work was really done. */
  readonly after?: (round: number) => Promise<unknown>;
}

/** What a run took, in milliseconds. */
export interface Took {
  /** From its start to its end. */
  readonly wall: number;
  /** Of the processors, by all its programs; undefined where nobody counted. */
  readonly cpu?: number;
}

/** What a comparison came to; times in milliseconds. */
export interface Comparison {
  /** How many pairs were measured. */
  readonly runs: number;
  /** The median of the pairs' ratios. */
  readonly ratio: number;
  /** The least and the greatest ratio of a pair. */
  readonly spread: readonly [number, number];
  /** The median of the pairs' ratios of processor time; undefined where nobody counted it. */
  readonly cpuRatio: number | undefined;
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
  const pairs: (readonly [Took, Took])[] = [];
  for (let round = -1; round < runs; round++) {
    const sides = [ours, other] as const;
    const took: [Took, Took] = [{ wall: 0 }, { wall: 0 }];
    for (const at of round % 2 === 0 ? [0, 1] as const : [1, 0] as const) {
      const side = sides[at];
      await side.before?.(round);
      took[at] = await side.run(round);
      await side.after?.(round);
    }
    if (round >= 0) pairs.push(took);
  }
  const ratios = pairs.map(([a, b]) => a.wall / b.wall);
  const cpuRatios = pairs.map(([a, b]) => (a.cpu ?? NaN) / (b.cpu ?? NaN));
  return {
    runs,
    ratio: median(ratios),
    spread: [Math.min(...ratios), Math.max(...ratios)],
    cpuRatio: cpuRatios.some(Number.isNaN) ? undefined : median(cpuRatios),
    difference: median(pairs.map(([a, b]) => a.wall - b.wall)),
    time: median(pairs.map(([a]) => a.wall)),
    otherTime: median(pairs.map(([, b]) => b.wall)),
  };
}

const MEASURED = `import json, os, resource, subprocess, sys, time
started = time.perf_counter()
for argv in json.loads(sys.argv[1]):
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    if done.returncode: sys.exit(f"{argv} exited with code {done.returncode}: {done.stderr.decode()}")
wall = time.perf_counter() - started
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({"wall": wall * 1e3, "cpu": (used.ru_utime + used.ru_stime) * 1e3}))`;

/** Runs programs one after the other, each of which must succeed: what they take together, as the system counts it. */
export async function measured(lab: Lab, argvs: readonly Argv[], cwd: string): Promise<Took> {
  return JSON.parse(await lab.must(["python3", "-c", MEASURED, JSON.stringify(argvs)], cwd));
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
