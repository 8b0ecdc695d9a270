/**
 * `hsm list`: the packages.
 *
 * @module
 */

import { columns } from "../lib/text/columns.ts";
import { type Command, defineCommand } from "../lib/command/command.ts";
import type { InjectInto, Mode, Pin } from "../lib/manifest/model.ts";
import { standsIn } from "../lib/manifest/stand_ins.ts";
import { NO_PACKAGES, noneIn } from "../lib/packages/none.ts";
import { describePin } from "../lib/packages/describe_pin.ts";
import { selectPackages } from "../lib/packages/select.ts";
import { redact } from "../lib/text/redact.ts";
import type { Workspace } from "../lib/workspace/workspace.ts";
import { choice } from "../lib/command/options.ts";
import { packageOptions } from "../lib/command/package_options.ts";

/** Which packages {@linkcode list} lists. */
export interface ListOptions {
  /** The packages, by name or glob, such as `plug-*`; default: all. */
  readonly packages?: readonly string[] | undefined;
  /** Only those in this mode; default: all. */
  readonly mode?: Mode | undefined;
}

/** A package of the manifest. */
export interface ListedPackage {
  /** The package's name. */
  readonly package: string;
  /** How it is used. */
  readonly mode: Mode;
  /** How its checkout is used, where that is not written into the app's files; left out in prod mode. */
  readonly inject?: InjectInto;
  /** Its version in production. */
  readonly pin?: Pin | undefined;
  /** Its repository. */
  readonly git?: string | undefined;
  /** The folder of its checkout in dev mode, relative to the root, with `/`. */
  readonly path: string;
}

/** What {@linkcode list} found. */
export interface ListResult {
  /** The packages, in the manifest's order. */
  readonly packages: readonly ListedPackage[];
}

/**
 * Lists the packages of the manifest.
 *
 * Touches nothing, and looks at nothing else.
 *
 * @example
 * ```ts
 * import { list, openWorkspace } from "@hsm/hsm";
 *
 * await using workspace = await openWorkspace({ readonly: true });
 * const { packages } = list(workspace, { mode: "dev" });
 * console.log(packages.map((it) => it.path)); // ["packages/my-plugin"]
 * ```
 *
 * @param workspace The workspace.
 * @param options Which packages.
 * @returns Their modes, pins, repositories and places, in the manifest's order.
 * @throws {HsmError} `package-unknown`
 */
export function list(workspace: Workspace, options: ListOptions = {}): ListResult {
  return {
    packages: selectPackages(workspace.manifest, options.packages)
      .filter((it) => options.mode === undefined || it.mode === options.mode)
      .map((it) => ({
        package: it.name,
        mode: it.mode,
        ...(standsIn(it) ? { inject: it.inject } : {}),
        pin: it.pin,
        git: it.git && redact(it.git),
        path: it.path,
      })),
  };
}

function placeOf({ mode, inject, path, git = "" }: ListedPackage): string {
  if (mode === "prod") return git;
  return inject === undefined ? path : `${path}, which stands in`;
}

/** `hsm list`. */
export const listCommand: Command<ListResult> = defineCommand({
  name: "list",
  group: "Looking",
  summary: "List the packages; their names only when piped",
  examples: ["hsm list", "hsm list --mode dev", "hsm list 'plug-*'", "hsm list --json"],
  positional: "packages",
  options: {
    ...packageOptions("Only these; default: all"),
    mode: choice("Only those in this mode", ["dev", "prod"]),
  },
  async run(context, { packages, mode }) {
    await using workspace = await context.open({ readonly: true });
    const result = list(workspace, { packages, mode });
    const rows = result.packages.map((it) =>
      context.stdoutTerminal
        ? [
          { text: it.package, paint: context.style.bold },
          it.mode,
          describePin(it.pin),
          { text: placeOf(it), paint: context.style.dim },
        ]
        : [it.package]
    );
    const none = mode === undefined ? NO_PACKAGES : noneIn(mode);
    return {
      data: result,
      text: columns(rows, context.width),
      proof: rows.length === 0 ? none : undefined,
    };
  },
});
