/**
 * `hsm map`: where each package comes from.
 *
 * @module
 */

import * as z from "zod/mini";
import { type Command, defineCommand, packageNames } from "../lib/command.ts";
import { columns } from "../lib/columns.ts";
import { isWorkspaceMember } from "../lib/adapters/uv_workspace.ts";
import { HsmError } from "../lib/errors.ts";
import { findDistribution } from "../lib/distribution.ts";
import { repositoryUrl } from "../lib/git_url.ts";
import { given } from "../lib/given.ts";
import type { ManifestPackage, Mode } from "../lib/manifest/model.ts";
import { mapAll } from "../lib/pool.ts";
import { readProject } from "../lib/pyproject/read.ts";
import { selectPackages } from "../lib/select.ts";
import { describeSource, type GitSource, type Source } from "../lib/source.ts";
import type { Workspace } from "../lib/workspace.ts";
import type { Checkout } from "./clone.ts";

/** What {@linkcode map} maps. */
export interface MapOptions {
  /** The packages, by name; default: all. */
  readonly packages?: readonly string[];
  /** The checkouts, as `clone` returned them; default: what is on disk. */
  readonly checkouts?: readonly Checkout[];
}

/** Where a package comes from. */
export interface MappedPackage {
  /** The package's name. */
  readonly package: string;
  /** How it is used. */
  readonly mode: Mode;
  /** What the package manager is told. */
  readonly source: Source;
}

/** What {@linkcode map} found. */
export interface MapResult {
  /** The packages asked for, in the manifest's order. */
  readonly sources: readonly MappedPackage[];
}

/**
 * Finds out where each package comes from: a dev package's folder in its checkout, a prod package's pin in its
 * repository. Writes nothing.
 *
 * @example
 * ```ts no-eval
 * import { map, openWorkspace } from "@hsm/hsm";
 *
 * await using workspace = await openWorkspace({ readonly: true });
 * const { sources } = await map(workspace);
 * ```
 *
 * @throws {HsmError} `checkout-missing`, `source-not-found`, `pin-missing`, `pyproject-invalid`
 */
export async function map(workspace: Workspace, options: MapOptions = {}): Promise<MapResult> {
  const packages = selectPackages(workspace.manifest, options.packages);
  const missing = options.checkouts?.filter((it) => it.state === "missing") ?? [];
  const { workspace: members } = readProject(await workspace.pyproject(), "pyproject.toml");
  const sources = await mapAll(packages, workspace.jobs, async (it) => {
    if (it.mode === "prod") return prodSource(it, workspace.root);
    // In a dry run the checkout that would be cloned cannot be looked into.
    const path = missing.some((checkout) => checkout.package === it.name)
      ? join(it.path, it.subdirectory)
      : await findDistribution(workspace, it);
    const kind = members !== undefined && isWorkspaceMember(members, path) ? "workspace" : "path";
    return { kind, path } as const;
  });
  return {
    sources: packages.map(({ name, mode }, index) => ({
      package: name,
      mode,
      source: sources[index]!,
    })),
  };
}

function join(path: string, subdirectory: string | undefined): string {
  return subdirectory === undefined ? path : `${path}/${subdirectory}`;
}

function prodSource({ name, git, pin, subdirectory }: ManifestPackage, root: string): GitSource {
  if (git === undefined) {
    throw new HsmError("manifest-invalid", `Cannot map ${name}: hsm.yaml names no repository`, {
      hint:
        "give the package a `git:`, or hsm.yaml one for all: `git: https://github.com/org/{name}.git`",
      details: { package: name },
    });
  }
  if (pin === undefined) {
    throw new HsmError(
      "pin-missing",
      `Cannot map ${name}: in prod mode it needs a tag, rev or branch`,
      {
        hint: `add one in hsm.yaml, or run \`hsm dev ${name}\``,
        details: { package: name },
      },
    );
  }
  return {
    kind: "git",
    git: repositoryUrl(git, root),
    ...pin,
    ...given({ subdirectory }),
  };
}

/** `hsm map`. */
export const mapCommand: Command = defineCommand({
  name: "map",
  summary: "Show where each package comes from",
  examples: ["hsm map", "hsm map --json my-plugin"],
  positional: "packages",
  options: () => z.object({ packages: packageNames("Only these; default: all") }),
  async run(context, { packages }) {
    await using workspace = await context.open({ readonly: true });
    const result = await map(workspace, given({ packages }));
    return {
      data: result,
      text: columns(result.sources.map((it) => [it.package, it.mode, describeSource(it.source)])),
    };
  },
});
