/**
 * `hsm outdated`: packages of which there are newer releases.
 *
 * @module
 */

import { columns } from "../lib/text/columns.ts";
import type { Page } from "../lib/text/page.ts";
import { type Command, defineCommand } from "../lib/command/command.ts";
import { describePin } from "../lib/packages/describe_pin.ts";
import { selectPackages } from "../lib/packages/select.ts";
import { findUpdates, type PackageUpdate, remotesAway } from "../lib/survey/updates.ts";
import type { Workspace } from "../lib/workspace/workspace.ts";
import { flag } from "../lib/command/options.ts";
import { packageOptions } from "../lib/command/package_options.ts";
import type { UpdateOptions } from "./update/moves.ts";

export type { PackageUpdate };

/** What {@linkcode outdated} looks for. */
export type OutdatedOptions = Pick<UpdateOptions, "packages" | "pre">;

/** What {@linkcode outdated} found. */
export interface OutdatedResult {
  /** The packages asked for, in the manifest's order. */
  readonly packages: readonly PackageUpdate[];
}

/**
 * Compares pins with the newest release tags of the packages' remotes, in the order of versions (PEP 440).
 *
 * Touches nothing but HSM's own cache. A package pinned by a branch or a commit is left alone, and so is one whose tag
 * is no version, or whose newest tag says itself that it is older. A remote that is away is the result of its package;
 * the others are there all the same.
 *
 * @example
 * ```ts
 * import { openWorkspace, outdated } from "@hsm/hsm";
 *
 * await using workspace = await openWorkspace({ readonly: true });
 * const { packages } = await outdated(workspace);
 * console.log(packages.filter((it) => it.state === "outdated"));
 * // [{ package: "my-plugin", pin: { tag: "v1.2.0" }, newest: "v1.3.0", state: "outdated" }]
 * ```
 *
 * @param workspace The workspace.
 * @param options Which packages, and whether pre-releases count.
 * @returns What was found of each package, in the manifest's order.
 * @throws {HsmError} `package-unknown`, `tool-missing`
 */
export async function outdated(
  workspace: Workspace,
  options: OutdatedOptions = {},
): Promise<OutdatedResult> {
  return { packages: (await look(workspace, options)).updates };
}

async function look(workspace: Workspace, { packages, pre = false }: OutdatedOptions) {
  return await findUpdates(workspace, selectPackages(workspace.manifest, packages), { pre });
}

function describe(updates: readonly PackageUpdate[], { style, width }: Page): string {
  const rows = updates.filter((it) => it.state !== "current" || it.reason !== undefined);
  const newest = ({ state, newest }: PackageUpdate) => {
    if (state === "failed") return { text: "not known", paint: style.red };
    return state === "outdated" ? { text: `→ ${newest}`, paint: style.yellow } : "";
  };
  const reason = ({ state, reason = "" }: PackageUpdate) =>
    state === "left" ? `left alone: ${reason}` : state === "failed" ? "" : reason;
  return columns(
    rows.map((it) => [
      { text: it.package, paint: style.bold },
      it.pin === undefined ? "-" : describePin(it.pin),
      newest(it),
      { text: reason(it), paint: style.dim },
    ]),
    width,
  );
}

/** `hsm outdated`. */
export const outdatedCommand: Command<OutdatedResult> = defineCommand({
  name: "outdated",
  group: "Looking",
  summary: "Show the packages of which there are newer releases",
  examples: ["hsm outdated", "hsm outdated --pre my-plugin", "hsm outdated --exit-code"],
  positional: "packages",
  options: {
    ...packageOptions("Only these; default: all"),
    pre: flag("Take pre-releases for releases"),
    exitCode: flag("Exit with 1 if there is a newer release of any"),
  },
  async run(context, { packages, pre, exitCode = false }) {
    await using workspace = await context.open({ readonly: true });
    const { updates, errors } = await look(workspace, { packages, pre });
    const text = describe(updates, context);
    return {
      data: { packages: updates },
      text,
      proof: text === "" ? "Every package is at its newest release" : undefined,
      failure: remotesAway(errors),
      answer: exitCode && updates.some((it) => it.state === "outdated") ? 1 : 0,
    };
  },
});
