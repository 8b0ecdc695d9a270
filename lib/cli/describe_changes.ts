/**
 * Changes of the files that HSM writes into in lines, many of a kind in one.
 *
 * @module
 */

import type { Change } from "../change.ts";
import { columns } from "../text/columns.ts";
import type { Page } from "../text/page.ts";
import { sumUp } from "../text/sum_up.ts";
import { countOf } from "../text/words.ts";

/** A line for each change, such as `+  plug-a  source  { path = "packages/plug-a", editable = true }`. */
export function describeChanges(changes: readonly Change[], page: Page): string {
  const { style, width, verbose } = page;
  const signs = {
    add: { text: "+", paint: style.green },
    replace: { text: "~", paint: style.yellow },
    remove: { text: "-", paint: style.red },
  } as const;
  const rows = sumUp(changes, {
    kind: (it) => `${it.action} ${it.what}`,
    one: (it) => [
      signs[it.action],
      { text: it.package, paint: style.bold },
      it.what,
      [it.from, it.to].filter((value) => value !== undefined).join(" → "),
    ],
    many: ([it, ...others]) => [
      signs[it.action],
      countOf(others.length + 1, it.what === "exclude" ? "folder" : "package"),
      it.what,
      "",
    ],
    verbose,
  });
  return columns(rows, width);
}
