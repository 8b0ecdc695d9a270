/**
 * What is measured, against what, and what it is to come to.
 *
 * @module
 */

import { join } from "@std/path";
import { type BenchApp, makeApp, makeFloor, makeSyncedApp } from "./app.ts";
import { compare, type Comparison, peakMemory } from "./compare.ts";
import { measureEdit } from "./edit.ts";
import { type Lab, LATENCY } from "./lab.ts";

/** One row of the table. */
export interface Figure {
  /** What was measured. */
  readonly title: string;
  /** Against what. */
  readonly against: string;
  /** What it came to. */
  readonly value: number;
  /** The least and the greatest value of a single run; undefined where there is but one. */
  readonly spread?: readonly [number, number];
  /** The value that it may have at most; undefined where it is only told. */
  readonly aim?: number;
  /** @default {"×"} */
  readonly unit?: "×" | "ms a package" | "s" | "MB";
  /** The same of processor time, which tells less of the neighbours on a machine and nothing of waiting. */
  readonly cpu?: number | undefined;
  /** More to say. */
  readonly note?: string;
}

/** How a measure is taken. */
export interface MeasureOptions {
  /** How many packages. */
  readonly count: number;
  /** How many pairs of runs. */
  readonly runs: number;
}

/** Something that can be measured. */
export interface Measure {
  /** Its name, for `--only`. */
  readonly name: string;
  /** For how many packages, and how many pairs of runs each. */
  readonly sizes: readonly (readonly [count: number, runs: number])[];
  /** Takes it. */
  take(lab: Lab, options: MeasureOptions): Promise<readonly Figure[]>;
}

/** Everything that is measured, in the order of the table. */
export const MEASURES: readonly Measure[] = [
  { name: "nothing-to-do", sizes: [[20, 30], [100, 15], [1000, 5]], take: nothingToDo },
  {
    name: "cold",
    sizes: [[20, 7], [100, 3]],
    take: (lab, options) => coldSync(lab, options, "local"),
  },
  { name: "cold-far", sizes: [[20, 5]], take: (lab, options) => coldSync(lab, options, "far") },
  { name: "clone", sizes: [[100, 5]], take: cloning },
  { name: "status", sizes: [[100, 15]], take: status },
  { name: "exec", sizes: [[100, 15]], take: exec },
  { name: "switch", sizes: [[100, 10]], take: modeSwitch },
  { name: "check", sizes: [[1000, 5]], take: warmCheck },
  { name: "edit", sizes: [[5000, 12]], take: edit },
  { name: "cold-prod", sizes: [[20, 3]], take: coldProd },
  { name: "changed-pin", sizes: [[20, 7]], take: changedPin },
];

/** HSM's own share with twenty packages, by which its growth is told. */
let own20: number | undefined;

async function nothingToDo(lab: Lab, { count, runs }: MeasureOptions): Promise<readonly Figure[]> {
  const app = await makeSyncedApp(lab, `noop-${count}`, count);
  const hello = await lab.hello();
  const before = await textsOf(app);
  const found = await compare(
    { run: () => app.measuredHsm("sync") },
    { run: () => app.measured(app.syncing, hello) },
    runs,
  );
  if (await textsOf(app) !== before) throw new Error("a sync with nothing to do changed a file");
  await app.mustBeSynced("dev");
  const title = `\`hsm sync\`, nothing to do, N = ${count}`;
  const ratio: Figure = {
    title,
    against: "`uv sync` + a hello-world",
    ...ratioOf(found),
    ...(count === 20 ? { aim: 1.3 } : {}),
  };
  if (count === 20) own20 = found.difference;
  if (own20 === undefined || count <= 20) return [ratio];
  return [ratio, {
    title: `the same: HSM's own share, N = ${count}`,
    against: "its own at N = 20",
    value: (found.difference - own20) / (count - 20),
    unit: "ms a package",
    aim: 1,
    note: `${ms(found.difference)} against ${ms(own20)}`,
  }];
}

/** The files at stake, with their times of change. */
async function textsOf(app: BenchApp): Promise<string> {
  const files = ["pyproject.toml", "uv.lock", "hsm.yaml"].map(async (file) => {
    const path = join(app.root, file);
    return [await Deno.readTextFile(path), (await Deno.stat(path)).mtime?.getTime()];
  });
  return JSON.stringify(await Promise.all(files));
}

async function coldSync(
  lab: Lab,
  { count, runs }: MeasureOptions,
  remotes: "local" | "far",
): Promise<readonly Figure[]> {
  const options = { count, mode: "dev", remotes } as const;
  const hello = await lab.hello();
  const ours = await makeApp(lab, `cold-${remotes}-${count}`, options);
  const floor = await makeFloor(lab, `cold-${remotes}-floor-${count}`, options);
  const pyproject = await Deno.readTextFile(join(ours.root, "pyproject.toml"));
  const found = await compare(
    {
      async before() {
        await ours.makeCold();
        await Deno.writeTextFile(join(ours.root, "pyproject.toml"), pyproject);
        await ours.settle();
      },
      run: () => ours.measuredHsm("sync", "--yes"),
      after: () => ours.mustBeSynced("dev"),
    },
    {
      async before() {
        await floor.makeCold();
        await Deno.mkdir(join(floor.root, "packages"));
        await floor.settle();
      },
      run: () => floor.measured(floor.cloning, floor.syncing, hello),
      after: () => floor.mustBeSynced("dev"),
    },
    runs,
  );
  return [{
    title: `\`hsm sync --yes\`, nothing cloned, dev, N = ${count}${
      remotes === "far" ? `, ${LATENCY} s of latency a connection` : ""
    }`,
    against: "`xargs -P8 git clone`, `uv sync` + a hello-world",
    ...ratioOf(found),
    aim: count === 20 && remotes === "local" ? 1.25 : 1.05,
  }];
}

async function cloning(lab: Lab, { count, runs }: MeasureOptions): Promise<readonly Figure[]> {
  const ours = await makeApp(lab, `clone-${count}`, { count, mode: "dev" });
  const floor = await makeApp(lab, `clone-floor-${count}`, { count, mode: "dev" });
  const hello = await lab.hello();
  const found = await compare(
    {
      async before() {
        await ours.remove("packages");
        await ours.settle();
      },
      run: () => ours.measuredHsm("clone", "--yes"),
      after: () => ours.mustBeCloned(),
    },
    {
      async before() {
        await floor.remove("packages");
        await Deno.mkdir(join(floor.root, "packages"));
        await floor.settle();
      },
      run: () => floor.measured(floor.cloning, hello),
      after: () => floor.mustBeCloned(),
    },
    runs,
  );
  return [{
    title: `\`hsm clone\`, N = ${count}`,
    against: "`xargs -P8 git clone` + a hello-world",
    ...ratioOf(found),
    aim: 1.1,
  }];
}

async function status(lab: Lab, { count, runs }: MeasureOptions): Promise<readonly Figure[]> {
  const app = await makeSyncedApp(lab, `status-${count}`, count);
  const command = "git -C packages/{} status --porcelain=v2 --branch";
  const looking = [lab.uv, "sync", "--quiet", "--locked", "--dry-run"];
  const hello = await lab.hello();
  let said: Record<string, unknown>[] = [];
  const found = await compare(
    { run: () => app.measuredHsm("status") },
    {
      run: () =>
        app.measured(["sh", "-c", `xargs -P8 -I{} ${command} < plugins.txt`], looking, hello),
    },
    runs,
  );
  const document = JSON.parse(await app.hsm("status", "--json")) as { packages: typeof said };
  said = document.packages;
  const present = said.filter((it) =>
    JSON.stringify(it["checkout"])?.includes(`"state":"present"`) &&
    JSON.stringify(it["drift"]) === "[]"
  );
  if (present.length !== count) throw new Error(`status sees ${present.length} of ${count}`);
  return [{
    title: `\`hsm status\`, N = ${count} dev checkouts`,
    against:
      "`xargs -P8 git status --porcelain=v2 --branch`, `uv sync --locked --dry-run` + a hello-world",
    ...ratioOf(found),
    aim: 1.3,
  }];
}

async function exec(lab: Lab, { count, runs }: MeasureOptions): Promise<readonly Figure[]> {
  const app = await makeSyncedApp(lab, `exec-${count}`, count);
  const hello = await lab.hello();
  const each = `xargs -P8 -I{} env -C packages/{} true < plugins.txt`;
  const found = await compare(
    { run: () => app.measuredHsm("exec", "--", "true") },
    { run: () => app.measured(["sh", "-c", each], hello) },
    runs,
  );
  await app.hsm("exec", "--", "touch", "been-here");
  const been = await app.run("sh", "-c", "ls packages/*/been-here | wc -l");
  if (Number(been) !== count) throw new Error(`exec was in ${been} of ${count}`);
  return [{
    title: `\`hsm exec -- true\`, N = ${count}`,
    against: "`xargs -P8` of the same + a hello-world",
    ...ratioOf(found),
    aim: 1,
  }];
}

async function modeSwitch(lab: Lab, { count, runs }: MeasureOptions): Promise<readonly Figure[]> {
  const ours = await makeSyncedApp(lab, `switch-${count}`, count);
  const floor = await makeSyncedApp(lab, `switch-floor-${count}`, count);
  const hello = await lab.hello();
  const [name = ""] = ours.plugins;
  const file = join(floor.root, "pyproject.toml");
  const dev = await Deno.readTextFile(file);
  const line = new RegExp(`^${name} = .*$`, "m");
  const prod = dev.replace(line, `${name} = { git = "${lab.url(name)}", tag = "v1.0.0" }`);
  if (prod === dev) throw new Error(`${name} has no line in pyproject.toml`);
  const isProd = (round: number) => round % 2 === 0;
  const check = (app: BenchApp) => async (round: number) => {
    const frozen = await app.run(lab.uv, "pip", "freeze", "--quiet");
    const wanted = isProd(round)
      ? `${name} @ git+`
      : `-e file://${join(app.root, "packages", name)}`;
    if (!frozen.includes(wanted)) throw new Error(`${name} was not switched:\n${frozen}`);
  };
  // Into production once, so that neither side fetches what the other has fetched.
  await ours.hsm("prod", name);
  await ours.hsm("dev", name);
  const found = await compare(
    {
      run: (round) => ours.measuredHsm(isProd(round) ? "prod" : "dev", name),
      after: check(ours),
    },
    {
      before: (round) => Deno.writeTextFile(file, isProd(round) ? prod : dev),
      run: () => floor.measured(floor.syncing, hello),
      after: check(floor),
    },
    runs,
  );
  return [{
    title: `mode switch of one of ${count} packages, checkout present`,
    against: "editing the line by hand, `uv sync` + a hello-world",
    ...ratioOf(found),
    aim: 2,
  }];
}

async function warmCheck(lab: Lab, { count, runs }: MeasureOptions): Promise<readonly Figure[]> {
  const app = await makeApp(lab, `check-${count}`, { count, mode: "prod", pin: "commit" });
  const hello = await lab.hello();
  await app.hsm("check");
  const found = await compare(
    { run: () => app.measuredHsm("check") },
    { run: () => app.measured(hello) },
    runs,
  );
  const { problems, fitting } = JSON.parse(await app.hsm("check", "--json"));
  if (fitting.length !== count) throw new Error(JSON.stringify(problems.slice(0, 3)));
  const title = `\`hsm check\`, warm metadata cache, N = ${count} prod packages`;
  const memory = await peakMemory(lab, [...lab.hsm, "check"], app.root);
  const helloMemory = await peakMemory(lab, hello, app.root);
  return [
    {
      title,
      against: "wall clock",
      value: found.time / 1000,
      unit: "s",
      aim: 0.5,
      note: `${found.ratio.toFixed(1)} times a hello-world`,
    },
    {
      title: "the same: memory",
      against: "most at any time",
      value: memory,
      unit: "MB",
      aim: 200,
      note: `a hello-world: ${helloMemory.toFixed(0)} MB`,
    },
  ];
}

async function edit(_lab: Lab, { count, runs }: MeasureOptions): Promise<readonly Figure[]> {
  const found = await measureEdit({ lines: count, runs });
  return [{
    title: `one edit of a ${count.toLocaleString("en")}-line pyproject.toml, re-parse included`,
    against: "two parses by `toml-eslint-parser`",
    ...ratioOf(found),
    aim: 1.2,
    note: `${ms(found.time / 5)} against ${ms(found.otherTime / 5)}`,
  }];
}

async function coldProd(lab: Lab, { count, runs }: MeasureOptions): Promise<readonly Figure[]> {
  const ours = await makeApp(lab, `prod-${count}`, { count, mode: "prod" });
  const floor = await makeFloor(lab, `prod-floor-${count}`, { count, mode: "prod" });
  const hello = await lab.hello();
  const pyproject = await Deno.readTextFile(join(ours.root, "pyproject.toml"));
  const cache = join(lab.env["XDG_CACHE_HOME"]!, "hsm");
  const clearUv = () => ours.run(lab.uv, "cache", "clean", "--quiet", ...ours.plugins);
  const measure = (isWarm: boolean) =>
    compare(
      {
        async before() {
          await ours.makeCold();
          await Deno.writeTextFile(join(ours.root, "pyproject.toml"), pyproject);
          if (!isWarm) await Deno.remove(cache, { recursive: true }).catch(() => {});
          await clearGit(lab, clearUv);
          await ours.settle();
        },
        run: () => ours.measuredHsm("sync"),
        after: () => ours.mustBeSynced("prod"),
      },
      {
        async before() {
          await floor.makeCold();
          await clearGit(lab, clearUv);
          await floor.settle();
        },
        run: () => floor.measured(floor.syncing, hello),
        after: () => floor.mustBeSynced("prod"),
      },
      runs,
    );
  const figures: Figure[] = [];
  for (const isWarm of [false, true]) {
    const found = await measure(isWarm);
    figures.push({
      title: `\`hsm sync\`, prod, uv's cache empty, metadata cache ${
        isWarm ? "warm" : "empty"
      }, N = ${count}`,
      against: "`uv sync` with the same sources + a hello-world",
      ...ratioOf(found),
    });
  }
  return figures;
}

/** Takes the plugins out of uv's cache: what it built and what it fetched. */
async function clearGit(lab: Lab, clearUv: () => Promise<unknown>): Promise<void> {
  await clearUv();
  await Deno.remove(join(lab.env["XDG_CACHE_HOME"]!, "uv/git-v0"), { recursive: true }).catch(
    () => {},
  );
}

async function changedPin(lab: Lab, { count, runs }: MeasureOptions): Promise<readonly Figure[]> {
  const ours = await makeApp(lab, `pin-${count}`, { count, mode: "prod" });
  const floor = await makeFloor(lab, `pin-floor-${count}`, { count, mode: "prod" });
  const hello = await lab.hello();
  await ours.hsm("sync");
  await floor.run(...floor.syncing);
  const [name = ""] = ours.plugins;
  const version = (round: number) => round % 2 === 0 ? "v1.1.0" : "v1.0.0";
  const repin = (app: BenchApp, file: string, pattern: RegExp) => async (round: number) => {
    const path = join(app.root, file);
    const text = await Deno.readTextFile(path);
    await Deno.writeTextFile(path, text.replace(pattern, `$1${version(round)}`));
  };
  const ourLine = new RegExp(`^(  ${name}: )v[\\d.]+`, "m");
  const floorLine = new RegExp(`^(${name} = .*tag = ")v[\\d.]+`, "m");
  const check = (app: BenchApp) => async (round: number) => {
    const shown = await app.run(lab.uv, "pip", "show", "--quiet", name);
    void shown;
    const lock = await Deno.readTextFile(join(app.root, "uv.lock"));
    if (!lock.includes(`${name}?tag=${version(round)}`)) throw new Error(`${name} was not pinned`);
  };
  const found = await compare(
    {
      before: repin(ours, "hsm.yaml", ourLine),
      run: () => ours.measuredHsm("sync"),
      after: check(ours),
    },
    {
      before: repin(floor, "pyproject.toml", floorLine),
      run: () => floor.measured(floor.syncing, hello),
      after: check(floor),
    },
    runs,
  );
  return [{
    title: `\`hsm sync\` after a changed pin, one of N = ${count}`,
    against: "editing the line by hand, `uv sync` + a hello-world",
    ...ratioOf(found),
  }];
}

/** What a comparison gives to each figure. */
export function ratioOf(
  { ratio, spread, cpuRatio, time, otherTime }: Comparison,
): Pick<Figure, "value" | "spread" | "cpu" | "note"> {
  const note = `${ms(time)} against ${ms(otherTime)}`;
  return { value: ratio, spread, cpu: cpuRatio, note };
}

/** A time as notes show it. */
export function ms(milliseconds: number): string {
  return milliseconds < 1000
    ? `${milliseconds.toFixed(0)} ms`
    : `${(milliseconds / 1000).toFixed(2)} s`;
}
