/**
 * The report: figures into docs/performance.md, and their picture beside it.
 *
 * @module
 */

import { fromFileUrl, join } from "@std/path";
import { aimChart } from "./chart.ts";
import type { Figure } from "./measures.ts";
import { figureTable } from "./table.ts";

const DOCS = fromFileUrl(new URL("../docs", import.meta.url));
const BLOCK = /(<!-- figures -->\n)[^]*?(<!-- \/figures -->)/;

/** Puts the figures between their marks in docs/performance.md; what else stands there stays. */
export async function writeReport(figures: readonly Figure[], versions: string): Promise<void> {
  const page = join(DOCS, "performance.md");
  const text = await Deno.readTextFile(page);
  if (!BLOCK.test(text)) throw new Error(`${page} has no place for the figures`);
  const cores = navigator.hardwareConcurrency;
  const [load = 0] = Deno.build.os === "windows" ? [] : Deno.loadavg();
  const measured = `Measured with ${versions}, on ${Deno.build.os} with ${cores} cores; ` +
    `load of the machine at the end: ${load.toFixed(1)}.`;
  const block = `\n${figureTable(figures)}\n${measured}\n\n`;
  await Deno.writeTextFile(page, text.replace(BLOCK, (_, begin, end) => `${begin}${block}${end}`));
  const picture = join(DOCS, "images/performance.svg");
  await Deno.writeTextFile(picture, aimChart(figures));
  await new Deno.Command(Deno.execPath(), { args: ["fmt", "--quiet", page] }).output();
}
