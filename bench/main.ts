/**
 * `deno task bench`: what HSM costs beside git and uv.
 *
 * `--only NAME` takes one measure, `--runs N` sets how many pairs of runs, `--no-write` leaves docs/ alone, and
 * `--smoke` takes each measure once in its smallest size, to see that it works.
 *
 * @module
 */

import { parseArgs } from "@std/cli";
import { openLab } from "./lab.ts";
import { type Figure, MEASURES } from "./measures.ts";
import { measurePeers, PEER_NAMES } from "./peers.ts";
import { writeReport } from "./report.ts";
import { STAND_IN_MEASURES } from "./stand_ins.ts";
import { figureLine } from "./table.ts";

/** The size of everything where only whether it works is asked. */
const SMOKE = { count: 3, runs: 1 };

if (import.meta.main) Deno.exit(await main(Deno.args));

interface Flags {
  readonly smoke?: boolean;
  readonly write?: boolean;
  readonly only?: string;
  readonly runs?: string;
}

async function main(args: readonly string[]): Promise<number> {
  const flags = parseArgs([...args], {
    boolean: ["smoke", "write"],
    string: ["only", "runs"],
    negatable: ["write"],
    default: { write: true },
  }) as Flags;
  const only = flags.only;
  const measures = [...MEASURES, ...STAND_IN_MEASURES];
  const names = [...measures.map((it) => it.name), "peers", ...PEER_NAMES];
  if (only !== undefined && !names.includes(only)) {
    console.error(`there is no measure ${only}; there are ${names.join(", ")}`);
    return 2;
  }
  await using lab = await openLab();
  console.error(`${lab.isCompiled ? lab.hsm[0] : "hsm from its sources"}; ${lab.versions}`);
  const figures: Figure[] = [];
  const add = (more: readonly Figure[]) => {
    for (const figure of more) console.log(figureLine(figure));
    figures.push(...more);
  };
  for (const measure of measures) {
    if (only !== undefined && measure.name !== only) continue;
    const sizes = flags.smoke ? [[SMOKE.count, SMOKE.runs] as const] : measure.sizes;
    for (const [count, runs] of sizes) {
      add(await measure.take(lab, { count, runs: flags.runs ? Number(flags.runs) : runs }));
    }
  }
  if (flags.smoke) {
    console.log(`${figures.length} figures taken`);
    return 0;
  }
  const runs = Number(flags.runs ?? 7);
  if (only === undefined || only === "peers") add(await measurePeers(lab, { count: 20, runs }));
  else if (PEER_NAMES.includes(only)) add(await measurePeers(lab, { count: 20, runs, only }));
  if (flags.write && only === undefined) await writeReport(figures, lab.versions);
  return 0;
}
